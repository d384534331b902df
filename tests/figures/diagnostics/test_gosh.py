"""GOSH plots: every subset is counted once, in its cell, with and without a row."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from evisynth.answers import gosh_of
from evisynth.errors import InvalidDataError, UnknownNameError
from evisynth.figures import (
    Points,
    Shades,
    cloud_of,
    gosh,
    lay_out_gosh,
    measure_display,
)
from evisynth.synthesis import GoshResult, PooledResult, compute_gosh

MakeUp = Callable[..., PooledResult]
MarksOf = Callable[..., list[Any]]
RATIO = measure_display("RR")


@pytest.fixture
def subsets(bcg_pooled: PooledResult) -> GoshResult:
    return gosh_of(bcg_pooled, 40_000, bcg_pooled.labels or ())


def test_every_subset_is_counted_once(subsets: GoshResult) -> None:
    cloud = cloud_of(subsets, RATIO)
    every = np.ones(len(subsets.members), dtype=bool)
    assert cloud.counts(every).sum() == 2**13 - 13 - 1
    inside = subsets.members[:, 7]
    both = cloud.counts(inside) + cloud.counts(~inside)
    assert (both == cloud.counts(every)).all()


def test_the_darkest_cell_holds_the_most_subsets(subsets: GoshResult, marks_of: MarksOf) -> None:
    (shades,) = marks_of(lay_out_gosh(subsets, RATIO), Shades)
    shares = np.array(shades.shares)
    line, column = np.unravel_index(int(shares.argmax()), shares.shape)
    assert shares.max() == 1.0
    logs = np.log(shades.x_edges)
    estimates, i_squared = subsets.subsets.estimate, subsets.subsets.i_squared
    inside = (estimates >= logs[column]) & (estimates < logs[column + 1])
    inside &= (i_squared >= shades.y_edges[line]) & (i_squared < shades.y_edges[line + 1])
    cloud = cloud_of(subsets, RATIO)
    assert inside.sum() == cloud.counts(np.ones(len(estimates), dtype=bool)).max()


def test_the_middle_of_the_cloud_is_metafors(subsets: GoshResult) -> None:
    # metafor: gosh(res) also counts single rows: median -0.71584, I squared 89.04; 13 of 8191 move it little
    assert float(np.median(subsets.subsets.estimate)) == pytest.approx(-0.71584, abs=2e-3)
    assert 100 * float(np.median(subsets.subsets.i_squared)) == pytest.approx(89.04, abs=0.1)
    chart = lay_out_gosh(subsets, RATIO)
    assert "median 0.49" in chart.description
    assert "all 8,178 subsets" in chart.notes[0]


def test_all_rows_are_marked_where_they_are_among_the_subsets(
    subsets: GoshResult, bcg_pooled: PooledResult, marks_of: MarksOf
) -> None:
    (diamond,) = marks_of(lay_out_gosh(subsets, RATIO), Points)
    assert math.log(diamond.xs[0]) == pytest.approx(bcg_pooled.estimate, abs=1e-8)  # two paths to one REML
    assert diamond.ys[0] == pytest.approx(bcg_pooled.i_squared, abs=1e-8)


def test_subsets_with_and_without_a_row_stand_side_by_side(subsets: GoshResult, marks_of: MarksOf) -> None:
    chart = lay_out_gosh(subsets, RATIO, outlier="TPT Madras 1980")
    strips, maps = chart.panels
    assert [panel.title for panel in strips] == [
        "Subsets with TPT Madras 1980",
        "Subsets without TPT Madras 1980",
    ]
    assert maps[0].x_axis == maps[1].x_axis
    assert len(marks_of(chart, Shades)) == 2
    assert len(marks_of(chart, Points)) == 1  # all rows are among those with it


def test_an_unknown_row_is_an_error_with_the_near_ones(bcg_pooled: PooledResult) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'TPT Madras 1980'"):
        gosh(bcg_pooled, outlier="TPT Madras")


def test_a_sample_says_so(make_up: MakeUp) -> None:
    found = gosh_of(make_up(20), 500, make_up(20).labels or ())
    assert "a random sample of 500 subsets" in lay_out_gosh(found, RATIO).notes[0]


def test_a_gosh_result_is_drawn_as_it_is(bcg_pooled: PooledResult) -> None:
    found = compute_gosh(bcg_pooled.y, bcg_pooled.v, subset_count=300)
    figure: Any = gosh(found, effect_measure="RR")
    assert figure.title_text == "GOSH plot: risk ratio, 13 rows"


def test_two_rows_are_too_few(make_up: MakeUp) -> None:
    with pytest.raises(InvalidDataError, match="at least three rows"):
        gosh(make_up(2))


def test_all_rows_are_shown_even_where_only_a_sample_of_the_subsets_is(
    make_up: MakeUp, marks_of: MarksOf
) -> None:
    result = make_up(30)
    found = gosh_of(result, 500, result.labels or ())
    assert not found.members.all(axis=1).any()
    chart = lay_out_gosh(found, RATIO, (result.estimate, result.i_squared))
    (whole,) = [mark for mark in marks_of(chart, Points) if mark.shape == "diamond"]
    assert (whole.xs[0], whole.ys[0]) == pytest.approx((math.exp(result.estimate), result.i_squared))
    assert [entry.text for entry in chart.legend] == ["All rows"]
    assert "random sample of 500 subsets" in chart.notes[0]
    assert lay_out_gosh(found, RATIO).legend == ()


def test_all_rows_stand_among_the_subsets_that_hold_the_row(subsets: GoshResult) -> None:
    name = (subsets.labels or ())[0]
    panels = lay_out_gosh(subsets, RATIO, outlier=name).panels[1]
    drawn = [[mark.shape for mark in panel.marks if isinstance(mark, Points)] for panel in panels]
    assert drawn == [["diamond"], []]


def test_a_few_subsets_are_shown_one_by_one(make_up: MakeUp, marks_of: MarksOf) -> None:
    found = gosh_of(make_up(4), 40_000, make_up(4).labels or ())
    chart = lay_out_gosh(found, RATIO)
    assert marks_of(chart, Shades) == []
    points = marks_of(chart, Points)[0]
    assert len(points.xs) == 2**4 - 4 - 1
    assert [math.log(x) for x in points.xs] == pytest.approx(found.subsets.estimate.tolist())
    assert chart.notes[0].endswith("Each point is a subset.")
