"""From a layout to places on the page, in points from the top left: widths, wrapped lines, heights.

The page is as wide as its columns need and as high as its lines need. Text is placed by its baseline, so
that places do not depend on how a renderer measures it.
"""

from __future__ import annotations

from evisynth.figures.fonts import clean_text, text_width, wrap_text
from evisynth.figures.forest_plot.bias_discs import BIAS_KEYS, DISC_MIDDLE, DISC_RADIUS, DISCS, RING
from evisynth.figures.forest_plot.columns import COLUMN_GAP, MARGIN, beside_label, measure_columns
from evisynth.figures.forest_plot.layout import Column, ForestLayout, ForestLine, Mark
from evisynth.figures.forest_plot.pen import Pen
from evisynth.figures.forest_plot.placed import (
    Band,
    PlacedDisc,
    PlacedMark,
    PlacedText,
    Placement,
    Rule,
    Tone,
)
from evisynth.figures.forest_plot.placement_foot import place_foot
from evisynth.figures.forest_plot.placement_head import place_head
from evisynth.figures.note_marks import GAP, RISE

LEAST_SQUARE = 3.2  # smaller ones would vanish in the line of their interval
HAIR_LINE = 0.3  # under a row of a table
GHOST_GAP = 3.4  # from one pale mark to the next
FIRST_GHOST = 6.0  # below the middle of its row, clear of the largest square


def place_forest(layout: ForestLayout) -> Placement:
    """Place a layout on its page."""
    spans = measure_columns(layout)
    page = Placement(width=spans.right_end + MARGIN)
    pen = Pen(page, spans, layout)
    place_head(pen)
    for line in layout.lines:
        _line(pen, line)
    place_foot(pen)
    page.height = pen.y + MARGIN
    return page


def _line(pen: Pen, line: ForestLine) -> None:
    if line.kind in ("heading", "panel"):
        _heading(pen, line)
    elif line.kind == "note":
        pen.paragraph(line.cells["study"], MARGIN, pen.spans.left_end - MARGIN, "muted")
    else:
        _row(pen, line)


def _heading(pen: Pen, line: ForestLine) -> None:
    if pen.y > pen.panel_top:
        pen.y += 4
    size, first = pen.sizes.text, pen.y
    for text in wrap_text(clean_text(line.cells["study"]), pen.spans.left_end - MARGIN, size, bold=True):
        pen.text(MARGIN, pen.y + size, text, bold=True)
        pen.y += pen.sizes.line
    if line.kind == "panel":
        # What stands below has no weight: the uprights of what is pooled pause here.
        pen.gaps.append((first - 2, pen.y))
    pen.y += 3
    pen.banded = False


def _row(pen: Pen, line: ForestLine) -> None:
    summary = line.kind in ("summary", "refusal")
    if summary:
        pen.y += 3
    top, baseline = pen.y, pen.y + pen.sizes.text
    depth = 1 if line.kind == "row" else _label(pen, line, baseline)
    tone: Tone = "muted" if line.muted or line.kind == "prediction" else "ink"
    for place, column in enumerate(pen.layout.columns):
        if place == 0 and line.kind != "row" and not beside_label(column, line):
            continue
        if column.key in BIAS_KEYS:
            if line.kind == "row":
                _disc(pen, column, line.cells[column.key], baseline)
            continue
        depth = max(depth, _cell(pen, line, column, baseline, tone))
    # The middle of the x-height, where the eye reads a line of text.
    middle = baseline - 0.36 * pen.sizes.text
    if line.mark is not None:
        pen.page.marks.append(_placed_mark(pen, line.mark, middle, line.muted))
    if line.absolute_mark is not None and pen.spans.absolute_panel is not None:
        beside = _placed_mark(pen, line.absolute_mark, middle, line.muted, pen.spans.absolute_panel)
        pen.page.marks.append(beside)
    ghosts_end = _ghosts(pen, line, middle)
    if line.panel_text:
        depth = max(depth, _panel_text(pen, line, baseline))
    if line.kind == "summary" and line.cells.get("weight"):  # the model whose weights the rows show
        pen.pooled_bottom = middle
    pen.y = max(pen.y + pen.sizes.line * depth, ghosts_end) + pen.sizes.row_gap
    _band(pen, line, top)


def _band(pen: Pen, line: ForestLine, top: float) -> None:
    """Tint every other row, so that the eye finds its way from the name to the numbers."""
    tint, half = pen.style.paint.band_tint, pen.sizes.row_gap / 2
    if pen.style.row_rules and line.kind == "row":
        pen.page.rules.append(Rule(pen.y - half, MARGIN, pen.spans.left_end, HAIR_LINE))
    if tint is None or line.kind != "row":
        return
    pen.banded = not pen.banded
    if pen.banded:
        left, right = MARGIN - 4, pen.spans.right_end + 4
        pen.page.bands.append(Band(left, right, top - half, pen.y - half, tint))


def _label(pen: Pen, line: ForestLine, baseline: float) -> int:
    """Write the label of a summary over the first column and the empty ones after it."""
    first = pen.layout.columns[0]
    end = pen.spans.columns[first.key][1]
    value = beside_label(first, line)
    if value:
        end -= text_width(value, pen.sizes.text, True) + COLUMN_GAP
    for column in () if value else pen.layout.columns[1:]:
        if column.place == "after" or line.cells.get(column.key):
            break
        end = pen.spans.columns[column.key][1]
    bold = line.kind != "prediction" and not line.exploratory
    tone: Tone = "muted" if line.kind == "prediction" else "ink"
    label = clean_text(line.cells.get("study", ""))
    lines = wrap_text(label, end - MARGIN, pen.sizes.text, bold=bold)
    for i, text in enumerate(lines):
        pen.text(MARGIN, baseline + i * pen.sizes.line, text, bold=bold, tone=tone)
    return max(len(lines), 1)


def _cell(pen: Pen, line: ForestLine, column: Column, baseline: float, tone: Tone) -> int:
    """Write a cell; the first one with the letters of its notes. Returns how many lines it takes."""
    first = column is pen.layout.columns[0]
    indent = pen.spans.indent if first else 0.0
    width = pen.width(column.key) - indent
    if first and line.note_marks:
        width -= text_width(line.note_marks, pen.sizes.small) + 3
    text = "" if line.kind != "row" and column.key == "study" else clean_text(line.cells.get(column.key, ""))
    bold = line.kind in ("summary", "refusal") and not line.exploratory
    lines = wrap_text(text, width, pen.sizes.text, bold=bold)
    pen.column_text(column, lines, baseline, bold=bold, tone=tone, indent=indent)
    if first and line.note_marks:
        _note_marks(pen, line, column, lines, baseline)
    return len(lines)


def _disc(pen: Pen, column: Column, symbol: str, baseline: float) -> None:
    """Place a disc with its symbol in the middle of its column; a ring has none."""
    left, right = pen.spans.columns[column.key]
    x, size, paint = (left + right) / 2, pen.sizes.text, DISCS[symbol]
    disc = PlacedDisc(x, baseline - DISC_MIDDLE * size, DISC_RADIUS * size, paint.face, paint.edge)
    pen.page.discs.append(disc)
    if symbol != RING:
        pen.text(x, baseline - paint.raised * size, symbol, bold=True, tone=paint.tone, align="center")


def _note_marks(pen: Pen, line: ForestLine, column: Column, lines: list[str], baseline: float) -> None:
    left, right = pen.spans.columns[column.key]
    width = text_width(lines[-1], pen.sizes.text) if lines else 0.0
    x = left + pen.spans.indent + width if column.align == "left" else right
    y = baseline + pen.sizes.line * max(len(lines) - 1, 0)
    marks = PlacedText(
        x + GAP,
        y - RISE,
        line.note_marks,
        pen.sizes.small,
        italic=True,
        tone="muted",
        # The end of a text that stands at the right is the same in every font.
        trailing=bool(lines) and column.align == "left",
    )
    pen.page.texts.append(marks)


def _placed_mark(
    pen: Pen, mark: Mark, y: float, muted: bool, panel: tuple[float, float] | None = None
) -> PlacedMark:
    left, right = panel or pen.spans.panel
    lower, upper = (left + share * (right - left) for share in (mark.lower, mark.upper))
    side = max(pen.sizes.largest_square * mark.side, LEAST_SQUARE)
    estimate = None if mark.estimate is None else left + mark.estimate * (right - left)
    return PlacedMark(mark, y, lower, upper, estimate, side, muted)


def _ghosts(pen: Pen, line: ForestLine, middle: float) -> float:
    """Place the other recoveries of a row below its mark; returns where they end."""
    y = middle
    for number, mark in enumerate(line.ghosts):
        y = middle + FIRST_GHOST + GHOST_GAP * number
        pen.page.ghosts.append(_placed_mark(pen, mark, y, True))
    return y + 1.5


def _panel_text(pen: Pen, line: ForestLine, baseline: float) -> int:
    """Write words into the panel; the vertical lines stop there. Returns how many lines the row takes."""
    size, height = pen.sizes.text, pen.sizes.line
    text = clean_text(line.panel_text)
    if line.mark is None:
        left = pen.spans.panel[0]
        lines, first = wrap_text(text, _refusal_end(pen, line) - left, size), 0
    else:
        left, first = _beside(pen, line.mark, text_width(text, size))
        lines = [text]
    tone: Tone = "ink" if line.kind == "refusal" else "muted"
    for i, piece in enumerate(lines, start=first):
        pen.text(left, baseline + i * height, piece, italic=True, tone=tone)
    last = first + len(lines)
    pen.gaps.append((pen.y + height * first - 1.5, pen.y + height * last + 1.5))
    return last


def _beside(pen: Pen, mark: Mark, width: float) -> tuple[float, int]:
    """Find room for a word at a mark: right of it, left of it, else on the next line below it."""
    panel_left, panel_right = pen.spans.panel
    grace = COLUMN_GAP / 2
    right_of, left_of = pen.x_of(mark.upper) + 7, pen.x_of(mark.lower) - 7 - width
    if right_of + width <= panel_right + grace:
        return right_of, 0
    if left_of >= panel_left - grace:
        return left_of, 0
    middle = pen.x_of(0.5 if mark.estimate is None else mark.estimate)
    return min(max(middle - width / 2, panel_left), panel_right - width), 1


def _refusal_end(pen: Pen, line: ForestLine) -> float:
    """Return where a refusal in the panel ends: it runs over the empty columns next to it."""
    end = pen.spans.panel[1]
    for column in pen.layout.columns:
        if column.place == "after":
            if line.cells.get(column.key):
                break
            end = pen.spans.columns[column.key][1]
    return end
