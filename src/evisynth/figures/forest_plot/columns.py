"""The widths of the columns of a forest plot, and the places of columns and axis, in points."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from evisynth.figures.fonts import clean_text, text_width
from evisynth.figures.forest_plot.bias import BIAS_KEYS, DISC_GAP, disc_width, stand_close
from evisynth.figures.forest_plot.layout import Column, ForestLayout, ForestLine
from evisynth.figures.forest_plot.names import ColumnKey

MARGIN = 12.0
COLUMN_GAP = 13.0
PANEL_GAP = 16.0  # between the last column and the axis, whose first label reaches out to the left
ABSOLUTE_PANEL = 96.0  # the second panel, of patients: two ticks and a baseline are all it shows
#: Texts longer than this wrap, at the size of the default layout.
WIDEST: dict[ColumnKey, float] = {
    "study": 150.0,
    "group": 190.0,
    "printed": 170.0,
    "recovery": 110.0,
}
WIDEST_SPANNER = 90.0  # a longer heading over several columns wraps
WIDEST_WORD = 130.0  # of a heading: longer ones, in scripts without spaces, break within
WIDEST_ALONE = 250.0  # of the column of studies where no groups stand beside it
WIDEST_LABEL = 76.0  # of a summary beside its patients: room for "Pooled estimate" on one line
LEAST_LEFT = 125.0  # of the columns before the axis: room for the labels of summaries
LEAST_LEFT_OF_PRINT = 235.0  # the same where small print stands there
NAMING = frozenset({"study", "group", "printed", "recovery", "time"})


@dataclass(frozen=True, slots=True)
class Spans:
    """Where columns and axis stand: left and right edge of each, in points.

    ``indent`` is how far rows stand in from their headings, in the first column. ``absolute_panel`` is the
    second panel, of patients, where there is one.
    """

    columns: dict[ColumnKey, tuple[float, float]]
    panel: tuple[float, float]
    left_end: float
    right_end: float
    indent: float = 0.0
    absolute_panel: tuple[float, float] | None = None


def measure_columns(layout: ForestLayout) -> Spans:
    """Give every column the width it needs, and the axis its place between them."""
    style = layout.style
    indent = style.indent if any(line.kind in ("heading", "panel") for line in layout.lines) else 0.0
    widths = {column.key: column_width(column, layout) for column in layout.columns}
    _widen_under_spanners(layout, widths)
    before = [column.key for column in layout.columns if column.place == "before"]
    after = [column.key for column in layout.columns if column.place == "after"]
    widths[before[0]] += indent
    _widen_for_labels(layout, before, widths)
    printed_left = style.print_place == "left" or any(line.kind == "note" for line in layout.lines)
    least = LEAST_LEFT_OF_PRINT if printed_left else LEAST_LEFT
    missing = least - sum(widths[key] for key in before) - sum(map(_gap, before, before[1:]))
    widths["study" if "study" in before else before[0]] += max(missing, 0.0)
    columns: dict[ColumnKey, tuple[float, float]] = {}
    x = MARGIN
    for key, following in zip_longest(before, before[1:]):
        columns[key] = (x, x + widths[key])
        x += widths[key] + _gap(key, following)
    left_end = x - COLUMN_GAP
    panel = (left_end + PANEL_GAP, left_end + PANEL_GAP + style.sizes.panel)
    x = panel[1] + COLUMN_GAP
    absolute_panel = None
    for key, following in zip_longest(after, after[1:]):
        if key == "absolute" and layout.absolute_axis is not None:
            absolute_panel = (x + PANEL_GAP, x + PANEL_GAP + ABSOLUTE_PANEL)
            x = absolute_panel[1] + COLUMN_GAP
        columns[key] = (x, x + widths[key])
        x += widths[key] + _gap(key, following)
    return Spans(columns, panel, left_end, x - COLUMN_GAP, indent, absolute_panel)


def _gap(key: ColumnKey, following: ColumnKey | None) -> float:
    """Return the room between two columns; after the last one it is that of any column."""
    return DISC_GAP if following is not None and stand_close(key, following) else COLUMN_GAP


def _widen_under_spanners(layout: ForestLayout, widths: dict[ColumnKey, float]) -> None:
    """Give columns under one heading the room that it needs, in equal parts."""
    size = layout.style.sizes.text
    for spanner in dict.fromkeys(column.spanner for column in layout.columns if column.spanner):
        keys = [column.key for column in layout.columns if column.spanner == spanner]
        longest_word = max(text_width(word, size, True) for word in spanner.split(" "))
        widest = max(min(longest_word, WIDEST_WORD), WIDEST_SPANNER)
        needed = min(text_width(spanner, size, True), widest) + 1.0
        missing = needed - sum(widths[key] for key in keys) - sum(map(_gap, keys, keys[1:]))
        for key in keys:
            widths[key] += max(missing, 0.0) / len(keys)


def _widen_for_labels(layout: ForestLayout, before: list[ColumnKey], widths: dict[ColumnKey, float]) -> None:
    """Give the first column the room that the labels of summaries need where the next one is filled."""
    first, size = before[0], layout.style.sizes.text
    columns = {column.key: column for column in layout.columns}
    for line in layout.lines:
        if line.kind not in ("summary", "refusal", "prediction"):
            continue
        label = clean_text(line.cells.get("study", ""))
        value = beside_label(columns[first], line)
        filled = [bool(value or line.cells.get(key)) for key in before[1:]]
        free = before[: 1 + (filled.index(True) if True in filled else len(filled))]
        longest_word = max((text_width(word, size, True) for word in label.split(" ")), default=0.0)
        needed = max(min(text_width(label, size, True), WIDEST_LABEL), longest_word) + 1.0
        needed += text_width(value, size, True) + COLUMN_GAP if value else 0.0
        room = sum(widths[key] for key in free) + sum(map(_gap, free, free[1:]))
        widths[first] += max(needed - room, 0.0)


def beside_label(column: Column, line: ForestLine) -> str:
    """Return what a summary says in the first column beside its label, where that column holds numbers."""
    named = column.align != "right" or column.key in NAMING
    return "" if named or line.kind == "row" else clean_text(line.cells.get(column.key, ""))


def column_width(column: Column, layout: ForestLayout) -> float:
    """Return the width a column needs for its rows; long names are held to `WIDEST` and wrap."""
    sizes = layout.style.sizes
    first = layout.columns[0].key
    kinds = ("row",) if column.key in NAMING or column.key == first else ("row", "summary", "prediction")
    cells = [
        text_width(clean_text(line.cells.get(column.key, "")), sizes.text, line.kind == "summary")
        + (text_width(line.note_marks, sizes.small) + 3 if column.key == first and line.note_marks else 0.0)
        for line in layout.lines
        if line.kind in kinds
    ]
    words = column.heading.split(" ")  # not at no-break spaces
    heading = min(max((text_width(word, sizes.text, True) for word in words), default=0.0), WIDEST_WORD)
    widest = WIDEST.get(column.key)
    if column.key == "study" and all(other.key != "group" for other in layout.columns):
        widest = WIDEST_ALONE
    natural = max([*cells, heading, disc_width(sizes.text) if column.key in BIAS_KEYS else 0.0])
    # One point of grace, since a renderer may hint glyphs a little wider than they were designed.
    return (natural if widest is None else max(min(natural, widest), heading)) + 1.0
