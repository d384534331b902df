"""The pen that goes down the page: where it stands, and how words and rules are put there."""

from __future__ import annotations

from evisynth.figures.fonts import clean_text, wrap_text
from evisynth.figures.forest_plot.columns import MARGIN, Spans
from evisynth.figures.forest_plot.layout import Column, ForestLayout
from evisynth.figures.forest_plot.names import ColumnKey
from evisynth.figures.forest_plot.placed import PlacedText, Placement, Rule, Tone


class Pen:
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
             tone: Tone = "ink", align: str = "left") -> None:  # fmt: skip
        """Write a line of row text."""
        placed = PlacedText(x, y, text, self.sizes.text, bold, italic, tone, align)  # type: ignore[arg-type]
        self.page.texts.append(placed)

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
