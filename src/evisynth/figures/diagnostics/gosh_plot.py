"""GOSH plot: a map of the estimate and I squared of every subset of the rows, counted in cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from evisynth.answers import gosh_of, is_pooled_again
from evisynth.errors import UnknownNameError
from evisynth.figures.chart.axes import bare_axis, plain_axis
from evisynth.figures.chart.chart import (
    Area,
    Axis,
    Chart,
    LegendEntry,
    Line,
    Mark,
    Panel,
    Points,
    Shades,
    Shape,
)
from evisynth.figures.chart.effect_axis import EffectAxis, effect_axis
from evisynth.figures.diagnostics.subject import Array, Diagnosed, Labels, Subject, read_subject
from evisynth.figures.measures import measure_display
from evisynth.figures.number_text import decimals_for, natural_text
from evisynth.measures import EffectMeasure
from evisynth.synthesis import GoshResult
from evisynth.wording import counted, plain_number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLUMNS, _LINES = 48, 32
_MOST_POINTS = 250  # all subsets of seven rows are 120


@dataclass(frozen=True, slots=True, eq=False)
class Cloud:
    """The estimate and I squared of each subset, the axes they stand on, and the cells they are counted in.

    ``whole`` is the place of all rows together, where it is known.
    """

    estimates: Array
    i_squared: Array
    whole: tuple[float, float] | None
    x: EffectAxis
    y: Axis
    null: float | None

    @property
    def is_sparse(self) -> bool:
        """Whether the subsets are so few that each can be shown."""
        return len(self.estimates) <= _MOST_POINTS

    @property
    def x_bins(self) -> Array:
        """The borders of the cells on the analysis scale."""
        return np.linspace(self.x.lower, self.x.upper, _COLUMNS + 1)

    @property
    def y_bins(self) -> Array:
        """The borders of the cells in I squared."""
        return np.linspace(0.0, 1.0, _LINES + 1)

    def counts(self, chosen: NDArray[np.bool_]) -> Array:
        """Count the chosen subsets of each cell, lines from the bottom."""
        x = np.clip(self.estimates[chosen], self.x.lower, self.x.upper)
        counted = np.histogram2d(self.i_squared[chosen], x, bins=(self.y_bins, self.x_bins))[0]
        return np.asarray(counted, dtype=np.float64)


def cloud_of(found: GoshResult, display: EffectMeasure, whole: tuple[float, float] | None = None) -> Cloud:
    """Take the subsets apart into what a map of them needs.

    ``whole`` is the estimate and I squared of all rows, for a sample that does not hold them.
    """
    estimates = found.subsets.estimate
    for i in np.flatnonzero(found.members.all(axis=1))[:1]:
        whole = float(estimates[i]), float(np.clip(found.subsets.i_squared[i], 0.0, 1.0))
    x = effect_axis(display, [float(estimates.min()), float(estimates.max()), *(whole or ())[:1]])
    y = plain_axis("I², %", [], start=0.0, end=1.0, percent=True)
    i_squared = np.clip(found.subsets.i_squared, 0.0, 1.0)
    return Cloud(estimates, i_squared, whole, x, y, display.null)


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


#: Enough subsets for a map of so many cells; all of them up to 15 rows.
SUBSETS = 40_000


def gosh(
    result: Diagnosed | GoshResult,
    *,
    outlier: str | None = None,
    subset_count: int = SUBSETS,
    effect_measure: str | None = None,
    labels: Labels = None,
    title: str | None = None,
) -> Figure:
    """Draw the GOSH plot: how the estimate and I squared vary over the subsets of the rows.

    Two clouds tell that some row makes a difference; name one as ``outlier`` to see the subsets with and
    without it side by side.

    Parameters
    ----------
    result
        What ``pool`` hands back, an answer with an estimate, or what ``compute_gosh`` hands back; at least
        three rows.
    outlier
        The label of a row.
    subset_count
        The most subsets to pool; a random sample of so many when there are more.
    effect_measure
        Of a result of ``compute_gosh``, which does not know it.
    labels
        One name for each row, among which ``outlier`` is looked for.
    title
        Instead of the title made from the result.

    Raises
    ------
    InvalidDataError
        With fewer than three rows.
    UnknownNameError
        No row has the label of ``outlier``.

    References
    ----------
    Olkin, Dahabreh & Trikalinos 2012, Research Synthesis Methods 3:214-223.
    """
    from evisynth.figures.chart.draw import draw_chart

    if not isinstance(result, GoshResult):
        subject = read_subject(result, "a GOSH plot", labels)
        found = gosh_of(subject.result, subset_count, subject.names)
        whole = _whole_of(subject)
        display, heading, subtitle = subject.display, subject.heading, subject.subtitle
    else:
        found, display, heading, subtitle, whole = result, measure_display(effect_measure), "", "", None
    chart = lay_out_gosh(found, display, whole, outlier=outlier, heading=heading, title=title)
    return draw_chart(replace(chart, subtitle=subtitle))


def _whole_of(subject: Subject) -> tuple[float, float] | None:
    """Return the place of all rows, which a sample of their subsets need not hold."""
    result = subject.result
    if not is_pooled_again(result):
        return None
    return result.estimate, min(max(result.i_squared, 0.0), 1.0)


def lay_out_gosh(
    found: GoshResult,
    display: EffectMeasure,
    whole: tuple[float, float] | None = None,
    *,
    outlier: str | None = None,
    heading: str = "",
    title: str | None = None,
) -> Chart:
    """Lay out a GOSH plot; see :func:`gosh`.

    Parameters
    ----------
    found
        The subsets with their syntheses.
    display
        How the measure is shown.
    whole
        The estimate and I squared of all rows, for a sample of subsets that does not hold them.
    outlier
        The label of a row.
    heading, title
        What the title says after the kind of plot; the whole title instead.
    """
    cloud = cloud_of(found, display, whole)
    row_count = found.members.shape[1]
    heading = heading or f"{display.words}, {counted(row_count, 'row')}"
    if outlier is None:
        panels = one_map(cloud)
    else:
        panels = two_maps(cloud, found.members[:, _row_of(outlier, found.labels)], outlier)
    sampled = "all" if found.complete else "a random sample of"
    notes = (
        f"Pooled: {sampled} {_thousands(len(cloud.estimates))} subsets of at least two of the {row_count} "
        f"rows. {_marks_words(cloud)}",
    )
    return Chart(
        f"GOSH plot: {heading}" if title is None else title,
        panels,
        legend=(LegendEntry("diamond", "All rows", filled=False),) if cloud.whole else (),
        notes=notes,
        description=_describe(cloud, display, found, outlier),
    )


def _marks_words(cloud: Cloud) -> str:
    if cloud.is_sparse:
        return "Each point is a subset."
    return "The darker a cell, the more subsets (by the square root of their number)."


def _row_of(label: str, labels: Sequence[str] | None) -> int:
    known = list(labels or ())
    if label not in known:
        raise UnknownNameError("row", label, known)
    return known.index(label)


def _thousands(count: int) -> str:
    return f"{count:,}"


def _describe(cloud: Cloud, display: EffectMeasure, found: GoshResult, outlier: str | None) -> str:
    quantiles = [float(x) for x in np.quantile(cloud.estimates, [0.025, 0.5, 0.975])]
    low, middle, high = sorted(cloud.x.naturals(quantiles))
    decimals = decimals_for(display, ())
    sign = "%" if display.axis == "percent" else ""
    texts = [natural_text(value, display, decimals) + sign for value in (middle, low, high)]
    said = (
        f"{display.name} of {_thousands(len(cloud.estimates))} subsets of {found.members.shape[1]} rows: "
        f"median {texts[0]}, 95% of subsets from {texts[1]} to {texts[2]}; median I² "
        f"{plain_number(100 * float(np.median(cloud.i_squared)))}%."
    )
    if outlier is None:
        return said
    inside = found.members[:, _row_of(outlier, found.labels)]
    halves = [float(np.median(cloud.estimates[chosen])) for chosen in (inside, ~inside)]
    words = [natural_text(x, display, decimals) + sign for x in cloud.x.naturals(halves)]
    return f"{said} Median with {outlier} {words[0]}, without it {words[1]}."
