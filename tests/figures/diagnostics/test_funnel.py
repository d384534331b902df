"""Funnel plots: where rows, regions and lines stand, against metafor's funnel, regtest and trimfill."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from evisynth.errors import InvalidDataError
from evisynth.figures import FunnelSettings, Line, Points, Shape, lay_out_funnel
from evisynth.synthesis import PooledResult, pool, pool_bayesian

MakeUp = Callable[..., PooledResult]
MarksOf = Callable[..., list[Any]]


def test_rows_stand_at_their_effect_and_standard_error(bcg_pooled: PooledResult, marks_of: MarksOf) -> None:
    (points,) = marks_of(lay_out_funnel(bcg_pooled), Points)
    # metafor: funnel(res) hands back x and y; the first three rows, 8 decimals; those here have 7
    assert [math.log(x) for x in points.xs[:3]] == pytest.approx(
        [-0.88931133, -1.58538866, -1.34807315], abs=6e-8
    )
    assert points.ys[:3] == pytest.approx([0.57060035, 0.44111350, 0.64449047], abs=1e-7)  # v has 7 digits
    assert points.labels == bcg_pooled.labels


def test_precise_rows_stand_above(bcg_pooled: PooledResult) -> None:
    y = lay_out_funnel(bcg_pooled).panels[0][0].y_axis
    assert y.place(0.0) == 1.0
    assert y.place(0.1) > y.place(0.5) > 0


def test_contours_are_where_an_effect_reaches_a_level(bcg_pooled: PooledResult, marks_of: MarksOf) -> None:
    chart = lay_out_funnel(bcg_pooled)
    _, *triangles = marks_of(chart, Shape)
    x = chart.panels[0][0].x_axis
    for triangle, z in zip(triangles, (2.5758293, 1.9599640, 1.6448536), strict=True):
        assert 1.0 in triangle.xs  # the tip, at no effect
        inside = [
            (value, error)
            for value, error in zip(triangle.xs, triangle.ys, strict=True)
            if error > 0 and x.scale.lower * 1.001 < value < x.scale.upper * 0.999
        ]
        for value, error in inside:
            assert abs(math.log(value)) / error == pytest.approx(z, rel=1e-7)  # quantiles above: 8 digits
    assert [entry.text for entry in chart.legend if entry.sample == "area"] == [
        "p > 0.10",
        "p 0.05 to 0.10",
        "p 0.01 to 0.05",
        "p < 0.01",
    ]


def test_without_contours_the_funnel_stands_around_the_pooled_estimate(
    bcg_pooled: PooledResult, marks_of: MarksOf
) -> None:
    chart = lay_out_funnel(bcg_pooled, FunnelSettings(contours=False))
    (funnel,) = marks_of(chart, Shape)
    assert funnel.xs[funnel.ys.index(0.0)] == pytest.approx(math.exp(bcg_pooled.estimate))
    assert "95% of rows would lie" in " ".join(chart.notes)


def test_a_measure_without_a_value_of_no_effect_gets_the_funnel_and_is_told_why(
    make_up: MakeUp, marks_of: MarksOf
) -> None:
    chart = lay_out_funnel(make_up(12, "survival", -1.2))
    assert len(marks_of(chart, Shape)) == 1
    assert any(note.startswith("Survival has no value of no effect") for note in chart.notes)


def test_sides_are_straight_on_the_axis_of_survival(make_up: MakeUp, marks_of: MarksOf) -> None:
    # On the log(-log) scale a standard error is the same step on both sides.
    chart = lay_out_funnel(make_up(12, "survival", -1.2), FunnelSettings(egger=False))
    (funnel,) = marks_of(chart, Shape)
    x = chart.panels[0][0].x_axis
    tip = x.place(funnel.xs[funnel.ys.index(0.0)])
    slopes = {
        round(abs(x.place(value) - tip) / error, 9)
        for value, error in zip(funnel.xs, funnel.ys, strict=True)
        if error > 0 and 1e-9 < x.place(value) < 1 - 1e-9
    }
    assert len(slopes) == 1


def test_eggers_line_is_that_of_the_regression_test(bcg_pooled: PooledResult, marks_of: MarksOf) -> None:
    chart = lay_out_funnel(bcg_pooled)
    (line,) = [line for line in marks_of(chart, Line) if line.tone == "accent"]
    # metafor: regtest(res): limit estimate b = -0.5104 at no standard error; z = -0.8033, p = 0.4218
    assert line.ys[0] == 0.0
    assert math.log(line.xs[0]) == pytest.approx(-0.5104, abs=5e-5)
    assert any("z = −0.80, p\u00a0=\u00a00.42" in note for note in chart.notes)


def test_below_ten_rows_there_is_neither_line_nor_test(make_up: MakeUp, marks_of: MarksOf) -> None:
    # A line through few rows shows a trend that cannot be told from chance (Sterne et al 2011).
    few, enough = lay_out_funnel(make_up(9)), lay_out_funnel(make_up(10))
    lines = [[line for line in marks_of(chart, Line) if line.tone == "accent"] for chart in (few, enough)]
    assert [len(found) for found in lines] == [0, 1]
    said = " ".join(few.notes)
    assert "Egger's" not in said + " ".join(entry.text for entry in few.legend)
    assert "asymmetry can hardly be told from chance" in said


def test_the_funnel_ends_a_little_below_the_least_precise_row(bcg_pooled: PooledResult) -> None:
    y = lay_out_funnel(bcg_pooled).panels[0][0].y_axis
    assert 0.02 < y.place(float(np.sqrt(bcg_pooled.v.max()))) < 0.1


def test_equal_standard_errors_give_a_reason_instead_of_a_line() -> None:
    chart = lay_out_funnel(pool([0.1, 0.2, 0.4] * 4, [0.04] * 12, effect_measure="MD"))
    assert any(note.startswith("No Egger's line: the standard error is the same") for note in chart.notes)


def test_imputed_rows_are_hollow_and_mirror_a_row(bcg_pooled: PooledResult, marks_of: MarksOf) -> None:
    chart = lay_out_funnel(bcg_pooled, FunnelSettings(trim_and_fill=True))
    imputed, rows = marks_of(chart, Points)
    assert (len(imputed.xs), len(rows.xs)) == (1, 13)  # metafor: trimfill(res) fills 1 on the right side
    assert imputed.fill == "white"
    # metafor: with it the estimate is -0.6571
    (line,) = [line for line in marks_of(chart, Line) if line.style == "dotted"]
    assert math.log(line.xs[0]) == pytest.approx(-0.6571, abs=5e-5)
    assert imputed.ys[0] in rows.ys
    assert any("adds 1 row on the right" in note for note in chart.notes)


def test_trim_and_fill_is_not_done_below_ten_rows(make_up: MakeUp, marks_of: MarksOf) -> None:
    chart = lay_out_funnel(make_up(9), FunnelSettings(trim_and_fill=True))
    assert len(marks_of(chart, Points)) == 1
    assert any("needs at least 10 rows, and there are 9" in note for note in chart.notes)


def test_trim_and_fill_needs_a_model_that_can_be_fitted_again(bcg_pooled: PooledResult) -> None:
    bayesian = pool_bayesian(bcg_pooled.y, bcg_pooled.v, tau_prior="half-normal(0.5)", effect_measure="RR")
    assert lay_out_funnel(bayesian).title == "Funnel plot: risk ratio, 13 rows"
    with pytest.raises(InvalidDataError, match="method 'bayesian'"):
        lay_out_funnel(bayesian, FunnelSettings(trim_and_fill=True))


def test_the_pooled_estimate_is_drawn_and_said(bcg_pooled: PooledResult, marks_of: MarksOf) -> None:
    chart = lay_out_funnel(bcg_pooled)
    upright = [line for line in marks_of(chart, Line) if line.tone == "ink" and line.xs[0] == line.xs[1]]
    # metafor: rma(yi, vi, data=dat): -0.7145 (-1.0669 to -0.3622), printed on the log scale
    assert [math.log(line.xs[0]) for line in upright] == pytest.approx([-0.7145], abs=5e-5)
    assert "0.49 (0.34 to 0.70)" in chart.description
    assert np.exp([-0.7145, -1.0669, -0.3622]) == pytest.approx([0.49, 0.34, 0.70], abs=0.005)


def test_rows_that_no_axis_can_show_are_counted() -> None:
    chart = lay_out_funnel(pool([-60.0, 50.0, 20.0, 3.0], [4.0, 9.0, 1.0, 0.5], effect_measure="survival"))
    # survival is 0% or 100% to the last digit beyond -33 and 6.5 on the log(-log) scale
    assert "3 rows beyond the axis." in chart.notes
