"""Continuity corrections by name: which rows are corrected, and by how much.

``"only0"`` adds ``add`` to every cell of the rows that have an empty cell, as metafor does by default,
``"all"`` to every cell of every row, ``"none"`` to none. An arcsine or square-root measure needs none: there
``add`` is 0 unless it is given, as it is in metafor.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evisynth.effects.measure import Column, Settings


def continuity_correction(has_empty_cell: NDArray[np.bool_], settings: Settings) -> Column:
    """Return what each cell of each row gains: ``settings.add`` in the corrected rows, 0 in the others."""
    if settings.to == "none":
        corrected = np.zeros_like(has_empty_cell)
    elif settings.to == "all":
        corrected = np.ones_like(has_empty_cell)
    else:
        corrected = has_empty_cell
    return np.where(corrected, settings.add, 0.0)
