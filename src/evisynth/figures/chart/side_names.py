"""Names right of a panel: the room they need, and where each stands so that none lies over another."""

from __future__ import annotations

from dataclasses import dataclass

from evisynth.figures.chart.chart import LegendEntry, Panel, SideName, SideNames
from evisynth.figures.chart.page import SAMPLE, SMALL_LINE, Page, PlacedPanel
from evisynth.figures.chart.right_axis import right_axis_room
from evisynth.figures.fonts import clean_text, text_width, wrap_text
from evisynth.figures.placed_text import SMALL, PlacedText

_BEFORE = 4.0  # between the field and the samples
_BETWEEN = 5.0  # two names


@dataclass(frozen=True, slots=True)
class _Block:
    """A name in its lines, and the height at which it would stand best."""

    name: SideName
    bold: list[str]
    muted: list[str]
    wish: float

    @property
    def height(self) -> float:
        return SMALL_LINE * (len(self.bold) + len(self.muted))


def _wrapped(name: SideName, width: float) -> tuple[list[str], list[str]]:
    bold = wrap_text(clean_text(name.name), width, SMALL, bold=True)
    return bold, wrap_text(clean_text(name.details), width, SMALL)


def side_room(panel: Panel) -> float:
    """Return how much room the names of a panel need to its right."""
    widths = [
        text_width(line, SMALL, bold)
        for mark in panel.marks
        if isinstance(mark, SideNames)
        for name in mark.names
        for lines, bold in zip(_wrapped(name, mark.width), (True, False), strict=True)
        for line in lines
    ]
    return right_axis_room(panel) + _BEFORE + SAMPLE + 3 + max(widths) if widths else 0.0


def write_side_names(page: Page, placed: PlacedPanel) -> float:
    """Write the names beside a panel; returns where the lowest ends."""
    blocks = [
        _Block(name, *_wrapped(name, mark.width), placed.y_of(name.y))
        for mark in placed.panel.marks
        if isinstance(mark, SideNames)
        for name in mark.names
    ]
    blocks.sort(key=lambda block: block.wish)
    bottom = placed.field.top
    for block, top in zip(blocks, _tops(blocks, placed), strict=True):
        _write(page, block, placed.field.right + right_axis_room(placed.panel) + _BEFORE, top)
        bottom = max(bottom, top + block.height)
    return bottom


def _tops(blocks: list[_Block], placed: PlacedPanel) -> list[float]:
    """Place each at its wish, push the later ones down, then all up again as far as the field reaches."""
    tops: list[float] = []
    floor = placed.field.top
    for block in blocks:
        tops.append(max(block.wish - block.height / 2, floor))
        floor = tops[-1] + block.height + _BETWEEN
    ceiling = placed.field.bottom
    for i in range(len(blocks) - 1, -1, -1):
        tops[i] = min(tops[i], ceiling - blocks[i].height)
        ceiling = tops[i] - _BETWEEN
    # More names than the field is high run on below it.
    over = placed.field.top - tops[0] if tops else 0.0
    return [top + over for top in tops] if over > 0 else tops


def _write(page: Page, block: _Block, x: float, top: float) -> None:
    sample = LegendEntry(block.name.shape, "", tone=block.name.tone, filled=block.name.filled)
    page.samples.append((sample, x, top + 0.64 * SMALL))
    y = top + SMALL
    for line in block.bold:
        page.texts.append(PlacedText(x + SAMPLE + 3, y, line, bold=True))
        y += SMALL_LINE
    for line in block.muted:
        page.texts.append(PlacedText(x + SAMPLE + 3, y, line, tone="muted"))
        y += SMALL_LINE
