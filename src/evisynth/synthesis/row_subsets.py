"""Subsets of rows, pooled in vectorised batches: cumulative, leave-one-out, and all of them (GOSH)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evisynth.errors import ConvergenceError, InvalidDataError
from evisynth.synthesis.many.many_poolings import PooledMany, pool_many
from evisynth.synthesis.result import short_repr
from evisynth.synthesis.validation import checked_effects

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
        As for :func:`evisynth.synthesis.pooling.pool`. The first step is the first row itself.

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

    fit = partial(pool_many, tau_squared=tau_squared, interval=interval, prediction=prediction, level=level)
    steps = pool_subsets((estimates[index], variances[index]), row_count, members, fit)
    added = None if names is None else tuple(names[row] for row in index)
    return CumulativeResult(steps, index, added)


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
        As for :func:`evisynth.synthesis.pooling.pool`.

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

    fit = partial(pool_many, tau_squared=tau_squared, interval=interval, prediction=prediction, level=level)
    return LeaveOneOutResult(pool_subsets((estimates, variances), row_count, members, fit), names)


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
        As for :func:`evisynth.synthesis.pooling.pool`.
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
    fit = partial(pool_many, tau_squared=tau_squared, interval="wald", prediction="none")
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
