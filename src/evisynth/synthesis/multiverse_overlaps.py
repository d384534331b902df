"""What could have been chosen otherwise for overlapping studies: who stays, or both by their covariance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from evisynth.outcomes.comparison import Comparison
from evisynth.synthesis.comparability import PooledRow
from evisynth.synthesis.one_report import conflicting_pairs
from evisynth.synthesis.overlaps import KNOWN_EXTENTS, shared_shares
from evisynth.synthesis.shared_patients import overlap_sets, overlapping_cohorts

#: How the studies of a set are counted in a universe: no two of them overlap, or all are there, put together
#: by their covariance, sharing no patients or as many as possible.
APART, NONE_SHARED, ALL_SHARED = 0, 1, 2
WAYS = (APART, NONE_SHARED, ALL_SHARED)
#: Up to so many studies of one set all ways in which some of them stay are counted out.
MOST_COUNTED = 12
WAY_WORDS = (
    "one report",
    "all, by covariance, sharing no patients",
    "all, by covariance, sharing as many patients as possible",
)


@dataclass(frozen=True, slots=True)
class OverlapSetChoices:
    """An overlap set: the places of its rows, who may stay, and the ways to count all of its studies.

    ``shared`` gives for each way which share of the smaller report two studies have in common, the studies
    numbered as in ``numbers``.
    """

    places: tuple[int, ...]
    numbers: Mapping[str, int]
    staying: tuple[frozenset[str], ...]
    shared: Mapping[int, Mapping[tuple[int, int], float]]

    @property
    def studies(self) -> tuple[str, ...]:
        """The studies of the set, in the order of the rows."""
        return tuple(self.numbers)

    @property
    def options(self) -> tuple[tuple[frozenset[str], int], ...]:
        """Every choice for the set: the studies that are out, and the way in which the others are counted."""
        apart = [(frozenset(self.numbers) - stay, APART) for stay in self.staying]
        return (*apart, *((frozenset[str](), way) for way in sorted(self.shared)))

    @property
    def name(self) -> str:
        """The studies in words."""
        return f"overlap of {' and '.join(self.studies)}"


def overlap_set_choices(rows: Sequence[PooledRow]) -> tuple[OverlapSetChoices, ...]:
    """Return what could be chosen for each overlap set of some rows."""
    comparisons = [row.comparison for row in rows]
    found = []
    for places in overlap_sets(comparisons):
        pairs = conflicting_pairs(rows, places)
        numbers = {
            study: at for at, study in enumerate(dict.fromkeys(comparisons[at].study for at in places))
        }
        shared = {ALL_SHARED: shared_shares(pairs, numbers, unknown=1.0)}
        # What is known to be shared is no choice.
        if not set(pairs.values()) <= KNOWN_EXTENTS:
            shared[NONE_SHARED] = shared_shares(pairs, numbers, unknown=0.0)
        staying = overlap_choices([comparisons[place] for place in places])
        found.append(OverlapSetChoices(places, numbers, staying, shared))
    return tuple(found)


def overlap_choices(comparisons: Sequence[Comparison]) -> tuple[frozenset[str], ...]:
    """Return which studies may stay together: every largest set of which no two cohorts overlap.

    One set when nothing overlaps. There may be very many ways among very many studies; beyond
    ``MOST_COUNTED`` studies each stays once, with those that may stay beside it in the order of their names.
    """
    firsts = {comparison.study: comparison for comparison in reversed(comparisons)}
    conflicts = [
        frozenset((one, other))
        for one, other in combinations(sorted(firsts), 2)
        if overlapping_cohorts([firsts[one], firsts[other]]) is not None
    ]
    if len(firsts) > MOST_COUNTED:
        return _one_way_for_each(sorted(firsts), conflicts)
    known: dict[frozenset[str], set[frozenset[str]]] = {}
    found = _without_conflict(frozenset(firsts), conflicts, known)
    largest = [one for one in found if not any(one < other for other in found)]
    return tuple(sorted(largest, key=sorted))


def _one_way_for_each(
    studies: Sequence[str], conflicts: Sequence[frozenset[str]]
) -> tuple[frozenset[str], ...]:
    beside: dict[str, set[str]] = {study: set() for study in studies}
    for one, other in map(tuple, conflicts):
        beside[one].add(other)
        beside[other].add(one)
    found: dict[frozenset[str], None] = {}
    for first in studies:
        stay = {first}
        for study in studies:
            if not beside[study] & stay:
                stay.add(study)
        found.setdefault(frozenset(stay))
    return tuple(sorted(found, key=sorted))


def _without_conflict(
    studies: frozenset[str],
    conflicts: Sequence[frozenset[str]],
    known: dict[frozenset[str], set[frozenset[str]]],
) -> set[frozenset[str]]:
    if studies not in known:
        pair = next((pair for pair in conflicts if pair <= studies), None)
        known[studies] = (
            {studies}
            if pair is None
            else set().union(*(_without_conflict(studies - {one}, conflicts, known) for one in pair))
        )
    return known[studies]
