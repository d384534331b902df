"""Points whose area shows a number: a weight, or how many patients."""

from __future__ import annotations

import math

from evisynth.figures.diagnostics.subject import Array

_LARGEST, _SMALLEST = 17.0, 2.5


def diameters_of(sizes: Array) -> list[float]:
    """Return diameters whose squares are as the sizes are; the largest shrinks where there are many points.

    None is so small that it could not be seen.
    """
    largest = _LARGEST if len(sizes) <= 30 else max(_LARGEST * math.sqrt(30 / len(sizes)), 6.0)
    most = float(sizes.max())
    return [max(largest * math.sqrt(max(size, 0.0) / most), _SMALLEST) for size in sizes.tolist()]
