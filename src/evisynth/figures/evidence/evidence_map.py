"""The evidence map: comparisons by outcome, a circle for the patients, empty cells shown empty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evisynth.errors import InvalidDataError
from evisynth.figures.chart.chart import Chart, LegendEntry
from evisynth.figures.evidence.checked_entries import checked_entries
from evisynth.figures.evidence.evidence_entries import NO_COMPARISON, EvidenceEntry
from evisynth.figures.evidence.map_cells import EvidenceGrid, MapCell, evidence_grid
from evisynth.figures.evidence.map_panels import LARGEST, LEAST, begun, map_panels

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def evidence_map(entries: Sequence[EvidenceEntry], *, title: str | None = None) -> Figure:
    """Draw how much evidence there is on each outcome of each comparison.

    Comparisons stand under each other, gathered by family, and the outcomes that any study compares groups on
    beside each other. Outcomes that no study compares would be columns of empty cells: they are listed below.

    Parameters
    ----------
    entries
        What each study has to say (see `evidence_entries`).
    title
        Instead of the usual one.

    Raises
    ------
    InvalidDataError
        There is no entry.
    """
    from evisynth.figures.chart.draw import draw_chart

    return draw_chart(lay_out_evidence_map(entries, title=title))


def lay_out_evidence_map(entries: Sequence[EvidenceEntry], *, title: str | None = None) -> Chart:
    """Lay out an evidence map; see `evidence_map`."""
    entries = checked_entries(entries, EvidenceEntry, "an evidence map")
    if not entries:
        raise InvalidDataError("no study reports any outcome: an evidence map needs one")
    grid = evidence_grid(entries)
    studies = len({entry.study for entry in entries})
    return Chart(
        title=title or "Evidence map: who compares what, on which outcome",
        subtitle=_subtitle(grid, studies),
        panels=map_panels(grid),
        legend=_legend(grid),
        notes=tuple(_notes(grid)),
        description=_description(grid, studies),
    )


def _subtitle(grid: EvidenceGrid, studies: int) -> str:
    """Say how many studies there are, and how much of what they might compare they do."""
    comparisons = grid.comparisons
    said = [_counted(studies, "study", "studies")]
    if comparisons:
        filled = sum(comparison != NO_COMPARISON for _, comparison in grid.cells)
        cells = len(comparisons) * len(grid.outcomes)
        said.append(
            f"{_counted(len(comparisons), 'comparison', 'comparisons')} on "
            f"{_counted(len(grid.outcomes), 'outcome', 'outcomes')}, {filled} of {cells} cells with evidence"
        )
    if grid.uncompared:
        said.append(f"{_counted(len(grid.uncompared), 'outcome', 'outcomes')} that no study compares")
    return "; ".join(said)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _legend(grid: EvidenceGrid) -> tuple[LegendEntry, ...]:
    entries = []
    if any(cell.patients is not None for cell in grid.cells.values()):
        entries.append(LegendEntry("circle", "number of studies in it, of patients beside it", tone="mark"))
    if any(cell.patients is None for cell in grid.cells.values()):
        entries.append(LegendEntry("circle", "number of patients not stated", tone="mark", filled=False))
    return tuple(entries)


def _notes(grid: EvidenceGrid) -> list[str]:
    notes = []
    rows = [name for _, names in grid.families for name in names]
    if any((outcome, name) not in grid.cells for outcome in grid.outcomes for name in rows):
        notes.append("A tiny ring is an empty cell: no study.")
    if most := grid.most_patients:
        known = [cell.patients for cell in grid.cells.values() if cell.patients is not None]
        enlarged = min(known) < most * (LEAST / LARGEST) ** 2
        notes.append(
            f"The area of a circle stands for its patients (largest: {most:,})"
            + ("; the least ones are drawn larger, so that the number can be read. " if enlarged else ". ")
            + "Patients whom studies share are not taken off."
        )
    if any(cell.some_unknown and cell.patients is not None for cell in grid.cells.values()):
        notes.append("A plus sign: a study of the cell does not state how many.")
    return notes


def _description(grid: EvidenceGrid, studies: int) -> str:
    def amount(item: tuple[tuple[str, str], MapCell]) -> tuple[int, int]:
        return -item[1].studies, -(item[1].patients or 0)

    compared = {place: cell for place, cell in grid.cells.items() if place[1] != NO_COMPARISON}
    said = [
        f"{begun(outcome)}, {comparison}: {_counted(cell.studies, 'study', 'studies')}"
        for (outcome, comparison), cell in sorted((compared or grid.cells).items(), key=amount)[:3]
    ]
    return f"Evidence map of {_subtitle(grid, studies)}. Most evidence: {'; '.join(said)}."
