"""Prior and posterior: curves are densities of the result, intervals and medians stand where it has them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from evisynth.errors import InvalidDataError
from evisynth.figures import Area, Line, lay_out_posterior
from evisynth.synthesis import BayesianResult, PooledResult, pool_bayesian

MakeUp = Callable[..., PooledResult]


@pytest.fixture
def bayesian(bcg_pooled: PooledResult) -> BayesianResult:
    return pool_bayesian(
        bcg_pooled.y, bcg_pooled.v, tau_prior="half-normal(0.5)", mu_prior="normal(0, 1)", effect_measure="RR"
    )


def lines(panel: Any, style: str, tone: str) -> list[Any]:
    return [
        mark
        for mark in panel.marks
        if isinstance(mark, Line) and (mark.style, mark.tone) == (style, tone) and len(mark.xs) > 2
    ]


def test_curves_enclose_a_mass_of_one(bayesian: BayesianResult) -> None:
    effect, tau = lay_out_posterior(bayesian).panels[0]
    for style, tone in (("solid", "mark"), ("dashed", "accent"), ("dotted", "ink")):
        (curve,) = lines(effect, style, tone)
        mass = float(np.trapezoid(curve.ys, np.log(curve.xs)))
        # the axis cuts the tails of the prior and of a new study's effect
        assert 0.9 < mass <= 1.0005
    (curve,) = lines(tau, "solid", "mark")
    assert float(np.trapezoid(curve.ys, curve.xs)) == pytest.approx(1.0, abs=0.006)  # 0.5% beyond the axis


def test_the_prior_of_tau_is_the_half_normal(bayesian: BayesianResult) -> None:
    _, tau = lay_out_posterior(bayesian).panels[0]
    (curve,) = lines(tau, "dashed", "accent")
    expected = [2 / (0.5 * math.sqrt(2 * math.pi)) * math.exp(-(t**2) / (2 * 0.25)) for t in curve.xs]
    assert list(curve.ys) == pytest.approx(expected)


def test_intervals_and_medians_are_those_of_the_result(bayesian: BayesianResult) -> None:
    effect, tau = lay_out_posterior(bayesian).panels[0]
    (interval,) = [mark for mark in effect.marks if isinstance(mark, Area)]
    assert np.log([interval.xs[0], interval.xs[-1]]) == pytest.approx([bayesian.ci_lower, bayesian.ci_upper])
    (interval,) = [mark for mark in tau.marks if isinstance(mark, Area)]
    assert [interval.xs[0], interval.xs[-1]] == pytest.approx([bayesian.tau_ci_lower, bayesian.tau_ci_upper])
    medians = [m.xs[0] for m in effect.marks if isinstance(m, Line) and len(m.xs) == 2 and m.tone == "mark"]
    assert np.log(medians) == pytest.approx([bayesian.estimate])


def test_a_flat_prior_has_no_curve_but_is_said(bcg_pooled: PooledResult) -> None:
    flat = pool_bayesian(bcg_pooled.y, bcg_pooled.v, tau_prior="half-cauchy(0.5)", effect_measure="RR")
    chart = lay_out_posterior(flat)
    assert lines(chart.panels[0][0], "dashed", "accent") == []
    assert any("τ half-cauchy(0.5); mean effect flat" in note for note in chart.notes)


def test_heavy_tails_do_not_squeeze_the_interval(make_up: MakeUp) -> None:
    one = make_up(1)
    alone = pool_bayesian(one.y, one.v, tau_prior="half-cauchy(0.5)", effect_measure="hazard_ratio")
    effect, tau = lay_out_posterior(alone).panels[0]
    width = effect.x_axis.place(math.exp(alone.ci_upper)) - effect.x_axis.place(math.exp(alone.ci_lower))
    assert width > 0.3
    assert tau.x_axis.place(alone.tau_ci_upper) > 0.3


def test_a_result_without_a_posterior_is_refused(bcg_pooled: PooledResult) -> None:
    with pytest.raises(InvalidDataError, match="needs a Bayesian result, not one by REML"):
        lay_out_posterior(bcg_pooled)
