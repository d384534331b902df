"""The page of a chart: panels, texts and lines at their places, in points from the top left."""

from __future__ import annotations

from dataclasses import dataclass, field

from evisynth.figures.chart.chart import LegendEntry, Panel, Points
from evisynth.figures.placed_text import Box, PlacedText

SIZE, TITLE = 8.0, 10.5
LINE, SMALL_LINE = 10.5, 9.2
MARGIN = 12.0
GAP = 22.0  # between two panels
TICK = 3.0
WIDEST_TICK = 170.0  # names at an upright axis wrap beyond this
SAMPLE = 16.0  # of a mark in the legend


@dataclass(frozen=True, slots=True)
class PlacedPanel:
    """A panel with its field on the page."""

    panel: Panel
    left: float
    top: float

    @property
    def field(self) -> Box:
        """The rectangle in which the marks stand."""
        return Box(self.left, self.top, self.left + self.panel.width, self.top + self.panel.height)

    def x_of(self, value: float) -> float:
        """Return where a number of the x axis stands; far outside it is held near the page."""
        return self.left + _held(self.panel.x_axis.place(value)) * self.panel.width

    def y_of(self, value: float) -> float:
        """Return where a number of the y axis stands."""
        return self.top + (1 - _held(self.panel.y_axis.place(value))) * self.panel.height


def _held(share: float) -> float:
    """Keep what lies far outside an axis finite; it is cut at the edge of the field anyway."""
    return min(max(share, -50.0), 50.0)


@dataclass(slots=True)
class Page:
    """Everything on the page; ``leaders`` are thin lines from a point to its label."""

    width: float = 0.0
    height: float = 0.0
    panels: list[PlacedPanel] = field(default_factory=list)
    texts: list[PlacedText] = field(default_factory=list)
    tick_lines: list[tuple[float, float, float, float]] = field(default_factory=list)
    grid_lines: list[tuple[float, float, float, float]] = field(default_factory=list)
    axis_lines: list[tuple[float, float, float, float]] = field(default_factory=list)
    leaders: list[tuple[float, float, float, float]] = field(default_factory=list)
    samples: list[tuple[LegendEntry, float, float]] = field(default_factory=list)


def diameter_of(mark: Points, i: int) -> float:
    """Return the diameter of one of the points."""
    return mark.diameters if isinstance(mark.diameters, int | float) else mark.diameters[i]
