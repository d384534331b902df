"""From a layout to places on the page, in points from the top left: widths, wrapped lines, heights.

The page is as wide as its columns need and as high as its lines need. Text is placed by its baseline, so
that places do not depend on how a renderer measures it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from evisynth.figures.fonts import clean_text, text_width, wrap_text
from evisynth.figures.forest.columns import COLUMN_GAP, MARGIN, SIZE, SMALL, Spans, measure_columns
from evisynth.figures.forest.layout import Column, ColumnKey, ForestLayout, ForestLine, Mark

Tone = Literal["ink", "muted"]

TITLE = 10.5
LINE = 10.5  # from one wrapped line to the next
SMALL_LINE = 9.2
ROW_GAP = 5.0  # between two rows, on top of their lines
LARGEST_SQUARE = 9.0
LEAST_SQUARE = 3.2  # smaller ones would vanish in the line of their interval
DIAMOND_HEIGHT = 9.0


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A line of text at its baseline."""

    x: float
    y: float
    text: str
    size: float = SIZE
    bold: bool = False
    italic: bool = False
    tone: Tone = "ink"
    align: Literal["left", "right", "center"] = "left"


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A mark with the middle of its line; its shares of the axis turned into points."""

    mark: Mark
    y: float
    lower: float
    upper: float
    estimate: float | None
    side: float
    muted: bool


@dataclass(slots=True)
class Placement:
    """Everything on the page. ``uprights`` are vertical lines (x, top, bottom), ``rules`` horizontal ones."""

    width: float
    height: float = 0.0
    texts: list[PlacedText] = field(default_factory=list)
    marks: list[PlacedMark] = field(default_factory=list)
    rules: list[tuple[float, float, float]] = field(default_factory=list)
    null_line: list[tuple[float, float, float]] = field(default_factory=list)
    pooled_line: list[tuple[float, float, float]] = field(default_factory=list)
    axis_line: tuple[float, float, float] | None = None
    tick_lines: list[tuple[float, float, float]] = field(default_factory=list)


def place_forest(layout: ForestLayout) -> Placement:
    """Place a layout on its page."""
    spans = measure_columns(layout)
    page = Placement(width=spans.right_end + MARGIN)
    pen = _Pen(page, spans, layout)
    pen.title()
    pen.header()
    for line in layout.lines:
        pen.line(line)
    pen.close_panel()
    pen.axis()
    pen.small_print()
    pen.footnotes()
    page.height = pen.y + MARGIN
    return page


class _Pen:
    """Goes down the page line by line; ``y`` is where the next line begins."""

    def __init__(self, page: Placement, spans: Spans, layout: ForestLayout) -> None:
        self.page, self.spans, self.layout = page, spans, layout
        self.y = MARGIN
        self.panel_top = 0.0
        self.pooled_bottom: float | None = None
        self.gaps: list[tuple[float, float]] = []

    def x_of(self, share: float) -> float:
        left, right = self.spans.panel
        return left + share * (right - left)

    def title(self) -> None:
        width = self.spans.right_end - MARGIN
        for text in wrap_text(clean_text(self.layout.title), width, TITLE, bold=True):
            self.page.texts.append(PlacedText(MARGIN, self.y + TITLE, text, TITLE, bold=True))
            self.y += TITLE * 1.3
        self.y += 6 if self.layout.title.strip() else 0

    def header(self) -> None:
        self._rule(self.y)
        headings = {
            column.key: wrap_text(column.heading, self._width(column.key), SIZE, bold=True)
            for column in self.layout.columns
        }
        most = max(len(lines) for lines in headings.values())
        self.y += 4
        for column in self.layout.columns:
            lines = headings[column.key]
            first = self.y + SIZE + LINE * (most - len(lines))
            self._column_text(column, lines, first, bold=True)
        self.y += LINE * most + 3
        self._rule(self.y)
        self.y += 4
        self.panel_top = self.y

    def line(self, line: ForestLine) -> None:
        if line.kind == "heading":
            self._heading(line)
        elif line.kind == "note":
            self._note(line)
        else:
            self._row(line)

    def _heading(self, line: ForestLine) -> None:
        if self.y > self.panel_top:
            self.y += 4
        for text in wrap_text(clean_text(line.cells["study"]), self._left_width(), SIZE, bold=True):
            self.page.texts.append(PlacedText(MARGIN, self.y + SIZE, text, bold=True))
            self.y += LINE
        self.y += 3

    def _note(self, line: ForestLine) -> None:
        self._paragraph(line.cells["study"], MARGIN, self._left_width(), "muted")

    def _paragraph(self, text: str, x: float, width: float, tone: Tone) -> None:
        for piece in wrap_text(clean_text(text), width, SMALL):
            self.page.texts.append(PlacedText(x, self.y + SMALL, piece, SMALL, tone=tone))
            self.y += SMALL_LINE
        self.y += 1.5

    def _row(self, line: ForestLine) -> None:
        summary = line.kind in ("summary", "refusal")
        if summary:
            self.y += 3
        baseline = self.y + SIZE
        depth = 1
        for column in self.layout.columns:
            lines = self._wrapped_cell(line, column)
            tone: Tone = "muted" if line.muted or line.kind == "prediction" else "ink"
            self._column_text(column, lines, baseline, bold=summary, tone=tone)
            if column.key == "study" and line.note_marks:
                self._note_marks(line, lines, baseline)
            depth = max(depth, len(lines))
        # The middle of the x-height, where the eye reads a line of text.
        middle = baseline - 0.36 * SIZE
        if line.mark is not None:
            self._mark(line, line.mark, middle)
        if line.panel_text:
            depth = max(depth, self._panel_text(line, baseline))
        if line.kind == "summary":
            self.pooled_bottom = middle
        self.y += LINE * depth + ROW_GAP

    def _wrapped_cell(self, line: ForestLine, column: Column) -> list[str]:
        width = self._width(column.key)
        if line.kind != "row" and column.key == "study":
            width = max(width, self._name_width())
        text = clean_text(line.cells.get(column.key, ""))
        if column.key == "study" and line.note_marks:
            width -= text_width(line.note_marks, SMALL) + 3
        return wrap_text(text, width, SIZE, bold=line.kind in ("summary", "refusal"))

    def _note_marks(self, line: ForestLine, lines: list[str], baseline: float) -> None:
        width = text_width(lines[-1], SIZE) if lines else 0.0
        y = baseline + LINE * max(len(lines) - 1, 0) - 2.6
        self.page.texts.append(
            PlacedText(MARGIN + width + 2, y, line.note_marks, SMALL, italic=True, tone="muted")
        )

    def _mark(self, line: ForestLine, mark: Mark, middle: float) -> None:
        side = max(LARGEST_SQUARE * mark.side, LEAST_SQUARE)
        self.page.marks.append(
            PlacedMark(
                mark,
                middle,
                self.x_of(mark.lower),
                self.x_of(mark.upper),
                None if mark.estimate is None else self.x_of(mark.estimate),
                side,
                line.muted,
            )
        )

    def _panel_text(self, line: ForestLine, baseline: float) -> int:
        """Write words into the panel; the vertical lines stop there. Returns how many lines the row takes."""
        text = clean_text(line.panel_text)
        if line.mark is None:
            left = self.spans.panel[0]
            lines, first = wrap_text(text, self._refusal_end() - left, SIZE), 0
        else:
            left, first = self._beside(line.mark, text_width(text, SIZE))
            lines = [text]
        tone: Tone = "ink" if line.kind == "refusal" else "muted"
        for i, piece in enumerate(lines, start=first):
            self.page.texts.append(PlacedText(left, baseline + i * LINE, piece, italic=True, tone=tone))
        last = first + len(lines)
        self.gaps.append((self.y + LINE * first - 1.5, self.y + LINE * last + 1.5))
        return last

    def _beside(self, mark: Mark, width: float) -> tuple[float, int]:
        """Find room for a word at a mark: right of it, left of it, else on the next line below it."""
        panel_left, panel_right = self.spans.panel
        grace = COLUMN_GAP / 2
        right_of, left_of = self.x_of(mark.upper) + 7, self.x_of(mark.lower) - 7 - width
        if right_of + width <= panel_right + grace:
            return right_of, 0
        if left_of >= panel_left - grace:
            return left_of, 0
        middle = self.x_of(0.5 if mark.estimate is None else mark.estimate)
        return min(max(middle - width / 2, panel_left), panel_right - width), 1

    def _refusal_end(self) -> float:
        """Return where a refusal in the panel ends: it runs over the empty column of the effect."""
        empty = [self.spans.columns[k][1] for k in ("effect",) if k in self.spans.columns]
        return max([self.spans.panel[1], *empty])

    def close_panel(self) -> None:
        """Draw the line of no effect, and a thin line up from the overall estimate, around the words."""
        axis = self.layout.axis
        self.y += 2
        if axis is None:
            if not self.layout.footnotes:
                self._rule(self.y)
            return
        top, bottom = self.panel_top - 4, self.y
        if axis.null_place is not None:
            self.page.null_line = self._upright(axis.null_place, top, bottom)
        if self.layout.pooled_place is not None and self.pooled_bottom is not None:
            self.page.pooled_line = self._upright(
                self.layout.pooled_place, top + 4, self.pooled_bottom - DIAMOND_HEIGHT / 2
            )

    def _upright(self, share: float, top: float, bottom: float) -> list[tuple[float, float, float]]:
        x, pieces, start = self.x_of(share), [], top
        for gap_top, gap_bottom in self.gaps:
            if gap_top > start:
                pieces.append((x, start, min(gap_top, bottom)))
            start = max(start, gap_bottom)
        if start < bottom:
            pieces.append((x, start, bottom))
        # A stub between two lines of words would look like a mark of its own.
        heights = [placed.y for placed in self.page.marks]
        return [piece for piece in pieces if any(piece[1] <= y <= piece[2] for y in heights)]

    def axis(self) -> None:
        axis = self.layout.axis
        if axis is None:
            self.y += 4
            return
        left, right = self.spans.panel
        self.page.axis_line = (self.y, left, right)
        for tick in axis.ticks:
            x = self.x_of(tick.place)
            self.page.tick_lines.append((x, self.y, self.y + 3))
            self.page.texts.append(PlacedText(x, self.y + 4 + SMALL, tick.label, SMALL, align="center"))
        self.y += 4 + SMALL + 3
        middle = (left + right) / 2
        for text in wrap_text(axis.title, right - left + 60, SMALL):
            self.page.texts.append(
                PlacedText(middle, self.y + SMALL, text, SMALL, tone="muted", align="center")
            )
            self.y += SMALL_LINE
        if axis.favours is not None and axis.null_place is not None:
            self._favours(self.x_of(axis.null_place), axis.favours)
        self.y += 4

    def _favours(self, null: float, favours: tuple[str, str]) -> None:
        """Write what each side favours, away from the line of no effect, as wide as the page allows."""
        left, right = (clean_text(text) for text in favours)
        arrow = text_width("← ", SIZE)
        left_lines = wrap_text(left, min(null - MARGIN - 8, 190.0) - arrow, SIZE)
        right_lines = wrap_text(right, min(self.spans.right_end - null - 8, 190.0) - arrow, SIZE)
        if left_lines:
            left_lines[0] = f"← {left_lines[0]}"
        if right_lines:
            right_lines[-1] = f"{right_lines[-1]} →"
        self.y += 2
        for i, text in enumerate(left_lines):
            self.page.texts.append(PlacedText(null - 8, self.y + SIZE + i * LINE, text, align="right"))
        for i, text in enumerate(right_lines):
            self.page.texts.append(PlacedText(null + 8, self.y + SIZE + i * LINE, text))
        self.y += LINE * max(len(left_lines), len(right_lines), 1)

    def small_print(self) -> None:
        """Write what stands behind the overall estimate, under the axis and as wide as the page."""
        self.y += 4 if self.layout.small_print else 0
        for text in self.layout.small_print:
            self._paragraph(text, MARGIN, self.spans.right_end - MARGIN, "ink")

    def footnotes(self) -> None:
        if not self.layout.footnotes:
            return
        self.y += 3
        self._rule(self.y)
        self.y += 4
        indent = max((text_width(note.mark, SMALL) for note in self.layout.footnotes), default=0.0)
        for note in self.layout.footnotes:
            x = MARGIN + (indent + 4 if note.mark else 0)
            if note.mark:
                self.page.texts.append(
                    PlacedText(MARGIN, self.y + SMALL, note.mark, SMALL, italic=True, tone="muted")
                )
            self._paragraph(note.text, x, self.spans.right_end - x, "muted")

    def _column_text(
        self, column: Column, lines: list[str], first: float, *, bold: bool = False, tone: Tone = "ink"
    ) -> None:
        left, right = self.spans.columns[column.key]
        x = {"left": left, "right": right, "center": (left + right) / 2}[column.align]
        for i, text in enumerate(lines):
            self.page.texts.append(
                PlacedText(x, first + i * LINE, text, bold=bold, tone=tone, align=column.align)
            )

    def _rule(self, y: float) -> None:
        self.page.rules.append((y, MARGIN, self.spans.right_end))

    def _width(self, key: ColumnKey) -> float:
        left, right = self.spans.columns[key]
        return right - left

    def _left_width(self) -> float:
        return self.spans.left_end - MARGIN

    def _name_width(self) -> float:
        """Return the width of the columns that name a row, over which a summary's label runs."""
        named = [self.spans.columns[k][1] for k in ("study", "groups") if k in self.spans.columns]
        return max(named) - MARGIN
