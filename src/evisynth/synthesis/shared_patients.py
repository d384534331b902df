"""Which rows rest on the same patients: nested groups, shared comparators, overlapping cohorts.

Parts of one split of one whole are disjoint. Groups of different splits (by margin, by age) may share
patients. Groups without a common whole are taken as disjoint: the study file does not connect them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Literal

from evisynth.outcomes.comparison import Arm, Comparison

Relation = Literal["same", "within", "around", "disjoint", "may share"]


def relation_of_arms(arm: Arm, other: Arm) -> Relation:
    """Say how the patients of ``arm`` lie to those of ``other``: within them, around them, apart."""
    if arm.study != other.study:
        return "disjoint"
    if arm.group == other.group:
        return "same"
    if other.group in _wholes(arm):
        return "within"
    if arm.group in _wholes(other):
        return "around"
    if arm.role != other.role:
        return "disjoint"
    return _relation_of_branches(_lineage(arm), _lineage(other))


def _relation_of_branches(
    lineage: Sequence[tuple[str, str | None]], other: Sequence[tuple[str, str | None]]
) -> Relation:
    """Walk up to the nearest common whole and compare the splits by which the two branches leave it."""
    place = {group: position for position, (group, _) in enumerate(other)}
    for position, (group, _) in enumerate(lineage):
        if group in place:
            split, other_split = lineage[position - 1][1], other[place[group] - 1][1]
            return "disjoint" if split == other_split else "may share"
    rooted = lineage[-1][1] is None and other[-1][1] is None
    # An incomplete lineage could meet further up, so nothing can be said for certain.
    return "disjoint" if rooted else "may share"


def _wholes(arm: Arm) -> set[str]:
    return {group for group, _ in _lineage(arm)[1:]} | (set(arm.members_of) - {arm.group})


def _lineage(arm: Arm) -> tuple[tuple[str, str | None], ...]:
    if arm.lineage:
        return arm.lineage
    if arm.part_of is None:
        return ((arm.group, None),)
    # What stands above the whole is not known here: it is marked as part of something unnamed.
    return ((arm.group, arm.split), (arm.part_of, "?"))


def is_within(row: Comparison, other: Comparison) -> bool:
    """Whether every patient of ``row`` is a patient of ``other`` too."""
    return all(
        any(relation_of_arms(arm, wider) in ("same", "within") for wider in arms_of(other))
        for arm in arms_of(row)
    )


def share_patients(row: Comparison, other: Comparison) -> bool:
    """Whether some patients may stand in both rows."""
    return any(
        relation_of_arms(arm, other_arm) != "disjoint" for arm in arms_of(row) for other_arm in arms_of(other)
    )


def arms_of(row: Comparison) -> tuple[Arm, ...]:
    """Give the index arm and, in a contrast, the reference arm."""
    return (row.index,) if row.reference is None else (row.index, row.reference)


def nested_rows(rows: Sequence[Comparison]) -> dict[int, int]:
    """Find the rows whose patients all stand in another row, which is kept instead.

    Returns
    -------
    dict
        Position of each row to leave out, with the position of the row that holds its patients. Of two rows
        of exactly the same patients the first is kept.
    """
    nested: dict[int, int] = {}
    for first, second in _pairs_of_one_study(rows):
        if is_within(rows[second], rows[first]):
            nested.setdefault(second, first)
        elif is_within(rows[first], rows[second]):
            nested.setdefault(first, second)
    return {inner: _outermost(nested, inner) for inner in nested}


def _outermost(nested: dict[int, int], position: int) -> int:
    while position in nested:
        position = nested[position]
    return position


def _pairs_of_one_study(rows: Sequence[Comparison]) -> list[tuple[int, int]]:
    """Give the positions of every two rows of one study, in order; groups of two studies are disjoint."""
    by_study: dict[str, list[int]] = {}
    for position, row in enumerate(rows):
        by_study.setdefault(row.study, []).append(position)
    return sorted(pair for places in by_study.values() for pair in combinations(places, 2))


def sharing_pair(rows: Sequence[Comparison]) -> tuple[Comparison, Comparison] | None:
    """Find the first two rows that may share patients, None when all are disjoint."""
    for first, second in _pairs_of_one_study(rows):
        if share_patients(rows[first], rows[second]):
            return rows[first], rows[second]
    return None


def overlapping_cohorts(rows: Sequence[Comparison]) -> tuple[str, str, str] | None:
    """Find the first two studies whose cohorts overlap: both names and the extent, as either file says."""
    firsts = _first_rows(rows)
    order = {study: place for place, study in enumerate(firsts)}
    pairs = [
        sorted((order[study], order[other]))
        for study, row in firsts.items()
        for other, extent in (row.overlaps or {}).items()
        if extent != "none" and other in firsts and other != study
    ]
    if not pairs:
        return None
    by_place = list(firsts.values())
    one, other = (by_place[place] for place in min(pairs))
    extent = extent_between(one, other)
    return None if extent is None else (one.study, other.study, extent)


def _first_rows(rows: Sequence[Comparison]) -> dict[str, Comparison]:
    """Give a row of each study, the studies in the order of the rows: what overlaps is the whole cohort."""
    firsts: dict[str, Comparison] = {}
    for row in rows:
        firsts.setdefault(row.study, row)
    return firsts


def extent_between(row: Comparison, other: Comparison) -> str | None:
    """Say how far the cohorts of two rows are the same; None where they are not, or of one study."""
    if row.study == other.study:
        return None
    for one, another in ((row, other), (other, row)):
        extent = (one.overlaps or {}).get(another.study, "none")
        if extent != "none":
            return extent
    return None


def overlap_sets(rows: Sequence[Comparison]) -> tuple[tuple[int, ...], ...]:
    """Find the rows whose studies are connected by overlaps: those of one set may hold patients twice.

    Returns
    -------
    tuple of tuples
        Positions of the rows of each set, in order; a set has rows of two studies or more.
    """
    firsts = _first_rows(rows)
    leader = {study: study for study in firsts}
    for study, row in firsts.items():
        for other, extent in (row.overlaps or {}).items():
            if extent != "none" and other in firsts and other != study:
                one, another = sorted((_leader(leader, study), _leader(leader, other)))
                leader[another] = one
    members: dict[str, list[int]] = {}
    for position, row in enumerate(rows):
        members.setdefault(_leader(leader, row.study), []).append(position)
    return tuple(
        tuple(places) for places in members.values() if len({rows[place].study for place in places}) > 1
    )


def _leader(leader: dict[str, str], study: str) -> str:
    while leader[study] != study:
        study = leader[study]
    return study
