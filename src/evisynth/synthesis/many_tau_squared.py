"""The estimators of :mod:`evisynth.synthesis.tau_squared`, for many syntheses at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from evisynth.arithmetic.distributions import chi_squared_quantile
from evisynth.synthesis.many_effects import Columns, Floats, ManyEffects
from evisynth.synthesis.many_likelihood import many_tau_squared_likelihood
from evisynth.synthesis.many_roots import many_bracketed_roots


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
    """Solve Q(tau^2) = target, as :func:`evisynth.synthesis.tau_squared_generalised_q.tau_squared_at_q`."""
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
