"""The page of a forest plot, in points from the top left, and the cursor that goes down it line by line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from evisynth.figures.fonts import clean_text, wrap_text
from evisynth.figures.forest_plot.columns import MARGIN, Spans
from evisynth.figures.forest_plot.layout import Column, ForestLayout, Mark
from evisynth.figures.forest_plot.names import ColumnKey
from evisynth.figures.placed_text import PlacedText
from evisynth.figures.tones import Tone

Upright = tuple[float, float, float]  # x, top, bottom
Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A mark with the middle of its line; its shares of the axis turned into points."""

    mark: Mark
    y: float
    lower: float
    upper: float
    estimate: float | None
    side: float
    muted: bool


@dataclass(frozen=True, slots=True)
class PlacedDisc:
    """A disc around a symbol, at its middle."""

    x: float
    y: float
    radius: float
    face: str
    edge: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line across the page."""

    y: float
    left: float
    right: float
    width: float = 0.6


@dataclass(frozen=True, slots=True)
class Band:
    """A tinted strip across the page, under everything else."""

    left: float
    right: float
    top: float
    bottom: float
    colour: str


@dataclass(slots=True)
class Placement:
    """Everything on the page."""

    width: float
    height: float = 0.0
    texts: list[PlacedText] = field(default_factory=list)
    marks: list[PlacedMark] = field(default_factory=list)
    ghosts: list[PlacedMark] = field(default_factory=list)
    discs: list[PlacedDisc] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)
    null_line: list[Upright] = field(default_factory=list)
    pooled_line: list[Upright] = field(default_factory=list)
    axis_line: tuple[float, float, float] | None = None
    absolute_axis_line: tuple[float, float, float] | None = None
    tick_lines: list[Upright] = field(default_factory=list)


class Cursor:
    """Goes down the page line by line; ``y`` is where the next line begins.

    ``gaps`` are the stretches of the panel where words stand, and no upright line runs.
    """

    def __init__(self, page: Placement, spans: Spans, layout: ForestLayout) -> None:
        self.page, self.spans, self.layout = page, spans, layout
        self.style, self.sizes = layout.style, layout.style.sizes
        self.y = MARGIN
        self.panel_top = 0.0
        self.pooled_bottom: float | None = None
        self.gaps: list[tuple[float, float]] = []
        self.banded = False
        self.favours_told = False

    def x_of(self, share: float) -> float:
        """Return where a share of the axis stands."""
        left, right = self.spans.panel
        return left + share * (right - left)

    def width(self, key: ColumnKey) -> float:
        """Return the width of a column."""
        left, right = self.spans.columns[key]
        return right - left

    def rule(self, width: float = 0.6) -> None:
        """Draw a line across the page."""
        if width:
            self.page.rules.append(Rule(self.y, MARGIN, self.spans.right_end, width))

    def text(self, x: float, y: float, text: str, *, bold: bool = False, italic: bool = False,
             tone: Tone = "ink",
             align: Align = "left") -> None:  # fmt: skip
        """Write a line of row text."""
        self.page.texts.append(PlacedText(x, y, text, self.sizes.text, bold, italic, tone, align))

    def paragraph(self, text: str, x: float, width: float, tone: Tone) -> None:
        """Write small print, wrapped, and go below it."""
        small = self.sizes.small
        for piece in wrap_text(clean_text(text), width, small):
            self.page.texts.append(PlacedText(x, self.y + small, piece, small, tone=tone))
            self.y += self.sizes.small_line
        self.y += 1.5

    def column_text(
        self,
        column: Column,
        lines: list[str],
        first: float,
        *,
        bold: bool = False,
        tone: Tone = "ink",
        indent: float = 0.0,
    ) -> None:
        """Write the lines of a cell, the first one at the baseline ``first``."""
        left, right = self.spans.columns[column.key]
        x = {"left": left + indent, "right": right, "center": (left + right) / 2}[column.align]
        for i, text in enumerate(lines):
            y = first + i * self.sizes.line
            self.text(x, y, text, bold=bold, tone=tone, align=column.align)
