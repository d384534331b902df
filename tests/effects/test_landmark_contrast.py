from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from evisynth.effects import Effect, alternatives

SIX_DECIMALS = 6e-7
Only = Callable[..., Effect]


def contrast(printed: Any, s1: float, n1: Any, s0: float, n0: Any, **fields: Any) -> Any:
    index, reference = (
        printed.arm("A", n1, printed.survival(120, s1)),
        printed.arm("B", n0, printed.survival(120, s0)),
    )
    return printed.comparison(index, reference, **fields)


@pytest.mark.parametrize(
    # Test vector 14, with the SE at half under observation; the grade is C but for few survivors.
    ("s1", "n1", "s0", "n0", "beta", "standard_error", "halved", "grade"),
    [
        (0.79, 80, 0.39, 37, -1.384935, 0.327839, 0.463634, "C"),
        (0.88, 80, 0.88, 37, 0.0, 0.574318, 0.812208, "C"),
        (0.82, 147, 0.82, 18, 0.0, 0.589553, 0.833755, "C"),
        (0.64, 147, 0.55, 18, -0.292356, 0.382610, 0.541092, "C"),
        (0.70, 31, 0.67, 6, -0.115833, 0.787724, 1.114009, "D"),
    ],
)
def test_tv_14_contrasts(
    printed: Any, only: Only, s1: float, n1: int, s0: float, n0: int,
    beta: float, standard_error: float, halved: float, grade: str,
) -> None:  # fmt: skip
    effect = only(printed.recover("hazard_ratio", contrast(printed, s1, n1, s0, n0)), "landmark_contrast")
    assert (effect.estimate, effect.standard_error) == pytest.approx((beta, standard_error), abs=SIX_DECIMALS)
    assert (effect.grade, effect.primary, effect.participants) == (grade, True, n1 + n0)
    by_share = {other.share: other.standard_error for other in alternatives(effect)}
    assert by_share[0.5] == pytest.approx(halved, abs=SIX_DECIMALS)
    assert f"{halved:.3f} with 50%" in " ".join(effect.assumptions)


def test_tv_14_equal_rounded_rates_are_an_interval(printed: Any, only: Only) -> None:
    effect = only(printed.recover("hazard_ratio", contrast(printed, 0.88, 80, 0.88, 37)), "landmark_contrast")
    assert (effect.rounding_lower, effect.rounding_upper) == pytest.approx((-0.0889, 0.0889), abs=6e-5)


def test_rates_with_intervals_make_a_grade_b_contrast(printed: Any, only: Only) -> None:
    arms = [
        printed.arm(name, 50, printed.survival(60, s, ci_lower=low, ci_upper=high, level=0.95,
                                               ci_lower_half_unit=0.005, ci_upper_half_unit=0.005))
        for name, s, low, high in (("A", 0.61, 0.46, 0.73), ("B", 0.61, 0.48, 0.74))
    ]  # fmt: skip
    effect = only(printed.recover("hazard_ratio", printed.comparison(*arms)), "landmark_contrast")
    assert effect.grade == "B"
    assert alternatives(effect) == ()


def test_one_rate_of_all_is_refused_with_its_reason(printed: Any, only: Only) -> None:
    effect = only(printed.recover("hazard_ratio", contrast(printed, 0.84, 31, 1.0, 6)), "landmark_contrast")
    assert (effect.kind, effect.primary) == ("refused", False)
    assert "100% in the reference group at 10 years has no standard error" in (effect.reason or "")


def test_rates_without_a_common_time_are_refused(printed: Any) -> None:
    arms = printed.arm("A", 80, printed.survival(60, 0.8)), printed.arm("B", 37, printed.survival(120, 0.4))
    (effect,) = printed.recover("hazard_ratio", printed.comparison(*arms))
    assert "common time" in (effect.reason or "")


def test_different_starts_of_the_clock_are_refused(printed: Any) -> None:
    arms = [
        printed.arm(name, 50, printed.survival(60, 0.8, starts=start))
        for name, start in (("A", "surgery"), ("B", "diagnosis"))
    ]
    (effect,) = printed.recover("hazard_ratio", printed.comparison(*arms))
    assert "counted from surgery and from diagnosis" in (effect.reason or "")


def test_an_unknown_number_of_patients_is_refused(printed: Any) -> None:
    (effect,) = printed.recover("hazard_ratio", contrast(printed, 0.8, 80, 0.4, ()))
    assert "number of patients in the reference group" in (effect.reason or "")


def test_few_in_both_arms_cost_one_grade_only(printed: Any, only: Only) -> None:
    effect = only(printed.recover("hazard_ratio", contrast(printed, 0.7, 6, 0.6, 6)), "landmark_contrast")
    assert len(effect.downgrades) == 1
    assert "index group" in effect.downgrades[0] and "reference group" in effect.downgrades[0]


percents = st.integers(2, 98)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(s1=percents, s0=percents, n1=st.integers(2, 300), n0=st.integers(2, 300))
def test_swapping_the_arms_flips_the_sign_and_nothing_else(
    printed: Any, s1: int, s0: int, n1: int, n0: int
) -> None:
    (one,) = printed.recover("hazard_ratio", contrast(printed, s1 / 100, n1, s0 / 100, n0))
    (other,) = printed.recover("hazard_ratio", contrast(printed, s0 / 100, n0, s1 / 100, n1))
    assert other.estimate == pytest.approx(-one.estimate, abs=1e-12)
    assert other.standard_error == pytest.approx(one.standard_error, rel=1e-12)
    assert (other.ci_lower, other.ci_upper) == pytest.approx((-one.ci_upper, -one.ci_lower))
    assert (other.rounding_lower, other.rounding_upper) == pytest.approx(
        (-one.rounding_upper, -one.rounding_lower)
    )
    assert (other.grade, other.kind, other.participants) == (one.grade, one.kind, one.participants)
    assert one.rounding_lower <= one.estimate <= one.rounding_upper


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(low=st.integers(2, 97), s0=percents)
def test_more_survivors_in_the_index_arm_mean_a_lower_ratio(printed: Any, low: int, s0: int) -> None:
    estimates = [
        printed.recover("hazard_ratio", contrast(printed, percent / 100, 80, s0 / 100, 37))[0].estimate
        for percent in (low, low + 1)
    ]
    assert estimates[0] > estimates[1]
