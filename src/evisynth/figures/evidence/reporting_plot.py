"""The reporting matrix: which study reports which statistic of which outcome, and how completely.

How completely each study reports each statistic: the best of its figures stands.

A field of rows and columns with the names of its columns on top, where a reader looks first.

A grid of how completely something is reported, with the counts of its rows and columns at the margins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from evisynth.errors import InvalidDataError
from evisynth.figures.chart.axes import LINE_HEIGHT, bare_axis, guess_width, lines_within, step_height
from evisynth.figures.chart.chart import (
    Axis,
    Chart,
    LegendEntry,
    Line,
    Mark,
    Panel,
    Points,
    Segments,
    TopNames,
    Words,
)
from evisynth.figures.evidence.evidence_entries import checked_entries
from evisynth.figures.ticks import Scale, Tick
from evisynth.outcomes import ReportedOutcome
from evisynth.printed_statistics import STATISTICS
from evisynth.wording import counted, term_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Completeness = Literal["interval", "value", "bound", "nothing"]
#: From least to most.
COMPLETENESS: tuple[Completeness, ...] = ("nothing", "bound", "value", "interval")

Cells = Mapping[tuple[str, str], Mapping[str, Completeness]]


def completeness_of(row: ReportedOutcome) -> Completeness:
    """Say how completely one figure is reported."""
    if row.state == "not_reported" or (row.state == "reported" and row.value is None):
        return "nothing"
    if row.state != "reported" or row.qualifier not in ("=", None):
        return "bound"
    return "interval" if row.ci_lower is not None or row.ci_upper is not None else "value"


def matrix_cells(reported: Sequence[ReportedOutcome]) -> dict[tuple[str, str], dict[str, Completeness]]:
    """Return by outcome and statistic what each study reports at best; a study without any is not there."""
    cells: dict[tuple[str, str], dict[str, Completeness]] = {}
    for row in reported:
        found = completeness_of(row)
        if found != "nothing":
            by_study = cells.setdefault((row.outcome, row.statistic), {})
            by_study[row.study] = max(by_study.get(row.study, "nothing"), found, key=COMPLETENESS.index)
    return cells


def ordered_statistics(cells: Cells) -> list[tuple[str, str]]:
    """Order what is reported: outcomes that most studies report first, their statistics likewise."""
    by_outcome: dict[str, set[str]] = {}
    for (outcome, _), found in cells.items():
        by_outcome.setdefault(outcome, set()).update(found)
    return sorted(cells, key=lambda row: (-len(by_outcome[row[0]]), row[0], -len(cells[row]), row[1]))


_BELOW = 6.0  # between a name and the first row
_BESIDE = 6.0  # between two names


@dataclass(frozen=True, slots=True)
class HeadedRows:
    """The axis of the rows, the first below the heads; the heads; and how high the field has to be."""

    axis: Axis
    heads: tuple[Mark, ...]
    height: float


def headed_rows(rows: Sequence[str], heads: Sequence[str], width: float, least: float) -> HeadedRows:
    """Lay out rows under the heads of their columns.

    Parameters
    ----------
    rows, heads
        Names; heads stand at 0, 1, ... of the x axis. Without any, only the rows are laid out.
    width
        Of a column, in points.
    least
        Height of a row at least.
    """
    step = step_height(rows, least)
    room = width - _BESIDE
    needed = max((lines_within(head, room) for head in heads), default=0)
    above = needed * LINE_HEIGHT + _BELOW if needed else 0.0
    scale = Scale(-0.5 - above / step, len(rows) - 0.5, logarithmic=False)
    ticks = tuple(Tick(scale.place(i), name) for i, name in enumerate(rows))
    words = tuple(
        Words(x, -0.5, head, align="center", level="bottom", dy=_BELOW / 2, width=room)
        for x, head in enumerate(heads)
        if head.strip()
    )
    return HeadedRows(Axis("", scale, ticks, reversed=True, bare=True), words, step * len(rows) + above)


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


_MOST_BESIDE = 25


def reporting_matrix(
    reported: Sequence[ReportedOutcome],
    *,
    studies: Sequence[str] = (),
    labels: Mapping[str, str] | None = None,
    title: str | None = None,
) -> Figure:
    """Draw which study reports what.

    Parameters
    ----------
    reported
        The printed figures; background figures are passed over.
    studies
        Ids of studies to show even when they report nothing; those that report follow.
    labels
        Words for the ids of outcomes; an id without any is written with spaces.
    title
        Instead of the usual one.

    Raises
    ------
    InvalidDataError
        Nothing is reported.
    """
    from evisynth.figures.chart.draw import draw_chart

    return draw_chart(lay_out_reporting_matrix(reported, studies=studies, labels=labels, title=title))


def lay_out_reporting_matrix(
    reported: Sequence[ReportedOutcome],
    *,
    studies: Sequence[str] = (),
    labels: Mapping[str, str] | None = None,
    title: str | None = None,
) -> Chart:
    """Lay out a reporting matrix; see `reporting_matrix`."""
    reported = checked_entries(reported, ReportedOutcome, "a reporting matrix")
    shown = [row for row in reported if row.role != "background"]
    cells = matrix_cells(shown)
    if not cells:
        raise InvalidDataError("no figure of any outcome is reported: a reporting matrix needs one")
    columns = list(dict.fromkeys([*studies, *(row.study for row in shown)]))
    rows = ordered_statistics(cells)
    grid = _grid(cells, rows, columns, labels or {})
    # Studies stand side by side while they are few; many go down the page.
    grid = grid.turned() if len(columns) > max(_MOST_BESIDE, len(rows)) else grid
    return Chart(
        title=title or "Reporting matrix: which study reports what",
        subtitle=f"{counted(len(columns), 'study')}, "
        f"{len(rows)} statistics of {len({outcome for outcome, _ in rows})} outcomes",
        panels=((grid_panel(grid),),),
        legend=_legend(cells),
        notes=("Numbers: how many studies report a statistic, how many statistics a study reports.",),
        description=_description(cells, rows, columns, labels or {}),
    )


def _grid(
    cells: Cells, rows: Sequence[tuple[str, str]], columns: Sequence[str], labels: Mapping[str, str]
) -> Grid:
    """Return the grid of statistics by studies, with a break where an outcome ends."""
    return Grid(
        rows=tuple(
            f"{_outcome_words(outcome, labels)}: {STATISTICS[what].column_head}" for outcome, what in rows
        ),
        columns=tuple(columns),
        kinds=tuple(tuple(cells[row].get(study, "nothing") for study in columns) for row in rows),
        row_total="studies",
        column_total="statistics",
        row_breaks=tuple(i for i in range(1, len(rows)) if rows[i][0] != rows[i - 1][0]),
    )


def _outcome_words(outcome: str, labels: Mapping[str, str]) -> str:
    words = labels.get(outcome, term_words(outcome))
    return words[:1].upper() + words[1:]


def _legend(cells: Cells) -> tuple[LegendEntry, ...]:
    there = {kind for found in cells.values() for kind in found.values()}
    entries = []
    if "interval" in there:
        entries.append(LegendEntry("circle", "value with interval", tone="mark"))
    if "value" in there:
        entries.append(LegendEntry("half circle", "value alone", tone="mark"))
    if "bound" in there:
        entries.append(LegendEntry("circle", "bound, about, or not reached", tone="mark", filled=False))
    return tuple(entries)


def _description(
    cells: Cells,
    rows: Sequence[tuple[str, str]],
    columns: Sequence[str],
    labels: Mapping[str, str],
) -> str:
    filled = sum(len(found) for found in cells.values())
    with_interval = sum(kind == "interval" for found in cells.values() for kind in found.values())
    most = max(rows, key=lambda row: len(cells[row]))
    return (
        f"{filled} of {len(rows) * len(columns)} cells are reported, "
        f"{with_interval} of them with an interval. "
        f"Most often: {_outcome_words(most[0], labels)}, {STATISTICS[most[1]].column_head}, "
        f"by {len(cells[most])} of {len(columns)} studies."
    )
