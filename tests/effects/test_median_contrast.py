from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from evisynth.effects import Effect, alternatives

SIX_DECIMALS = 6e-7
Only = Callable[..., Effect]


def medians(printed: Any, m1: float, n1: Any, m0: float, n0: Any, **fields: Any) -> Any:
    return printed.comparison(
        printed.arm("A", n1, printed.median(m1)), printed.arm("B", n0, printed.median(m0)), **fields
    )


@pytest.mark.parametrize(
    # Test vector 15, form (ii) with all patients, and at half of them.
    ("m1", "n1", "m0", "n0", "beta", "standard_error", "halved"),
    [
        (151, 80, 109, 37, -0.325932, 0.286828, 0.405636),
        (142, 147, 134, 18, -0.057987, 0.360265, 0.509491),
    ],
)
def test_tv_15_medians_with_patients(
    printed: Any, only: Only, m1: float, n1: int, m0: float, n0: int,
    beta: float, standard_error: float, halved: float,
) -> None:  # fmt: skip
    effect = only(printed.recover("hazard_ratio", medians(printed, m1, n1, m0, n0)), "median_contrast")
    assert (effect.grade, effect.kind) == ("D", "point")
    assert (effect.estimate, effect.standard_error) == pytest.approx((beta, standard_error), abs=SIX_DECIMALS)
    assert {other.share: other.standard_error for other in alternatives(effect)}[0.5] == pytest.approx(
        halved, abs=SIX_DECIMALS
    )


def test_tv_15_the_textbook_form_is_not_used(printed: Any, only: Only) -> None:
    effect = only(printed.recover("hazard_ratio", medians(printed, 151, 80, 109, 37)), "median_contrast")
    # 1/d1 + 1/d0 with all patients dead gives .198814, too small for Kaplan-Meier medians by ln 2.
    assert (effect.standard_error or 0) * math.log(2) == pytest.approx(0.198814, abs=SIX_DECIMALS)


def test_tv_15_events_come_before_patients(printed: Any, only: Only) -> None:
    comparison = printed.comparison(
        printed.arm("A", 80, printed.median(151), printed.count(40, unit="events")),
        printed.arm("B", 37, printed.median(109), printed.count(20, unit="deaths")),
    )
    effect = only(printed.recover("hazard_ratio", comparison), "median_contrast")
    assert effect.standard_error == pytest.approx(math.sqrt(1 / 40 + 1 / 20) / math.log(2))
    assert effect.events == 60


def test_tv_15_both_intervals_make_grade_c(printed: Any, only: Only) -> None:
    comparison = printed.comparison(
        printed.arm("A", 50, printed.median_with_interval(126, 90, 170)),
        printed.arm("B", 50, printed.median_with_interval(70, 50, 98)),
    )
    effect = only(printed.recover("hazard_ratio", comparison), "median_contrast")
    assert effect.grade == "C"
    assert (effect.estimate, effect.standard_error) == pytest.approx((-0.587787, 0.236210), abs=SIX_DECIMALS)
    limits = [math.exp(end or 0) for end in (effect.estimate, effect.ci_lower, effect.ci_upper)]
    assert limits == pytest.approx([0.555556, 0.349676, 0.882652], abs=SIX_DECIMALS)


def test_tv_15_intervals_symmetric_in_months(printed: Any, only: Only) -> None:
    comparison = printed.comparison(
        printed.arm("A", 22, printed.median_with_interval(87, 10, 164)),
        printed.arm("B", 12, printed.median_with_interval(71, 32, 108)),
        figures=(printed.p_value(0.65, 0.005, group="A"),),
    )
    effects = printed.recover("hazard_ratio", comparison)
    effect = only(effects, "median_contrast")
    assert (effect.estimate, effect.standard_error) == pytest.approx((-0.203228, 0.527714), abs=SIX_DECIMALS)
    assert (effect.grade, effect.primary) == ("C", True)
    # The p-value is shown as refused, and changes nothing.
    assert only(effects, "log_rank_p_value").kind == "refused"


def test_p_beside_medians_never_gives_their_standard_error(printed: Any, only: Only) -> None:
    beside = medians(printed, 138, 165, 134.4, 28, figures=(printed.p_value(0.10, 0.005, group="A"),))
    alone = medians(printed, 138, 165, 134.4, 28)
    one, other = (
        only(printed.recover("hazard_ratio", comparison), "median_contrast") for comparison in (beside, alone)
    )
    assert one.standard_error == other.standard_error


def test_not_reached_is_refused(printed: Any, only: Only) -> None:
    comparison = printed.comparison(
        printed.arm("A", 80, printed.not_reached()), printed.arm("B", 28, printed.median(126))
    )
    effect = only(printed.recover("hazard_ratio", comparison), "median_contrast")
    assert effect.kind == "refused"
    assert "the median of the index group was not reached" in (effect.reason or "")


def test_a_median_in_one_arm_only_is_refused(printed: Any, only: Only) -> None:
    comparison = printed.comparison(printed.arm("A", 80), printed.arm("B", 28, printed.median(126)))
    effect = only(printed.recover("hazard_ratio", comparison), "median_contrast")
    assert "no median of the index group" in (effect.reason or "")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    m1=st.integers(2, 300),
    m0=st.integers(2, 300),
    n1=st.integers(10, 300),
    n0=st.integers(10, 300),
)
def test_swapping_the_arms_flips_the_sign_and_nothing_else(
    printed: Any, m1: int, m0: int, n1: int, n0: int
) -> None:
    (one,) = printed.recover("hazard_ratio", medians(printed, m1, n1, m0, n0))
    (other,) = printed.recover("hazard_ratio", medians(printed, m0, n0, m1, n1))
    assert other.estimate == pytest.approx(-one.estimate, abs=1e-12)
    assert other.standard_error == pytest.approx(one.standard_error)
    assert (other.rounding_lower, other.rounding_upper) == pytest.approx(
        (-one.rounding_upper, -one.rounding_lower)
    )
    assert other.grade == one.grade


def test_medians_beyond_follow_up_are_flagged(printed: Any, only: Only) -> None:
    comparison = medians(printed, 151, 80, 109, 37, follow_up_median_months=60)
    assert (
        "beyond_median_follow_up"
        in only(printed.recover("hazard_ratio", comparison), "median_contrast").flags
    )
