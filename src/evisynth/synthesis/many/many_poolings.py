"""Thousands of syntheses in one call: the numbers of :func:`evisynth.synthesis.pooling.pool`, in columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evisynth.errors import InvalidDataError
from evisynth.synthesis.intervals import INTERVALS, PREDICTIONS
from evisynth.synthesis.many.many_effects import Columns, Floats, Inference, ManyEffects, Request, infer
from evisynth.synthesis.many.many_tau_squared import many_tau_squared
from evisynth.synthesis.result import short_repr
from evisynth.synthesis.tau_squared import TAU_SQUARED_ESTIMATORS
from evisynth.synthesis.validation import checked_effects, checked_level, checked_name, make_arrays_read_only
from evisynth.synthesis.weighted_sums import SMALLEST_VARIANCE

# Numbers of a batch, chosen so that its arrays stay in the processor's cache.
_BATCH_SIZE = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class PooledMany:
    """One row a group, in rising order of ``group``; the columns are those of ``PooledResult``.

    Prediction limits are NaN where they are not defined. A group whose iteration found no answer has
    ``converged`` False and NaN in everything that rests on the between-study variance.
    """

    group: NDArray[Any]
    row_count: NDArray[np.int64]
    estimate: Floats
    standard_error: Floats
    ci_lower: Floats
    ci_upper: Floats
    p_value: Floats
    tau_squared: Floats
    i_squared: Floats
    h_squared: Floats
    q_statistic: Floats
    q_p_value: Floats
    prediction_lower: Floats
    prediction_upper: Floats
    converged: NDArray[np.bool_]
    method: str
    interval: str
    level: float

    __repr__ = short_repr

    def __post_init__(self) -> None:
        make_arrays_read_only(self)


def pool_many(
    y: ArrayLike,
    v: ArrayLike,
    group: ArrayLike,
    *,
    tau_squared: str = "REML",
    interval: str = "hksj",
    prediction: str | None = None,
    level: float = 0.95,
) -> PooledMany:
    """Pool the rows of each group by itself, all groups together in vectorised steps.

    Parameters
    ----------
    y : shape (n,)
        Effect estimates of all groups.
    v : shape (n,)
        Sampling variances of ``y``; all > 0.
    group : shape (n,)
        Which synthesis each row belongs to: numbers or names, in any order.
    tau_squared, interval, prediction, level
        As for :func:`evisynth.synthesis.pooling.pool`.

    Returns
    -------
    PooledMany
        Groups of one row are their own answer, as in ``pool``.

    Raises
    ------
    InvalidDataError
        Naming the row and the value, or the unknown name and the known ones.
    """
    estimates, variances, _ = checked_effects(y, v)
    checked_name("tau-squared estimator", tau_squared, tuple(TAU_SQUARED_ESTIMATORS))
    checked_name("interval", interval, INTERVALS)
    if prediction is not None:
        checked_name("prediction interval", prediction, PREDICTIONS)
    request = Request(tau_squared, interval, prediction, checked_level(level))
    names, order, starts, counts = _groups(group, len(estimates))
    columns = Inference(*(np.empty(len(names)) for _ in Inference._fields))
    converged = np.ones(len(names), dtype=np.bool_)
    for batch, height in _batches(counts):
        rows = starts[batch] + np.arange(height)[:, None]
        filled = np.arange(height)[:, None] < counts[batch]
        rows = np.where(filled, rows, 0)
        rows = rows if order is None else order[rows]
        effects = ManyEffects(
            estimates[rows], np.where(filled, variances[rows], np.inf), counts[batch].astype(np.float64)
        )
        _check_range(effects, rows, estimates, variances)
        scaled, converged[batch] = _between(effects, request, height)
        for column, values in zip(columns, infer(effects, scaled, request), strict=True):
            column[batch] = values
    return PooledMany(
        group=names,
        row_count=counts.astype(np.int64),
        **columns._asdict(),
        converged=converged,
        method=tau_squared,
        interval=interval,
        level=request.level,
    )


def _between(effects: ManyEffects, request: Request, height: int) -> tuple[Floats, NDArray[np.bool_]]:
    if height == 1:
        return np.zeros(len(effects.v_min)), np.ones(len(effects.v_min), dtype=np.bool_)
    return many_tau_squared(request.tau_squared, effects)


def _refuse_missing_groups(group: ArrayLike) -> None:
    """Refuse a row without a group; numpy would turn one among names into a name, or into two groups."""
    kind = getattr(group, "dtype", np.dtype(object)).kind
    if kind in "iubUS":
        return
    values = np.asarray(group, dtype=object).ravel() if kind == "O" else np.asarray(group)
    missing = (
        np.array([value is None or value != value for value in values]) if kind == "O" else values != values
    )
    if missing.any():
        row = int(np.flatnonzero(missing)[0])
        raise InvalidDataError(f"row {row + 1}: the group is {values[row]!r}; every row needs a group")


def _groups(
    group: ArrayLike, row_count: int
) -> tuple[NDArray[Any], NDArray[np.intp] | None, Columns, Columns]:
    """Find the groups: their names, the order that sorts the rows (None: sorted), first rows and sizes."""
    _refuse_missing_groups(group)
    names = np.asarray(group)
    if names.shape != (row_count,):
        raise InvalidDataError(f"group has shape {names.shape} and y {(row_count,)}; give one group a row")
    if names.dtype.kind == "f" and not np.isfinite(names).all():
        row = int(np.flatnonzero(~np.isfinite(names))[0])
        raise InvalidDataError(f"row {row + 1}: the group is {float(names[row])!r}; every row needs a group")
    order = None
    try:
        if not bool(np.all(names[1:] >= names[:-1])):
            order = np.argsort(names, kind="stable")
            names = names[order]
    except TypeError as mistake:
        raise InvalidDataError(f"groups must be all names or all numbers: {mistake}") from mistake
    starts = np.concatenate(([0], np.flatnonzero(names[1:] != names[:-1]) + 1))
    counts = np.diff(np.append(starts, row_count))
    return names[starts], order, starts, counts


def _batches(counts: Columns) -> Iterator[tuple[Columns, int]]:
    """Put groups of about the same size together: exactly up to 16 rows, within an eighth above."""
    bits = np.maximum(np.frexp(counts.astype(np.float64))[1] - 4, 0)
    heights = -(-counts // 2**bits) * 2**bits
    by_height = np.argsort(heights, kind="stable")
    sizes, first = np.unique(heights[by_height], return_index=True)
    for height, members in zip(sizes.tolist(), np.split(by_height, first[1:]), strict=True):
        width = max(_BATCH_SIZE // height, 1)
        for start in range(0, len(members), width):
            yield members[start : start + width], height


def _check_range(effects: ManyEffects, rows: Columns, estimates: Floats, variances: Floats) -> None:
    far = effects.out_of_range()
    if not far.any():
        return
    column = int(np.flatnonzero(far)[0])
    members = rows[: int(effects.row_count[column]), column]
    if effects.v_min[column] < SMALLEST_VARIANCE:
        row = int(members[variances[members].argmin()])
    else:
        row = int(members[np.abs(estimates[members] - effects.origin[column]).argmax()])
    raise InvalidDataError(
        f"row {row + 1}: estimate {float(estimates[row])!r} with variance {float(variances[row])!r} is too "
        "far from the other rows of its group for floating point (60 orders of magnitude); check its unit"
    )
