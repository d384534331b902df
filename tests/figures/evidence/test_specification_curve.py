"""The specification curve: every estimate in order, its sides, and the choices beneath."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import median

import numpy as np
import pytest
from hypothesis import given, strategies as st

from evisynth.errors import InvalidDataError
from evisynth.figures import (
    MOST_CELLS,
    MOST_LINES,
    MOST_POINTS,
    STEPS,
    Area,
    Line,
    Points,
    Segments,
    Shades,
    cell_edges,
    lay_out_specification_curve,
    specification_curve,
)


def test_few_combinations_are_points_with_their_intervals(universes, two_rows, marks_of) -> None:
    multiverse, question = universes([-0.9, -0.5, -0.2, 0.1], 0.4, two_rows, own=1)
    chart = lay_out_specification_curve(multiverse, question)
    curve = chart.panels[0][0]
    points, own = (mark for mark in curve.marks if isinstance(mark, Points))
    assert list(points.xs) == [0.5, 1.5, 2.5, 3.5]
    assert list(points.ys) == pytest.approx([math.exp(y) for y in (-0.9, -0.5, -0.2, 0.1)])
    bars = next(mark for mark in curve.marks if isinstance(mark, Segments))
    assert list(bars.ys) == pytest.approx([math.exp(y - 0.4) for y in (-0.9, -0.5, -0.2, 0.1)])
    assert (own.xs, own.shape) == ([1.5], "diamond")
    assert own.ys == pytest.approx([math.exp(-0.5)])
    [null] = [mark for mark in curve.marks if isinstance(mark, Line)]
    assert (list(null.ys), null.style) == ([1.0, 1.0], "dashed")


def test_the_headline_counts_sides_and_intervals(universes, two_rows) -> None:
    multiverse, question = universes(
        [-0.9, -0.5, -0.2, 0.1], 0.4, two_rows, own=1, refused={"no row is in": 1}
    )
    chart = lay_out_specification_curve(multiverse, question)
    assert "4 of 5 combinations" in chart.subtitle
    assert "0.41 to 1.11" in chart.subtitle
    assert f"median {math.exp(median([-0.9, -0.5, -0.2, 0.1])):.2f}" in chart.subtitle
    assert "Below 1: 75%; above: 25%; interval excludes 1: 50%." in chart.subtitle
    assert "Not pooled: 1 (no row is in)." in chart.notes
    assert "the question's own choice: 0.61 (0.41 to 0.90)" in [entry.text for entry in chart.legend]
    assert chart.panels[0][0].y_axis.title.endswith("below 1: favours resection")


def test_the_own_choice_has_its_unit(universes, two_rows) -> None:
    multiverse, question = universes([-0.9, -0.5], 0.4, two_rows, own=1, effect_measure="survival")
    chart = lay_out_specification_curve(replace(multiverse, scale="log(-log)"), question)
    shares = [100 * math.exp(-math.exp(x)) for x in (-0.5, -0.1, -0.9)]
    words = "{:.0f}% ({:.0f}% to {:.0f}%)".format(*shares)
    assert f"the question's own choice: {words}" in [entry.text for entry in chart.legend]


def test_choices_are_marked_where_they_are_made(universes, two_rows) -> None:
    multiverse, question = universes([-0.9, -0.5, -0.2, 0.1], 0.4, two_rows)
    chart = lay_out_specification_curve(multiverse, question)
    first, second = (row[0] for row in chart.panels[1:])
    assert first.title == "first-2001: Resected a vs Resected b"
    names = ["landmark", "landmark, 50% observed", "median", "out"]
    assert [tick.label for tick in first.y_axis.ticks] == names
    [shades] = [mark for mark in first.marks if isinstance(mark, Shades)]
    # The fixture counts through: out, first reading, second, third.
    made = {name: list(shares) for name, shares in zip(names, shades.shares[::2], strict=True)}
    assert made == {
        "out": [1, 0, 0, 0],
        "landmark": [0, 1, 0, 0],
        "landmark, 50% observed": [0, 0, 1, 0],
        "median": [0, 0, 0, 1],
    }
    assert [tick.label for tick in second.y_axis.ticks] == ["printed", "out"]
    assert second.x_axis.title == "4 combinations, from the least estimate to the greatest"


def test_what_never_varies_is_a_note(universes, two_rows) -> None:
    multiverse, question = universes([0.2], 0.4, two_rows, own=None)
    chart = lay_out_specification_curve(multiverse, question)
    assert len(chart.panels) == 1
    assert any(note.startswith("Never chosen otherwise: first-2001") for note in chart.notes)
    assert "The question's own choice gives no pooled estimate." in chart.notes
    assert chart.panels[0][0].x_axis.title == "The only combination"


def test_thousands_are_a_line_with_two_bands(universes, two_rows) -> None:
    random = np.random.default_rng(3)
    y = np.sort(random.normal(-0.3, 0.4, 18_000))
    multiverse, question = universes(list(y), list(random.uniform(0.1, 2, 18_000)), two_rows, own=17)
    chart = lay_out_specification_curve(multiverse, question)
    curve = chart.panels[0][0]
    pale, deep = (mark for mark in curve.marks if isinstance(mark, Area))
    edges = cell_edges(18_000, STEPS)
    cell = slice(edges[10], edges[11])
    assert pale.upper[10] == pytest.approx(math.exp(multiverse.ci_upper[cell].max()))
    assert deep.lower[10] == pytest.approx(math.exp(np.median(multiverse.ci_lower[cell])), rel=1e-3)
    line = next(mark for mark in curve.marks if isinstance(mark, Line) and mark.style == "solid")
    assert line.ys[0] == pytest.approx(math.exp(y[0]))
    assert line.ys[-1] == pytest.approx(math.exp(y[-1]))
    assert len(line.xs) < 400
    shades = next(mark for mark in chart.panels[1][0].marks if isinstance(mark, Shades))
    assert len(shades.shares[0]) == MOST_CELLS
    # Cells hold shares: over all choices of a row they come to one.
    assert [sum(parts) for parts in zip(*shades.shares, strict=True)] == pytest.approx([1.0] * MOST_CELLS)
    assert f"about {18_000 / STEPS:.0f} combinations with neighbouring estimates" in " ".join(chart.notes)


@pytest.mark.parametrize(("rows", "recoveries"), [(8, 4), (20, 5), (MOST_LINES + 1, 1)])
def test_too_many_choices_are_gathered_and_said(universes, many_rows, rows, recoveries) -> None:
    multiverse, question = universes([i / 100 for i in range(-40, 40)], 0.4, many_rows(rows, recoveries))
    chart = lay_out_specification_curve(multiverse, question)
    lines = sum(len(row[0].y_axis.ticks) for row in chart.panels[1:])
    assert lines <= MOST_LINES
    assert any("Too many choices" in note for note in chart.notes)


def test_estimates_of_single_groups_have_no_sides(universes) -> None:
    multiverse, question = universes([3.0, 3.2, 3.3], effect_measure="median")
    chart = lay_out_specification_curve(multiverse, question)
    assert "Below" not in chart.subtitle
    assert not [mark for mark in chart.panels[0][0].marks if isinstance(mark, Line)]
    assert "20 to 27 months" in chart.subtitle


def test_no_estimate_is_refused_with_the_reasons(universes) -> None:
    multiverse, question = universes([], own=None, refused={"no row is in": 3})
    with pytest.raises(InvalidDataError, match=r"no row is in \(3\).*needs one"):
        lay_out_specification_curve(multiverse, question)


@given(count=st.integers(1, 3000), most=st.integers(1, 400))
def test_cells_divide_a_curve_evenly(count, most) -> None:
    edges = cell_edges(count, most)
    sizes = np.diff(edges)
    assert edges[0] == 0
    assert edges[-1] == count
    assert len(sizes) == min(count, most)
    assert sizes.min() >= 1
    assert sizes.max() - sizes.min() <= 1


@pytest.mark.parametrize(
    "estimates",
    [[0.0], [0.0, 0.0], [-0.2] * 61, [-700.0, 0.0, 700.0], [1e-9, 2e-9], list(np.linspace(-1, 1, 500))],
)
def test_any_curve_is_readable(universes, two_rows, unreadable, estimates) -> None:
    multiverse, question = universes(estimates, 0.4, two_rows)
    assert unreadable(specification_curve(multiverse, question)) == []


def test_hostile_titles_and_choices_are_readable(universes, many_rows, hostile_labels, unreadable) -> None:
    count = MOST_POINTS + 5
    for label in hostile_labels:
        multiverse, question = universes([i / 50 for i in range(count)], 0.4, many_rows(3, 2), title=label)
        assert unreadable(specification_curve(multiverse, question)) == []


def test_words_of_rounding_are_short_and_explained(universes, two_rows) -> None:
    first, second = two_rows
    ends = [replace(first.readings[0], as_if=f"{end} end of its rounding") for end in ("lower", "upper")]
    rows = (replace(first, readings=(first.readings[0], *ends)), second)
    chart = lay_out_specification_curve(*universes([-0.9, -0.5, -0.2, 0.1], 0.4, rows, own=1))
    names = [tick.label for tick in chart.panels[1][0].y_axis.ticks]
    assert names == ["landmark", "landmark, lower rounding", "landmark, upper rounding", "out"]
    assert any(note.startswith("Lower and upper rounding:") for note in chart.notes)
    plain = lay_out_specification_curve(*universes([-0.9, -0.5], 0.4, two_rows))
    assert not any("rounding:" in note for note in plain.notes)


def test_intervals_beyond_the_axis_are_told(universes, two_rows) -> None:
    said = "Intervals that reach the upper or lower edge go on beyond it."
    assert said not in lay_out_specification_curve(*universes([-0.9, -0.5], 0.4, two_rows)).notes
    assert said in lay_out_specification_curve(*universes([-0.9, -0.5], [0.4, 30.0], two_rows)).notes
