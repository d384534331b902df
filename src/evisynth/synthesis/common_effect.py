"""What the common-effect methods for counts start from and hand back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evisynth.arithmetic.distributions import normal_quantile, normal_two_sided
from evisynth.errors import InvalidDataError
from evisynth.synthesis.validation import checked_level, row_name


@dataclass(frozen=True, slots=True)
class CommonEffect:
    """A common effect pooled from counts, on the analysis scale (log for ratios), with a Wald interval."""

    effect_measure: str
    method: str
    estimate: float
    standard_error: float
    ci_lower: float
    ci_upper: float
    p_value: float
    level: float
    row_count: int


def common_effect(
    measure: str, method: str, estimate: float, standard_error: float, level: float, row_count: int
) -> CommonEffect:
    """Add the Wald interval and the two-sided p-value to an estimate."""
    half_width = normal_quantile(0.5 + checked_level(level) / 2) * standard_error
    return CommonEffect(
        effect_measure=measure,
        method=method,
        estimate=estimate,
        standard_error=standard_error,
        ci_lower=estimate - half_width,
        ci_upper=estimate + half_width,
        p_value=normal_two_sided(estimate / standard_error),
        level=level,
        row_count=row_count,
    )


def checked_columns(labels: Sequence[str] | None, **columns: ArrayLike) -> list[NDArray[np.float64]]:
    """Read columns of counts or times: flat, of one length, finite and not negative.

    Raises
    ------
    InvalidDataError
        Naming the column, the row and the value.
    """
    read: list[NDArray[np.float64]] = []
    for name, values in columns.items():
        try:
            column = np.array(values, dtype=np.float64)
        except (TypeError, ValueError) as mistake:
            raise InvalidDataError(f"{name} must hold numbers only: {mistake}") from mistake
        if column.ndim != 1 or (read and column.shape != read[0].shape) or column.size == 0:
            raise InvalidDataError(
                f"{name} has shape {column.shape}; every column must be a flat list of one, positive length"
            )
        wrong = np.flatnonzero(~(np.isfinite(column) & (column >= 0)))
        if wrong.size:
            row = int(wrong[0])
            raise InvalidDataError(
                f"{row_name(row, labels)}: {name} is {float(column[row])!r}; it must be 0 or more"
            )
        read.append(column)
    return read


def checked_two_by_two(
    events1: ArrayLike, n1: ArrayLike, events2: ArrayLike, n2: ArrayLike, labels: Sequence[str] | None
) -> list[NDArray[np.float64]]:
    """Read two-by-two tables as ``[events1, n1, events2, n2]``, with no more events than patients.

    Raises
    ------
    InvalidDataError
        Naming the column, the row and the value.
    """
    columns = checked_columns(labels, events1=events1, n1=n1, events2=events2, n2=n2)
    for arm, (events, size) in enumerate(((columns[0], columns[1]), (columns[2], columns[3])), start=1):
        wrong = np.flatnonzero((events > size) | (size < 1))
        if wrong.size:
            row = int(wrong[0])
            raise InvalidDataError(
                f"{row_name(row, labels)}: events{arm} is {float(events[row]):g} of n{arm} "
                f"{float(size[row]):g}; an arm has at least one patient and no more events than patients"
            )
    return columns
