from __future__ import annotations

import math
from typing import Any

import pytest

from evisynth.effects import FLAG, ONE_TIME_FLAG, variance_of_difference


def arms(printed: Any, one: tuple[Any, ...], other: tuple[Any, ...]) -> Any:
    return printed.comparison(
        *(
            printed.arm(
                name, size, printed.survival(60, s60), printed.survival(120, s120), printed.median(median)
            )
            for name, (size, s60, s120, median) in (("A", one), ("B", other))
        )
    )


def test_late_separation_of_the_curves_is_flagged_on_everything(printed: Any) -> None:
    effects = printed.recover("hazard_ratio", arms(printed, (80, 0.88, 0.79, 151), (37, 0.88, 0.39, 109)))
    assert len(effects) == 4
    assert all(FLAG in effect.flags and effect.grade == "D" for effect in effects)
    assert all("probably not proportional" in effect.downgrades[-1] for effect in effects)
    # All are grade D now: the latest landmark stands, flagged.
    (primary,) = (effect for effect in effects if effect.primary)
    assert (primary.recovery, primary.time_months) == ("landmark_contrast", 120)
    assert primary.estimate == pytest.approx(-1.384935, abs=6e-7)


def test_differences_within_chance_are_not_flagged(printed: Any) -> None:
    effects = printed.recover("hazard_ratio", arms(printed, (147, 0.82, 0.64, 142), (18, 0.82, 0.55, 134)))
    assert not any(FLAG in effect.flags for effect in effects)
    (primary,) = (effect for effect in effects if effect.primary)
    assert (primary.time_months, primary.grade) == (120, "C")


def test_a_printed_ratio_far_from_its_landmarks_keeps_its_grade(printed: Any) -> None:
    comparison = printed.comparison(
        printed.arm("A", 100, printed.survival(60, 0.80)),
        printed.arm("B", 100, printed.survival(60, 0.40)),
        figures=(printed.ratio(0.90, 0.62, 1.31, group="A"),),
    )
    effects = printed.recover("hazard_ratio", comparison)
    assert [(effect.recovery, effect.grade, effect.primary, FLAG in effect.flags) for effect in effects] == [
        ("hazard_ratio_with_interval", "A", True, True),
        ("landmark_contrast", "D", False, True),
    ]


def test_early_rates_beside_a_ratio_are_no_contradiction(printed: Any) -> None:
    # Few have died at one year: log HR -1.11 at 1 year and -.53 printed lie 1 standard error apart.
    comparison = printed.comparison(
        printed.arm("A", 100, printed.survival(12, 0.97)),
        printed.arm("B", 100, printed.survival(12, 0.91)),
        figures=(printed.ratio(0.59, 0.41, 0.85, group="A"),),
    )
    ratio, _ = printed.recover("hazard_ratio", comparison)
    assert (ratio.grade, ratio.primary, FLAG in ratio.flags) == ("A", True, False)


def test_the_variance_of_a_difference_is_that_of_independent_increments(printed: Any, only: Any) -> None:
    effects = printed.recover("hazard_ratio", arms(printed, (80, 0.88, 0.79, 151), (37, 0.88, 0.39, 109)))
    early, late = (only(effects, "landmark_contrast", months) for months in (60, 120))

    def variance_log(s: float, n: int) -> float:
        return (1 - s) / (n * s)

    # By the increments themselves: log L(t) - log L(s), with L = -log S, is by the delta method
    # (1/L(t) - 1/L(s)) dL(s) + dL(s to t)/L(t), and what is added between is independent of what was before.
    by_hand = 0.0
    for n, s, t in ((80, 0.88, 0.79), (37, 0.88, 0.39)):
        ls, lt = -math.log(s), -math.log(t)
        first, second = variance_log(s, n), variance_log(t, n) - variance_log(s, n)
        by_hand += (1 / lt - 1 / ls) ** 2 * first + second / lt**2
    assert variance_of_difference(early, late) == pytest.approx(by_hand)
    assert variance_of_difference(late, early) == pytest.approx(by_hand)


@pytest.mark.parametrize(
    # A rate whose variance by patients is no larger than the ratio's is not known better than by half of it.
    ("lower", "upper", "expected"),
    [(0.38, 0.66, lambda rate, ratio: rate - ratio), (0.29, 0.86, lambda rate, ratio: rate / 2)],
)
def test_a_rate_varies_with_the_ratio_of_the_whole_curve(
    printed: Any, lower: float, upper: float, expected: Any
) -> None:
    comparison = printed.comparison(
        printed.arm("A", 100, printed.survival(60, 0.80)),
        printed.arm("B", 100, printed.survival(60, 0.60)),
        figures=(printed.ratio(0.50, lower, upper, group="A"),),
    )
    ratio, rate = printed.recover("hazard_ratio", comparison)
    variances = rate.standard_error**2, ratio.standard_error**2
    assert variance_of_difference(ratio, rate) == pytest.approx(expected(*variances))


def test_ratios_of_the_same_adjustment_are_compared(printed: Any) -> None:
    def flagged(**adjusted: str) -> bool:
        events = printed.count(30, unit="events")
        comparison = printed.comparison(
            printed.arm("A", 60, events),
            printed.arm("B", 60, events),
            figures=(
                printed.ratio(0.95, 0.58, 1.56, group="A", **adjusted),
                printed.p_value(0.001, 0.0005, group="A", favours="A", test="log-rank"),
            ),
        )
        return any(FLAG in effect.flags for effect in printed.recover("hazard_ratio", comparison))

    assert flagged()
    assert not flagged(adjusted="age and site")


def test_a_ratio_of_one_year_is_marked_among_those_of_the_whole_curve(printed: Any) -> None:
    figures = (printed.ratio(0.30, 0.12, 0.75, group="A", time_months=12.0),)
    comparison = printed.comparison(printed.arm("A", 100), printed.arm("B", 100), figures=figures)
    (effect,) = printed.recover("hazard_ratio", comparison)
    assert (ONE_TIME_FLAG in effect.flags, effect.time_months) == (True, 12.0)
    assert "the ratio is printed for 1 year, not for the whole curve" in effect.assumptions


def test_a_rate_reported_differently_needs_every_version_to_disagree(printed: Any) -> None:
    def effects_with(*rates: float) -> Any:
        figures = [printed.survival(60, rate, source_location=f"line {rate}") for rate in rates]
        index = printed.arm("A", 100, *figures)
        reference = printed.arm("B", 100, printed.survival(60, 0.40))
        ratio = printed.ratio(0.90, 0.62, 1.31, group="A")
        return printed.recover("hazard_ratio", printed.comparison(index, reference, figures=(ratio,)))

    mended = effects_with(0.80, 0.44)
    contrasts = [effect for effect in mended if effect.recovery == "landmark_contrast"]
    assert len(contrasts) == 2
    assert all("reported_differently" in effect.flags for effect in contrasts)
    assert not any(FLAG in effect.flags for effect in mended)
    assert all(FLAG in effect.flags for effect in effects_with(0.80, 0.90))


def test_an_adjusted_ratio_may_differ_without_a_flag(printed: Any) -> None:
    comparison = printed.comparison(
        printed.arm("A", 100, printed.survival(60, 0.80)),
        printed.arm("B", 100, printed.survival(60, 0.40)),
        figures=(printed.ratio(0.90, 0.62, 1.31, group="A", adjusted="age"),),
    )
    assert not any(FLAG in effect.flags for effect in printed.recover("hazard_ratio", comparison))


def test_a_p_value_of_one_figure_may_differ_by_its_rounding(printed: Any) -> None:
    # -.528 as printed and -.601 from p = .02 with 60 events, where p may be .015 to .025.
    comparison = printed.comparison(
        printed.arm("A", 60, printed.count(30, unit="events")),
        printed.arm("B", 60, printed.count(30, unit="events")),
        figures=(
            printed.ratio(0.59, 0.36, 0.98, group="A"),
            printed.p_value(0.02, 0.005, group="A", favours="A"),
        ),
    )
    effects = printed.recover("hazard_ratio", comparison)
    assert [effect.kind for effect in effects] == ["point", "point"]
    assert not any(FLAG in effect.flags for effect in effects)
