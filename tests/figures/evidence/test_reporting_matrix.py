"""The reporting matrix: the best that each study reports of each statistic, and the counts."""

from __future__ import annotations

import pytest

from evisynth.errors import InvalidDataError
from evisynth.figures import (
    STEP,
    Points,
    Segments,
    TopNames,
    Words,
    completeness_of,
    lay_out_reporting_matrix,
    matrix_cells,
    reporting_matrix,
)


@pytest.fixture
def reported(printed, not_reached):
    return [
        printed("a", "g", 40.0, ci_lower=20.0, ci_upper=60.0),
        printed("a", "h", 50.0),
        printed("b", "g", 40.0),
        not_reached("c", "g"),
        printed("b", "g", 0.04, statistic="p_value"),
        printed("c", "g", 0.97, outcome="symptom_relief", statistic="proportion", qualifier=">="),
        printed("d", "g", None, state="not_reported"),
    ]


def test_the_best_figure_of_a_study_stands(reported) -> None:
    assert matrix_cells(reported) == {
        ("overall_survival", "median"): {"a": "interval", "b": "value", "c": "bound"},
        ("overall_survival", "p_value"): {"b": "value"},
        ("symptom_relief", "proportion"): {"c": "bound"},
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "value"),
        ({"ci_lower": 1.0, "ci_upper": 9.0}, "interval"),
        ({"ci_lower": 1.0, "ci_upper_state": "not_reached"}, "interval"),
        ({"qualifier": "~"}, "bound"),
        ({"qualifier": "<"}, "bound"),
        ({"qualifier": None}, "value"),
        ({"state": "not_reached", "value": None}, "bound"),
        ({"state": "not_reported", "value": None}, "nothing"),
        ({"value": None}, "nothing"),
    ],
)
def test_completeness(printed, changes, expected) -> None:
    assert completeness_of(printed("a", "g", **{"value": 40.0, **changes})) == expected


def test_marks_stand_in_their_cells(reported, marks_of) -> None:
    chart = lay_out_reporting_matrix(reported)
    panel = chart.panels[0][0]
    assert [tick.label for tick in panel.y_axis.ticks] == [
        "Overall survival: median",
        "Overall survival: p-value",
        "Symptom relief: proportion",
        "statistics",
    ]
    bound, value, half, interval = marks_of(chart, Points)
    assert list(zip(bound.xs, bound.ys, strict=True)) == [(2, 0), (2, 2)]
    assert list(zip(value.xs, value.ys, strict=True)) == [(1, 0), (1, 1)]
    assert (half.shape, half.xs, half.ys) == ("half circle", value.xs, value.ys)
    assert (bound.fill, value.fill, interval.fill) == ("white", "white", "mark")
    assert list(zip(interval.xs, interval.ys, strict=True)) == [(0, 0)]
    # Twelve cells, five of them filled.
    [dashes] = marks_of(chart, Segments)
    assert len(dashes.xs) == 4 * 3 - 5


def test_margins_count_rows_and_columns(reported, marks_of) -> None:
    chart = lay_out_reporting_matrix(reported)
    counts = {(w.x, w.y): w.text for w in marks_of(chart, Words) if w.level == "middle"}
    assert [counts[4, y] for y in range(3)] == ["3", "1", "1"]
    assert [counts[x, 3] for x in range(4)] == ["1", "2", "2", "0"]


def test_studies_that_report_nothing_can_be_shown(reported, marks_of) -> None:
    chart = lay_out_reporting_matrix(reported, studies=["z", "b"], labels={"overall_survival": "OS"})
    heads = [w.text for w in marks_of(chart, Words) if w.level == "bottom"]
    assert heads == ["z", "b", "a", "c", "d", "studies"]
    assert chart.panels[0][0].y_axis.ticks[0].label == "OS: median"


def test_background_is_passed_over_and_nothing_refused(printed) -> None:
    with pytest.raises(InvalidDataError, match="needs one"):
        lay_out_reporting_matrix([printed("a", "g", 40.0, role="background")])


def test_heads_stand_upright_where_columns_are_many(printed, marks_of) -> None:
    few = lay_out_reporting_matrix([printed(f"study-{i}", "g", 40.0) for i in range(5)])
    more = lay_out_reporting_matrix([printed(f"study-{i}", "g", 40.0) for i in range(20)])
    assert marks_of(few, TopNames) == []
    (heads,) = marks_of(more, TopNames)
    assert list(heads.names) == [*(f"study-{i}" for i in range(20)), "studies"]
    assert list(heads.xs) == list(range(21))
    # Wide enough that every head stands straight over its column.
    assert more.panels[0][0].width / 21 > STEP


def test_many_studies_go_down_the_page_with_the_same_cells(printed, marks_of) -> None:
    rows = [printed(f"study-{i:02d}", "g", 40.0, qualifier="=" if i % 3 else ">") for i in range(60)]
    rows += [printed("study-07", "g", 0.1, statistic="p_value")]
    chart = lay_out_reporting_matrix(rows)
    names = [tick.label for tick in chart.panels[0][0].y_axis.ticks]
    assert names == [*(f"study-{i:02d}" for i in range(60)), "studies"]
    bound, value, _, _ = marks_of(chart, Points)
    assert list(zip(bound.xs, bound.ys, strict=True)) == [(0, i) for i in range(0, 60, 3)]
    assert (1, 7) in zip(value.xs, value.ys, strict=True)
    counts = {(w.x, w.y): w.text for w in marks_of(chart, Words) if w.level == "middle"}
    assert (counts[0, 60], counts[1, 60], counts[2, 7], counts[2, 8]) == ("60", "1", "2", "1")


@pytest.mark.parametrize("count", [1, 2, 9, 60])
def test_any_number_of_studies_is_readable(printed, unreadable, count) -> None:
    rows = [
        printed(f"some-study-of-{2000 + i}", "g", 40.0, outcome=f"outcome_{j}", qualifier="=~>"[(i + j) % 3])
        for i in range(count)
        for j in range(1 + i % 12)
    ]
    assert unreadable(reporting_matrix(rows)) == []


def test_hostile_names_are_readable(printed, unreadable, hostile_labels) -> None:
    rows = [
        printed(study, "g", 40.0, outcome=outcome) for study in hostile_labels for outcome in hostile_labels
    ]
    assert unreadable(reporting_matrix(rows)) == []
    assert unreadable(reporting_matrix(rows, studies=[f"s{i}" for i in range(9)])) == []
