"""A number of patients at risk printed beside a survival rate (METHODS 1A.1), through the recoveries."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from evisynth.arithmetic import effective_sample_size
from evisynth.effects import Effect, alternatives

SIX_DECIMALS = 6e-7
SINGLE = "survival_with_number_at_risk"
Only = Callable[..., Effect]


def one_rate(printed: Any, survival: float, size: Any, **fields: Any) -> list[Effect]:
    figure = printed.survival(120, survival, **fields)
    return printed.recover("survival", printed.comparison(printed.arm("A", size, figure)), time_months=120)


def on_identity(effect: Effect, survival: float) -> float:
    """Take the standard error of log(-log S) back to that of S."""
    assert effect.standard_error is not None
    return effect.standard_error * survival * abs(math.log(survival))


def test_tv_1_peto_with_forty_at_risk(printed: Any, only: Only) -> None:
    effect = only(one_rate(printed, 0.79, 80, at_risk=40), SINGLE)
    assert (effect.kind, effect.grade, effect.primary) == ("point", "C", True)
    assert effect.estimate == pytest.approx(-1.445101, abs=SIX_DECIMALS)
    assert on_identity(effect, 0.79) == pytest.approx(0.057241, abs=SIX_DECIMALS)
    assert effect.participants == 80


def test_with_half_under_observation_it_is_the_rate_of_half_the_patients(printed: Any, only: Only) -> None:
    # G = r/(n S) = 0.5 needs r = 31.6; METHODS TV-1 gives .064401 at G = .5, 31 and 32 lie on either side.
    narrow, wide = (on_identity(only(one_rate(printed, 0.79, 80, at_risk=r), SINGLE), 0.79) for r in (32, 31))
    assert narrow < 0.064401 < wide


def test_the_print_and_the_meaning_are_told(printed: Any, only: Only) -> None:
    place = {
        "at_risk_as_reported": "31",
        "at_risk_source_location": "figure 2",
        "at_risk_file_location": "x.yaml:9",
    }
    effect = only(one_rate(printed, 0.79, 80, at_risk=31, **place), SINGLE)
    (at_risk,) = [part for part in effect.inputs if part.name.startswith("patients at risk")]
    assert (at_risk.name, at_risk.as_reported) == ("patients at risk at 10 years, A", "31")
    assert (at_risk.source_location, at_risk.file_location) == ("figure 2", "x.yaml:9")
    told = "31 patients were at risk at 10 years, 49% of those alive by then: the rate weighs like 39 to 80"
    assert any(sentence.startswith(told) for sentence in effect.assumptions)
    # Nothing is assumed about follow-up that is known, so nothing is shown with fewer patients.
    assert not any("follow-up is not reported" in sentence for sentence in effect.assumptions)
    assert alternatives(effect) == ()


def test_the_number_at_risk_serves_without_the_number_of_patients(printed: Any, only: Only) -> None:
    effect = only(one_rate(printed, 0.79, (), at_risk=40), SINGLE)
    assert on_identity(effect, 0.79) == pytest.approx(0.057241, abs=SIX_DECIMALS)
    assert effect.participants is None
    assert any("at least like 51 patients" in told for told in effect.assumptions)


@pytest.mark.parametrize(
    "measure", ["hazard_ratio", "odds_ratio", "risk_ratio", "risk_difference", "survival"]
)
@pytest.mark.parametrize("size", [80, ()])
def test_fewer_than_five_at_risk_are_refused(printed: Any, measure: str, size: Any) -> None:
    index = printed.arm("A", size, printed.survival(120, 0.79, at_risk=4, at_risk_as_reported="4"))
    reference = printed.arm("B", 37, printed.survival(120, 0.39))
    comparison = printed.comparison(index, None if measure == "survival" else reference)
    effects = printed.recover(measure, comparison)
    assert [effect.kind for effect in effects] == ["refused"]
    (refused,) = effects
    assert "only 4 patients" in (refused.reason or "") and "fewer than 5" in (refused.reason or "")
    assert "few_at_risk" in refused.flags
    assert any(part.as_reported == "4" for part in refused.inputs)


def test_a_printed_interval_does_not_save_a_rate_of_few_at_risk(printed: Any) -> None:
    limits = {"ci_lower": 0.46, "ci_upper": 0.73, "level": 0.95}
    (effect,) = one_rate(printed, 0.61, 80, at_risk=3, **limits)
    assert effect.kind == "refused"
    (effect,) = one_rate(printed, 0.61, 80, at_risk=30, **limits)
    assert (effect.recovery, effect.grade) == ("survival_with_interval", "B")


@pytest.mark.parametrize(
    ("qualifier", "number", "taken"), [(">=", 40, 40), (">", 39, 40), ("~", 40, 40), ("=", 40, 40)]
)
def test_a_bound_from_below_gives_the_widest_error(
    printed: Any, only: Only, qualifier: str, number: int, taken: int
) -> None:
    fields = {"at_risk": number, "at_risk_qualifier": qualifier, "at_risk_as_reported": "as printed"}
    effect = only(one_rate(printed, 0.79, 80, **fields), SINGLE)
    assert on_identity(effect, 0.79) == pytest.approx(0.057241, abs=SIX_DECIMALS)
    told = [sentence for sentence in effect.assumptions if f"is taken as {taken}" in sentence]
    assert bool(told) == (qualifier != "=")


@pytest.mark.parametrize(("qualifier", "number"), [("<", 5), ("<", 20), ("<=", 10), (">=", 3), (">", 3)])
def test_a_print_that_may_mean_fewer_than_five_is_refused(printed: Any, qualifier: str, number: int) -> None:
    fields = {"at_risk": number, "at_risk_qualifier": qualifier, "at_risk_as_reported": "as printed"}
    (effect,) = one_rate(printed, 0.79, 80, **fields)
    assert effect.kind == "refused"
    assert "'as printed', perhaps fewer than 5" in (effect.reason or "")


@pytest.mark.parametrize(("at_risk", "half_unit", "disagree"), [(64, 0.05, False), (64, 0.005, True)])
def test_all_that_can_be_alive_at_risk_means_that_all_were_followed(
    printed: Any, only: Only, at_risk: int, half_unit: float, disagree: bool
) -> None:
    # 79 % of 80 is 63.2, up to 79.5 % 63.6, and up to 84 % 67.2: beyond that both figures cannot be right.
    effect = only(one_rate(printed, 0.79, 80, at_risk=at_risk, half_unit=half_unit), SINGLE)
    assert on_identity(effect, 0.79) == pytest.approx(math.sqrt(0.79 * 0.21 / 80), abs=1e-12)
    assert ("at_risk_and_rate_disagree" in effect.flags) == disagree
    assert any("everyone was observed" in told for told in effect.assumptions) != disagree


def test_the_exact_interval_of_all_alive_counts_those_at_risk(printed: Any) -> None:
    (some,) = one_rate(printed, 1.0, 20, at_risk=12)
    (twelve,) = one_rate(printed, 1.0, 12)
    (all_of_them,) = one_rate(printed, 1.0, 12, at_risk=12)
    assert some.kind == twelve.kind == "bound"
    assert some.upper == pytest.approx(twelve.upper, abs=1e-12)
    assert all_of_them.upper == pytest.approx(twelve.upper, abs=1e-12)


def test_the_contrast_takes_the_variance_of_each_arm(printed: Any, only: Only) -> None:
    index = printed.arm("A", 80, printed.survival(120, 0.79, at_risk=40))
    reference = printed.arm("B", 37, printed.survival(120, 0.39))
    effect = only(printed.recover("hazard_ratio", printed.comparison(index, reference)), "landmark_contrast")
    assert effect.grade == "C"
    # Peto's .057241 in the index arm, METHODS TV-1's log(-log) SE .218354 in the reference arm.
    expected = math.hypot(0.057241 / (0.79 * -math.log(0.79)), 0.218354)
    assert effect.standard_error == pytest.approx(expected, abs=3e-6)


def test_a_repeat_with_the_number_at_risk_lends_it(printed: Any, only: Only) -> None:
    figures = printed.survival(120, 0.79, n=80), printed.survival(120, 0.79, at_risk=40)
    comparison = printed.comparison(printed.arm("A", 80, *figures))
    effect = only(printed.recover("survival", comparison, time_months=120), SINGLE)
    assert on_identity(effect, 0.79) == pytest.approx(0.057241, abs=SIX_DECIMALS)


def conditional(printed: Any, only: Only, early: dict[str, Any], late: dict[str, Any]) -> Effect:
    arms = [
        printed.arm(group, 100, printed.survival(60, first, **early), printed.survival(120, last, **late))
        for group, first, last in (("A", 0.8, 0.6), ("B", 0.75, 0.4))
    ]
    return only(printed.recover("hazard_ratio", printed.comparison(*arms)), "conditional_landmark")


def error_of_shares(*variances: float) -> float:
    shares = 0.6 / 0.8, 0.4 / 0.75
    return math.sqrt(sum(v / (c * math.log(c)) ** 2 for c, v in zip(shares, variances, strict=True)))


def test_survivors_of_a_landmark_by_the_number_at_risk(printed: Any, only: Only) -> None:
    c1, c0 = 0.6 / 0.8, 0.4 / 0.75
    later = conditional(printed, only, {}, {"at_risk": 20})
    expected = error_of_shares(c1**2 * (1 - c1) / 20, c0**2 * (1 - c0) / 20)
    assert later.standard_error == pytest.approx(expected, rel=1e-12)
    both = conditional(printed, only, {"at_risk": 50}, {"at_risk": 20})
    assert both.standard_error == pytest.approx(expected, rel=1e-12)
    first = conditional(printed, only, {"at_risk": 50}, {})
    expected = error_of_shares(c1 * (1 - c1) / 50, c0 * (1 - c0) / 50)
    assert first.standard_error == pytest.approx(expected, rel=1e-12)


def test_survivors_of_a_landmark_with_an_interval_at_the_second(printed: Any, only: Only) -> None:
    # The later variance has to grow by more than the earlier limit of Peto's would leave.
    late = {"sd": 0.06, "spread": "se"}
    with_number = conditional(printed, only, {"at_risk": 50}, late)
    without = conditional(printed, only, {}, late)
    assert with_number.standard_error == pytest.approx(without.standard_error, rel=1e-12)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    survival=st.integers(2, 98).map(lambda percent: percent / 100),
    size=st.integers(10, 500),
    share=st.floats(0.05, 1),
)
def test_the_weight_lies_between_r_over_s_and_n(
    printed: Any, only: Only, survival: float, size: int, share: float
) -> None:
    at_risk = round(share * size * survival)
    (effect,) = one_rate(printed, survival, size, at_risk=at_risk)
    if at_risk < 5:
        assert effect.kind == "refused"
        return
    weight = effective_sample_size(survival, on_identity(effect, survival) ** 2)
    assert weight == pytest.approx(min(size, at_risk / survival), rel=1e-9)
