"""Quantiles of a distribution function, many at once, and the crossing that fixes a shortest interval."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from evisynth.errors import ConvergenceError

Array = NDArray[np.float64]


def invert_distribution(
    probability_and_density: Callable[[Array], tuple[Array, Array]],
    target: Array,
    bracket: tuple[Array, Array],
    start: Array,
) -> Array:
    """Return where a distribution function takes the values ``target``, all at once.

    Parameters
    ----------
    probability_and_density : callable
        The increasing function and its derivative, at arrays of shape (m,).
    target : shape (m,)
        Probabilities.
    bracket : two arrays of shape (m,)
        Below and above the answers.
    start : shape (m,)
        First guess.

    Raises
    ------
    ConvergenceError
        When 400 steps do not reach the precision of the function.
    """
    lower, upper = bracket
    x = np.clip(start, lower, upper)
    for _ in range(400):
        value, slope = probability_and_density(x)
        gap = value - target
        lower, upper = np.where(gap <= 0, x, lower), np.where(gap >= 0, x, upper)
        # 1e-15 is what a sum of a thousand probabilities keeps; below it steps are noise
        done = (np.abs(gap) <= 1e-15) | (upper - lower <= 2e-16 * np.abs(x))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            newton = x - gap / slope
        inside = (newton > lower) & (newton < upper)
        step = np.where(inside, newton, (lower + upper) / 2)
        done |= np.abs(step - x) <= 4e-16 * np.abs(x)
        if np.all(done & np.isfinite(gap)):
            return x
        x = np.where(done, x, step)
    raise ConvergenceError(f"a quantile was not found: probability {target} is still missed by {gap}")


def find_crossing(function: Callable[[float], float], lower: float, upper: float) -> float:
    """Return where ``function`` changes its sign between ``lower`` and ``upper`` (Illinois method).

    Raises
    ------
    ConvergenceError
        When there is no change of sign, or 200 steps do not find it.
    """
    at_lower, at_upper = function(lower), function(upper)
    if at_lower == 0 or at_upper == 0:
        return lower if at_lower == 0 else upper
    if (at_lower > 0) == (at_upper > 0):
        raise ConvergenceError(f"no change of sign between {lower} and {upper}")
    for _ in range(200):
        middle = upper - at_upper * (upper - lower) / (at_upper - at_lower)
        if not min(lower, upper) < middle < max(lower, upper):
            return upper
        at_middle = function(middle)
        if at_middle == 0:
            return middle
        if (at_middle > 0) == (at_upper > 0):
            # halving the stale end's value is what keeps the secant from creeping
            at_lower /= 2
        else:
            lower, at_lower = upper, at_upper
        upper, at_upper = middle, at_middle
        if abs(upper - lower) <= 1e-15 * max(abs(upper), abs(lower)):
            return upper
    raise ConvergenceError(f"a crossing was not found between {lower} and {upper}")
