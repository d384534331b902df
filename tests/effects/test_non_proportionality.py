from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from evisynth.effects import FLAG, spread_from_cox


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


def test_a_printed_ratio_far_from_its_landmarks_is_flagged_and_lowered(printed: Any) -> None:
    comparison = printed.comparison(
        printed.arm("A", 100, printed.survival(60, 0.80)),
        printed.arm("B", 100, printed.survival(60, 0.40)),
        figures=(printed.ratio(0.90, 0.62, 1.31, group="A"),),
    )
    effects = printed.recover("hazard_ratio", comparison)
    assert [(effect.recovery, effect.grade) for effect in effects] == [
        ("hazard_ratio_with_interval", "B"),
        ("landmark_contrast", "D"),
    ]


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


@pytest.mark.parametrize(
    ("recovery", "patients", "spread"),
    [
        ("landmark_contrast", 20, 0.37),
        ("landmark_contrast", 100, 0.15),
        ("landmark_contrast", 800, 0.055),
        ("median_contrast", 50, 0.22),
        ("median_contrast", 200, 0.12),
    ],
)
def test_simulated_spreads(recovery: str, patients: float, spread: float) -> None:
    assert spread_from_cox(recovery, patients) == pytest.approx(spread)


def test_spreads_fall_with_size() -> None:
    for recovery in ("landmark_contrast", "median_contrast"):
        spreads = [spread_from_cox(recovery, size) for size in range(2, 400)]
        assert all(one > other for one, other in pairwise(spreads))


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
