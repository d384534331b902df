"""Galbraith's plot: its places against metafor's radial(), its band, and the axis of effects at the right."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from evisynth.figures import Area, Line, Points, lay_out_galbraith
from evisynth.synthesis import PooledResult, pool

MakeUp = Callable[..., PooledResult]
MarksOf = Callable[..., list[Any]]


def test_rows_stand_where_metafor_puts_them(bcg_pooled: PooledResult, marks_of: MarksOf) -> None:
    (points,) = marks_of(lay_out_galbraith(bcg_pooled), Points)
    # metafor: radial(res), rows 1, 8 and 12; tau squared by REML agrees to about 1e-6 there
    assert [points.xs[i] for i in (0, 7, 11)] == pytest.approx([1.2511460, 1.7755383, 1.0873747], rel=1e-5)
    assert [points.ys[i] for i in (0, 7, 11)] == pytest.approx(
        [-1.112658333, 0.021221826, 0.484874934], rel=1e-5
    )


def test_the_line_has_the_slope_of_the_estimate_and_the_band_its_width(
    bcg_pooled: PooledResult, marks_of: MarksOf
) -> None:
    chart = lay_out_galbraith(bcg_pooled)
    (band,) = marks_of(chart, Area)
    slopes = [
        line.ys[1] / line.xs[1]
        for line in marks_of(chart, Line)
        if line.xs[0] == 0 and line.ys[0] == 0 and line.ys[1] != 0
    ]
    assert slopes == pytest.approx([bcg_pooled.estimate])
    widths = [upper - lower for lower, upper in zip(band.lower, band.upper, strict=True)]
    assert widths == pytest.approx([2 * 1.959964] * 2, rel=1e-6)  # quantile printed with 7 digits


@pytest.mark.parametrize(("measure", "mean"), [("hazard_ratio", -0.3), ("survival", -1.2), ("median", 4.5)])
def test_the_axis_at_the_right_meets_the_line_from_the_origin(
    make_up: MakeUp, measure: str, mean: float
) -> None:
    result = make_up(8, measure, mean)
    (panel,) = lay_out_galbraith(result).panels[0]
    to_analysis: dict[str, Callable[[float], float]] = {
        "hazard_ratio": math.log,
        "survival": lambda percent: math.log(-math.log(percent / 100)),
        "median": math.log,
    }
    centre = 0.0 if measure == "hazard_ratio" else result.estimate
    assert panel.right_axis is not None
    assert len(panel.right_axis.ticks) >= 3
    scale = panel.y_axis.scale
    for tick in panel.right_axis.ticks:
        z = scale.lower + tick.place * (scale.upper - scale.lower)
        effect = to_analysis[measure](float(tick.label))
        assert z / panel.x_axis.scale.upper == pytest.approx(effect - centre, abs=1e-9)  # rounding


def test_rows_outside_the_band_are_named(make_up: MakeUp) -> None:
    result = make_up(5)
    chart = lay_out_galbraith(result)
    assert "No row lies outside the band (0 of 5)" in " ".join(chart.notes)


def test_an_interval_that_no_axis_holds_is_said_to_go_on(bcg_pooled: PooledResult) -> None:
    # Two rows with a Hartung-Knapp interval: t with 1 degree of freedom is 12.7.
    wide = pool([0.1, 0.3], [0.04, 0.05], interval="hksj", effect_measure="HR")
    assert "which goes on beyond it." in " ".join(lay_out_galbraith(wide).notes)
    assert "which goes on" not in " ".join(lay_out_galbraith(bcg_pooled).notes)
