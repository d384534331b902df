"""The cells of an evidence map: studies and patients by outcome and comparison, and the order of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evisynth.figures.evidence.evidence_entries import (
    NO_COMPARISON,
    PATIENTS,
    REGISTRY,
    TREATMENT,
    EvidenceEntry,
)

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
