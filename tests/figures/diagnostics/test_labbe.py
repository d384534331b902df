"""L'Abbé plots: risks, the curve of the pooled effect, and what is lacking when there is none."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from evisynth.answers import pool_risks
from evisynth.effects import effect_size
from evisynth.errors import InvalidDataError, UnknownNameError
from evisynth.figures import Area, GroupRisks, Line, Points, labbe, lay_out_labbe, read_risks
from evisynth.synthesis import PooledResult, pool

MarksOf = Callable[..., list[Any]]
COLUMNS = ([4, 6, 3, 62], [123, 306, 231, 13598], [11, 29, 11, 248], [139, 303, 220, 12867])
GROUPS = ("vaccinated group", "control group")


def groups() -> GroupRisks:
    return read_risks(COLUMNS, None, GROUPS)


def test_the_index_group_stands_upright(marks_of: MarksOf) -> None:
    chart = lay_out_labbe(groups(), None)
    (points,) = marks_of(chart, Points)
    assert points.xs[0] == pytest.approx(11 / 139)
    assert points.ys[0] == pytest.approx(4 / 123)
    (panel,) = chart.panels[0]
    assert panel.x_axis.title == "Risk in the control group, %"
    assert panel.y_axis.title == "Risk in the vaccinated group, %"
    assert panel.x_axis.scale == panel.y_axis.scale
    assert panel.width == panel.height


def test_the_axes_name_the_event() -> None:
    (panel,) = lay_out_labbe(replace(groups(), event="death"), None).panels[0]
    assert panel.x_axis.title == "Risk of death in the control group, %"


def test_the_area_of_a_point_is_its_patients(marks_of: MarksOf) -> None:
    (points,) = marks_of(lay_out_labbe(groups(), None), Points)
    assert (points.diameters[3] / points.diameters[1]) ** 2 <= (13598 + 12867) / (306 + 303)
    assert points.diameters[3] == max(points.diameters)
    even = read_risks(([5, 1], [100, 100], [4, 2], [300, 100]), None, GROUPS)
    (points,) = marks_of(lay_out_labbe(even, None), Points)
    assert points.diameters[0] ** 2 == pytest.approx(2 * points.diameters[1] ** 2)


@pytest.mark.parametrize("measure", ["RR", "OR", "RD", "AS", "PETO"])
def test_a_study_with_the_pooled_effect_lies_on_the_curve(measure: str, marks_of: MarksOf) -> None:
    one_effect = {
        "RR": ([1000, 2000], [2000, 4000]),
        "OR": ([2000, 1000], [3000, 1600]),
        "RD": ([1000, 2000], [1500, 2500]),
        "AS": ([1000, 2000], [1500, 2500]),
        "PETO": ([1000, 2000], [1010, 2010]),
    }
    index, reference = one_effect[measure]
    n = [10000, 10000]
    y, v = effect_size(measure, events1=index[:1], n1=n[:1], events2=reference[:1], n2=n[:1])
    result = pool(y, v, effect_measure=measure)
    risks = read_risks((index, n, reference, n), None, GROUPS)
    (curve,) = [line for line in marks_of(lay_out_labbe(risks, result), Line) if line.tone == "mark"]
    at = np.interp(reference[0] / 10000, curve.xs, curve.ys)
    # the curve is drawn through about 100 places; Peto's odds ratio is an approximation
    assert at == pytest.approx(index[0] / 10000, abs=2e-3 if measure == "PETO" else 2e-4)


def test_the_curve_lies_within_its_interval(marks_of: MarksOf) -> None:
    result = pool_risks(COLUMNS, "RR")
    chart = lay_out_labbe(groups(), result)
    (area,) = marks_of(chart, Area)
    assert all(low < high for low, high in zip(area.lower, area.upper, strict=True))
    assert all(0 <= value <= 1 for value in (*area.lower, *area.upper))
    assert "In 4 of 4 rows the risk in the vaccinated group is lower" in chart.description


def test_risks_alone_are_drawn_without_a_curve(marks_of: MarksOf) -> None:
    risks = read_risks((None,) * 4, ([0.5, 0.9], [0.6, 0.7]), GROUPS)
    chart = lay_out_labbe(risks, None)
    assert not [line for line in marks_of(chart, Line) if line.tone == "mark"]
    assert chart.panels[0][0].x_axis.scale.upper == 1.0
    assert chart.title == "L'Abbé plot: 2 rows"


def test_labels_come_from_the_result(marks_of: MarksOf) -> None:
    y, v = effect_size("RR", **dict(zip(("events1", "n1", "events2", "n2"), COLUMNS, strict=True)))
    result: PooledResult = pool(y, v, labels=["a", "b", "c", "d"], effect_measure="RR")
    figure: Any = labbe(*COLUMNS, result=result)
    assert figure.title_text == "L'Abbé plot: risk ratio, 4 rows"
    risks = read_risks(COLUMNS, None, GROUPS, result.labels)
    (points,) = marks_of(lay_out_labbe(risks, result), Points)
    assert points.labels == ("a", "b", "c", "d")


def test_what_is_lacking_is_said() -> None:
    with pytest.raises(InvalidDataError, match="needs events and patients of both groups"):
        labbe([1], [10])
    with pytest.raises(InvalidDataError, match="needs events and patients of both groups"):
        labbe()


@pytest.mark.parametrize(
    ("columns", "risks", "match"),
    [
        (([1], [0], [1], [10]), None, "a group without patients"),
        (([11], [10], [1], [10]), None, r"row 1: the risk in the index group is 1.1"),
        ((None,) * 4, ([0.5], [float("nan")]), "row 1: the risk in the reference group is nan"),
        ((None,) * 4, ([0.5, 0.6], [0.5]), "one a study"),
        ((None,) * 4, ([], []), "at least one study"),
    ],
)
def test_risks_that_cannot_be_are_refused(columns: Any, risks: Any, match: str) -> None:
    with pytest.raises(InvalidDataError, match=match):
        read_risks(columns, risks, GROUPS)


def test_a_measure_without_a_curve_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="unknown measure of an L'Abbé plot 'hazard_ratio'"):
        labbe(*COLUMNS, effect_measure="hazard_ratio")


#: Rare in most studies and common in one: on an even axis all but one crowd at its beginning.
RARE = (
    [4, 6, 3, 62, 180],
    [1230, 3060, 2310, 13598, 1541],
    [11, 29, 11, 248, 372],
    [1390, 3030, 2200, 12867, 1451],
)


def test_rare_events_stand_on_a_log_scale(marks_of: MarksOf) -> None:
    result = pool_risks(RARE, "RR")
    chart = lay_out_labbe(read_risks(RARE, None, GROUPS), result)
    (panel,) = chart.panels[0]
    scale = panel.x_axis.scale
    assert scale.logarithmic and panel.y_axis.scale == scale
    assert panel.x_axis.title == "Risk in the control group, % (log scale)"
    counts = zip(RARE[0] + RARE[2], RARE[1] + RARE[3], strict=True)
    assert all(0 <= scale.place(events / patients) <= 1 for events, patients in counts)
    for tick in panel.x_axis.ticks:
        assert tick.place == pytest.approx(scale.place(float(tick.label) / 100))
    # A risk ratio is a straight line beside that of equal risks.
    (curve,) = [line for line in marks_of(chart, Line) if line.tone == "mark"]
    apart = [math.log(y / x) for x, y in zip(curve.xs, curve.ys, strict=True)]
    assert apart == pytest.approx([result.estimate] * len(apart))


def test_a_risk_of_nothing_has_no_place_on_a_log_scale() -> None:
    none = ([0, *RARE[0][1:]], *RARE[1:])
    (panel,) = lay_out_labbe(read_risks(none, None, GROUPS), None).panels[0]
    assert not panel.x_axis.scale.logarithmic and panel.x_axis.scale.lower == 0


def test_a_difference_of_rare_risks_keeps_its_even_scale() -> None:
    (panel,) = lay_out_labbe(read_risks(RARE, None, GROUPS), pool_risks(RARE, "RD")).panels[0]
    assert not panel.x_axis.scale.logarithmic


def test_the_scale_of_risks_ends_at_all_patients() -> None:
    shares = [0.001, 0.002, 0.003, 0.004, 0.99]
    (panel,) = lay_out_labbe(read_risks((None,) * 4, (shares, shares), GROUPS), None).panels[0]
    assert panel.x_axis.scale.logarithmic and panel.x_axis.scale.upper == 1.0
    assert all(tick.place <= 1 + 1e-9 for tick in panel.x_axis.ticks)


def timed(*times: float | None, **settings: Any) -> GroupRisks:
    shares = [0.1 * (i + 1) for i in range(len(times))]
    return read_risks((None,) * 4, (shares, shares), GROUPS, times=times, **settings)


def test_one_time_of_all_risks_stands_at_the_axes(marks_of: MarksOf) -> None:
    chart = lay_out_labbe(timed(120, 120, labels=["a", "b"]), None)
    (panel,) = chart.panels[0]
    assert panel.x_axis.title == "Risk in the control group by 10 years, %"
    assert panel.y_axis.title == "Risk in the vaccinated group by 10 years, %"
    (points,) = marks_of(chart, Points)
    assert points.labels == ("a", "b")
    assert not any("time" in note for note in chart.notes)


def test_risks_of_different_times_say_their_time(marks_of: MarksOf) -> None:
    chart = lay_out_labbe(timed(120, 60, None, 60, labels=["a", "b", "c", "d"]), None)
    (points,) = marks_of(chart, Points)
    assert points.labels == ("a, by 10 years", "b, by 5 years", "c", "d, by 5 years")
    assert "by" not in chart.panels[0][0].x_axis.title
    assert (
        "Risks of different times (rows): by 5 years (2), by 10 years (1), time not stated (1)."
        in chart.notes
    )
    # Without labels the note alone tells.
    silent = lay_out_labbe(timed(120, 60), None)
    (points,) = marks_of(silent, Points)
    assert points.labels == ()
    assert "Risks of different times (rows): by 5 years (1), by 10 years (1)." in silent.notes


@pytest.mark.parametrize(
    ("times", "match"),
    [([12.0], "1 times for 4 rows"), ([0, 1, 1, 1], "above 0"), (["x"] * 4, "months"), (5, "months")],
)
def test_times_that_cannot_be_are_refused(times: Any, match: str) -> None:
    with pytest.raises(InvalidDataError, match=match):
        labbe(*COLUMNS, times=times)


def test_risks_that_were_not_counted_say_so() -> None:
    assert not any("Kaplan-Meier" in note for note in lay_out_labbe(groups(), None).notes)
    reported = read_risks((None,) * 4, ([0.5, 0.9], [0.6, 0.7]), GROUPS)
    assert "Kaplan-Meier" in lay_out_labbe(reported, None).notes[-1]


@pytest.mark.parametrize(
    ("columns", "settings"),
    [
        ((1, 2, 1, 2), {"result": None, "risks": (0.1, 0.2)}),
        (COLUMNS, {"group_names": "vaccine"}),
        (COLUMNS, {"group_names": ("one",)}),
        (COLUMNS, {"labels": 5}),
        (COLUMNS, {"labels": "abcd"}),
        (COLUMNS, {"risks": 5}),
        (COLUMNS, {"risks": ("a", "b")}),
    ],
)
def test_what_is_no_table_is_told_so(columns: Any, settings: dict[str, Any]) -> None:
    with pytest.raises(InvalidDataError):
        labbe(*columns, **settings)


def test_a_measure_that_is_none_lists_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="risk_ratio"):
        labbe(*COLUMNS, effect_measure=None)  # type: ignore[arg-type]


@pytest.mark.parametrize("names", [5, ("a",), (None, "b"), "ab"])
def test_group_names_are_two_texts(names: Any) -> None:
    with pytest.raises(InvalidDataError, match="group_names are two texts"):
        read_risks(COLUMNS, None, names)


def test_what_is_no_result_is_refused() -> None:
    columns = dict(zip(("events1", "n1", "events2", "n2"), COLUMNS, strict=True))
    with pytest.raises(InvalidDataError, match="result is a PooledResult, not an int"):
        labbe(**columns, result=5)  # type: ignore[arg-type]


def test_gaps_of_a_table_are_no_times_and_no_names() -> None:
    found = read_risks(COLUMNS, None, GROUPS, [None, "b", math.nan, "d"], times=[12.0, math.nan, 12.0, 24.0])
    assert found.times == (12.0, None, 12.0, 24.0)
    assert found.names == ("Study 1", "b", "Study 3", "d")
