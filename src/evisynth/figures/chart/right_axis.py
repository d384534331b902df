"""A second upright axis, at the right of a panel: another reading of the same heights."""

from __future__ import annotations

from evisynth.figures.chart.chart import Panel
from evisynth.figures.chart.page import SMALL_LINE, TICK, Page, PlacedPanel
from evisynth.figures.fonts import clean_text, text_width
from evisynth.figures.placed_text import SMALL, PlacedText

#: Room between the two titles over a panel, and under them.
_BETWEEN, _UNDER = 8.0, 5.0


def right_axis_room(panel: Panel) -> float:
    """Return how much room the labels of the axis need right of the field."""
    if panel.right_axis is None:
        return 0.0
    widths = [text_width(clean_text(tick.label), SMALL) for tick in panel.right_axis.ticks]
    return TICK + 3 + max(widths, default=0.0)


def right_title_width(panel: Panel) -> float:
    """Return how much of the line over the field the title of the axis takes from that of the left one."""
    if panel.right_axis is None or not panel.right_axis.title:
        return 0.0
    width = text_width(clean_text(panel.right_axis.title), SMALL) + _BETWEEN
    return max(0.0, width - right_axis_room(panel))


def write_right_axis(page: Page, placed: PlacedPanel) -> None:
    """Draw the axis with its ticks, and its title over it."""
    axis, box = placed.panel.right_axis, placed.field
    if axis is None:
        return
    page.axis_lines.append((box.right, box.top, box.right, box.bottom))
    for tick in axis.ticks:
        y = box.bottom - axis.tick_place(tick) * placed.panel.height
        page.tick_lines.append((box.right, y, box.right + TICK, y))
        page.texts.append(PlacedText(box.right + TICK + 2, y + 0.36 * SMALL, clean_text(tick.label)))
    title = clean_text(axis.title)
    if title:
        right = box.right + right_axis_room(placed.panel)
        baseline = box.top - _UNDER - SMALL_LINE + SMALL
        page.texts.append(PlacedText(right, baseline, title, tone="muted", align="right"))
