"""The reporting matrix: which study reports which statistic of which outcome, and how completely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from evisynth.errors import InvalidDataError
from evisynth.figures.chart.chart import Chart, LegendEntry
from evisynth.figures.evidence.checked_entries import checked_entries
from evisynth.figures.evidence.reporting_cells import Cells, matrix_cells, ordered_statistics
from evisynth.figures.evidence.reporting_grid import Grid, grid_panel
from evisynth.outcomes.reported_outcome import ReportedOutcome

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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
        subtitle=f"{len(columns)} {'study' if len(columns) == 1 else 'studies'}, "
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
        rows=tuple(f"{_outcome_words(outcome, labels)}: {_statistic_words(what)}" for outcome, what in rows),
        columns=tuple(columns),
        kinds=tuple(tuple(cells[row].get(study, "nothing") for study in columns) for row in rows),
        row_total="studies",
        column_total="statistics",
        row_breaks=tuple(i for i in range(1, len(rows)) if rows[i][0] != rows[i - 1][0]),
    )


def _outcome_words(outcome: str, labels: Mapping[str, str]) -> str:
    words = labels.get(outcome, outcome.replace("_", " "))
    return words[:1].upper() + words[1:]


def _statistic_words(statistic: str) -> str:
    words = {"survival": "rate at a time", "p_value": "p-value"}
    return words.get(statistic, statistic.replace("_", " "))


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
        f"Most often: {_outcome_words(most[0], labels)}, {_statistic_words(most[1])}, "
        f"by {len(cells[most])} of {len(columns)} studies."
    )
