"""The evidence map: outcomes against comparisons, a circle for the patients, empty cells shown empty."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evisynth.errors import InvalidDataError
from evisynth.figures.chart.axes import bare_axis
from evisynth.figures.chart.chart import Chart, LegendEntry, Mark, Panel, Points, Words
from evisynth.figures.evidence.checked_entries import checked_entries
from evisynth.figures.evidence.column_heads import headed_rows
from evisynth.figures.evidence.evidence_entries import NO_COMPARISON, EvidenceEntry
from evisynth.figures.evidence.name_room import LINE_HEIGHT, guess_width

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Diameters in points: of the largest circle, and of the least that still holds its number.
LARGEST, LEAST = 25.0, 12.0
_ROW_HEIGHT, _COLUMN_WIDTH, _WIDEST_WORD = 36.0, 52.0, 90.0


@dataclass(frozen=True, slots=True)
class MapCell:
    """What stands in one cell; ``patients`` are of the studies that print their number, None if none does."""

    studies: int
    patients: int | None
    some_unknown: bool


def evidence_map(entries: Sequence[EvidenceEntry], *, title: str | None = None) -> Figure:
    """Draw how much evidence there is on each outcome of each comparison.

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
    cells = map_cells(entries)
    outcomes = _by_amount(cells, entries, 0)
    comparisons = _by_amount(cells, entries, 1)
    width = _column_width(comparisons)
    names = [outcome[:1].upper() + outcome[1:] for outcome in outcomes]
    rows = headed_rows(names, comparisons, width, _ROW_HEIGHT, lines=True)
    studies = len({entry.study for entry in entries})
    filled, possible = len(cells), len(outcomes) * len(comparisons)
    panel = Panel(
        bare_axis(-0.5, len(comparisons) - 0.5),
        rows.axis,
        (*rows.heads, *_marks(cells, outcomes, comparisons)),
        width=width * len(comparisons),
        height=rows.height,
    )
    unknown = any(cell.some_unknown for cell in cells.values())
    return Chart(
        title=title or "Evidence map: who reports which outcome of which comparison",
        subtitle=f"{studies} {'study' if studies == 1 else 'studies'}; "
        f"{filled} of {possible} cells have evidence",
        panels=((panel,),),
        legend=_legend(cells),
        notes=tuple(_notes(cells, unknown)),
        description=_description(cells, studies),
    )


def map_cells(entries: Sequence[EvidenceEntry]) -> dict[tuple[str, str], MapCell]:
    """Gather entries by outcome and comparison; a study counts once in a cell, with its most patients."""
    found: dict[tuple[str, str], dict[str, int | None]] = {}
    for entry in entries:
        studies = found.setdefault((entry.outcome, entry.comparison), {})
        before = studies.get(entry.study)
        known = [size for size in (before, entry.patients) if size is not None]
        studies[entry.study] = max(known) if known else None
    cells: dict[tuple[str, str], MapCell] = {}
    for place, studies in found.items():
        sizes = [size for size in studies.values() if size is not None]
        cells[place] = MapCell(len(studies), sum(sizes) if sizes else None, len(sizes) < len(studies))
    return cells


def _by_amount(
    cells: dict[tuple[str, str], MapCell], entries: Sequence[EvidenceEntry], side: int
) -> list[str]:
    """Order the names of one side: most studies first, then most cells, most patients, then by name."""

    def amount(name: str) -> tuple[int, int, int, str]:
        own = [cell for place, cell in cells.items() if place[side] == name]
        studies = {e.study for e in entries if (e.outcome, e.comparison)[side] == name}
        return -len(studies), -len(own), -sum(cell.patients or 0 for cell in own), name

    return sorted({place[side] for place in cells}, key=amount)


def _column_width(names: Sequence[str]) -> float:
    """Return a width at which the words of a heading fit, but for the longest, and six lines hold it."""
    words = max(guess_width(word) for name in names for word in name.split(" "))
    longest = max(guess_width(name) for name in names)
    return max(_COLUMN_WIDTH, min(words, _WIDEST_WORD) + 10, min(longest / 4, 2 * _WIDEST_WORD))


def _marks(
    cells: dict[tuple[str, str], MapCell], outcomes: Sequence[str], comparisons: Sequence[str]
) -> tuple[Mark, ...]:
    most = max((cell.patients or 0 for cell in cells.values()), default=0)
    marks: list[Mark] = []
    for y, outcome in enumerate(outcomes):
        for x, comparison in enumerate(comparisons):
            cell = cells.get((outcome, comparison))
            if cell is None:
                marks.append(Points([x], [y], 3.5, fill="white", edge="rule"))
            else:
                marks += _cell_marks(cell, x, y, most)
    return tuple(marks)


def _cell_marks(cell: MapCell, x: float, y: float, most: int) -> list[Mark]:
    if cell.patients is None:
        circle = Points([x], [y], LEAST, fill="white", edge="mark")
        return [circle, Words(x, y, str(cell.studies), align="center", bold=True)]
    # Area, not diameter, stands for the number of patients.
    diameter = max(LEAST, LARGEST * math.sqrt(cell.patients / most))
    more = "+" if cell.some_unknown else ""
    return [
        Points([x], [y], diameter),
        Words(x, y, str(cell.studies), align="center", tone="white", bold=True),
        Words(
            x, y, f"{cell.patients:,}{more}", align="center", level="top",
            dy=-diameter / 2 - 0.1 * LINE_HEIGHT, tone="muted",
        ),
    ]  # fmt: skip


def _legend(cells: dict[tuple[str, str], MapCell]) -> tuple[LegendEntry, ...]:
    entries = []
    if any(cell.patients is not None for cell in cells.values()):
        entries.append(LegendEntry("circle", "number of studies in it, patients under it", tone="mark"))
    if any(cell.patients is None for cell in cells.values()):
        entries.append(LegendEntry("circle", "number of patients not stated", tone="mark", filled=False))
    return tuple(entries)


def _notes(cells: dict[tuple[str, str], MapCell], unknown: bool) -> list[str]:
    known = [cell.patients for cell in cells.values() if cell.patients is not None]
    notes = ["A tiny ring is an empty cell: no study."]
    if any(comparison == NO_COMPARISON for _, comparison in cells):
        notes.append(
            "No comparison: studies that give the outcome of groups without setting them against others."
        )
    if known:
        notes.append(
            f"The area of a circle stands for its patients (largest: {max(known):,}); the least ones are "
            "drawn larger, so that the number can be read. Patients whom studies share are not taken off."
        )
    if unknown and any(cell.some_unknown and cell.patients is not None for cell in cells.values()):
        notes.append("A plus sign: a study of the cell does not state how many.")
    return notes


def _description(cells: dict[tuple[str, str], MapCell], studies: int) -> str:
    largest = sorted(cells.items(), key=lambda item: (-item[1].studies, -(item[1].patients or 0)))[:3]
    said = [
        f"{outcome}, {comparison}: {cell.studies} {'study' if cell.studies == 1 else 'studies'}"
        for (outcome, comparison), cell in largest
    ]
    return f"{studies} studies by outcome and comparison. Most evidence: {'; '.join(said)}."
