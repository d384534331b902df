"""The record of an effect size: its columns, the checks and corrections they pass, and its formula.

A continuity correction is named: ``"only0"`` adds ``add`` to every cell of the rows that have an empty cell,
as metafor does by default, ``"all"`` to every cell of every row, ``"none"`` to none. An arcsine or
square-root measure needs none: there ``add`` is 0 unless it is given, as it is in metafor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evisynth.arithmetic import Column, Columns

Estimates = tuple[Column, Column]
To = Literal["only0", "all", "none"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a measure is computed: the continuity correction, and the level of printed intervals.

    ``to`` says which rows are corrected (``"only0"``: rows with a zero cell; ``"all"``; ``"none"``) and
    ``add`` what each cell gains. ``level`` belongs to the intervals that are read, not to a result.
    """

    to: To = "only0"
    add: float = 0.5
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class Measure:
    """One effect measure from one set of columns.

    ``prepare`` checks the columns and corrects them for continuity; ``formula`` takes the prepared columns
    by name (and ``level`` when that is among ``settings``) and hands back estimates and sampling variances.
    ``add`` is what each corrected cell gains unless the caller says otherwise: an arcsine or a square root is
    defined without.
    """

    code: str
    columns: tuple[str, ...]
    prepare: Callable[[Columns, Settings], Columns]
    formula: Callable[..., Estimates]
    settings: tuple[str, ...] = ()
    add: float = 0.5


def continuity_correction(has_empty_cell: NDArray[np.bool_], settings: Settings) -> Column:
    """Return what each cell of each row gains: ``settings.add`` in the corrected rows, 0 in the others."""
    if settings.to == "none":
        corrected = np.zeros_like(has_empty_cell)
    elif settings.to == "all":
        corrected = np.ones_like(has_empty_cell)
    else:
        corrected = has_empty_cell
    return np.where(corrected, settings.add, 0.0)
