"""The estimates of a multiverse on the natural scale, in rising order, with their intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evisynth.figures.chart.chart import Area
from evisynth.synthesis.multiverse import Multiverse
from evisynth.synthesis.natural_scale import to_natural_interval, to_natural_scale


@dataclass(frozen=True, slots=True)
class NaturalCurve:
    """Estimates and interval limits, one entry a combination."""

    estimates: list[float]
    lowers: list[float]
    uppers: list[float]


def natural_curve(multiverse: Multiverse) -> NaturalCurve:
    """Take the estimates of a multiverse to the natural scale."""
    scale = multiverse.scale
    limits = [
        to_natural_interval(lower, upper, scale)
        for lower, upper in zip(multiverse.ci_lower.tolist(), multiverse.ci_upper.tolist(), strict=True)
    ]
    return NaturalCurve(
        [to_natural_scale(value, scale) for value in multiverse.estimate.tolist()],
        [lower for lower, _ in limits if lower is not None],
        [upper for _, upper in limits if upper is not None],
    )


def cell_edges(count: int, most: int) -> NDArray[np.int64]:
    """Divide ``count`` places into at most ``most`` cells of near the same number; returns where each begins.

    The end of the last follows.
    """
    return np.linspace(0, count, min(count, most) + 1).round().astype(np.int64)


def interval_steps(curve: NaturalCurve, most: int) -> tuple[Area, Area]:
    """Return two bands in at most ``most`` steps: the widest limits of neighbours, and their middle ones."""
    edges = cell_edges(len(curve.estimates), most)
    lowers, uppers = np.array(curve.lowers), np.array(curve.uppers)
    cells = [slice(a, b) for a, b in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)]
    widest = [lowers[cell].min() for cell in cells], [uppers[cell].max() for cell in cells]
    middle = [np.median(lowers[cell]) for cell in cells], [np.median(uppers[cell]) for cell in cells]
    return _steps(edges, *widest, pale=True), _steps(edges, *middle, pale=False)


def _steps(edges: NDArray[np.int64], lower: list[float], upper: list[float], *, pale: bool) -> Area:
    ends = [float(edge) for edge in edges]
    low, high = [float(value) for value in lower], [float(value) for value in upper]
    return Area(ends, [*low, low[-1]], [*high, high[-1]], tone="band" if pale else "deep band", steps=True)
