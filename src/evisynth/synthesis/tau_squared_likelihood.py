r"""Maximum likelihood and restricted maximum likelihood: the global maximum, proved, not hoped for.

The score in :math:`\tau^2` is half of :math:`A - B` with :math:`A = y'P^2y` and :math:`B = \mathrm{tr}\,P`
(REML) or :math:`\mathrm{tr}\,W` (ML). Some data have two maxima, so every stationary point is wanted. With
the eigenvalues :math:`\lambda_j` of the contrasts' variance,

.. math::
    A = \sum_j \frac{z_j^2}{(\lambda_j + \tau^2)^2}, \qquad B = \sum_j \frac{1}{\lambda_j + \tau^2},

so that A, B and both :math:`-A'/A` and :math:`-B'/B` fall with :math:`\tau^2`. Their values at the two ends
of an interval therefore bound the score, and the slope of :math:`A / B`, all over it: an interval is settled
when the score keeps its sign there, or when A / B is monotone there (at most one root). Others are halved.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from evisynth.errors import ConvergenceError
from evisynth.synthesis.root import bracketed_root
from evisynth.synthesis.weighted_sums import ScaledEffects

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
