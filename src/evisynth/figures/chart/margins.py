"""The room that a chart needs around its fields: names at the axes, heads above them, labels below."""

from __future__ import annotations

from itertools import pairwise

from evisynth.figures.chart.around_field import right_axis_room, right_title_width, side_room, top_names_room
from evisynth.figures.chart.chart import Chart, Panel
from evisynth.figures.chart.page import GAP, LINE, MARGIN, SIZE, SMALL_LINE, TICK, WIDEST_TICK
from evisynth.figures.fonts import clean_text, text_width, wrap_text
from evisynth.figures.placed_text import SMALL


def column_lefts(chart: Chart) -> list[float]:
    """Return where the field of each column begins: names at its upright axes need room before it."""
    columns = max((len(row) for row in chart.panels), default=0)
    lefts: list[float] = []
    x = MARGIN
    for i in range(columns):
        members = [row[i] for row in chart.panels if i < len(row)]
        left = x + max(_left_room(panel) for panel in members)
        lefts.append(left)
        x = left + max(panel.width + _right_room(panel) for panel in members) + GAP
    return lefts


def _left_room(panel: Panel) -> float:
    names = [tick_label_lines(tick.label) for tick in panel.y_axis.ticks]
    widest = max((text_width(line, SMALL) for lines in names for line in lines), default=0.0)
    upright = widest + TICK + 4 if names else 0.0
    first = [text_width(line, SMALL) / 2 - place * panel.width for line, place in _first_x_labels(panel, 0)]
    return max([upright, *first])


def _right_room(panel: Panel) -> float:
    last = [
        text_width(line, SMALL) / 2 - (1 - place) * panel.width for line, place in _first_x_labels(panel, -1)
    ]
    return max([0.0, side_room(panel), right_axis_room(panel), *last])


def _first_x_labels(panel: Panel, which: int) -> list[tuple[str, float]]:
    """Return the lines of the first (0) or last (-1) label under a panel, with its place."""
    ticks = shown_ticks(panel)
    return [(line, ticks[which][1]) for line in ticks[which][0]] if ticks else []


def tick_label_lines(label: str) -> list[str]:
    """Wrap a name at an upright axis."""
    return wrap_text(clean_text(label), WIDEST_TICK, SMALL)


def page_width(chart: Chart, lefts: list[float]) -> float:
    """Return how wide the page is."""
    ends = [
        lefts[i] + panel.width + _right_room(panel) for row in chart.panels for i, panel in enumerate(row)
    ]
    # Narrower than this, titles and notes would be a column of single words.
    return max([300.0, *ends]) + MARGIN


def head_width(panel: Panel, lefts: list[float], column: int) -> tuple[float, float]:
    """Return where the head of a panel begins and how wide it may be: over its axis names as well."""
    begin = MARGIN if column == 0 else lefts[column] - _left_room(panel)
    return begin, lefts[column] + panel.width - begin


def head_lines(panel: Panel, lefts: list[float], column: int) -> tuple[list[str], list[str]]:
    """Wrap the title of a panel and that of its upright axis."""
    _, width = head_width(panel, lefts, column)
    title = wrap_text(clean_text(panel.title), width, SIZE, bold=True)
    beside = right_title_width(panel)
    axis_title = wrap_text(clean_text(panel.y_axis.title), max(width - beside, 40.0), SMALL)
    return title, axis_title or ([""] if beside else [])


def head_height(panel: Panel, lefts: list[float], column: int) -> float:
    """Return how high the head of a panel is, with a little room under it and the names over the field."""
    title, axis_title = head_lines(panel, lefts, column)
    words = LINE * len(title) + SMALL_LINE * len(axis_title) + (5 if title or axis_title else 0)
    return words + top_names_room(panel)


def shown_ticks(panel: Panel) -> list[tuple[list[str], float]]:
    """Return the labels under a panel, wrapped to the room between them, every second left out if need be."""
    ticks = panel.x_axis.ticks
    if not ticks:
        return []
    places = [panel.x_axis.tick_place(tick) for tick in ticks]
    for every in (1, 2, 3, 5, 10):
        kept = list(zip(ticks, places, strict=True))[::every]
        room = min(
            (abs(b[1] - a[1]) * panel.width for a, b in pairwise(kept)),
            default=panel.width,
        )
        wrapped = [
            (wrap_text(clean_text(tick.label), max(room - 4, 12), SMALL), place) for tick, place in kept
        ]
        widest = max((text_width(line, SMALL) for lines, _ in wrapped for line in lines), default=0.0)
        whole = all(
            len(lines) == 1 or " " in tick.label for (lines, _), (tick, _) in zip(wrapped, kept, strict=True)
        )
        if widest <= room - 2 and whole:
            return wrapped
    return wrapped
