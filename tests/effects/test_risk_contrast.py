from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from evisynth.arithmetic import newcombe_interval
from evisynth.effects import HALF_ADDED_FLAG, Effect

SIX_DECIMALS = 6e-7
Only = Callable[..., Effect]


def counted(printed: Any, x1: int, n1: Any, x0: int, n0: Any) -> Any:
    return printed.comparison(
        printed.arm("A", n1, printed.count(x1)), printed.arm("B", n0, printed.count(x0))
    )


def rated(printed: Any, s1: float, n1: int, s0: float, n0: int) -> Any:
    return printed.comparison(
        printed.arm("A", n1, printed.survival(120, s1)), printed.arm("B", n0, printed.survival(120, s0))
    )


@pytest.mark.parametrize(
    # Test vector 16, the differences turned to those of death.
    ("rates", "measure", "value", "standard_error"),
    [
        ((0.79, 80, 0.39, 37), "risk_difference", -0.4, 0.092214),
        ((0.79, 80, 0.39, 37), "risk_ratio", -1.066351, 0.253581),
        ((0.79, 80, 0.39, 37), "odds_ratio", -1.772238, 0.434688),
        ((0.64, 147, 0.55, 18), "risk_difference", -0.09, 0.123763),
        ((0.64, 147, 0.55, 18), "risk_ratio", -0.223144, 0.282834),
        ((0.64, 147, 0.55, 18), "odds_ratio", -0.374693, 0.503977),
    ],
)
def test_tv_16_contrasts_at_a_landmark(
    printed: Any, only: Only, rates: Any, measure: str, value: float, standard_error: float
) -> None:
    effect = only(printed.recover(measure, rated(printed, *rates)), "landmark_risk_contrast")
    assert (effect.estimate, effect.standard_error) == pytest.approx(
        (value, standard_error), abs=SIX_DECIMALS
    )
    assert (effect.grade, effect.primary) == ("C", True)
    assert effect.rounding_lower < effect.estimate < effect.rounding_upper


def test_the_time_asked_for_is_the_one_recovered(printed: Any) -> None:
    arms = [
        printed.arm(name, 50, printed.survival(60, 0.9), printed.survival(120, 0.7)) for name in ("A", "B")
    ]
    (effect,) = printed.recover("odds_ratio", printed.comparison(*arms), time_months=60)
    assert effect.time_months == 60


def test_counts_give_the_two_by_two_table(printed: Any, only: Only) -> None:
    effect = only(printed.recover("odds_ratio", counted(printed, 10, 100, 20, 80)), "risk_contrast_of_counts")
    assert effect.estimate == pytest.approx(math.log(10 * 60 / (90 * 20)))
    assert effect.standard_error == pytest.approx(math.sqrt(1 / 10 + 1 / 90 + 1 / 20 + 1 / 60))
    assert (effect.grade, effect.events, effect.index_events, effect.participants) == ("A", 30, 10, 180)


def test_counts_give_risk_ratio_and_difference(printed: Any, only: Only) -> None:
    ratio = only(printed.recover("risk_ratio", counted(printed, 10, 100, 20, 80)), "risk_contrast_of_counts")
    assert ratio.estimate == pytest.approx(math.log(0.1 / 0.25))
    assert ratio.standard_error == pytest.approx(math.sqrt(1 / 10 - 1 / 100 + 1 / 20 - 1 / 80))
    difference = only(
        printed.recover("risk_difference", counted(printed, 10, 100, 20, 80)), "risk_contrast_of_counts"
    )
    assert (difference.scale, difference.estimate) == ("identity", pytest.approx(-0.15))
    assert difference.standard_error == pytest.approx(math.sqrt(0.1 * 0.9 / 100 + 0.25 * 0.75 / 80))


def test_percentages_with_several_counts_are_grade_b(printed: Any, only: Only) -> None:
    comparison = printed.comparison(
        printed.arm("A", 211, printed.percent(0.78)), printed.arm("B", 50, printed.percent(0.56))
    )
    effect = only(printed.recover("odds_ratio", comparison), "risk_contrast_of_counts")
    assert effect.grade == "B"
    ends = [math.log(x / (211 - x)) - math.log(28 / 22) for x in (164, 165)]
    assert (effect.rounding_lower, effect.rounding_upper) == pytest.approx(tuple(ends))


@pytest.mark.parametrize("measure", ["odds_ratio", "risk_ratio"])
def test_an_empty_cell_gives_no_ratio(printed: Any, measure: str) -> None:
    (effect,) = printed.recover(measure, counted(printed, 0, 108, 3, 100))
    assert effect.kind == "refused"
    assert "not added in silence" in (effect.reason or "")


def test_the_refusal_of_an_empty_cell_names_the_key_that_allows_it(printed: Any) -> None:
    (effect,) = printed.recover("odds_ratio", counted(printed, 0, 108, 3, 100))
    assert "empty_cells: add half" in (effect.reason or "")


@pytest.mark.parametrize(
    # metafor 3.8-1: escalc(measure, ai, n1i, ci, n2i, add=1/2, to="only0"), ten decimals.
    ("measure", "counts", "value", "standard_error"),
    [
        ("odds_ratio", (0, 108, 3, 100), -2.0528079440, 1.5182843231),
        ("odds_ratio", (5, 50, 0, 48), 2.4617467448, 1.4914472034),
        ("odds_ratio", (20, 20, 15, 18), 2.2254950113, 1.5488740758),
        ("risk_ratio", (0, 108, 3, 100), -2.0221375144, 1.5055361117),
        ("risk_ratio", (5, 50, 0, 48), 2.3578899382, 1.4634897251),
        ("risk_ratio", (20, 20, 15, 18), 0.1795014037, 0.1142190451),
    ],
)
def test_half_a_patient_is_added_as_metafor_does_when_the_question_says_so(
    printed: Any, measure: str, counts: Any, value: float, standard_error: float
) -> None:
    (effect,) = printed.recover(measure, counted(printed, *counts), empty_cells="add_half")
    assert (effect.estimate, effect.standard_error) == pytest.approx((value, standard_error), abs=6e-11)
    assert (effect.kind, effect.basic_grade, effect.grade) == ("point", "A", "B")
    assert HALF_ADDED_FLAG in effect.flags
    assert any("half a patient is added to each of the four cells" in told for told in effect.assumptions)
    assert (effect.participants, effect.events) == (counts[1] + counts[3], counts[0] + counts[2])
    written = {line.role: line.value for line in effect.working.written()}
    assert (written["estimate"], written["standard_error"]) == pytest.approx(
        (value, standard_error), abs=6e-11
    )


@pytest.mark.parametrize("counts", [(0, 44, 0, 49), (0, 108, 3, 100), (20, 20, 15, 18)])
def test_half_a_patient_is_never_added_for_a_difference(printed: Any, counts: Any) -> None:
    # With half a patient 0/44 against 0/49 had a standard error of 0.015, and took 48% of the weight.
    (effect,) = printed.recover("risk_difference", counted(printed, *counts), empty_cells="add_half")
    assert (effect.kind, effect.recovery) == ("bound", "risk_difference_score_interval")
    assert HALF_ADDED_FLAG not in effect.flags
    assert "model: mantel-haenszel" in (effect.reason or "")
    assert effect.counted.tables == ((counts[0], counts[1]), (counts[2], counts[3]))


def test_a_row_without_an_empty_cell_is_the_same_whatever_the_question_says(printed: Any) -> None:
    comparison = counted(printed, 1, 108, 3, 100)
    assert printed.recover("odds_ratio", comparison, empty_cells="add_half") == printed.recover(
        "odds_ratio", comparison
    )


@pytest.mark.parametrize("counts", [(0, 108, 0, 100), (20, 20, 18, 18)])
@pytest.mark.parametrize("measure", ["odds_ratio", "risk_ratio"])
def test_where_both_groups_are_alike_no_half_patient_makes_a_ratio(
    printed: Any, measure: str, counts: Any
) -> None:
    (effect,) = printed.recover(measure, counted(printed, *counts), empty_cells="add_half")
    assert effect.kind == "refused"
    assert "alike in both groups" in (effect.reason or "")


def test_a_percentage_that_may_mean_nobody_has_its_rounding_with_half_a_patient(printed: Any) -> None:
    comparison = printed.comparison(
        printed.arm("A", 150, printed.percent(0.0)), printed.arm("B", 100, printed.count(3))
    )
    (effect,) = printed.recover("odds_ratio", comparison, empty_cells="add_half")
    # 0% of 150 patients may be nobody.
    assert effect.rounding_lower <= effect.estimate <= effect.rounding_upper
    assert math.isfinite(effect.rounding_lower)


def test_an_empty_cell_bounds_the_difference(printed: Any, only: Only) -> None:
    effect = only(
        printed.recover("risk_difference", counted(printed, 0, 108, 3, 100)), "risk_difference_score_interval"
    )
    assert (effect.lower, effect.upper) == pytest.approx(newcombe_interval((0.0, 108), (0.03, 100)))
    assert (effect.kind, effect.grade) == ("bound", "X")


def test_different_windows_are_not_compared(printed: Any) -> None:
    comparison = printed.comparison(
        printed.arm("A", 100, printed.count(3, time_months=1.0)),
        printed.arm("B", 100, printed.count(6, time_months=3.0)),
    )
    (effect,) = printed.recover("odds_ratio", comparison)
    assert "same time window" in (effect.reason or "")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), n1=st.integers(2, 300), n0=st.integers(2, 300))
def test_swapping_the_arms_flips_the_sign_and_nothing_else(
    printed: Any, data: st.DataObject, n1: int, n0: int
) -> None:
    x1, x0 = data.draw(st.integers(1, n1 - 1)), data.draw(st.integers(1, n0 - 1))
    for measure in ("odds_ratio", "risk_ratio", "risk_difference"):
        (one,) = printed.recover(measure, counted(printed, x1, n1, x0, n0))
        (other,) = printed.recover(measure, counted(printed, x0, n0, x1, n1))
        assert other.estimate == pytest.approx(-one.estimate, abs=1e-12)
        assert other.standard_error == pytest.approx(one.standard_error)
        assert (other.grade, other.participants) == (one.grade, one.participants)
