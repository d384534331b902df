"""A chart before anything is measured or drawn: panels with two axes, marks, words, notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evisynth.figures.ticks import Scale, Tick
from evisynth.figures.tones import Tone

LineStyle = Literal["solid", "dashed", "dotted"]
PointShape = Literal["circle", "square", "diamond", "triangle", "half circle"]
Hatch = Literal["rising", "falling", "dots"]
Numbers = Sequence[float]


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis: how its numbers are placed from one end (0) to the other (1), and what stands at it.

    The numbers of an upright axis run upwards, or downwards when ``reversed``. ``lines`` draws a pale
    line across the panel at each tick. The labels of a ``bare`` upright axis stand without a line and its
    marks, as the names of the rows of a table do.
    """

    title: str
    scale: Scale
    ticks: tuple[Tick, ...]
    reversed: bool = False
    lines: bool = False
    bare: bool = False

    def place(self, value: float) -> float:
        """Return where a number stands, 0 to 1; beyond that when it lies outside the axis."""
        share = self.scale.place(value)
        return 1 - share if self.reversed else share

    def tick_place(self, tick: Tick) -> float:
        """Return where a tick stands, 0 to 1."""
        return 1 - tick.place if self.reversed else tick.place


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points; ``steps`` keeps each height until the next point, as a survival curve does."""

    xs: Numbers
    ys: Numbers
    tone: Tone = "ink"
    width: float = 1.0
    style: LineStyle = "solid"
    steps: bool = False


@dataclass(frozen=True, slots=True)
class Segments:
    """Separate straight lines, each from (x, y) to (x_end, y_end); an arrow has its head at the end."""

    xs: Numbers
    ys: Numbers
    x_ends: Numbers
    y_ends: Numbers
    tone: Tone = "ink"
    width: float = 1.0
    style: LineStyle = "solid"
    arrows: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """The surface between two lines over the same places of the x axis.

    A hatched one is ruled or dotted in its tone and lets what lies under it show through.
    """

    xs: Numbers
    lower: Numbers
    upper: Numbers
    tone: Tone = "band"
    steps: bool = False
    hatch: Hatch | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """A closed outline: a diamond, a bar, a contour. ``edge`` is None for a shape without an outline."""

    xs: Numbers
    ys: Numbers
    fill: Tone = "mark"
    edge: Tone | None = None


@dataclass(frozen=True, slots=True)
class Points:
    """Points with a diameter in points of the page, one for all or one each.

    ``labels`` are written beside them where there is room, one for each point; an empty label is none.
    """

    xs: Numbers
    ys: Numbers
    diameters: float | Numbers = 5.0
    shape: PointShape = "circle"
    fill: Tone = "mark"
    edge: Tone = "mark"
    labels: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Shades:
    """A map of how many fall where: rows of cells from the bottom, each 0 (none) to 1 (most)."""

    x_edges: Numbers
    y_edges: Numbers
    shares: Sequence[Numbers]


@dataclass(frozen=True, slots=True)
class Words:
    """A text at a place of the panel, moved by (dx, dy) points, dy upwards; wrapped to ``width`` if given."""

    x: float
    y: float
    text: str
    align: Literal["left", "center", "right"] = "left"
    level: Literal["bottom", "middle", "top"] = "middle"
    dx: float = 0.0
    dy: float = 0.0
    width: float | None = None
    tone: Tone = "ink"
    bold: bool = False
    small: bool = True


@dataclass(frozen=True, slots=True)
class SideName:
    """A name with a sample of its mark and, under it, details in a muted tone."""

    y: float
    name: str
    details: str = ""
    shape: PointShape = "circle"
    tone: Tone = "mark"
    filled: bool = True


@dataclass(frozen=True, slots=True)
class SideNames:
    """Names right of a panel, each as near to its height as the others let it be; wrapped to ``width``."""

    names: tuple[SideName, ...]
    width: float = 110.0


@dataclass(frozen=True, slots=True)
class TopNames:
    """Names over a panel, upright, each as near over its place as the others let it be, a thin line to it."""

    xs: Numbers
    names: Sequence[str]


Mark = Line | Segments | Area | Shape | Points | Shades | Words | SideNames | TopNames


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A sample of a mark with what it means."""

    sample: Literal[
        "line",
        "dashed",
        "dotted",
        "area",
        "circle",
        "square",
        "diamond",
        "triangle",
        "half circle",
        "arrow",
    ]
    text: str
    tone: Tone = "ink"
    filled: bool = True


@dataclass(frozen=True, slots=True)
class Panel:
    """One field with its axes; ``width`` and ``height`` are of the field alone, in points.

    Without a frame only the axes that have ticks are drawn. ``right_axis`` stands at the right and reads the
    same heights in other words; marks do not follow it.
    """

    x_axis: Axis
    y_axis: Axis
    marks: tuple[Mark, ...]
    title: str = ""
    width: float = 330.0
    height: float = 250.0
    frame: bool = False
    right_axis: Axis | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A whole figure: panels in rows, a legend, and notes under them."""

    title: str
    panels: tuple[tuple[Panel, ...], ...]
    legend: tuple[LegendEntry, ...] = ()
    notes: tuple[str, ...] = ()
    description: str = ""
    subtitle: str = ""
