"""A design effect widens what takes patients of clusters for single ones, and nothing else."""

from __future__ import annotations

import math
from typing import Any

import pytest


def test_counts_are_widened_by_the_root_of_the_design_effect(printed: Any) -> None:
    arms = printed.arm("A", 50, printed.count(20, 50)), printed.arm("B", 40, printed.count(9, 40))
    (plain,) = printed.recover("odds_ratio", printed.comparison(*arms))
    (wide,) = printed.recover("odds_ratio", printed.comparison(*arms, design_effect=1.8))
    assert wide.estimate == plain.estimate
    assert wide.standard_error == pytest.approx(plain.standard_error * math.sqrt(1.8))
    assert wide.reference_variance == pytest.approx(plain.reference_variance * 1.8)
    assert wide.ci_upper - wide.estimate == pytest.approx(1.959964 * wide.standard_error)
    assert any("root of the design effect, 1.8" in told for told in wide.assumptions)
    # The working ends in the number that is pooled.
    assert wide.working.written()[-1].value == pytest.approx(wide.standard_error)


@pytest.mark.parametrize("effect", [None, 1.0])
def test_without_a_design_effect_nothing_changes(printed: Any, effect: float | None) -> None:
    arm = printed.arm("A", 80, printed.survival(60, 0.79))
    (one,) = printed.recover("survival", printed.comparison(arm, design_effect=effect))
    (plain,) = printed.recover("survival", printed.comparison(arm))
    assert one == plain


@pytest.mark.parametrize("design", ["cluster-randomised trial", "cluster randomized trial of hospitals"])
def test_clusters_without_a_design_effect_cost_a_grade(printed: Any, design: str) -> None:
    arms = printed.arm("A", 50, printed.count(20, 50)), printed.arm("B", 40, printed.count(9, 40))
    (plain,) = printed.recover("odds_ratio", printed.comparison(*arms))
    (one,) = printed.recover("odds_ratio", printed.comparison(*arms, design=design))
    (known,) = printed.recover("odds_ratio", printed.comparison(*arms, design=design, design_effect=1.8))
    assert (plain.grade, one.grade, known.grade) == ("A", "B", "A")
    assert one.standard_error == plain.standard_error
    assert "clusters_without_design_effect" in one.flags
    assert one.counted is not None
    assert (one.counted.grade, one.counted.basic_grade) == ("B", "A")


def test_rates_and_medians_by_patients_are_widened_too(printed: Any) -> None:
    arm = printed.arm("A", 80, printed.survival(60, 0.79), printed.median(151))
    for measure in ("survival", "median"):
        (plain,) = printed.recover(measure, printed.comparison(arm))
        (wide,) = printed.recover(measure, printed.comparison(arm, design_effect=2.25))
        assert wide.standard_error == pytest.approx(1.5 * plain.standard_error)


def test_a_printed_interval_stays_as_it_is(printed: Any) -> None:
    figures = (printed.ratio(0.62, 0.41, 0.94, group="A"),)
    arms = printed.arm("A", 80), printed.arm("B", 80)
    (one,) = printed.recover("hazard_ratio", printed.comparison(*arms, figures=figures, design_effect=1.8))
    (plain,) = printed.recover("hazard_ratio", printed.comparison(*arms, figures=figures))
    assert one.standard_error == plain.standard_error


@pytest.mark.parametrize(
    ("measure", "kind"),
    [("hazard_ratio", "rates"), ("hazard_ratio", "medians"), ("risk_difference", "rates")],
)
def test_a_contrast_of_printed_intervals_is_not_widened(printed: Any, measure: str, kind: str) -> None:
    limits = {"rates": ((0.51, 0.72), (0.30, 0.52)), "medians": ((42, 86), (28, 57))}[kind]
    values = {"rates": (0.62, 0.41), "medians": (60, 40)}[kind]
    half_unit = {"rates": 0.005, "medians": 0.5}[kind]

    def figure(value: float, ends: tuple[float, float] | None) -> Any:
        fields: dict[str, Any] = {}
        if ends is not None:
            fields = {"ci_lower": ends[0], "ci_upper": ends[1], "level": 0.95}
            fields |= {"ci_lower_half_unit": half_unit, "ci_upper_half_unit": half_unit}
        return printed.survival(60, value, **fields) if kind == "rates" else printed.median(value, **fields)

    one, two = (
        printed.arm(name, 80, figure(value, ends))
        for name, value, ends in zip("AB", values, limits, strict=True)
    )
    (plain,) = printed.recover(measure, printed.comparison(one, two))
    (same,) = printed.recover(measure, printed.comparison(one, two, design_effect=1.8))
    assert same.standard_error == plain.standard_error
    # One of the two by its patients: the error of both is widened.
    alone = printed.arm("B", 80, figure(values[1], None))
    (mixed,) = printed.recover(measure, printed.comparison(one, alone))
    (wide,) = printed.recover(measure, printed.comparison(one, alone, design_effect=1.8))
    assert wide.standard_error == pytest.approx(mixed.standard_error * math.sqrt(1.8))
