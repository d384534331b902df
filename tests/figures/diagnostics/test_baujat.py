"""Baujat's plot: its places against metafor's, and which rows are named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from evisynth.errors import InvalidDataError
from evisynth.figures import Points, lay_out_baujat
from evisynth.synthesis import PooledResult

MakeUp = Callable[..., PooledResult]
MarksOf = Callable[..., list[Any]]


def test_rows_stand_where_metafor_puts_them(bcg_pooled: PooledResult, marks_of: MarksOf) -> None:
    chart = lay_out_baujat(bcg_pooled)
    (points,) = marks_of(chart, Points)
    # metafor: baujat(rma(yi, vi, method="FE")), rows 1, 4, 6 and 8; the rows here have 7 decimals
    assert [points.xs[i] for i in (0, 3, 5, 7)] == pytest.approx(
        [0.647158736, 51.107313626, 18.335112220, 49.367686270], rel=1e-4
    )
    assert [points.ys[i] for i in (0, 3, 5, 7)] == pytest.approx(
        [3.2765992e-03, 4.5630995, 5.7112312, 34.879510], rel=1e-4
    )


def test_no_row_lies_on_an_axis(bcg_pooled: PooledResult, marks_of: MarksOf) -> None:
    chart = lay_out_baujat(bcg_pooled)
    (panel,), (points,) = chart.panels[0], marks_of(chart, Points)
    for axis, values in ((panel.x_axis, points.xs), (panel.y_axis, points.ys)):
        places = [axis.place(value) for value in values]
        # Points are 6 wide on fields of 360 and 250.
        assert min(places) > 3 / 250 and max(places) < 1 - 3 / 250
        assert axis.ticks[0].label == "0"


def test_contributions_sum_to_q(bcg_pooled: PooledResult, marks_of: MarksOf) -> None:
    (points,) = marks_of(lay_out_baujat(bcg_pooled), Points)
    assert sum(points.xs) == pytest.approx(bcg_pooled.q_statistic)  # rounding


def test_only_rows_away_from_the_corner_are_named(bcg_pooled: PooledResult, marks_of: MarksOf) -> None:
    (points,) = marks_of(lay_out_baujat(bcg_pooled), Points)
    assert "TPT Madras 1980" in points.labels
    assert "Coetzee & Berjak 1968" not in points.labels
    (points,) = marks_of(lay_out_baujat(bcg_pooled, labels=True), Points)
    assert tuple(points.labels) == bcg_pooled.labels


def test_another_estimator_says_so(bcg_pooled: PooledResult) -> None:
    chart = lay_out_baujat(bcg_pooled, tau_squared="REML")
    assert "random-effects model (REML)" in " ".join(chart.notes)
    assert "Cochran" not in chart.panels[0][0].x_axis.title


def test_two_rows_are_too_few(make_up: MakeUp) -> None:
    with pytest.raises(InvalidDataError, match="at least three rows"):
        lay_out_baujat(make_up(2))
