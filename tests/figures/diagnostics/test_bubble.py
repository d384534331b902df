"""Bubble plots: the fitted line against metafor's predictions, categories, and what is held still."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from evisynth.errors import InvalidDataError, UnknownNameError
from evisynth.figures import Area, Line, Points, Segments, bubble, lay_out_bubble, measure_display
from evisynth.synthesis import PooledResult, RegressionResult, regress

MarksOf = Callable[..., list[Any]]
LATITUDE = [44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33]
ALLOCATION = [*["random"] * 4, *["alternate"] * 2, *["random"] * 3, *["systematic"] * 4]
RATIO = measure_display("RR")


@pytest.fixture
def by_latitude(bcg_pooled: PooledResult) -> RegressionResult:
    return regress(
        bcg_pooled.y, bcg_pooled.v, {"latitude": LATITUDE}, interval="wald", labels=bcg_pooled.labels
    )


@pytest.fixture
def by_both(bcg_pooled: PooledResult) -> RegressionResult:
    return regress(bcg_pooled.y, bcg_pooled.v, {"latitude": LATITUDE, "allocation": ALLOCATION})


def test_the_line_and_its_bands_are_metafors(by_latitude: RegressionResult, marks_of: MarksOf) -> None:
    chart = lay_out_bubble(by_latitude, display=RATIO)
    (line,) = [m for m in marks_of(chart, Line) if m.style == "solid" and len(m.xs) > 2]
    (band,) = marks_of(chart, Area)
    lower, upper = [m for m in marks_of(chart, Line) if m.style == "dotted"]
    assert (line.xs[0], line.xs[-1]) == (13.0, 55.0)
    marks = (line.ys, band.lower, band.upper, lower.ys, upper.ys)
    shown = [[math.log(heights[i]) for heights in marks] for i in (0, -1)]
    # metafor: predict(rma(yi, vi, mods = ~ ablat), newmods = c(13, 55)), 4 decimals;
    # its REML stops within 1e-5 of the optimum, which moves the limits by as much
    assert shown[0] == pytest.approx([-0.1269, -0.4588, 0.2050, -0.7620, 0.5083], abs=1e-4)
    assert shown[1] == pytest.approx([-1.3491, -1.7433, -0.9550, -2.0190, -0.6793], abs=1e-4)


def test_rows_stand_at_their_moderator_with_the_area_of_their_weight(
    by_latitude: RegressionResult, marks_of: MarksOf
) -> None:
    (points,) = marks_of(lay_out_bubble(by_latitude, display=RATIO), Points)
    assert list(points.xs) == LATITUDE
    assert [math.log(y) for y in points.ys] == pytest.approx(by_latitude.y.tolist())
    weights = 1 / (by_latitude.v + by_latitude.tau_squared)
    shares = np.square(points.diameters) / max(points.diameters) ** 2
    assert shares == pytest.approx(weights / weights.max())
    assert points.labels == by_latitude.labels


def test_the_slope_of_a_ratio_is_told_as_a_factor(by_latitude: RegressionResult) -> None:
    chart = lay_out_bubble(by_latitude, display=RATIO)
    slope = math.exp(float(by_latitude.estimate[1]))
    assert f"multiplied by {slope:.3g}" in chart.notes[0]
    plain = lay_out_bubble(by_latitude, display=measure_display(None))
    assert "changes by −0.0291" in plain.notes[0]  # metafor: slope -0.0291


def test_levels_of_a_category_have_their_mean(by_both: RegressionResult, marks_of: MarksOf) -> None:
    chart = lay_out_bubble(by_both, "allocation", display=RATIO)
    rows, means = marks_of(chart, Points)
    levels = ["alternate", "random", "systematic"]
    assert [tick.label for tick in chart.panels[0][0].x_axis.ticks] == levels
    assert [round(x) for x in rows.xs] == [levels.index(name) for name in ALLOCATION]
    at_mean = float(np.mean(LATITUDE)) * by_both.estimate[by_both.names.index("latitude")]
    alternate = by_both.estimate[0] + at_mean
    random = alternate + by_both.estimate[by_both.names.index("allocation: random")]
    assert [math.log(y) for y in means.ys[:2]] == pytest.approx([alternate, random])
    assert len(marks_of(chart, Segments)) == 2
    assert "Drawn for latitude at its mean." in chart.notes


def test_few_rows_for_the_moderators_are_told(
    by_both: RegressionResult, by_latitude: RegressionResult
) -> None:
    assert any("may be chance" in note for note in lay_out_bubble(by_both, "latitude", display=RATIO).notes)
    assert not any("may be chance" in note for note in lay_out_bubble(by_latitude, display=RATIO).notes)
    assert "Drawn for allocation at alternate." in lay_out_bubble(by_both, "latitude", display=RATIO).notes


def test_which_moderator_must_be_clear(by_both: RegressionResult, bcg_pooled: PooledResult) -> None:
    with pytest.raises(InvalidDataError, match="name one of latitude, allocation"):
        lay_out_bubble(by_both, display=RATIO)
    with pytest.raises(UnknownNameError, match="unknown moderator 'lattitude'; did you mean 'latitude'"):
        lay_out_bubble(by_both, "lattitude", display=RATIO)
    with pytest.raises(InvalidDataError, match="there is none in this model"):
        lay_out_bubble(regress(bcg_pooled.y, bcg_pooled.v, {}), display=RATIO)


def test_without_spread_there_is_no_prediction(bcg_pooled: PooledResult, marks_of: MarksOf) -> None:
    common = regress(
        bcg_pooled.y, bcg_pooled.v, {"latitude": LATITUDE}, tau_squared="common", interval="wald"
    )
    chart = lay_out_bubble(common, display=RATIO)
    assert not [m for m in marks_of(chart, Line) if m.style == "dotted"]
    assert len(chart.legend) == 2


def test_a_prediction_beyond_the_axis_is_told_and_not_in_the_legend(marks_of: MarksOf) -> None:
    # Three rows leave one degree of freedom: a prediction runs from nothing to everything.
    result = regress([-0.5, -0.1, -0.6], [0.04, 0.05, 0.04], {"size": [1.0, 2.0, 3.0]})
    chart = lay_out_bubble(result, display=RATIO)
    assert not any("prediction" in entry.text for entry in chart.legend)
    assert "The prediction of a new study is wider than the axis." in chart.notes


def test_the_moderator_heads_its_axis_which_ends_beside_the_rows(by_latitude: RegressionResult) -> None:
    axis = lay_out_bubble(by_latitude, display=RATIO).panels[0][0].x_axis
    assert axis.title == "Latitude"
    assert (axis.scale.lower, axis.scale.upper) == pytest.approx((13 - 0.05 * 42, 55 + 0.05 * 42))


def test_no_effect_is_seen_over_the_band(by_latitude: RegressionResult) -> None:
    marks = lay_out_bubble(by_latitude, display=RATIO).panels[0][0].marks
    (band,) = [i for i, mark in enumerate(marks) if isinstance(mark, Area)]
    (null,) = [i for i, m in enumerate(marks) if isinstance(m, Line) and list(m.ys) == [1.0, 1.0]]
    assert null > band


@pytest.mark.parametrize("given", [None, 3, "x"])
def test_something_else_than_a_regression_is_told_so(given: Any) -> None:
    with pytest.raises(InvalidDataError, match="a bubble plot shows a RegressionResult, not a"):
        bubble(given)
