"""GOSH: the synthesis of every subset of the rows, or of a sample of subsets."""

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
class GoshResult:
    """One entry a subset: which rows it holds (``members``, shape (subsets, k)), and its synthesis.

    ``complete`` says whether all subsets of at least two rows are there, or a sample of them.
    """

    members: NDArray[np.bool_]
    subsets: PooledMany
    complete: bool
    labels: tuple[str, ...] | None

    __repr__ = short_repr


def compute_gosh(
    y: ArrayLike,
    v: ArrayLike,
    *,
    subset_count: int = 100_000,
    seed: int = 1,
    tau_squared: str = "DL",
    labels: Sequence[str] | None = None,
) -> GoshResult:
    r"""Pool all subsets of at least two rows, or a random sample of them when there are too many.

    There are :math:`2^k - k - 1`. In a sample all subsets are equally likely, drawn with replacement.

    Parameters
    ----------
    y : shape (k,), k >= 3
        Effect estimates on the analysis scale.
    v : shape (k,)
        Sampling variances of ``y``; all > 0.
    subset_count : int
        The most subsets to pool; the size of the sample when there are more.
    seed : int
        Of the sample: the same seed gives the same subsets.
    tau_squared : str
        As for :func:`evisynth.synthesis.pool.pool`.
    labels : sequence of k names, optional
        How errors name the rows.

    Raises
    ------
    InvalidDataError
        With fewer than three rows, and for rows that no formula can take.
    ConvergenceError
        When an iterative estimator found no answer for a subset.

    References
    ----------
    Olkin, Dahabreh & Trikalinos 2012, Research Synthesis Methods 3:214-223, doi:10.1002/jrsm.1053.
    """
    estimates, variances, names = checked_effects(y, v, labels)
    row_count = len(estimates)
    if row_count < 3:
        raise InvalidDataError(f"subsets need at least three rows to choose from, not {row_count}")
    if subset_count < 1:
        raise InvalidDataError(f"subset_count must be at least 1, not {subset_count!r}")
    complete = 2**row_count - row_count - 1 <= subset_count
    inside = _all_subsets(row_count) if complete else _sample(row_count, subset_count, seed)

    def fit(y: Array, v: Array, group: NDArray[np.intp]) -> PooledMany:
        return pool_many(y, v, group, tau_squared=tau_squared, interval="wald", prediction="none")

    subsets = pool_subsets((estimates, variances), len(inside), lambda a, b: inside[a:b], fit)
    inside.flags.writeable = False
    return GoshResult(inside, subsets, complete, names)


def _all_subsets(row_count: int) -> NDArray[np.bool_]:
    number = np.arange(2**row_count)[:, None]
    inside = (number >> np.arange(row_count)[None, :]) & 1 == 1
    enough: NDArray[np.bool_] = inside[inside.sum(axis=1) >= 2]
    return enough


def _sample(row_count: int, subset_count: int, seed: int) -> NDArray[np.bool_]:
    generator = np.random.default_rng(seed)
    # Each row with chance one half makes every subset equally likely; those too small are drawn again.
    inside: NDArray[np.bool_] = generator.random((subset_count, row_count)) < 0.5
    while (few := np.flatnonzero(inside.sum(axis=1) < 2)).size:
        inside[few] = generator.random((few.size, row_count)) < 0.5
    return inside
