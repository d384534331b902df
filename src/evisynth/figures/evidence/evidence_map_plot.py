"""The evidence map: how many studies and patients stand behind each comparison and outcome."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evisynth.errors import InvalidDataError
from evisynth.figures.chart.axes import LINE_HEIGHT, bare_axis, guess_width, lines_within
from evisynth.figures.chart.chart import Chart, LegendEntry, Line, Mark, Panel, Points, Words
from evisynth.figures.evidence.evidence_entries import (
    NO_COMPARISON,
    PATIENTS,
    REGISTRY,
    TREATMENT,
    EvidenceEntry,
    checked_entries,
)
from evisynth.figures.evidence.reporting_plot import headed_rows
from evisynth.wording import counted

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: What was done comes first, then what only looks like it; families of other names follow.
_FAMILY_ORDER = (TREATMENT, REGISTRY, PATIENTS)


@dataclass(frozen=True, slots=True)
class MapCell:
    """What stands in one cell; ``patients`` are of the studies that print their number, None if none does."""

    studies: int
    patients: int | None
    some_unknown: bool


@dataclass(frozen=True, slots=True)
class EvidenceGrid:
    """Comparisons by family and outcomes, those with most evidence first, and the cells that have some.

    ``outcomes`` are those that some study compares groups on, ``uncompared`` the others. The last family
    holds what is reported of groups on their own; it has no comparison, and stands only beside others.
    """

    cells: Mapping[tuple[str, str], MapCell]
    families: tuple[tuple[str, tuple[str, ...]], ...]
    outcomes: tuple[str, ...]
    uncompared: tuple[str, ...]

    @property
    def most_patients(self) -> int:
        """The patients of the largest cell."""
        return max((cell.patients or 0 for cell in self.cells.values()), default=0)

    @property
    def comparisons(self) -> list[str]:
        """Every comparison, family after family."""
        return [name for _, names in self.families for name in names if name != NO_COMPARISON]


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


def evidence_grid(entries: Sequence[EvidenceEntry]) -> EvidenceGrid:
    """Gather entries into a grid; comparisons of one family stand together."""
    cells = map_cells(entries)
    compared = {outcome for outcome, comparison in cells if comparison != NO_COMPARISON}
    outcomes = _by_amount(cells, entries, 0)
    comparisons = _by_amount(cells, entries, 1)
    family_of: dict[str, str] = {}
    for entry in entries:
        family_of.setdefault(entry.comparison, entry.family)
    families: dict[str, list[str]] = {family: [] for family in _FAMILY_ORDER}
    for name in comparisons:
        if name != NO_COMPARISON:
            families.setdefault(family_of[name], []).append(name)
    alone = any((outcome, NO_COMPARISON) in cells for outcome in compared)
    return EvidenceGrid(
        cells,
        (
            *((family, tuple(names)) for family, names in families.items() if names),
            *([("", (NO_COMPARISON,))] if alone else []),
        ),
        tuple(name for name in outcomes if name in compared),
        tuple(name for name in outcomes if name not in compared),
    )


def _by_amount(
    cells: dict[tuple[str, str], MapCell], entries: Sequence[EvidenceEntry], side: int
) -> list[str]:
    """Order the names of one side: most studies first, then most cells, most patients, then by name."""

    def amount(name: str) -> tuple[int, int, int, str]:
        own = [cell for place, cell in cells.items() if place[side] == name]
        studies = {e.study for e in entries if (e.outcome, e.comparison)[side] == name}
        return -len(studies), -len(own), -sum(cell.patients or 0 for cell in own), name

    return sorted({place[side] for place in cells}, key=amount)


#: Diameters in points: of the largest circle, and of the least that still holds its number.
LARGEST, LEAST = 24.0, 12.0
EMPTY = 3.5
_ROW_HEIGHT, _COLUMN_WIDTH, _WIDEST_WORD = 25.0, 60.0, 90.0
#: Circles stand left of the middle of their column, to leave room for the patients beside them.
_LEFT_OF_CIRCLE = 0.4
_ITEM_WIDTH, _BESIDE, _BETWEEN = 140.0, 3.0, 8.0
_ALONE_TITLE, _ALONE_NAME = "Not compared", "Groups on their own"
_UNCOMPARED_TITLE = "Reported, but compared by no study"


def map_panels(grid: EvidenceGrid) -> tuple[tuple[Panel, ...], ...]:
    """Lay out a grid: a line of heads, a panel for each family, and one of the outcomes nobody compares."""
    panels: list[Panel] = []
    width = _column_width(grid) if grid.outcomes else 0.0
    if grid.outcomes:
        panels.append(_heads(grid.outcomes, width))
        panels += [_family(grid, family, names, width) for family, names in grid.families]
    if grid.uncompared:
        panels.append(_uncompared(grid, width * len(grid.outcomes)))
    return tuple((panel,) for panel in panels)


def _column_width(grid: EvidenceGrid) -> float:
    """Return a width for the words of a heading, but for the longest, in six lines, and for every number."""
    words = max(guess_width(word) for name in grid.outcomes for word in name.split(" "))
    longest = max(guess_width(name) for name in grid.outcomes)
    number = max(guess_width(patients_words(cell)) for cell in grid.cells.values())
    beside = (LARGEST / 2 + _BESIDE + number) / (1 - _LEFT_OF_CIRCLE) + 2
    return max(_COLUMN_WIDTH, min(words, _WIDEST_WORD) + 8, min(longest / 4, 2 * _WIDEST_WORD), beside)


def _heads(outcomes: Sequence[str], width: float) -> Panel:
    """Write the outcomes over their columns, over a rule."""
    room = width - 6
    lines = max(lines_within(name, room) for name in outcomes)
    words = tuple(
        Words(x, 0.0, begun(name), align="center", level="bottom", dy=3.0, width=room)
        for x, name in enumerate(outcomes)
        if name.strip()
    )
    x = bare_axis(-_LEFT_OF_CIRCLE, len(outcomes) - _LEFT_OF_CIRCLE)
    rule = Line([x.scale.lower, x.scale.upper], [0.0, 0.0], tone="rule", width=0.8)
    return Panel(
        x, bare_axis(0.0, 1.0), (rule, *words), width=width * len(outcomes), height=lines * LINE_HEIGHT
    )


def _family(grid: EvidenceGrid, family: str, names: Sequence[str], width: float) -> Panel:
    alone = list(names) == [NO_COMPARISON]
    rows = headed_rows([_ALONE_NAME if alone else begun(name) for name in names], [], width, _ROW_HEIGHT)
    x_axis = bare_axis(-_LEFT_OF_CIRCLE, len(grid.outcomes) - _LEFT_OF_CIRCLE)
    ends = [x_axis.scale.lower, x_axis.scale.upper]
    # Between rows and not along them: a line through a number would strike it out.
    between = [Line(ends, [y - 0.5] * 2, tone="pale", width=0.6) for y in range(1, len(names))]
    cells = [
        mark
        for y, comparison in enumerate(names)
        for x, outcome in enumerate(grid.outcomes)
        for mark in _cell_marks(grid.cells.get((outcome, comparison)), x, y, grid.most_patients)
    ]
    return Panel(
        x_axis,
        rows.axis,
        (*between, *cells),
        title=_ALONE_TITLE if alone else family,
        width=width * len(grid.outcomes),
        height=rows.height,
    )


def _uncompared(grid: EvidenceGrid, width: float) -> Panel:
    """List the outcomes that no study compares groups on, each with its circle, in lines across the page."""
    columns = min(max(2, int(width // _ITEM_WIDTH)), len(grid.uncompared))
    item = max(_ITEM_WIDTH, width / max(2, int(width // _ITEM_WIDTH)))
    room = item - LARGEST - _BETWEEN
    marks: list[Mark] = []
    lines = 1
    for i, outcome in enumerate(grid.uncompared):
        cell = grid.cells[outcome, NO_COMPARISON]
        x, y = float(i % columns), float(i // columns)
        said = f"{begun(outcome)}{patients_words(cell, ', ')}"
        lines = max(lines, lines_within(said, room))
        marks += _circle(cell, x, y, grid.most_patients)
        if said.strip():
            marks.append(Words(x, y, said, dx=LARGEST / 2 + _BESIDE, width=room))
    count = math.ceil(len(grid.uncompared) / columns)
    first = (LARGEST / 2 + 2) / item
    return Panel(
        bare_axis(-first, columns - first),
        bare_axis(count - 0.5, -0.5),
        tuple(marks),
        title=_UNCOMPARED_TITLE,
        width=item * columns,
        height=count * max(_ROW_HEIGHT, LINE_HEIGHT * lines),
    )


def begun(name: str) -> str:
    """Begin a name with a capital."""
    return name[:1].upper() + name[1:]


def patients_words(cell: MapCell, before: str = "") -> str:
    """Write the patients of a cell, with a plus sign when a study of it does not state its number."""
    return "" if cell.patients is None else f"{before}{cell.patients:,}{'+' if cell.some_unknown else ''}"


def _cell_marks(cell: MapCell | None, x: float, y: float, most: int) -> list[Mark]:
    if cell is None:
        return [Points([x], [y], EMPTY, fill="white", edge="rule")]
    marks = _circle(cell, x, y, most)
    if cell.patients is not None:
        beside = _diameter(cell, most) / 2 + _BESIDE
        marks.append(Words(x, y, patients_words(cell), dx=beside, tone="muted"))
    return marks


def _circle(cell: MapCell, x: float, y: float, most: int) -> list[Mark]:
    """Return a circle with its number of studies; a hollow one where the patients are not known."""
    known = cell.patients is not None
    return [
        Points([x], [y], _diameter(cell, most), fill="mark" if known else "white", edge="mark"),
        Words(x, y, str(cell.studies), align="center", tone="white" if known else "ink", bold=True),
    ]


def _diameter(cell: MapCell, most: int) -> float:
    """Return the diameter of a circle: its area, not its diameter, stands for the number of patients."""
    return LEAST if cell.patients is None else max(LEAST, LARGEST * math.sqrt(cell.patients / most))


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
    said = [counted(studies, "study")]
    if comparisons:
        filled = sum(comparison != NO_COMPARISON for _, comparison in grid.cells)
        cells = len(comparisons) * len(grid.outcomes)
        said.append(
            f"{counted(len(comparisons), 'comparison')} on "
            f"{counted(len(grid.outcomes), 'outcome')}, {filled} of {cells} cells with evidence"
        )
    if grid.uncompared:
        said.append(f"{counted(len(grid.uncompared), 'outcome')} that no study compares")
    return "; ".join(said)


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
        f"{begun(outcome)}, {comparison}: {counted(cell.studies, 'study')}"
        for (outcome, comparison), cell in sorted((compared or grid.cells).items(), key=amount)[:3]
    ]
    return f"Evidence map of {_subtitle(grid, studies)}. Most evidence: {'; '.join(said)}."
