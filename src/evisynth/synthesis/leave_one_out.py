"""The synthesis without each row in turn."""

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
class LeaveOneOutResult:
    """``without`` has one entry a row: the synthesis of all the others, in the order of ``y``."""

    without: PooledMany
    labels: tuple[str, ...] | None

    __repr__ = short_repr


def leave_one_out(
    y: ArrayLike,
    v: ArrayLike,
    *,
    tau_squared: str = "REML",
    interval: str = "hksj",
    prediction: str | None = None,
    level: float = 0.95,
    labels: Sequence[str] | None = None,
) -> LeaveOneOutResult:
    """Pool the rows again with each one left out.

    Parameters
    ----------
    y : shape (k,), k >= 2
        Effect estimates on the analysis scale.
    v : shape (k,)
        Sampling variances of ``y``; all > 0.
    tau_squared, interval, prediction, level, labels
        As for :func:`evisynth.synthesis.pool.pool`.

    Raises
    ------
    InvalidDataError
        With a single row, and for rows that no formula can take.
    """
    estimates, variances, names = checked_effects(y, v, labels)
    row_count = len(estimates)
    if row_count < 2:
        raise InvalidDataError("leaving one out needs at least two rows; there is one")

    def members(first: int, last: int) -> NDArray[np.bool_]:
        inside: NDArray[np.bool_] = np.arange(first, last)[:, None] != np.arange(row_count)[None, :]
        return inside

    def fit(y: Array, v: Array, group: NDArray[np.intp]) -> PooledMany:
        return pool_many(
            y, v, group, tau_squared=tau_squared, interval=interval, prediction=prediction, level=level
        )

    return LeaveOneOutResult(pool_subsets((estimates, variances), row_count, members, fit), names)
