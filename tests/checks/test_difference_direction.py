"""A printed difference is told where all figures of its groups, or a ratio of them, go the other way."""

from __future__ import annotations

import pytest

from evisynth.checks import by_code, p_example

RATES = "survival at 5 years: 62%", "survival at 5 years: 41%"
COUNTS = "deaths within 5 years: 12", "deaths within 5 years: 5"
MEDIANS = "median: 24 months", "median: 20 months"
NONE = "median: not reported", "median: not reported"


def found(outcomes_of, code: str, figures: tuple[str, str], comparison: str, outcome: str = "OS"):
    text = p_example(outcome, *figures, comparison)
    return [one for one in outcomes_of(by_code()[code], text) if one is not None]


@pytest.mark.parametrize(
    ("outcome", "figures", "comparison"),
    [
        ("OS", RATES, "difference: 21% (95% CI 6 to 36), time: 5 years"),
        ("OS", RATES, "difference: 21% (SE 8), time: 5 years"),
        ("OS", RATES, "difference: 21%"),
        ("OS", RATES, "difference: -21% (95% CI -36 to -6), time: 5 years, of_event: survival"),
        # 12/60 - 5/60 = 11.7 % more deaths
        ("OS", COUNTS, "difference: -12% (95% CI -24 to 0), time: 5 years"),
        ("OS", MEDIANS, "difference: -4 months (95% CI -7 to -1)"),
        ("OS", ("mean: 24 months", "mean: 20 months"), "difference: -4 months (95% CI -7 to -1)"),
        ("symptom relief", ("count: 45", "count: 30"), "difference: -25% (95% CI -40 to -10)"),
        (
            "symptom-free interval",
            ("mean: 5 months", "mean: 7 months"),
            "difference: 2 months (95% CI 1 to 3)",
        ),
    ],
)
def test_a_difference_against_everything_is_told(
    outcomes_of, outcome: str, figures: tuple[str, str], comparison: str
) -> None:
    (one,) = found(outcomes_of, "difference-turned-round", figures, comparison, outcome)
    assert "turned round? type of: [no, yes]" in one.fix
    assert bool(one.unsettles) == ("of_event" not in comparison)


@pytest.mark.parametrize(
    ("figures", "comparison"),
    [
        (RATES, "difference: -21% (95% CI -36 to -6), time: 5 years"),
        (RATES, "difference: 21% (95% CI 6 to 36), time: 5 years, of_event: survival"),
        (RATES, "difference: 5% (95% CI -30 to 40), time: 5 years"),  # the interval reaches -21 %
        (RATES, "difference: 2%, adjusted_for: [age]"),
        (RATES, "difference: 21% (95% CI 6 to 36), time: 3 years"),
        (("survival at 5 years: 62%", "survival at 5 years: 62%"), "difference: 1% (95% CI 0 to 2)"),
        (MEDIANS, "difference: 4 months (95% CI 1 to 7)"),
        (MEDIANS, "difference: -1 months (95% CI -7 to 5)"),
    ],
)
def test_a_difference_that_anything_explains_is_not(
    outcomes_of, figures: tuple[str, str], comparison: str
) -> None:
    assert found(outcomes_of, "difference-turned-round", figures, comparison) == []


@pytest.mark.parametrize(
    ("effects", "told"),
    [
        ("hazard_ratio: 1.8 (95% CI 1.1 to 2.9), difference: 4 months (95% CI 1 to 7)", True),
        ("hazard_ratio: 0.6, difference: -4 months", True),
        ("hazard_ratio: 0.6, difference: 12% (95% CI 2 to 22)", True),
        ("hazard_ratio: 0.6 (95% CI 0.4 to 0.9), difference: 4 months", False),
        ("hazard_ratio: 1.2 (95% CI 0.8 to 1.8), difference: 4 months", False),
        ("hazard_ratio: 1.8, difference: 1 months (95% CI -3 to 5)", False),
    ],
)
def test_a_ratio_and_a_difference_go_one_way(outcomes_of, effects: str, told: bool) -> None:
    assert bool(found(outcomes_of, "ratio-against-difference", NONE, effects)) == told


def test_a_hazard_ratio_goes_against_means_too(outcomes_of) -> None:
    means = "mean: 98 months", "mean: 60 months"
    assert found(outcomes_of, "ratio-turned-round", means, "hazard_ratio: 1.8 (95% CI 1.1 to 2.9)")
    assert not found(outcomes_of, "ratio-turned-round", means, "hazard_ratio: 0.6 (95% CI 0.4 to 0.9)")
