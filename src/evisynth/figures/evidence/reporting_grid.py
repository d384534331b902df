"""A grid of how completely something is reported, with the counts of its rows and columns at the margins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evisynth.figures.chart.axes import bare_axis
from evisynth.figures.chart.chart import Line, Mark, Panel, Points, Segments, TopNames, Words
from evisynth.figures.chart.name_room import guess_width
from evisynth.figures.evidence.column_heads import headed_rows
from evisynth.figures.evidence.reporting_cells import COMPLETENESS, Completeness

_ROW_HEIGHT, _WIDE_COLUMN, _NARROW_COLUMN = 13.0, 72.0, 14.0
_MOST_LEVEL_HEADS = 8
_LONGEST_NAME = 60
_DASH = 5.0


@dataclass(frozen=True, slots=True)
class Grid:
    """Names of rows and columns, what stands in each cell, and where a group of rows or columns ends.

    ``row_total`` heads the column in which the filled cells of each row are counted; ``column_total`` names
    the row of those of each column.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    kinds: tuple[tuple[Completeness, ...], ...]
    row_total: str
    column_total: str
    row_breaks: tuple[int, ...] = ()
    column_breaks: tuple[int, ...] = ()

    def turned(self) -> Grid:
        """Return the grid with rows and columns exchanged."""
        kinds = tuple(tuple(row[i] for row in self.kinds) for i in range(len(self.columns)))
        return Grid(
            self.columns,
            self.rows,
            kinds,
            self.column_total,
            self.row_total,
            self.column_breaks,
            self.row_breaks,
        )


def grid_panel(grid: Grid) -> Panel:
    """Lay out a grid: heads on top, level where they have room, else upright."""
    heads = [_short(name) for name in (*grid.columns, grid.row_total)]
    upright = _upright(heads)
    width = _NARROW_COLUMN if upright else _WIDE_COLUMN
    names = [_short(name) for name in (*grid.rows, grid.column_total)]
    y = headed_rows(names, [] if upright else heads, width, _ROW_HEIGHT)
    top = (TopNames(range(len(heads)), heads),) if upright else y.heads
    return Panel(
        bare_axis(-0.5, len(heads) - 0.5),
        y.axis,
        (*top, *_rules(grid), *_marks(grid, width), *_counts(grid)),
        width=width * len(heads),
        height=y.height,
    )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"


def _upright(heads: Sequence[str]) -> bool:
    """Whether heads stand upright: many, or with parts that no column could hold."""
    parts = [part for head in heads for part in head.replace("-", " ").split(" ")]
    return len(heads) > _MOST_LEVEL_HEADS + 1 or any(guess_width(part) > _WIDE_COLUMN - 12 for part in parts)


def _rules(grid: Grid) -> list[Mark]:
    """Draw a thin line between groups, a stronger one before the counts."""
    right, bottom = len(grid.columns) + 0.5, len(grid.rows) + 0.5
    marks: list[Mark] = [
        *(Line([-0.5, right], [i - 0.5] * 2, tone="pale", width=0.6) for i in grid.row_breaks),
        *(Line([i - 0.5] * 2, [-0.5, bottom], tone="pale", width=0.6) for i in grid.column_breaks),
        Line([-0.5, right], [bottom - 1] * 2, tone="rule", width=0.8),
        Line([right - 1] * 2, [-0.5, bottom], tone="rule", width=0.8),
    ]
    return marks


def _marks(grid: Grid, width: float) -> list[Mark]:
    places: dict[Completeness, list[tuple[int, int]]] = {kind: [] for kind in COMPLETENESS}
    for y, row in enumerate(grid.kinds):
        for x, kind in enumerate(row):
            places[kind].append((x, y))
    marks: list[Mark] = [_dashes(places["nothing"], 0.5 * _DASH / width)]
    for kind in COMPLETENESS[1:]:
        xs, ys = [x for x, _ in places[kind]], [y for _, y in places[kind]]
        marks.append(Points(xs, ys, 7.0, fill="mark" if kind == "interval" else "white"))
        if kind == "value":
            marks.append(Points(xs, ys, 7.0, "half circle"))
    return marks


def _dashes(places: Sequence[tuple[int, int]], half: float) -> Segments:
    """Mark the cells in which nothing is reported."""
    ys = [y for _, y in places]
    return Segments([x - half for x, _ in places], ys, [x + half for x, _ in places], ys, tone="rule")


def _counts(grid: Grid) -> list[Mark]:
    rows = [sum(kind != "nothing" for kind in row) for row in grid.kinds]
    columns = [sum(row[i] != "nothing" for row in grid.kinds) for i in range(len(grid.columns))]
    return [
        *(Words(len(columns), y, str(count), align="center") for y, count in enumerate(rows)),
        *(Words(x, len(rows), str(count), align="center") for x, count in enumerate(columns)),
    ]
