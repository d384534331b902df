"""The foot of a forest plot: uprights, axis, what each side favours, small print and footnotes."""

from __future__ import annotations

from evisynth.figures.fonts import clean_text, text_width, wrap_text
from evisynth.figures.forest_plot.columns import MARGIN
from evisynth.figures.forest_plot.placed import Cursor, Upright
from evisynth.figures.forest_plot.placement_favours import place_sides_below
from evisynth.figures.placed_text import PlacedText

LINES_BELOW = 4  # so far may small print left of the axis reach below it


def place_foot(cursor: Cursor) -> None:
    """Place all that stands below the last line."""
    _close_panel(cursor)
    top = cursor.y
    _axis(cursor)
    _small_print(cursor, top)
    _footnotes(cursor)


def _close_panel(cursor: Cursor) -> None:
    """Draw the line of no effect, and a thin line up from the overall estimate, around the words."""
    axis = cursor.layout.axis
    cursor.y += 2
    if axis is None:
        if not cursor.layout.footnotes:
            cursor.rule()
        return
    top, bottom = cursor.panel_top - 4, cursor.y
    if axis.null_place is not None:
        cursor.page.null_line = _upright(cursor, axis.null_place, top, bottom)
    beside, panel = cursor.layout.absolute_axis, cursor.spans.absolute_panel
    if beside is not None and panel is not None and beside.null_place is not None:
        x = panel[0] + beside.null_place * (panel[1] - panel[0])
        cursor.page.null_line += [(x, upper, lower) for _, upper, lower in _upright(cursor, 0.0, top, bottom)]
    pooled = cursor.layout.pooled_place
    if pooled is not None and cursor.pooled_bottom is not None and cursor.style.pooled_line:
        end = cursor.pooled_bottom - cursor.sizes.diamond / 2
        cursor.page.pooled_line = _upright(cursor, pooled, top + 4, end)


def _upright(cursor: Cursor, share: float, top: float, bottom: float) -> list[Upright]:
    x, pieces, start = cursor.x_of(share), [], top
    for gap_top, gap_bottom in sorted(cursor.gaps):
        if gap_top > start:
            pieces.append((x, start, min(gap_top, bottom)))
        start = max(start, gap_bottom)
    if start < bottom:
        pieces.append((x, start, bottom))
    # A stub between two lines of words would look like a mark of its own.
    heights = [placed.y for placed in cursor.page.marks]
    return [piece for piece in pieces if any(piece[1] <= y <= piece[2] for y in heights)]


def _axis(cursor: Cursor) -> None:
    axis, small = cursor.layout.axis, cursor.sizes.small
    if axis is None:
        cursor.y += 4
        return
    left, right = cursor.spans.panel
    cursor.page.axis_line = (cursor.y, left, right)
    below = _absolute_axis(cursor)
    for tick in axis.ticks:
        x = cursor.x_of(tick.place)
        cursor.page.tick_lines.append((x, cursor.y, cursor.y + 3))
        cursor.page.texts.append(PlacedText(x, cursor.y + 4 + small, tick.label, small, align="center"))
    cursor.y += 4 + small + 3
    if cursor.style.axis_title != "none":
        beyond = 60.0 if cursor.style.print_place == "below" else 0.0
        for text in wrap_text(axis.title, right - left + beyond, small):
            cursor.page.texts.append(
                PlacedText((left + right) / 2, cursor.y + small, text, small, tone="muted", align="center")
            )
            cursor.y += cursor.sizes.small_line
    if axis.favours is not None and axis.null_place is not None and not cursor.favours_told:
        place_sides_below(cursor)
    cursor.y = max(cursor.y + 4, below)


def _absolute_axis(cursor: Cursor) -> float:
    """Place the axis of patients beside that of ratios; returns where what it counts ends."""
    axis, panel, small = cursor.layout.absolute_axis, cursor.spans.absolute_panel, cursor.sizes.small
    if axis is None or panel is None:
        return cursor.y
    left, right = panel
    cursor.page.absolute_axis_line = (cursor.y, left, right)
    for tick in axis.ticks:
        x = left + tick.place * (right - left)
        cursor.page.tick_lines.append((x, cursor.y, cursor.y + 3))
        cursor.page.texts.append(PlacedText(x, cursor.y + 4 + small, tick.label, small, align="center"))
    y = cursor.y + 4 + small + 3
    for text in wrap_text(axis.title, right - left + 8, small):
        middle = (left + right) / 2
        cursor.page.texts.append(PlacedText(middle, y + small, text, small, tone="muted", align="center"))
        y += cursor.sizes.small_line
    return y + 4


def _small_print(cursor: Cursor, axis_top: float) -> None:
    """Write what stands behind the overall estimate: under the axis, or left of it."""
    texts = cursor.layout.small_print
    if cursor.style.print_place == "below" or cursor.layout.axis is None:
        cursor.y += 4 if texts else 0
        for text in texts:
            cursor.paragraph(text, MARGIN, cursor.spans.right_end - MARGIN, "ink")
        return
    below_axis, cursor.y = cursor.y, axis_top
    narrow, wide = cursor.spans.left_end - MARGIN, cursor.spans.right_end - MARGIN
    lowest = below_axis + LINES_BELOW * cursor.sizes.small_line
    beside = True
    for text in texts:
        height = cursor.sizes.small_line * len(wrap_text(clean_text(text), narrow, cursor.sizes.small))
        if beside and cursor.y + height > lowest:
            # A long column of small print beside nothing: the rest has the whole width.
            beside, cursor.y = False, max(cursor.y, below_axis) + 2
        cursor.paragraph(text, MARGIN, narrow if beside else wide, "ink")
    cursor.y = max(cursor.y, below_axis)


def _footnotes(cursor: Cursor) -> None:
    notes, small = cursor.layout.footnotes, cursor.sizes.small
    if not notes:
        return
    cursor.y += 3
    cursor.rule()
    cursor.y += 4
    indent = max((text_width(note.mark, small) for note in notes), default=0.0)
    for note in notes:
        x = MARGIN + (indent + 4 if note.mark else 0)
        if note.mark:
            mark = PlacedText(MARGIN, cursor.y + small, note.mark, small, italic=True, tone="muted")
            cursor.page.texts.append(mark)
        cursor.paragraph(note.text, x, cursor.spans.right_end - x, "muted")
