"""From a layout to places on the page, in points from the top left: widths, wrapped lines, heights.

The page is as wide as its columns need and as high as its lines need. Text is placed by its baseline, so
that places do not depend on how a renderer measures it.
"""

from __future__ import annotations

from evisynth.figures.fonts import clean_text, text_width, wrap_text
from evisynth.figures.forest_plot.bias import BIAS_KEYS, DISC_MIDDLE, DISC_RADIUS, DISCS, RING
from evisynth.figures.forest_plot.columns import COLUMN_GAP, MARGIN, beside_label, measure_columns
from evisynth.figures.forest_plot.head_and_foot import place_foot, place_head
from evisynth.figures.forest_plot.layout import Column, ForestLayout, ForestLine, Mark
from evisynth.figures.forest_plot.placed import Band, Cursor, PlacedDisc, PlacedMark, Placement, Rule
from evisynth.figures.placed_text import MARK_GAP, MARK_RISE, PlacedText
from evisynth.figures.tones import Tone

LEAST_SQUARE = 3.2  # smaller ones would vanish in the line of their interval
HAIR_LINE = 0.3  # under a row of a table
GHOST_GAP = 3.4  # from one pale mark to the next
FIRST_GHOST = 6.0  # below the middle of its row, clear of the largest square


def place_forest(layout: ForestLayout) -> Placement:
    """Place a layout on its page."""
    spans = measure_columns(layout)
    page = Placement(width=spans.right_end + MARGIN)
    cursor = Cursor(page, spans, layout)
    place_head(cursor)
    for line in layout.lines:
        _line(cursor, line)
    place_foot(cursor)
    page.height = cursor.y + MARGIN
    return page


def _line(cursor: Cursor, line: ForestLine) -> None:
    if line.kind in ("heading", "panel"):
        _heading(cursor, line)
    elif line.kind == "note":
        cursor.paragraph(line.cells["study"], MARGIN, cursor.spans.left_end - MARGIN, "muted")
    else:
        _row(cursor, line)


def _heading(cursor: Cursor, line: ForestLine) -> None:
    if cursor.y > cursor.panel_top:
        cursor.y += 4
    size, first = cursor.sizes.text, cursor.y
    for text in wrap_text(clean_text(line.cells["study"]), cursor.spans.left_end - MARGIN, size, bold=True):
        cursor.text(MARGIN, cursor.y + size, text, bold=True)
        cursor.y += cursor.sizes.line
    if line.kind == "panel":
        # What stands below has no weight: the uprights of what is pooled pause here.
        cursor.gaps.append((first - 2, cursor.y))
    cursor.y += 3
    cursor.banded = False


def _row(cursor: Cursor, line: ForestLine) -> None:
    summary = line.kind in ("summary", "refusal")
    if summary:
        cursor.y += 3
    top, baseline = cursor.y, cursor.y + cursor.sizes.text
    depth = 1 if line.kind == "row" else _label(cursor, line, baseline)
    tone: Tone = "muted" if line.muted or line.kind == "prediction" else "ink"
    for place, column in enumerate(cursor.layout.columns):
        if place == 0 and line.kind != "row" and not beside_label(column, line):
            continue
        if column.key in BIAS_KEYS:
            if line.kind == "row":
                _disc(cursor, column, line.cells[column.key], baseline)
            continue
        depth = max(depth, _cell(cursor, line, column, baseline, tone))
    # The middle of the x-height, where the eye reads a line of text.
    middle = baseline - 0.36 * cursor.sizes.text
    if line.mark is not None:
        cursor.page.marks.append(_placed_mark(cursor, line.mark, middle, line.muted))
    if line.absolute_mark is not None and cursor.spans.absolute_panel is not None:
        beside = _placed_mark(cursor, line.absolute_mark, middle, line.muted, cursor.spans.absolute_panel)
        cursor.page.marks.append(beside)
    ghosts_end = _ghosts(cursor, line, middle)
    if line.panel_text:
        depth = max(depth, _panel_text(cursor, line, baseline))
    if line.kind == "summary" and line.cells.get("weight"):  # the model whose weights the rows show
        cursor.pooled_bottom = middle
    cursor.y = max(cursor.y + cursor.sizes.line * depth, ghosts_end) + cursor.sizes.row_gap
    _band(cursor, line, top)


def _band(cursor: Cursor, line: ForestLine, top: float) -> None:
    """Tint every other row, so that the eye finds its way from the name to the numbers."""
    tint, half = cursor.style.paint.band_tint, cursor.sizes.row_gap / 2
    if cursor.style.row_rules and line.kind == "row":
        cursor.page.rules.append(Rule(cursor.y - half, MARGIN, cursor.spans.left_end, HAIR_LINE))
    if tint is None or line.kind != "row":
        return
    cursor.banded = not cursor.banded
    if cursor.banded:
        left, right = MARGIN - 4, cursor.spans.right_end + 4
        cursor.page.bands.append(Band(left, right, top - half, cursor.y - half, tint))


def _label(cursor: Cursor, line: ForestLine, baseline: float) -> int:
    """Write the label of a summary over the first column and the empty ones after it."""
    first = cursor.layout.columns[0]
    end = cursor.spans.columns[first.key][1]
    value = beside_label(first, line)
    if value:
        end -= text_width(value, cursor.sizes.text, True) + COLUMN_GAP
    for column in () if value else cursor.layout.columns[1:]:
        if column.place == "after" or line.cells.get(column.key):
            break
        end = cursor.spans.columns[column.key][1]
    bold = line.kind != "prediction" and not line.exploratory
    tone: Tone = "muted" if line.kind == "prediction" else "ink"
    label = clean_text(line.cells.get("study", ""))
    lines = wrap_text(label, end - MARGIN, cursor.sizes.text, bold=bold)
    for i, text in enumerate(lines):
        cursor.text(MARGIN, baseline + i * cursor.sizes.line, text, bold=bold, tone=tone)
    return max(len(lines), 1)


def _cell(cursor: Cursor, line: ForestLine, column: Column, baseline: float, tone: Tone) -> int:
    """Write a cell; the first one with the letters of its notes. Returns how many lines it takes."""
    first = column is cursor.layout.columns[0]
    indent = cursor.spans.indent if first else 0.0
    width = cursor.width(column.key) - indent
    if first and line.note_marks:
        width -= text_width(line.note_marks, cursor.sizes.small) + 3
    text = "" if line.kind != "row" and column.key == "study" else clean_text(line.cells.get(column.key, ""))
    bold = line.kind in ("summary", "refusal") and not line.exploratory
    lines = wrap_text(text, width, cursor.sizes.text, bold=bold)
    cursor.column_text(column, lines, baseline, bold=bold, tone=tone, indent=indent)
    if first and line.note_marks:
        _note_marks(cursor, line, column, lines, baseline)
    return len(lines)


def _disc(cursor: Cursor, column: Column, symbol: str, baseline: float) -> None:
    """Place a disc with its symbol in the middle of its column; a ring has none."""
    left, right = cursor.spans.columns[column.key]
    x, size, paint = (left + right) / 2, cursor.sizes.text, DISCS[symbol]
    disc = PlacedDisc(x, baseline - DISC_MIDDLE * size, DISC_RADIUS * size, paint.face, paint.edge)
    cursor.page.discs.append(disc)
    if symbol != RING:
        cursor.text(x, baseline - paint.raised * size, symbol, bold=True, tone=paint.tone, align="center")


def _note_marks(cursor: Cursor, line: ForestLine, column: Column, lines: list[str], baseline: float) -> None:
    left, right = cursor.spans.columns[column.key]
    width = text_width(lines[-1], cursor.sizes.text) if lines else 0.0
    x = left + cursor.spans.indent + width if column.align == "left" else right
    y = baseline + cursor.sizes.line * max(len(lines) - 1, 0)
    marks = PlacedText(
        x + MARK_GAP,
        y - MARK_RISE,
        line.note_marks,
        cursor.sizes.small,
        italic=True,
        tone="muted",
        # The end of a text that stands at the right is the same in every font.
        trailing=bool(lines) and column.align == "left",
    )
    cursor.page.texts.append(marks)


def _placed_mark(
    cursor: Cursor, mark: Mark, y: float, muted: bool, panel: tuple[float, float] | None = None
) -> PlacedMark:
    left, right = panel or cursor.spans.panel
    lower, upper = (left + share * (right - left) for share in (mark.lower, mark.upper))
    side = max(cursor.sizes.largest_square * mark.side, LEAST_SQUARE)
    estimate = None if mark.estimate is None else left + mark.estimate * (right - left)
    return PlacedMark(mark, y, lower, upper, estimate, side, muted)


def _ghosts(cursor: Cursor, line: ForestLine, middle: float) -> float:
    """Place the other recoveries of a row below its mark; returns where they end."""
    y = middle
    for number, mark in enumerate(line.ghosts):
        y = middle + FIRST_GHOST + GHOST_GAP * number
        cursor.page.ghosts.append(_placed_mark(cursor, mark, y, True))
    return y + 1.5


def _panel_text(cursor: Cursor, line: ForestLine, baseline: float) -> int:
    """Write words into the panel; the vertical lines stop there. Returns how many lines the row takes."""
    size, height = cursor.sizes.text, cursor.sizes.line
    text = clean_text(line.panel_text)
    if line.mark is None:
        left = cursor.spans.panel[0]
        lines, first = wrap_text(text, _refusal_end(cursor, line) - left, size), 0
    else:
        left, first = _beside(cursor, line.mark, text_width(text, size))
        lines = [text]
    tone: Tone = "ink" if line.kind == "refusal" else "muted"
    for i, piece in enumerate(lines, start=first):
        cursor.text(left, baseline + i * height, piece, italic=True, tone=tone)
    last = first + len(lines)
    cursor.gaps.append((cursor.y + height * first - 1.5, cursor.y + height * last + 1.5))
    return last


def _beside(cursor: Cursor, mark: Mark, width: float) -> tuple[float, int]:
    """Find room for a word at a mark: right of it, left of it, else on the next line below it."""
    panel_left, panel_right = cursor.spans.panel
    grace = COLUMN_GAP / 2
    right_of, left_of = cursor.x_of(mark.upper) + 7, cursor.x_of(mark.lower) - 7 - width
    if right_of + width <= panel_right + grace:
        return right_of, 0
    if left_of >= panel_left - grace:
        return left_of, 0
    middle = cursor.x_of(0.5 if mark.estimate is None else mark.estimate)
    return min(max(middle - width / 2, panel_left), panel_right - width), 1


def _refusal_end(cursor: Cursor, line: ForestLine) -> float:
    """Return where a refusal in the panel ends: it runs over the empty columns next to it."""
    end = cursor.spans.panel[1]
    for column in cursor.layout.columns:
        if column.place == "after":
            if line.cells.get(column.key):
                break
            end = cursor.spans.columns[column.key][1]
    return end
