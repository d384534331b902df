"""Many subsets of the same rows, pooled in vectorised batches of bounded memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from evisynth.errors import ConvergenceError
from evisynth.synthesis.pool_many import PooledMany

Array = NDArray[np.float64]

# Numbers that one batch may hold.
_BATCH_SIZE = 1_000_000


def pool_subsets(
    rows: tuple[Array, Array],
    subset_count: int,
    members: Callable[[int, int], NDArray[np.bool_]],
    fit: Callable[[Array, Array, NDArray[np.intp]], PooledMany],
) -> PooledMany:
    """Pool subsets of the same rows.

    Parameters
    ----------
    rows : two arrays of shape (k,)
        Estimates and variances.
    subset_count : int
        How many subsets there are.
    members : callable
        Gives for subsets from the first number up to, not including, the second which rows they hold, as an
        array of shape (subsets, k). No subset is empty.
    fit : callable
        Pools estimates and variances by group.

    Returns
    -------
    PooledMany
        ``group`` numbers the subsets from 0.

    Raises
    ------
    ConvergenceError
        Naming the first subset for which an iterative estimator found no answer.
    """
    y, v = rows
    width = max(1, _BATCH_SIZE // len(y))
    parts = []
    for first in range(0, subset_count, width):
        inside = members(first, min(first + width, subset_count))
        subset, row = np.nonzero(inside)
        parts.append(fit(y[row], v[row], subset + first))
    pooled = _joined(parts)
    if not pooled.converged.all():
        failed = int(np.flatnonzero(~pooled.converged)[0])
        raise ConvergenceError(f"the between-study variance of subset {failed + 1} was not found")
    return pooled


def _joined(parts: list[PooledMany]) -> PooledMany:
    if len(parts) == 1:
        return parts[0]
    columns = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])
        for field in fields(PooledMany)
        if field.name not in ("method", "interval", "level")
    }
    return PooledMany(**columns, method=parts[0].method, interval=parts[0].interval, level=parts[0].level)
