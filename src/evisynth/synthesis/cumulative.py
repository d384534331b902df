"""The synthesis as it grew: of the first row, the first two, and so on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evisynth.errors import InvalidDataError
from evisynth.synthesis.notebook import short_repr
from evisynth.synthesis.pool_many import PooledMany, pool_many
from evisynth.synthesis.row_subsets import pool_subsets
from evisynth.synthesis.validation import checked_effects

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CumulativeResult:
    """``steps`` has one entry a row, in the order in which rows were added: the synthesis so far.

    ``order`` gives the row, counted from 0, that each step added.
    """

    steps: PooledMany
    order: NDArray[np.intp]
    labels: tuple[str, ...] | None

    __repr__ = short_repr


def cumulate(
    y: ArrayLike,
    v: ArrayLike,
    *,
    order: ArrayLike | None = None,
    tau_squared: str = "REML",
    interval: str = "hksj",
    prediction: str | None = None,
    level: float = 0.95,
    labels: Sequence[str] | None = None,
) -> CumulativeResult:
    """Pool the rows one more at a time.

    Parameters
    ----------
    y : shape (k,), k >= 1
        Effect estimates on the analysis scale.
    v : shape (k,)
        Sampling variances of ``y``; all > 0.
    order : shape (k,), optional
        What to sort the rows by before adding them (years, precision); equal values keep their order.
    tau_squared, interval, prediction, level, labels
        As for :func:`evisynth.synthesis.pool.pool`. The first step is the first row itself.

    Raises
    ------
    InvalidDataError
        When ``order`` is not one finite number a row, and for rows that no formula can take.
    """
    estimates, variances, names = checked_effects(y, v, labels)
    row_count = len(estimates)
    index = np.arange(row_count, dtype=np.intp)
    if order is not None:
        keys = np.asarray(order, dtype=np.float64)
        if keys.shape != (row_count,) or not np.isfinite(keys).all():
            raise InvalidDataError(f"order must hold {row_count} finite numbers, one a row")
        index = np.argsort(keys, kind="stable")

    def members(first: int, last: int) -> NDArray[np.bool_]:
        return np.arange(row_count)[None, :] <= np.arange(first, last)[:, None]

    def fit(y: Array, v: Array, group: NDArray[np.intp]) -> PooledMany:
        return pool_many(
            y, v, group, tau_squared=tau_squared, interval=interval, prediction=prediction, level=level
        )

    steps = pool_subsets((estimates[index], variances[index]), row_count, members, fit)
    added = None if names is None else tuple(names[row] for row in index)
    return CumulativeResult(steps, index, added)
