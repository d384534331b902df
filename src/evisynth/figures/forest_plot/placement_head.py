"""The head of a forest plot: title, headings of columns and their groups, what stands over the axis."""

from __future__ import annotations

from itertools import groupby

from evisynth.figures.fonts import clean_text, wrap_text
from evisynth.figures.forest_plot.columns import MARGIN
from evisynth.figures.forest_plot.layout import Column
from evisynth.figures.forest_plot.pen import Pen
from evisynth.figures.forest_plot.placed import Band, PlacedText, Rule
from evisynth.figures.forest_plot.placement_favours import Sides, place_sides, sides_over_plot

SPANNER_GAP = 3.0  # between the heading of a group of columns and those of its columns: room for a rule


def place_head(pen: Pen) -> None:
    """Place all that stands above the first line."""
    _title(pen)
    _headings(pen)


def _title(pen: Pen) -> None:
    width, size = pen.spans.right_end - MARGIN, pen.sizes.title
    for text in wrap_text(clean_text(pen.layout.title), width, size, bold=True):
        pen.page.texts.append(PlacedText(MARGIN, pen.y + size, text, size, bold=True))
        pen.y += size * 1.3
    pen.y += 6 if pen.layout.title.strip() else 0


def _headings(pen: Pen) -> None:
    paint, top = pen.style.paint, pen.y
    pen.rule(paint.rule_above)
    columns = pen.layout.columns
    headings = {column.key: _wrapped(pen, column.heading, pen.width(column.key)) for column in columns}
    over_plot = _over_plot(pen)
    sides = sides_over_plot(pen)
    groups = _groups(columns)
    spanners = [_wrapped(pen, group[0].spanner, _width(pen, group)) for group in groups]
    heights = [
        pen.sizes.line * max(len(headings[column.key]) for column in group)
        + (pen.sizes.line * len(spanner) + SPANNER_GAP if spanner else 0.0)
        for group, spanner in zip(groups, spanners, strict=True)
    ]
    height = max([*heights, pen.sizes.line * max(len(over_plot), sides.line_count)])
    pen.y += 4
    last = pen.y + height - pen.sizes.line + pen.sizes.text  # the baseline on which all headings end
    for column in columns:
        _heading(pen, column, headings[column.key], last)
    for group, spanner in zip(groups, spanners, strict=True):
        _spanner(pen, group, spanner, last - pen.sizes.line * max(len(headings[c.key]) for c in group))
    _centred(pen, pen.spans.panel, over_plot, last)
    _place_sides_over(pen, sides, last)
    pen.y += height + 3
    pen.rule(paint.rule_below)
    if paint.head_tint is not None:
        pen.page.bands.append(Band(MARGIN - 4, pen.spans.right_end + 4, top, pen.y, paint.head_tint))
    pen.y += 4
    pen.panel_top = pen.y


def _wrapped(pen: Pen, text: str, width: float) -> list[str]:
    return wrap_text(clean_text(text), width, pen.sizes.text, bold=True)


def _over_plot(pen: Pen) -> list[str]:
    """Wrap the heading over the plot as narrow as the column that it repeats, so that both break alike."""
    left, right = pen.spans.panel
    widest = pen.width("effect") if "effect" in pen.spans.columns else right - left
    return _wrapped(pen, pen.layout.plot_heading, widest)


def _groups(columns: tuple[Column, ...]) -> list[list[Column]]:
    """Put neighbours under the same heading together; a column without one stands alone."""
    return [
        part
        for spanner, group in groupby(columns, key=lambda column: (column.spanner, column.place))
        for members in (list(group),)
        for part in ([members] if spanner[0] else [[column] for column in members])
    ]


def _width(pen: Pen, group: list[Column]) -> float:
    return pen.spans.columns[group[-1].key][1] - pen.spans.columns[group[0].key][0]


def _heading(pen: Pen, column: Column, lines: list[str], last: float) -> None:
    pen.column_text(column, lines, last - pen.sizes.line * (len(lines) - 1), bold=True)


def _spanner(pen: Pen, group: list[Column], lines: list[str], last: float) -> None:
    """Write the heading of a group of columns with a rule under it, as long as the group is wide."""
    if not lines:
        return
    left, right = pen.spans.columns[group[0].key][0], pen.spans.columns[group[-1].key][1]
    _centred(pen, (left, right), lines, last - SPANNER_GAP)
    pen.page.rules.append(Rule(last - SPANNER_GAP + 2.6, left, right, 0.5))


def _centred(pen: Pen, span: tuple[float, float], lines: list[str], last: float) -> None:
    for i, text in enumerate(lines):
        y = last - pen.sizes.line * (len(lines) - 1 - i)
        pen.text((span[0] + span[1]) / 2, y, text, bold=True, align="center")


def _place_sides_over(pen: Pen, sides: Sides, last: float) -> None:
    if sides.line_count:
        place_sides(pen, sides, last - pen.sizes.line * (sides.line_count - 1), bold=True)
        pen.favours_told = True
