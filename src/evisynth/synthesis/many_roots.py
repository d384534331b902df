"""The bracketed Newton search of :mod:`evisynth.synthesis.root`, for many functions at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from evisynth.synthesis.root import LAST_STEP, MOST_STEPS

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
        As for :func:`evisynth.synthesis.root.bracketed_root`.

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
