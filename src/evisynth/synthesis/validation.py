"""Checks of what enters a synthesis: finite estimates and positive variances, or an error that names the row.

Results are values: nobody changes one, its arrays included.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evisynth.errors import InvalidDataError
from evisynth.near_names import near_misses

_LARGEST = 1e300


def checked_effects(
    y: ArrayLike, v: ArrayLike, labels: Sequence[str] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[str, ...] | None]:
    """Copy estimates and variances into read-only arrays of one length.

    Parameters
    ----------
    y : shape (k,), k >= 1
        Effect estimates, on the scale on which they are pooled.
    v : shape (k,)
        Sampling variances, in squared units of ``y``; finite and > 0.
    labels : sequence of k names, optional
        How errors name the rows; without it rows count from 1.

    Raises
    ------
    InvalidDataError
        Naming the first row that no formula can take, and its value.
    """
    estimates, variances = _as_vector("y", y), _as_vector("v", v)
    if len(estimates) != len(variances):
        raise InvalidDataError(
            f"y has {len(estimates)} rows and v has {len(variances)}; every estimate needs its variance"
        )
    if len(estimates) == 0:
        raise InvalidDataError("there are no rows to pool; give at least one estimate with its variance")
    names = _checked_labels(labels, len(estimates))
    # One comparison each finds NaN, infinity and sign; the slow search for the row runs only on failure.
    if not (np.abs(estimates).max() <= _LARGEST and variances.min() > 0 and variances.max() <= _LARGEST):
        raise _first_mistake(estimates, variances, names)
    estimates.flags.writeable = variances.flags.writeable = False
    return estimates, variances, names


def checked_level(level: float) -> float:
    """Return the confidence level when it lies strictly between 0 and 1."""
    if not 0 < level < 1:
        raise InvalidDataError(f"level must lie between 0 and 1 (0.95 for 95 %), not {level!r}")
    return float(level)


def checked_name(kind: str, name: str, known: Sequence[str]) -> str:
    """Return ``name`` when it is one of the ``known`` ones.

    Raises
    ------
    InvalidDataError
        Listing the known names, the nearest first.
    """
    if name in known:
        return name
    close = near_misses(str(name), known, most=1)
    guess = f"did you mean '{close[0]}'? " if close else ""
    raise InvalidDataError(f"unknown {kind} {name!r}; {guess}known: {', '.join(known)}")


def row_name(row: int, labels: Sequence[str] | None) -> str:
    """Name a row in an error: by its label, else by its number, counted from 1."""
    return f"row {row + 1}" if labels is None else f"row {row + 1} ({labels[row]})"


def _as_vector(name: str, values: ArrayLike) -> NDArray[np.float64]:
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        row = int(np.flatnonzero(np.ma.getmaskarray(values))[0])
        raise InvalidDataError(f"row {row + 1}: {name} is masked; leave the row out")
    if getattr(values, "dtype", np.dtype(float)).kind in "cMm":
        raise InvalidDataError(f"{name} must hold real numbers, not {np.asarray(values).dtype}")
    try:
        vector = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as mistake:
        raise InvalidDataError(f"{name} must hold numbers only: {mistake}") from mistake
    if vector.ndim != 1:
        raise InvalidDataError(f"{name} must be a flat list of numbers, not of shape {vector.shape}")
    return vector


def _checked_labels(labels: Sequence[str] | None, row_count: int) -> tuple[str, ...] | None:
    if labels is None:
        return None
    names = tuple(str(label) for label in labels)
    if len(names) != row_count:
        raise InvalidDataError(f"labels has {len(names)} names for {row_count} rows; give one a row")
    return names


def _first_mistake(
    estimates: NDArray[np.float64], variances: NDArray[np.float64], names: tuple[str, ...] | None
) -> InvalidDataError:
    for row, (estimate, variance) in enumerate(zip(estimates.tolist(), variances.tolist(), strict=True)):
        where = row_name(row, names)
        if not math.isfinite(estimate):
            return InvalidDataError(f"{where}: the estimate is {estimate!r}; leave the row out or mend it")
        if not math.isfinite(variance) or variance <= 0:
            return InvalidDataError(f"{where}: the sampling variance is {variance!r}; it must be above 0")
        if abs(estimate) > _LARGEST or variance > _LARGEST:
            return InvalidDataError(
                f"{where}: estimate {estimate!r} or variance {variance!r} is too large; change the unit"
            )
    raise AssertionError("a mistake was announced and none was found")


def make_arrays_read_only(result: Any) -> None:
    """Forbid writing to every array that a result holds; called when it is made."""
    for part in fields(result):
        value = getattr(result, part.name)
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
