"""The foot of a forest plot: uprights, axis, what each side favours, small print and footnotes."""

from __future__ import annotations

from evisynth.figures.fonts import clean_text, text_width, wrap_text
from evisynth.figures.forest_plot.columns import MARGIN
from evisynth.figures.forest_plot.pen import Pen
from evisynth.figures.forest_plot.placed import PlacedText, Upright
from evisynth.figures.forest_plot.placement_favours import place_sides_below

LINES_BELOW = 4  # so far may small print left of the axis reach below it


def place_foot(pen: Pen) -> None:
    """Place all that stands below the last line."""
    _close_panel(pen)
    top = pen.y
    _axis(pen)
    _small_print(pen, top)
    _footnotes(pen)


def _close_panel(pen: Pen) -> None:
    """Draw the line of no effect, and a thin line up from the overall estimate, around the words."""
    axis = pen.layout.axis
    pen.y += 2
    if axis is None:
        if not pen.layout.footnotes:
            pen.rule()
        return
    top, bottom = pen.panel_top - 4, pen.y
    if axis.null_place is not None:
        pen.page.null_line = _upright(pen, axis.null_place, top, bottom)
    beside, panel = pen.layout.absolute_axis, pen.spans.absolute_panel
    if beside is not None and panel is not None and beside.null_place is not None:
        x = panel[0] + beside.null_place * (panel[1] - panel[0])
        pen.page.null_line += [(x, upper, lower) for _, upper, lower in _upright(pen, 0.0, top, bottom)]
    pooled = pen.layout.pooled_place
    if pooled is not None and pen.pooled_bottom is not None and pen.style.pooled_line:
        end = pen.pooled_bottom - pen.sizes.diamond / 2
        pen.page.pooled_line = _upright(pen, pooled, top + 4, end)


def _upright(pen: Pen, share: float, top: float, bottom: float) -> list[Upright]:
    x, pieces, start = pen.x_of(share), [], top
    for gap_top, gap_bottom in sorted(pen.gaps):
        if gap_top > start:
            pieces.append((x, start, min(gap_top, bottom)))
        start = max(start, gap_bottom)
    if start < bottom:
        pieces.append((x, start, bottom))
    # A stub between two lines of words would look like a mark of its own.
    heights = [placed.y for placed in pen.page.marks]
    return [piece for piece in pieces if any(piece[1] <= y <= piece[2] for y in heights)]


def _axis(pen: Pen) -> None:
    axis, small = pen.layout.axis, pen.sizes.small
    if axis is None:
        pen.y += 4
        return
    left, right = pen.spans.panel
    pen.page.axis_line = (pen.y, left, right)
    below = _absolute_axis(pen)
    for tick in axis.ticks:
        x = pen.x_of(tick.place)
        pen.page.tick_lines.append((x, pen.y, pen.y + 3))
        pen.page.texts.append(PlacedText(x, pen.y + 4 + small, tick.label, small, align="center"))
    pen.y += 4 + small + 3
    if pen.style.axis_title != "none":
        beyond = 60.0 if pen.style.print_place == "below" else 0.0
        for text in wrap_text(axis.title, right - left + beyond, small):
            pen.page.texts.append(
                PlacedText((left + right) / 2, pen.y + small, text, small, tone="muted", align="center")
            )
            pen.y += pen.sizes.small_line
    if axis.favours is not None and axis.null_place is not None and not pen.favours_told:
        place_sides_below(pen)
    pen.y = max(pen.y + 4, below)


def _absolute_axis(pen: Pen) -> float:
    """Place the axis of patients beside that of ratios; returns where what it counts ends."""
    axis, panel, small = pen.layout.absolute_axis, pen.spans.absolute_panel, pen.sizes.small
    if axis is None or panel is None:
        return pen.y
    left, right = panel
    pen.page.absolute_axis_line = (pen.y, left, right)
    for tick in axis.ticks:
        x = left + tick.place * (right - left)
        pen.page.tick_lines.append((x, pen.y, pen.y + 3))
        pen.page.texts.append(PlacedText(x, pen.y + 4 + small, tick.label, small, align="center"))
    y = pen.y + 4 + small + 3
    for text in wrap_text(axis.title, right - left + 8, small):
        middle = (left + right) / 2
        pen.page.texts.append(PlacedText(middle, y + small, text, small, tone="muted", align="center"))
        y += pen.sizes.small_line
    return y + 4


def _small_print(pen: Pen, axis_top: float) -> None:
    """Write what stands behind the overall estimate: under the axis, or left of it."""
    texts = pen.layout.small_print
    if pen.style.print_place == "below" or pen.layout.axis is None:
        pen.y += 4 if texts else 0
        for text in texts:
            pen.paragraph(text, MARGIN, pen.spans.right_end - MARGIN, "ink")
        return
    below_axis, pen.y = pen.y, axis_top
    narrow, wide = pen.spans.left_end - MARGIN, pen.spans.right_end - MARGIN
    lowest = below_axis + LINES_BELOW * pen.sizes.small_line
    beside = True
    for text in texts:
        height = pen.sizes.small_line * len(wrap_text(clean_text(text), narrow, pen.sizes.small))
        if beside and pen.y + height > lowest:
            # A long column of small print beside nothing: the rest has the whole width.
            beside, pen.y = False, max(pen.y, below_axis) + 2
        pen.paragraph(text, MARGIN, narrow if beside else wide, "ink")
    pen.y = max(pen.y, below_axis)


def _footnotes(pen: Pen) -> None:
    notes, small = pen.layout.footnotes, pen.sizes.small
    if not notes:
        return
    pen.y += 3
    pen.rule()
    pen.y += 4
    indent = max((text_width(note.mark, small) for note in notes), default=0.0)
    for note in notes:
        x = MARGIN + (indent + 4 if note.mark else 0)
        if note.mark:
            mark = PlacedText(MARGIN, pen.y + small, note.mark, small, italic=True, tone="muted")
            pen.page.texts.append(mark)
        pen.paragraph(note.text, x, pen.spans.right_end - x, "muted")
