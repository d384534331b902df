"""A hazard ratio is called turned round only where everything printed of its groups says so."""

from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from evisynth.checks import by_code, p_example

LONGER, SHORTER = "median: 98 months, survival at 5 years: 70%", "median: 60 months, survival at 5 years: 50%"


def found(outcomes_of, yes: str, no: str, comparison: str):
    text = p_example("OS", yes, no, comparison)
    return [one for one in outcomes_of(by_code()["ratio-turned-round"], text) if one is not None]


@pytest.mark.parametrize(
    ("yes", "no", "ratio"),
    [
        (LONGER, SHORTER, "hazard_ratio: 1.8"),
        (LONGER, SHORTER, "hazard_ratio: 1.8 (95% CI 1.1 to 2.9)"),
        (LONGER, SHORTER, "hazard_ratio: 1.8 (95% CI 0.9 to 3.6)"),
        (SHORTER, LONGER, "hazard_ratio: 0.55 (95% CI 0.35 to 0.9)"),
        (LONGER, SHORTER, "odds_ratio: 1.8, read_as: hazard ratio"),
        (LONGER, SHORTER, "hazard_ratio: 1.8, adjusted_for: [age]"),
        ("median: not reached", "median: 60 months", "hazard_ratio: 1.8"),
        ("survival at 5 years: 70%", "survival at 5 years: 50%", "hazard_ratio: 1.8"),
    ],
)
def test_a_ratio_against_everything_is_told(outcomes_of, yes: str, no: str, ratio: str) -> None:
    (one,) = found(outcomes_of, yes, no, ratio)
    assert "turned round? type of: [no, yes]" in one.fix
    assert ("unless the adjustment turns it" in one.message) == ("adjusted" in ratio)


@pytest.mark.parametrize(
    ("yes", "no", "ratio"),
    [
        (LONGER, SHORTER, "hazard_ratio: 0.55"),
        # something goes the way of the ratio: hazards are not proportional
        (
            LONGER + ", survival at 10 years: 20%",
            SHORTER + ", survival at 10 years: 30%",
            "hazard_ratio: 1.8",
        ),
        # the interval reaches what the figures give
        ("median: 50 months", "median: 45 months", "hazard_ratio: 1.15 (95% CI 0.8 to 1.65)"),
        ("median: 50 months", "median: 45 months", "hazard_ratio: 1.15"),
        # nothing that differs by more than rounding
        ("median: 60 months", "median: 60 months", "hazard_ratio: 1.8"),
        ("survival at 5 years: 50%", "survival at 10 years: 30%", "hazard_ratio: 1.8"),
        ("median: not reached", "median: not reached", "hazard_ratio: 1.8"),
        (LONGER, SHORTER, "odds_ratio: 1.8"),
        (LONGER, SHORTER, "hazard_ratio: 1.0"),
        (LONGER, SHORTER, "hazard_ratio: not reported, p: 0.3"),
    ],
)
def test_a_ratio_that_anything_explains_is_not(outcomes_of, yes: str, no: str, ratio: str) -> None:
    assert found(outcomes_of, yes, no, ratio) == []


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.floats(0.2, 5.0), st.floats(10, 120), st.sampled_from([1, 3, 5, 10]))
def test_exponential_curves_agree_with_their_ratio_and_not_with_its_inverse(
    outcomes_of, ratio: float, median: float, years: int
) -> None:
    rate = math.exp(-math.log(2) * 12 * years / median)
    sides = [
        f"median: {m:.1f} months, survival at {years} years: {100 * s:.1f}%"
        for m, s in ((median / ratio, rate**ratio), (median, rate))
    ]
    assert found(outcomes_of, *sides, f"hazard_ratio: {ratio:.2f}") == []
    # Beyond the square root of 1.5 the ratio and its inverse are 1.5-fold apart; a little more for rounding.
    assume(abs(math.log(ratio)) > 0.5 * math.log(1.5) + 0.05)
    assert len(found(outcomes_of, *sides, f"hazard_ratio: {1 / ratio:.2f}")) == 1
