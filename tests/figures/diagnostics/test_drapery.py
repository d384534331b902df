"""Drapery plots: p-value functions cut at a level are the intervals of that level."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from evisynth.figures import Line, TopNames, lay_out_drapery
from evisynth.synthesis import PooledResult, p_value_function, pool, pool_bayesian

MakeUp = Callable[..., PooledResult]
MarksOf = Callable[..., list[Any]]


@pytest.mark.parametrize("interval", ["wald", "t", "hksj", "hksj-plain"])
@pytest.mark.parametrize("level", [0.5, 0.95, 0.99])
def test_the_curve_of_the_estimate_cuts_out_its_intervals(
    bcg_pooled: PooledResult, interval: str, level: float
) -> None:
    result = pool(bcg_pooled.y, bcg_pooled.v, interval=interval, level=level)
    limits = np.array([result.ci_lower, result.ci_upper])
    p = p_value_function(result, limits)
    assert p == pytest.approx([1 - level] * 2, rel=1e-9)  # quantile and tail agree to about 1e-13


@pytest.mark.parametrize("prediction", ["normal", "t", "hts"])
def test_the_curve_of_a_new_setting_cuts_out_the_prediction_interval(
    bcg_pooled: PooledResult, prediction: str
) -> None:
    result = pool(bcg_pooled.y, bcg_pooled.v, prediction=prediction)
    assert result.prediction_lower is not None
    p = p_value_function(result, np.array([result.prediction_lower]), prediction=True)
    assert p == pytest.approx([0.05], rel=1e-9)


def test_a_bayesian_curve_is_twice_the_smaller_tail(bcg_pooled: PooledResult) -> None:
    result = pool_bayesian(bcg_pooled.y, bcg_pooled.v, tau_prior="half-normal(0.5)")
    lower, upper = result.posterior.effect.central_interval(0.9)
    p = p_value_function(result, np.array([lower, result.estimate, upper]))
    assert p == pytest.approx([0.1, 1.0, 0.1], abs=1e-9)


def test_each_row_is_a_tent_over_its_estimate(bcg_pooled: PooledResult, marks_of: MarksOf) -> None:
    chart = lay_out_drapery(bcg_pooled)
    tents = [line for line in marks_of(chart, Line) if len(line.xs) == 3]
    assert [math.log(tent.xs[1]) for tent in tents] == pytest.approx(bcg_pooled.y.tolist())
    for tent, variance in zip(tents, bcg_pooled.v.tolist(), strict=True):
        assert list(tent.ys) == [0.001, 1.0, 0.001]
        # the two-sided 0.001 quantile of the normal distribution is 3.290527
        reach = 3.290527 * math.sqrt(variance)
        assert math.log(tent.xs[2] / tent.xs[1]) == pytest.approx(reach, rel=1e-6)


def test_a_common_effect_has_no_curve_of_a_new_setting(bcg_pooled: PooledResult, marks_of: MarksOf) -> None:
    common = pool(bcg_pooled.y, bcg_pooled.v, tau_squared="common", interval="wald", effect_measure="RR")
    chart = lay_out_drapery(common)
    assert not [line for line in marks_of(chart, Line) if line.tone == "accent"]
    assert len(chart.legend) == 2


def test_names_of_few_rows_stand_over_their_tents(make_up: MakeUp, marks_of: MarksOf) -> None:
    chart = lay_out_drapery(make_up(5))
    (names,) = marks_of(chart, TopNames)
    tops = [line.xs[1] for line in marks_of(chart, Line) if len(line.xs) == 3]
    assert (list(names.xs), len(names.names)) == (tops, 5)
    assert marks_of(lay_out_drapery(make_up(5), labels=False), TopNames) == []
    assert marks_of(lay_out_drapery(make_up(21)), TopNames) == []


def test_a_panel_is_as_wide_as_its_names_need(make_up: MakeUp) -> None:
    narrow, wide = (lay_out_drapery(make_up(60), labels=labels).panels[0][0] for labels in (False, True))
    # letters are 7 points high and a line of them 9.2
    assert narrow.width < 60 * 9.2 < wide.width


def test_curves_are_cut_at_the_intervals_that_meta_prints(bcg_pooled: PooledResult) -> None:
    # R meta 8.4: metagen(yi, sqrt(vi), method.tau="REML", method.random.ci="HK", adhoc.hakn.ci="se",
    # prediction=TRUE, method.predict="HK", level.ma=, level.predict=): ratios by 1 - level.
    printed = {
        0.5: ((0.4315940, 0.5549958), (0.3251120, 0.7367703)),
        0.1: ((0.3546034, 0.6754950), (0.1715642, 1.3961704)),
        0.01: ((0.2817408, 0.8501888), (0.0811804, 2.9506260)),
        0.001: ((0.2242142, 1.0683210), (0.0386166, 6.2028447)),
    }
    result = pool(bcg_pooled.y, bcg_pooled.v)
    for p, (mean, new) in printed.items():
        # the limits have 7 digits, and tau squared is that of another search, equal to about 1e-6
        assert p_value_function(result, np.log(mean)) == pytest.approx([p, p], rel=1e-4)
        assert p_value_function(result, np.log(new), prediction=True) == pytest.approx([p, p], rel=1e-4)


def test_levels_are_read_at_the_right(bcg_pooled: PooledResult) -> None:
    panel = lay_out_drapery(bcg_pooled).panels[0][0]
    assert panel.right_axis is not None
    (tick,) = [tick for tick in panel.right_axis.ticks if tick.label == "95%"]
    assert tick.place == pytest.approx(panel.y_axis.place(0.05))


def test_many_rows_do_not_cover_the_estimate(make_up: MakeUp, marks_of: MarksOf) -> None:
    few, many = (lay_out_drapery(make_up(count)) for count in (30, 31))
    assert (few.legend[0].tone, many.legend[0].tone) == ("rule", "pale")
    assert not [line for line in marks_of(many, Line) if line.tone == "rule"]


def test_no_effect_is_told_from_the_rows(bcg_pooled: PooledResult, marks_of: MarksOf) -> None:
    lines = marks_of(lay_out_drapery(bcg_pooled), Line)
    (null,) = [line for line in lines if list(line.xs) == [1.0, 1.0]]
    assert (null.tone, null.style) == ("ink", "solid")
    tents = [i for i, line in enumerate(lines) if len(line.xs) == 3]
    assert lines.index(null) > max(tents)  # it is not covered by them
