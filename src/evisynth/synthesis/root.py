"""Newton's method kept inside a bracket: the one root finder of the iterative estimators."""

from __future__ import annotations

import math
from collections.abc import Callable

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
