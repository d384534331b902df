r"""The estimators of the between-study variance, by the names under which the field knows them.

The method of moments and its relatives have a closed form; the others are found by search.

Paule-Mandel, its median form and the Q-profile rest on the generalised Q. :math:`Q(\tau^2) = y'Py = \sum_j
z_j^2 / (\lambda_j + \tau^2)` falls strictly, and 1 / Q is a weighted harmonic mean of linear functions:
concave, and linear when the variances are equal. Newton steps on 1 / Q from the left therefore climb to the
one root without ever passing it.

(Restricted) maximum likelihood finds the global maximum, proved, not hoped for. The score in :math:`\tau^2`
is half of :math:`A - B` with :math:`A = y'P^2y` and :math:`B = \mathrm{tr}\,P` (REML) or
:math:`\mathrm{tr}\,W` (ML). Some data have two maxima, so every stationary point is wanted. With the
eigenvalues :math:`\lambda_j` of the contrasts' variance,

.. math::
    A = \sum_j \frac{z_j^2}{(\lambda_j + \tau^2)^2}, \qquad B = \sum_j \frac{1}{\lambda_j + \tau^2},

so that A, B and both :math:`-A'/A` and :math:`-B'/B` fall with :math:`\tau^2`. Their values at the two ends
of an interval therefore bound the score, and the slope of :math:`A / B`, all over it: an interval is settled
when the score keeps its sign there, or when A / B is monotone there (at most one root). Others are halved.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from evisynth.arithmetic import chi_squared_quantile
from evisynth.errors import ConvergenceError
from evisynth.synthesis.root_finding import bracketed_root
from evisynth.synthesis.validation import checked_name
from evisynth.synthesis.weighted_sums import ScaledEffects


def tau_squared_at_q(effects: ScaledEffects, target: float) -> float:
    """Find the tau^2 >= 0 at which the generalised Q equals ``target``; 0 when Q(0) does not exceed it.

    Parameters
    ----------
    effects : ScaledEffects
        At least two rows.
    target : float
        Positive.

    Raises
    ------
    ConvergenceError
        When the bracketed root cannot be closed.
    """
    at_zero = effects.at_zero()
    if at_zero.q <= target:
        return 0.0
    # Q(tau^2) <= SS / (v_min + tau^2)
    upper = 1.001 * effects.sum_of_squares() / target - effects.v_min

    def excess(tau_squared: float) -> tuple[float, float]:
        sums = effects.at(tau_squared)
        ratio = target / sums.q
        return ratio - 1, ratio * sums.ppy / sums.q

    start = (1 - target / at_zero.q) * at_zero.q**2 / (target * at_zero.ppy)
    return bracketed_root(excess, 0.0, upper, min(start, upper), effects.v_min)


def tau_squared_paule_mandel(effects: ScaledEffects) -> float:
    r"""Estimate the between-study variance that makes Q equal to its expectation (PM, and equally EB).

    .. math::
        \sum_i w_i (y_i - \hat\mu)^2 = k - 1

    The empirical Bayes estimator solves the same equation.

    References
    ----------
    Paule & Mandel 1982, Journal of Research of the National Bureau of Standards 87:377-385; Morris 1983,
    Journal of the American Statistical Association 78:47-55.
    """
    return tau_squared_at_q(effects, effects.row_count - 1.0)


def tau_squared_paule_mandel_median(effects: ScaledEffects) -> float:
    r"""Estimate the between-study variance that makes Q equal to its median (PMM): median-unbiased.

    .. math::
        \sum_i w_i (y_i - \hat\mu)^2 = F^{-1}_{\chi^2_{k-1}}(0.5)

    References
    ----------
    Viechtbauer 2021, Median-unbiased estimators for the amount of heterogeneity in meta-analysis, European
    Congress of Methodology, Valencia.
    """
    return tau_squared_at_q(effects, chi_squared_quantile(0.5, effects.row_count - 1.0))


# An interval narrower than this that is still undecided holds a stationary point that only just touches zero.
NARROWEST = 1e-11


class _Point(NamedTuple):
    tau_squared: float
    a: float
    b: float
    fall_of_a: float
    fall_of_b: float


def tau_squared_likelihood(effects: ScaledEffects, *, restricted: bool) -> float:
    r"""Estimate the between-study variance by (restricted) maximum likelihood.

    .. math::
        \ell(\tau^2) = -\tfrac12 \Big[\sum_i \log(v_i + \tau^2) + \sum_i w_i (y_i - \hat\mu)^2
        \; (+ \log \sum_i w_i \text{ if restricted})\Big]

    Parameters
    ----------
    effects : ScaledEffects
        At least two rows.
    restricted : bool
        REML when True, ML when False.

    Returns
    -------
    float
        The global maximiser over tau^2 >= 0, in squared units of the scaled effects.

    Raises
    ------
    ConvergenceError
        When a bracketed root cannot be closed.

    References
    ----------
    Viechtbauer 2005, Journal of Educational and Behavioral Statistics 30:261-293.
    """
    upper = _upper_bound(effects, restricted)
    if upper <= 0:
        return 0.0
    maxima = _local_maxima(effects, upper, restricted)
    if len(maxima) == 1:
        return maxima[0]
    if not maxima:
        raise ConvergenceError("the likelihood of the between-study variance shows no maximum")
    return max(maxima, key=lambda t: effects.log_likelihood(t, restricted=restricted))


def _upper_bound(effects: ScaledEffects, restricted: bool) -> float:
    """Give a tau^2 above which the score is negative.

    A <= SS / (v_min + tau^2)^2, and B >= d / (mean v + tau^2) by Jensen's inequality (d = k - 1, or k for
    ML); where the two meet is the root of a quadratic. Equal variances make it the answer itself, hence the
    small margin.
    """
    s = effects.sum_of_squares() / (effects.row_count - restricted)
    if s == 0:
        return 0.0
    root = 0.5 * (s + math.sqrt(s * s + 4 * s * max(effects.v_mean - effects.v_min, 0.0)))
    return 1.001 * root - effects.v_min


def _point(effects: ScaledEffects, tau_squared: float, restricted: bool) -> _Point:
    sums = effects.at(tau_squared) if tau_squared > 0 else effects.at_zero()
    b, bb = (sums.trace_p, sums.trace_pp) if restricted else (sums.trace_w, sums.trace_ww)
    fall_of_a = 2 * sums.pppy / sums.ppy if sums.ppy > 0 else 0.0
    return _Point(tau_squared, sums.ppy, b, fall_of_a, bb / b)


def _local_maxima(effects: ScaledEffects, upper: float, restricted: bool) -> list[float]:
    offset = effects.v_min
    first, last = _point(effects, 0.0, restricted), _point(effects, upper, restricted)
    maxima = [] if first.a > first.b else [0.0]
    undecided = [(first, last)]
    while undecided:
        left, right = undecided.pop()
        if left.a < right.b or right.a > left.b:
            continue
        falls = right.fall_of_a > left.fall_of_b
        narrow = right.tau_squared + offset < (left.tau_squared + offset) * (1 + NARROWEST)
        if falls or narrow:
            if left.a >= left.b and right.a < right.b:
                maxima.append(_root(effects, left, right, restricted))
            continue
        if left.fall_of_a < right.fall_of_b:
            continue
        middle = math.sqrt((left.tau_squared + offset) * (right.tau_squared + offset)) - offset
        point = _point(effects, middle, restricted)
        undecided += [(left, point), (point, right)]
    return maxima


def _root(effects: ScaledEffects, left: _Point, right: _Point, restricted: bool) -> float:
    """Solve B / A = 1, which is linear in tau^2 where the variances are equal, and near it elsewhere."""

    def excess(tau_squared: float) -> tuple[float, float]:
        point = _point(effects, tau_squared, restricted)
        ratio = point.b / point.a
        return ratio - 1, ratio * (point.fall_of_a - point.fall_of_b)

    low, high = left.b / left.a - 1, right.b / right.a - 1
    if low >= 0:
        return left.tau_squared
    width = right.tau_squared - left.tau_squared
    start = left.tau_squared + width * low / (low - high)
    return bracketed_root(excess, left.tau_squared, right.tau_squared, start, effects.v_min)


def tau_squared_dersimonian_laird(effects: ScaledEffects) -> float:
    r"""Estimate the between-study variance from the excess of Cochran's Q.

    .. math::
        \hat\tau^2 = \max\left(0, \frac{Q - (k - 1)}{\mathrm{tr}\,P}\right), \qquad
        \mathrm{tr}\,P = \sum_i w_i - \frac{\sum_i w_i^2}{\sum_i w_i}, \qquad w_i = 1 / v_i

    References
    ----------
    DerSimonian & Laird 1986, Controlled Clinical Trials 7:177-188.
    """
    sums = effects.at_zero()
    return max(0.0, (sums.q - (effects.row_count - 1)) / sums.trace_p)


def tau_squared_hedges(effects: ScaledEffects) -> float:
    r"""Estimate the between-study variance from the unweighted variance of the estimates (HE).

    .. math::
        \hat\tau^2 = \max\left(0, \frac{\sum_i (y_i - \bar y)^2}{k - 1} - \bar v\right)

    References
    ----------
    Hedges & Olkin 1985, Statistical Methods for Meta-Analysis, chapter 9.
    """
    return max(0.0, effects.sum_of_squares() / (effects.row_count - 1) - effects.v_mean)


def tau_squared_hunter_schmidt(effects: ScaledEffects) -> float:
    r"""Estimate the between-study variance by Hunter and Schmidt's method (HS).

    .. math::
        \hat\tau^2 = \max\left(0, \frac{Q - k}{\sum_i w_i}\right), \qquad w_i = 1 / v_i

    References
    ----------
    Viechtbauer 2005, Journal of Educational and Behavioral Statistics 30:261-293, eq. 9.
    """
    sums = effects.at_zero()
    return max(0.0, (sums.q - effects.row_count) / sums.trace_w)


def tau_squared_hunter_schmidt_small_sample(effects: ScaledEffects) -> float:
    r"""Estimate the between-study variance by Hunter and Schmidt's method, corrected for small k (HSk).

    .. math::
        \hat\tau^2 = \max\left(0, \frac{\frac{k}{k - 1} Q - k}{\sum_i w_i}\right), \qquad w_i = 1 / v_i

    References
    ----------
    Brannick, Potter, Benitez & Morris 2019, Organizational Research Methods 22:490-514.
    """
    sums = effects.at_zero()
    k = effects.row_count
    return max(0.0, (sums.q * k / (k - 1) - k) / sums.trace_w)


def tau_squared_sidik_jonkman(effects: ScaledEffects) -> float:
    r"""Estimate the between-study variance from a crude first value, in one step (SJ).

    .. math::
        \tau_0^2 = \frac{1}{k} \sum_i (y_i - \bar y)^2, \qquad
        \hat\tau^2 = \frac{\tau_0^2}{k - 1} \sum_i \frac{(y_i - \hat\mu_0)^2}{v_i + \tau_0^2}

    Positive unless all estimates are equal.

    References
    ----------
    Sidik & Jonkman 2005, Journal of the Royal Statistical Society C 54:367-384.
    """
    crude = effects.sum_of_squares() / effects.row_count
    if crude == 0:
        return 0.0
    return crude * effects.at(crude).q / (effects.row_count - 1)


def _common_effect(effects: ScaledEffects) -> float:
    """Assume no between-study variance: the common-effect model."""
    del effects
    return 0.0


TAU_SQUARED_ESTIMATORS: MappingProxyType[str, Callable[[ScaledEffects], float]] = MappingProxyType(
    {
        "common": _common_effect,
        "DL": tau_squared_dersimonian_laird,
        "HE": tau_squared_hedges,
        "HS": tau_squared_hunter_schmidt,
        "HSk": tau_squared_hunter_schmidt_small_sample,
        "SJ": tau_squared_sidik_jonkman,
        "ML": partial(tau_squared_likelihood, restricted=False),
        "REML": partial(tau_squared_likelihood, restricted=True),
        "EB": tau_squared_paule_mandel,
        "PM": tau_squared_paule_mandel,
        "PMM": tau_squared_paule_mandel_median,
    }
)


def tau_squared_estimator(name: str) -> Callable[[ScaledEffects], float]:
    """Look an estimator up by its name.

    Raises
    ------
    InvalidDataError
        Listing the known names.
    """
    return TAU_SQUARED_ESTIMATORS[checked_name("tau-squared estimator", name, tuple(TAU_SQUARED_ESTIMATORS))]
