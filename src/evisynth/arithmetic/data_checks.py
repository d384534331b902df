"""Checks of raw study figures: each mistake is named by its row, counted from 1, and its value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evisynth.errors import InvalidDataError

Column = NDArray[np.float64]
Columns = Mapping[str, Column]


def read_columns(data: Mapping[str, object]) -> dict[str, Column]:
    """Read every entry of ``data`` as one column of finite numbers, all of the same length.

    Raises
    ------
    InvalidDataError
        When an entry is no column of numbers, is empty, holds a missing or infinite value, or differs in
        length from the others.
    """
    columns = {name: _read_column(name, values) for name, values in data.items()}
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise InvalidDataError(f"the columns differ in length: {shown}; give one value for each row")
    for name, column in columns.items():
        refuse_rows(~np.isfinite(column), columns, (name,), f"{name} must be a finite number")
    return columns


def _read_column(name: str, values: object) -> Column:
    try:
        raw: np.ma.MaskedArray[Any, Any] = np.ma.asanyarray(values)
        if raw.dtype.kind == "c":
            raise TypeError("complex numbers")
        # a masked value is a missing one, never the number under the mask
        column = np.atleast_1d(np.where(np.ma.getmaskarray(raw), np.nan, raw.data.astype(np.float64)))
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidDataError(f"{name} is not a column of numbers: {error}") from error
    if column.ndim != 1:
        raise InvalidDataError(f"{name} has {column.ndim} dimensions; give one column, a value for each row")
    if not len(column):
        raise InvalidDataError(f"{name} is empty; give at least one row")
    return column


def refuse_rows(wrong: NDArray[np.bool_], columns: Columns, shown: Iterable[str], must: str) -> None:
    """Raise for the first row of ``wrong``, showing its values and what must hold (``must``)."""
    rows = np.flatnonzero(wrong)
    if not len(rows):
        return
    row = int(rows[0])
    values = ", ".join(f"{name} = {columns[name][row]:.15g}" for name in shown)
    more = f" (and {len(rows) - 1} more rows)" if len(rows) > 1 else ""
    raise InvalidDataError(f"row {row + 1}: {values}: {must}{more}")


def check_events(columns: Columns, events: str, size: str) -> None:
    """Check that ``size`` is positive and that ``events`` lies between 0 and ``size``."""
    check_positive(columns, (size,))
    check_not_negative(columns, (events,))
    wrong = columns[events] > columns[size]
    refuse_rows(wrong, columns, (events, size), f"{events} must not exceed {size}")


def check_positive(columns: Columns, names: Iterable[str]) -> None:
    """Check that every value of the named columns is above 0."""
    for name in names:
        refuse_rows(columns[name] <= 0, columns, (name,), f"{name} must be above 0")


def check_not_negative(columns: Columns, names: Iterable[str]) -> None:
    """Check that no value of the named columns is below 0."""
    for name in names:
        refuse_rows(columns[name] < 0, columns, (name,), f"{name} must not be negative")


def check_above(columns: Columns, name: str, least: float) -> None:
    """Check that every value of the named column is above ``least``."""
    refuse_rows(columns[name] <= least, columns, (name,), f"{name} must be above {least:g}")


def check_between(columns: Columns, name: str, lower: float, upper: float) -> None:
    """Check that every value of the named column lies between the limits, both excluded."""
    column = columns[name]
    wrong = (column <= lower) | (column >= upper)
    refuse_rows(wrong, columns, (name,), f"{name} must lie between {lower:g} and {upper:g}, both excluded")
