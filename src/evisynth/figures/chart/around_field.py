"""The surroundings of a field: a second upright axis at its right, names beside it, upright names over it.

Names beside a field stand so that none lies over another; names over it are led to where they cannot stand
straight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evisynth.figures.chart.chart import LegendEntry, Panel, SideName, SideNames, TopNames
from evisynth.figures.chart.page import SAMPLE, SMALL_LINE, TICK, Page, PlacedPanel
from evisynth.figures.fonts import clean_text, text_width, wrap_text
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


_BEFORE = 4.0  # between the field and the samples
_SIDE_NAMES_BETWEEN = 5.0  # two names


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
        floor = tops[-1] + block.height + _SIDE_NAMES_BETWEEN
    ceiling = placed.field.bottom
    for i in range(len(blocks) - 1, -1, -1):
        tops[i] = min(tops[i], ceiling - blocks[i].height)
        ceiling = tops[i] - _SIDE_NAMES_BETWEEN
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


#: Between two names, how high the lines that lead to them are, and what is free before the right axis.
STEP, LEADER, _BEFORE_RIGHT = SMALL_LINE, 12.0, 4.0
_STRAIGHT = 4.0


def top_names_room(panel: Panel) -> float:
    """Return how much room the names over a panel take, none when it has none."""
    widths = [
        text_width(clean_text(name), SMALL)
        for mark in panel.marks
        if isinstance(mark, TopNames)
        for name in mark.names
    ]
    return LEADER + max(widths) + 3 if any(widths) else 0.0


def write_top_names(page: Page, placed: PlacedPanel) -> None:
    """Write the names over a panel, and the lines that lead to them."""
    for mark in placed.panel.marks:
        if not isinstance(mark, TopNames):
            continue
        named = [(placed.x_of(x), clean_text(name)) for x, name in zip(mark.xs, mark.names, strict=True)]
        # A name whose place lies beyond the axis would be led to from nowhere.
        shown = sorted(
            (x, name) for x, name in named if name and placed.field.left <= x <= placed.field.right
        )
        places = spread([x for x, _ in shown], STEP, placed.field.left, placed.field.right - _BEFORE_RIGHT)
        top = placed.field.top
        # Names that all stand straight over their places need no lines.
        straight = all(abs(x - place) < 0.5 for (x, _), place in zip(shown, places, strict=True))
        foot = top - (_STRAIGHT if straight else LEADER)
        for (x, name), place in zip(shown, places, strict=True):
            page.leaders += [] if straight else [(x, top, x, top - 2), (x, top - 2, place, foot + 1)]
            page.texts.append(PlacedText(place + 0.36 * SMALL, foot, name, upright=True))


def spread(wishes: Sequence[float], step: float, lower: float, upper: float) -> list[float]:
    r"""Return places at least a step apart, as near to sorted wishes as the sum of squares tells.

    With :math:`u_i = w_i - i s` the places are :math:`\hat u_i + i s`, where :math:`\hat u` is the nearest
    sequence that never falls, found by pooling neighbours that are out of order. They are kept between
    ``lower`` and ``upper`` as far as there is room.

    References
    ----------
    Ayer, Brunk, Ewing, Reid & Silverman 1955, Annals of Mathematical Statistics 26:641-647.
    """
    pools: list[tuple[float, int]] = []
    for i, wish in enumerate(wishes):
        mean, count = wish - i * step, 1
        while pools and pools[-1][0] > mean:
            before, others = pools.pop()
            mean, count = (mean * count + before * others) / (count + others), count + others
        pools.append((mean, count))
    level = [mean for mean, count in pools for _ in range(count)]
    highest = upper - step * (len(level) - 1)
    return [max(min(mean, highest), lower) + i * step for i, mean in enumerate(level)]
