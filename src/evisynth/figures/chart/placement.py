"""From a chart to places on the page: titles, heads, axes, legend and notes, from the top down."""

from __future__ import annotations

from evisynth.figures.chart.around_field import write_right_axis, write_side_names, write_top_names
from evisynth.figures.chart.chart import Chart, LegendEntry
from evisynth.figures.chart.field_words import write_words
from evisynth.figures.chart.margins import (
    column_lefts,
    head_height,
    head_lines,
    head_width,
    page_width,
    shown_ticks,
    tick_label_lines,
)
from evisynth.figures.chart.page import (
    GAP,
    LINE,
    MARGIN,
    SAMPLE,
    SIZE,
    SMALL_LINE,
    TICK,
    TITLE,
    Page,
    PlacedPanel,
)
from evisynth.figures.fonts import clean_text, text_width, wrap_text
from evisynth.figures.placed_text import SMALL, PlacedText
from evisynth.wording import plural


def place_chart(chart: Chart) -> Page:
    """Place a chart on a page that is as large as it needs."""
    page = Page()
    lefts = column_lefts(chart)
    page.width = page_width(chart, lefts)
    y = _title(page, chart)
    unlabelled: list[str] = []
    for row in chart.panels:
        top = y + max((head_height(panel, lefts, i) for i, panel in enumerate(row)), default=0.0)
        bottom = top
        for i, panel in enumerate(row):
            placed = PlacedPanel(panel, lefts[i], top)
            page.panels.append(placed)
            _head(page, placed, y, lefts, i)
            bottom = max(bottom, _axes(page, placed), write_side_names(page, placed))
            unlabelled += write_words(page, placed)
        y = bottom + GAP * 0.6
    y = _legend(page, chart.legend, y)
    page.height = _notes(page, chart, unlabelled, y) + MARGIN
    return page


def _title(page: Page, chart: Chart) -> float:
    y = MARGIN
    width = page.width - 2 * MARGIN
    for text in wrap_text(clean_text(chart.title), width, TITLE, bold=True):
        page.texts.append(PlacedText(MARGIN, y + TITLE, text, TITLE, bold=True))
        y += TITLE * 1.3
    for text in wrap_text(clean_text(chart.subtitle), width, SIZE):
        page.texts.append(PlacedText(MARGIN, y + SIZE, text, SIZE, tone="muted"))
        y += LINE
    return y + (6 if clean_text(chart.title) else 0)


def _head(page: Page, placed: PlacedPanel, y: float, lefts: list[float], column: int) -> None:
    """Write the panel's title and, under it, what its upright axis shows: level, so that it is read."""
    begin, _ = head_width(placed.panel, lefts, column)
    title, axis_title = head_lines(placed.panel, lefts, column)
    y = placed.top - head_height(placed.panel, lefts, column)
    for text in title:
        page.texts.append(PlacedText(begin, y + SIZE, text, SIZE, bold=True))
        y += LINE
    for text in axis_title:
        page.texts.append(PlacedText(begin, y + SMALL, text, tone="muted"))
        y += SMALL_LINE


def _axes(page: Page, placed: PlacedPanel) -> float:
    """Draw both axes with their ticks; returns where what stands under the panel ends."""
    panel, box = placed.panel, placed.field
    if panel.y_axis.ticks:
        _upright_axis(page, placed)
    write_right_axis(page, placed)
    write_top_names(page, placed)
    y = _level_labels(page, placed)
    for text in wrap_text(clean_text(panel.x_axis.title), panel.width + MARGIN, SMALL):
        middle = (box.left + box.right) / 2
        page.texts.append(PlacedText(middle, y + SMALL, text, tone="muted", align="center"))
        y += SMALL_LINE
    if panel.frame:
        corners = (box.left, box.top, box.right, box.bottom)
        left, top, right, bottom = corners
        page.axis_lines += [
            (left, top, right, top),
            (right, top, right, bottom),
            (left, top, left, bottom),
            (left, bottom, right, bottom),
        ]
    return y


def _level_labels(page: Page, placed: PlacedPanel) -> float:
    panel, box = placed.panel, placed.field
    labels = shown_ticks(panel)
    for lines, share in labels:
        x = box.left + share * panel.width
        page.tick_lines.append((x, box.bottom, x, box.bottom + TICK))
        if panel.x_axis.lines:
            page.grid_lines.append((x, box.top, x, box.bottom))
        for i, text in enumerate(lines):
            page.texts.append(
                PlacedText(x, box.bottom + TICK + 2 + SMALL + i * SMALL_LINE, text, align="center")
            )
    if labels:
        page.axis_lines.append((box.left, box.bottom, box.right, box.bottom))
        return box.bottom + TICK + 4 + SMALL_LINE * max(len(lines) for lines, _ in labels)
    return box.bottom + TICK


def _upright_axis(page: Page, placed: PlacedPanel) -> None:
    box, axis = placed.field, placed.panel.y_axis
    for tick in axis.ticks:
        y = box.bottom - axis.tick_place(tick) * placed.panel.height
        if axis.lines:
            page.grid_lines.append((box.left, y, box.right, y))
        if not axis.bare:
            page.tick_lines.append((box.left - TICK, y, box.left, y))
        lines = tick_label_lines(tick.label)
        first = y + 0.36 * SMALL - SMALL_LINE * (len(lines) - 1) / 2
        for i, text in enumerate(lines):
            page.texts.append(PlacedText(box.left - TICK - 2, first + i * SMALL_LINE, text, align="right"))
    if not axis.bare:
        page.axis_lines.append((box.left, box.top, box.left, box.bottom))


def _legend(page: Page, legend: tuple[LegendEntry, ...], y: float) -> float:
    if not legend:
        return y
    x, right = MARGIN, page.width - MARGIN
    for entry in legend:
        lines = wrap_text(clean_text(entry.text), right - MARGIN - SAMPLE - 5, SMALL)
        width = SAMPLE + 5 + max((text_width(line, SMALL) for line in lines), default=0.0)
        if x > MARGIN and (x + width > right or len(lines) > 1):
            x, y = MARGIN, y + SMALL_LINE + 2
        page.samples.append((entry, x, y + 0.64 * SMALL))
        for i, line in enumerate(lines):
            page.texts.append(PlacedText(x + SAMPLE + 5, y + SMALL + i * SMALL_LINE, line))
        x += width + 14
        if len(lines) > 1:
            x, y = MARGIN, y + SMALL_LINE * len(lines) + 2
    return y + (SMALL_LINE + 4 if x > MARGIN else 4)


def _notes(page: Page, chart: Chart, unlabelled: list[str], y: float) -> float:
    notes = list(chart.notes)
    if unlabelled:
        named = unlabelled[:12]
        more = f" and {len(unlabelled) - len(named)} more" if len(unlabelled) > len(named) else ""
        labels = plural("label", len(unlabelled))
        notes.append(f"No room for the {labels} of {', '.join(named)}{more}.")
    for note in notes:
        for text in wrap_text(clean_text(note), page.width - 2 * MARGIN, SMALL):
            page.texts.append(PlacedText(MARGIN, y + SMALL, text, tone="muted"))
            y += SMALL_LINE
        y += 1.5
    return y
