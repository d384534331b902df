"""The panels of a GOSH plot: a map of the subsets, and how many have which estimate and which I squared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evisynth.figures.chart.axes import bare_axis
from evisynth.figures.chart.chart import Area, Axis, Line, Mark, Panel, Points, Shades, Shape
from evisynth.figures.diagnostics.subject import Array
from evisynth.figures.diagnostics.subset_cloud import Cloud

_WIDTH, _HEIGHT, _STRIP = 300.0, 210.0, 44.0
_BESIDE = 215.0  # width of each of two maps


def one_map(cloud: Cloud) -> tuple[tuple[Panel, ...], ...]:
    """Return the map of all subsets, with how many have which estimate and I squared."""
    every = np.ones(len(cloud.estimates), dtype=np.bool_)
    counts = cloud.counts(every)
    main = _map(cloud, every, float(counts.max()), _WIDTH)
    top = _strip(cloud, counts.sum(axis=0), float(counts.sum(axis=0).max()), _WIDTH, "")
    across = counts.sum(axis=1)
    side = Panel(
        bare_axis(0.0, float(across.max())),
        Axis("", cloud.y.scale, ()),
        tuple(_bars(cloud.y_bins.tolist(), across.tolist())),
        width=_STRIP,
        height=_HEIGHT,
    )
    return (top,), (main, side)


def two_maps(cloud: Cloud, inside: NDArray[np.bool_], name: str) -> tuple[tuple[Panel, ...], ...]:
    """Return the subsets with and without a row, on the same axes and in the same shades."""
    with_it, without = cloud.counts(inside), cloud.counts(~inside)
    darkest = float(max(with_it.max(), without.max()))
    highest = float(max(with_it.sum(axis=0).max(), without.sum(axis=0).max()))
    strips = (
        _strip(cloud, with_it.sum(axis=0), highest, _BESIDE, f"Subsets with {name}"),
        _strip(cloud, without.sum(axis=0), highest, _BESIDE, f"Subsets without {name}"),
    )
    maps = (
        _map(cloud, inside, darkest, _BESIDE),
        _map(cloud, ~inside, darkest, _BESIDE, holds_all=False),
    )
    return strips, maps


def _map(
    cloud: Cloud, chosen: NDArray[np.bool_], darkest: float, width: float, *, holds_all: bool = True
) -> Panel:
    marks: list[Mark] = [_subsets(cloud, chosen, darkest)]
    if cloud.null is not None:
        marks.append(Line([cloud.null] * 2, [0.0, 1.0], tone="rule", width=0.8))
    if cloud.whole is not None and holds_all:
        place = cloud.x.naturals([cloud.whole[0]]), [cloud.whole[1]]
        marks.append(Points(*place, 7.0, shape="diamond", fill="white", edge="ink"))
    return Panel(cloud.x.axis, cloud.y, tuple(marks), width=width, height=_HEIGHT)


def _subsets(cloud: Cloud, chosen: NDArray[np.bool_], darkest: float) -> Mark:
    """Return the chosen subsets: a point each while they are few, else how many fall into each cell."""
    if cloud.is_sparse:
        places = cloud.x.naturals(cloud.estimates[chosen].tolist()), cloud.i_squared[chosen].tolist()
        return Points(*places, 5.0, fill="deep band")
    shares = np.sqrt(cloud.counts(chosen) / max(darkest, 1.0))
    return Shades(cloud.x.naturals(cloud.x_bins.tolist()), cloud.y_bins.tolist(), shares.tolist())


def _strip(cloud: Cloud, counts: Array, highest: float, width: float, title: str) -> Panel:
    """Return how many subsets have which estimate, over the map."""
    edges = cloud.x.naturals(cloud.x_bins.tolist())
    heights = [*counts.tolist(), float(counts[-1])]
    area = Area(edges, [0.0] * len(edges), heights, tone="deep band", steps=True)
    ends = Line([edges[0], edges[-1]], [0.0, 0.0], tone="rule", width=0.8)
    bare = Axis("", cloud.x.axis.scale, ())
    return Panel(bare, bare_axis(0.0, highest), (area, ends), title=title, width=width, height=_STRIP)


def _bars(edges: Sequence[float], counts: Sequence[float]) -> list[Mark]:
    """Return how many subsets have which I squared, beside the map: an outline that runs upwards."""
    # Two corners for each cell, the first and the last at nothing.
    heights = [edge for edge in edges for _ in range(2)]
    lengths = [0.0, *(count for count in counts for _ in range(2)), 0.0]
    return [
        Shape(lengths, heights, fill="deep band"),
        Line([0.0, 0.0], [edges[0], edges[-1]], tone="rule", width=0.8),
    ]
