"""How wide the columns of a forest plot are, and where they and the axis stand, in points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evisynth.figures.fonts import clean_text, text_width
from evisynth.figures.forest.layout import Column, ColumnKey, ForestLayout, ForestLine

SIZE = 8.0  # of the text of rows
SMALL = 7.0  # of notes, ticks and letters
MARGIN = 12.0
COLUMN_GAP = 13.0
PANEL_GAP = 16.0  # between the last column and the axis, whose first label reaches out to the left
PANEL = 205.0
WIDEST = {"study": 150.0, "groups": 190.0}  # texts longer than this wrap
LEAST_LEFT = 125.0  # of the columns before the axis: room for the labels of summaries
LEAST_LEFT_OF_PRINT = 235.0  # the same where small print stands there


@dataclass(frozen=True, slots=True)
class Spans:
    """Where columns and axis stand: left and right edge of each, in points."""

    columns: dict[ColumnKey, tuple[float, float]]
    panel: tuple[float, float]
    left_end: float
    right_end: float


def measure_columns(layout: ForestLayout) -> Spans:
    """Give every column the width it needs, and the axis its place between them."""
    widths = {column.key: column_width(column, layout.lines) for column in layout.columns}
    before = [column.key for column in layout.columns if column.place == "before"]
    after = [column.key for column in layout.columns if column.place == "after"]
    least = LEAST_LEFT_OF_PRINT if any(line.kind == "note" for line in layout.lines) else LEAST_LEFT
    missing = least - sum(widths[key] for key in before) - COLUMN_GAP * (len(before) - 1)
    widths["study"] += max(missing, 0.0)
    columns: dict[ColumnKey, tuple[float, float]] = {}
    x = MARGIN
    for key in before:
        columns[key] = (x, x + widths[key])
        x += widths[key] + COLUMN_GAP
    left_end = x - COLUMN_GAP
    panel = (left_end + PANEL_GAP, left_end + PANEL_GAP + PANEL)
    x = panel[1] + COLUMN_GAP
    for key in after:
        columns[key] = (x, x + widths[key])
        x += widths[key] + COLUMN_GAP
    return Spans(columns, panel, left_end, x - COLUMN_GAP)


def column_width(column: Column, lines: Sequence[ForestLine]) -> float:
    """Return the width a column needs for its rows; long names are held to `WIDEST` and wrap."""
    kinds = ("row",) if column.key in ("study", "groups") else ("row", "summary", "prediction")
    cells = [
        text_width(clean_text(line.cells.get(column.key, "")), SIZE, line.kind == "summary")
        + (text_width(line.note_marks, SMALL) + 3 if column.key == "study" and line.note_marks else 0.0)
        for line in lines
        if line.kind in kinds
    ]
    words = column.heading.split(" ")  # not at no-break spaces
    heading = max((text_width(word, SIZE, True) for word in words), default=0.0)
    widest = WIDEST.get(column.key)
    natural = max([*cells, heading])
    # One point of grace, since a renderer may hint glyphs a little wider than they were designed.
    return (natural if widest is None else max(min(natural, widest), heading)) + 1.0
