"""The estimators of :mod:`evisynth.synthesis.tau_squared`, for many syntheses at once.

Where a likelihood is searched, the same intervals are settled, refined and halved as for one synthesis, those
of all together, so that the answers are the same.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from evisynth.arithmetic import chi_squared_quantile
from evisynth.synthesis.many.many_effects import Columns, Floats, ManyEffects
from evisynth.synthesis.root_finding import many_bracketed_roots
from evisynth.synthesis.tau_squared import NARROWEST
from evisynth.synthesis.weighted_sums import Sums

# Rows of an array of points; one column a point.
_TAU_SQUARED, _A, _B, _FALL_OF_A, _FALL_OF_B = range(5)


def many_tau_squared_likelihood(
    effects: ManyEffects, *, restricted: bool
) -> tuple[Floats, NDArray[np.bool_]]:
    """Estimate the between-study variance of each synthesis (of two rows or more).

    Returns
    -------
    tuple of arrays of shape (n,)
        The global maximisers, and whether each was found; NaN where not.
    """
    tau_squared = np.zeros(len(effects.v_min))
    upper = _upper_bounds(effects, restricted)
    searched = np.flatnonzero(upper > 0)
    if len(searched):
        part = effects.take(searched)
        at_zero = Sums(*(values[searched] for values in effects.at_zero()))
        lowest = _points(np.zeros(len(searched)), at_zero, restricted)
        columns, maxima = _local_maxima(part, lowest, upper[searched], restricted)
        tau_squared[searched] = _highest(part, columns, maxima, restricted)
    return tau_squared, np.isfinite(tau_squared)


def _upper_bounds(effects: ManyEffects, restricted: bool) -> Floats:
    s = effects.sum_of_squares() / (effects.row_count - restricted)
    gap = np.maximum(effects.mean_variance() - effects.v_min, 0.0)
    root = 0.5 * (s + np.sqrt(s * s + 4 * s * gap))
    bounds: Floats = np.where(s == 0, 0.0, 1.001 * root - effects.v_min)
    return bounds


def _points(tau_squared: Floats, sums: Sums[Floats], restricted: bool) -> Floats:
    b, bb = (sums.trace_p, sums.trace_pp) if restricted else (sums.trace_w, sums.trace_ww)
    points = np.empty((5, len(tau_squared)))
    points[_TAU_SQUARED], points[_A], points[_B] = tau_squared, sums.ppy, b
    # y'PPy is zero only where squares underflow; NaN settles nothing, so that no such guess becomes an answer
    points[_FALL_OF_A] = np.divide(2 * sums.pppy, sums.ppy, out=np.full_like(b, np.nan), where=sums.ppy > 0)
    points[_FALL_OF_B] = bb / b
    return points


def _local_maxima(
    effects: ManyEffects, left: Floats, upper: Floats, restricted: bool
) -> tuple[Columns, Floats]:
    """Find every local maximum from the points at zero on: the numbers of the syntheses, and where."""
    column = np.arange(len(upper))
    right = _points(upper, effects.at(upper), restricted)
    at_zero = np.flatnonzero(left[_A] <= left[_B])
    columns, maxima = [at_zero], [np.zeros(len(at_zero))]
    brackets: list[tuple[Columns, Floats, Floats]] = []
    while len(column):
        undecided, holds_root = _look_at(left, right, effects.v_min[column])
        if holds_root.any():
            found = np.flatnonzero(holds_root)
            brackets.append((column[found], left[:, found], right[:, found]))
        keep = np.flatnonzero(undecided)
        column, left, right = column[keep], left[:, keep], right[:, keep]
        offset = effects.v_min[column]
        middle = np.sqrt((left[_TAU_SQUARED] + offset) * (right[_TAU_SQUARED] + offset)) - offset
        points = _points(middle, effects.take(column).at(middle), restricted)
        left, right = np.hstack((left, points)), np.hstack((points, right))
        column = np.concatenate((column, column))
    if brackets:
        inside = np.concatenate([bracket[0] for bracket in brackets])
        lows = np.hstack([bracket[1] for bracket in brackets])
        highs = np.hstack([bracket[2] for bracket in brackets])
        columns.append(inside)
        maxima.append(_roots(effects.take(inside), lows, highs, restricted))
    return np.concatenate(columns), np.concatenate(maxima)


def _look_at(left: Floats, right: Floats, offset: Floats) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say which intervals must be halved, and which hold exactly one maximum."""
    kept = (left[_A] >= right[_B]) & (right[_A] <= left[_B])
    narrow = right[_TAU_SQUARED] + offset < (left[_TAU_SQUARED] + offset) * (1 + NARROWEST)
    single = kept & ((right[_FALL_OF_A] > left[_FALL_OF_B]) | narrow)
    rises = left[_FALL_OF_A] < right[_FALL_OF_B]
    holds_root = single & (left[_A] >= left[_B]) & (right[_A] < right[_B])
    return kept & ~single & ~rises, holds_root


def _roots(effects: ManyEffects, left: Floats, right: Floats, restricted: bool) -> Floats:
    def excess(tau_squared: Floats, number: Columns) -> tuple[Floats, Floats]:
        part = effects if len(number) == len(effects.v_min) else effects.take(number)
        point = _points(tau_squared, part.at(tau_squared), restricted)
        ratio = point[_B] / point[_A]
        return ratio - 1, ratio * (point[_FALL_OF_A] - point[_FALL_OF_B])

    low, high = left[_B] / left[_A] - 1, right[_B] / right[_A] - 1
    at_left = low >= 0
    share = np.where(at_left, 0.0, low / np.where(at_left, 1.0, low - high))
    lower, upper = left[_TAU_SQUARED], right[_TAU_SQUARED]
    roots, _ = many_bracketed_roots(excess, lower, upper, lower + (upper - lower) * share, effects.v_min)
    return roots


def _highest(effects: ManyEffects, columns: Columns, maxima: Floats, restricted: bool) -> Floats:
    """Keep for each synthesis the maximum of the highest likelihood; NaN where one was not found."""
    counts = np.bincount(columns, minlength=len(effects.v_min))
    best = np.full(len(counts), np.nan)
    alone = counts[columns] == 1
    best[columns[alone]] = maxima[alone]
    rivals = np.flatnonzero(~alone)
    if len(rivals):
        height = effects.take(columns[rivals]).log_likelihood(maxima[rivals], restricted=restricted)
        # the highest is written last; NaN sorts behind every number, and so is never hidden
        order = rivals[np.argsort(height, kind="stable")]
        best[columns[order]] = maxima[order]
    return best


def many_tau_squared(name: str, effects: ManyEffects) -> tuple[Floats, NDArray[np.bool_]]:
    """Estimate the between-study variance of each synthesis (of two rows or more) by a known estimator.

    Returns
    -------
    tuple of arrays of shape (n,)
        In squared scaled units, and whether each was found; NaN where not.
    """
    if name in ("ML", "REML"):
        return many_tau_squared_likelihood(effects, restricted=name == "REML")
    if name in ("PM", "EB"):
        return _at_q(effects, effects.row_count - 1)
    if name == "PMM":
        return _at_q(effects, median_of_q(effects.row_count))
    estimate = _CLOSED_FORMS[name](effects)
    return estimate, np.ones(len(estimate), dtype=np.bool_)


def median_of_q(row_count: Floats) -> Floats:
    """Compute the median of chi-squared with k - 1 degrees of freedom, once for each k."""
    counts, position = np.unique(row_count, return_inverse=True)
    medians = np.array([chi_squared_quantile(0.5, float(count) - 1) for count in counts])
    return medians[position]


def _at_q(effects: ManyEffects, target: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Solve Q(tau^2) = target, as :func:`evisynth.synthesis.tau_squared.tau_squared_at_q`."""
    at_zero = effects.at_zero()
    tau_squared = np.zeros(len(target))
    inside = np.flatnonzero(at_zero.q > target)
    part, goal = effects.take(inside), target[inside]
    q = at_zero.q[inside]
    upper = 1.001 * part.sum_of_squares() / goal - part.v_min

    def excess(x: Floats, number: Columns) -> tuple[Floats, Floats]:
        sums = part.take(number).at(x)
        ratio = goal[number] / sums.q
        return ratio - 1, ratio * sums.ppy / sums.q

    start = np.minimum((1 - goal / q) * q**2 / (goal * at_zero.ppy[inside]), upper)
    tau_squared[inside], _ = many_bracketed_roots(excess, np.zeros(len(inside)), upper, start, part.v_min)
    return tau_squared, np.isfinite(tau_squared)


def _common_effect(effects: ManyEffects) -> Floats:
    return np.zeros(len(effects.v_min))


def _dersimonian_laird(effects: ManyEffects) -> Floats:
    sums = effects.at_zero()
    return np.maximum(0.0, (sums.q - (effects.row_count - 1)) / sums.trace_p)


def _hedges(effects: ManyEffects) -> Floats:
    return np.maximum(0.0, effects.sum_of_squares() / (effects.row_count - 1) - effects.mean_variance())


def _hunter_schmidt(effects: ManyEffects) -> Floats:
    sums = effects.at_zero()
    return np.maximum(0.0, (sums.q - effects.row_count) / sums.trace_w)


def _hunter_schmidt_small_sample(effects: ManyEffects) -> Floats:
    sums = effects.at_zero()
    k = effects.row_count
    return np.maximum(0.0, (sums.q * k / (k - 1) - k) / sums.trace_w)


def _sidik_jonkman(effects: ManyEffects) -> Floats:
    crude = effects.sum_of_squares() / effects.row_count
    estimate: Floats = crude * effects.at(crude).q / (effects.row_count - 1)
    return estimate


_CLOSED_FORMS: dict[str, Callable[[ManyEffects], Floats]] = {
    "common": _common_effect,
    "DL": _dersimonian_laird,
    "HE": _hedges,
    "HS": _hunter_schmidt,
    "HSk": _hunter_schmidt_small_sample,
    "SJ": _sidik_jonkman,
}
