"""Newton's method kept inside a bracket: roots of one function or of many at once, quantiles, crossings."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from evisynth.errors import ConvergenceError

# The last step is applied before stopping, and steps shrink quadratically: what remains is below rounding.
LAST_STEP = 1e-8
MOST_STEPS = 300


def bracketed_root(
    function: Callable[[float], tuple[float, float]],
    lower: float,
    upper: float,
    start: float,
    offset: float,
) -> float:
    """Find the root of a rising function between ``lower`` and ``upper``.

    A Newton step that leaves the bracket, or does not halve the step before the last, is replaced by the
    geometric middle of the bracket, so the search cannot run away or stall.

    Parameters
    ----------
    function : callable
        Gives value and slope; negative at ``lower``, positive at ``upper``.
    lower, upper, start : float
        The bracket and a first guess within it, all >= 0.
    offset : float
        Added to the argument to make the scale on which steps are small (> 0: the smallest variance).

    Raises
    ------
    ConvergenceError
        When the bracket did not close, or the function is not a number within it.
    """
    x = start
    step = before = upper - lower
    for _ in range(MOST_STEPS):
        value, slope = function(x)
        if value == 0:
            return x
        if math.isnan(value):
            break
        if value < 0:
            lower = x
        else:
            upper = x
        newton = -value / slope if slope > 0 else math.inf
        smallest = LAST_STEP * (x + offset)
        if abs(newton) <= smallest:
            return min(max(x + newton, lower), upper)
        if lower < x + newton < upper and abs(newton) <= 0.5 * abs(before):
            before, step = step, newton
            x += newton
            continue
        middle = math.sqrt((lower + offset) * (upper + offset)) - offset
        if not lower < middle < upper:
            middle = 0.5 * (lower + upper)
        if not lower < middle < upper:
            # neighbouring floats: nothing lies between them
            return lower
        before = step = upper - lower
        x = middle
    raise ConvergenceError(
        f"no between-study variance was found between {lower!r} and {upper!r} (in scaled units)"
    )


Floats = NDArray[np.float64]
Columns = NDArray[np.intp]


def many_bracketed_roots(
    function: Callable[[Floats, Columns], tuple[Floats, Floats]],
    lower: Floats,
    upper: Floats,
    start: Floats,
    offset: Floats,
) -> tuple[Floats, NDArray[np.bool_]]:
    """Find the root of each of n rising functions.

    Parameters
    ----------
    function : callable
        Takes arguments and the numbers of the functions they are for; gives values and slopes.
    lower, upper, start, offset : shape (n,)
        As for :func:`evisynth.synthesis.root_finding.bracketed_root`.

    Returns
    -------
    tuple of arrays of shape (n,)
        The roots, and whether each was found; a root that was not is NaN.
    """
    roots = np.full(len(start), np.nan)
    number = np.arange(len(start))
    x, before = start.copy(), upper - lower
    lower, upper = lower.copy(), upper.copy()
    for _ in range(MOST_STEPS):
        value, slope = function(x, number)
        lower = np.where(value < 0, x, lower)
        upper = np.where(value < 0, upper, x)
        newton = np.divide(-value, slope, out=np.full_like(value, np.inf), where=slope > 0)
        size = np.abs(newton)
        goal = x + newton
        middle = np.sqrt((lower + offset) * (upper + offset)) - offset
        middle = np.where((lower < middle) & (middle < upper), middle, 0.5 * (lower + upper))
        closed = ~((lower < middle) & (middle < upper))
        small = size <= LAST_STEP * (x + offset)
        lost = np.isnan(value)
        done = (value == 0) | small | closed | lost
        answer = np.where(value == 0, x, np.where(small, np.clip(goal, lower, upper), lower))
        answer[lost] = np.nan
        roots[number[done]] = answer[done]
        if done.all():
            break
        stepping = (lower < goal) & (goal < upper) & (size <= 0.5 * np.abs(before))
        before = np.where(stepping, newton, upper - lower)
        x = np.where(stepping, goal, middle)
        if done.any():
            go = np.flatnonzero(~done)
            number, x, before = number[go], x[go], before[go]
            lower, upper, offset = lower[go], upper[go], offset[go]
    return roots, np.isfinite(roots)


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
