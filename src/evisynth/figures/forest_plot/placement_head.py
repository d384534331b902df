"""The head of a forest plot: title, headings of columns and their groups, what stands over the axis."""

from __future__ import annotations

from itertools import groupby

from evisynth.figures.fonts import clean_text, wrap_text
from evisynth.figures.forest_plot.columns import MARGIN
from evisynth.figures.forest_plot.layout import Column
from evisynth.figures.forest_plot.placed import Band, Cursor, Rule
from evisynth.figures.forest_plot.placement_favours import Sides, place_sides, sides_over_plot
from evisynth.figures.placed_text import PlacedText

SPANNER_GAP = 3.0  # between the heading of a group of columns and those of its columns: room for a rule


def place_head(cursor: Cursor) -> None:
    """Place all that stands above the first line."""
    _title(cursor)
    _headings(cursor)


def _title(cursor: Cursor) -> None:
    width, size = cursor.spans.right_end - MARGIN, cursor.sizes.title
    for text in wrap_text(clean_text(cursor.layout.title), width, size, bold=True):
        cursor.page.texts.append(PlacedText(MARGIN, cursor.y + size, text, size, bold=True))
        cursor.y += size * 1.3
    cursor.y += 6 if cursor.layout.title.strip() else 0


def _headings(cursor: Cursor) -> None:
    paint, top = cursor.style.paint, cursor.y
    cursor.rule(paint.rule_above)
    columns = cursor.layout.columns
    headings = {column.key: _wrapped(cursor, column.heading, cursor.width(column.key)) for column in columns}
    over_plot = _over_plot(cursor)
    sides = sides_over_plot(cursor)
    groups = _groups(columns)
    spanners = [_wrapped(cursor, group[0].spanner, _width(cursor, group)) for group in groups]
    heights = [
        cursor.sizes.line * max(len(headings[column.key]) for column in group)
        + (cursor.sizes.line * len(spanner) + SPANNER_GAP if spanner else 0.0)
        for group, spanner in zip(groups, spanners, strict=True)
    ]
    height = max([*heights, cursor.sizes.line * max(len(over_plot), sides.line_count)])
    cursor.y += 4
    last = cursor.y + height - cursor.sizes.line + cursor.sizes.text  # the baseline on which all headings end
    for column in columns:
        _heading(cursor, column, headings[column.key], last)
    for group, spanner in zip(groups, spanners, strict=True):
        _spanner(cursor, group, spanner, last - cursor.sizes.line * max(len(headings[c.key]) for c in group))
    _centred(cursor, cursor.spans.panel, over_plot, last)
    _place_sides_over(cursor, sides, last)
    cursor.y += height + 3
    cursor.rule(paint.rule_below)
    if paint.head_tint is not None:
        cursor.page.bands.append(Band(MARGIN - 4, cursor.spans.right_end + 4, top, cursor.y, paint.head_tint))
    cursor.y += 4
    cursor.panel_top = cursor.y


def _wrapped(cursor: Cursor, text: str, width: float) -> list[str]:
    return wrap_text(clean_text(text), width, cursor.sizes.text, bold=True)


def _over_plot(cursor: Cursor) -> list[str]:
    """Wrap the heading over the plot as narrow as the column that it repeats, so that both break alike."""
    left, right = cursor.spans.panel
    widest = cursor.width("effect") if "effect" in cursor.spans.columns else right - left
    return _wrapped(cursor, cursor.layout.plot_heading, widest)


def _groups(columns: tuple[Column, ...]) -> list[list[Column]]:
    """Put neighbours under the same heading together; a column without one stands alone."""
    return [
        part
        for spanner, group in groupby(columns, key=lambda column: (column.spanner, column.place))
        for members in (list(group),)
        for part in ([members] if spanner[0] else [[column] for column in members])
    ]


def _width(cursor: Cursor, group: list[Column]) -> float:
    return cursor.spans.columns[group[-1].key][1] - cursor.spans.columns[group[0].key][0]


def _heading(cursor: Cursor, column: Column, lines: list[str], last: float) -> None:
    cursor.column_text(column, lines, last - cursor.sizes.line * (len(lines) - 1), bold=True)


def _spanner(cursor: Cursor, group: list[Column], lines: list[str], last: float) -> None:
    """Write the heading of a group of columns with a rule under it, as long as the group is wide."""
    if not lines:
        return
    left, right = cursor.spans.columns[group[0].key][0], cursor.spans.columns[group[-1].key][1]
    _centred(cursor, (left, right), lines, last - SPANNER_GAP)
    cursor.page.rules.append(Rule(last - SPANNER_GAP + 2.6, left, right, 0.5))


def _centred(cursor: Cursor, span: tuple[float, float], lines: list[str], last: float) -> None:
    for i, text in enumerate(lines):
        y = last - cursor.sizes.line * (len(lines) - 1 - i)
        cursor.text((span[0] + span[1]) / 2, y, text, bold=True, align="center")


def _place_sides_over(cursor: Cursor, sides: Sides, last: float) -> None:
    if sides.line_count:
        place_sides(cursor, sides, last - cursor.sizes.line * (sides.line_count - 1), bold=True)
        cursor.favours_told = True
