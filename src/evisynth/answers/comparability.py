"""The guard against pooling what differs: one thing, measured in one way, in patients who are not the same.

The guard looks at the outcome, the scale, the adjustment, the clock start, the time window and the role of
the patients. A question sets one of the last four aside by name, with its reason, which then stands as a
caution; outcome and scale are never mixed. Names of the outcome that differ in print ("definition") are
cautioned, not refused: print differs more often than the thing.

Patients are the same in nested groups, shared comparators and overlapping cohorts. Parts of one split of one
whole are disjoint. Groups of different splits (by margin, by age) may share patients. Groups without a common
whole are taken as disjoint: the study file does not connect them.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

from evisynth.effects import Effect
from evisynth.measures import question_measure
from evisynth.outcomes import (
    ONE_COHORT,
    SUSPECTED,
    Arm,
    Comparison,
    Departure,
    Question,
    ReportedOutcome,
    is_same_time,
)
from evisynth.studies import OverlapExtent
from evisynth.wording import time_words

Relation = Literal["same", "within", "around", "disjoint", "may share"]

#: Every extent by which two studies share patients, or may.
ANY_OVERLAP = frozenset({*get_args(OverlapExtent), SUSPECTED, ONE_COHORT}) - {"none"}


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


def only_study(rows: Sequence[PooledRow]) -> str | None:
    """Name the study that all rows are strata of; None of several studies."""
    studies = {study for row in rows for study in row.reports or (row.comparison.study,)}
    return studies.pop() if len(studies) == 1 else None


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
    for first, second in pairs_of_one_study(rows):
        if is_within(rows[second], rows[first]):
            nested.setdefault(second, first)
        elif is_within(rows[first], rows[second]):
            nested.setdefault(first, second)
    return {inner: _outermost(nested, inner) for inner in nested}


def _outermost(nested: dict[int, int], position: int) -> int:
    while position in nested:
        position = nested[position]
    return position


def pairs_of_one_study(rows: Sequence[Comparison]) -> list[tuple[int, int]]:
    """Give the positions of every two rows of one study, in order; groups of two studies are disjoint."""
    by_study: dict[str, list[int]] = {}
    for position, row in enumerate(rows):
        by_study.setdefault(row.study, []).append(position)
    return sorted(pair for places in by_study.values() for pair in combinations(places, 2))


def sharing_pair(rows: Sequence[Comparison]) -> tuple[Comparison, Comparison] | None:
    """Find the first two rows that may share patients, None when all are disjoint."""
    for first, second in pairs_of_one_study(rows):
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


def reasons_for_suspicion(rows: Sequence[Comparison], one: str, other: str) -> str:
    """Say why two studies are taken to share patients although no file says so; empty where one does."""
    reasons = {
        because
        for row in rows
        for study, because in (row.suspicions or {}).items()
        if {row.study, study} == {one, other}
    }
    return "; ".join(sorted(reasons))


def overlap_sets(
    rows: Sequence[Comparison], extents: Container[str] = ANY_OVERLAP
) -> tuple[tuple[int, ...], ...]:
    """Find the rows whose studies are connected by overlaps: those of one set may hold patients twice.

    Parameters
    ----------
    rows
        Of any studies.
    extents
        The overlaps that connect.

    Returns
    -------
    tuple of tuples
        Positions of the rows of each set, in order; a set has rows of two studies or more.
    """
    firsts = _first_rows(rows)
    leader = {study: study for study in firsts}
    for study, row in firsts.items():
        for other, extent in (row.overlaps or {}).items():
            if extent in extents and other in firsts and other != study:
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


@dataclass(frozen=True, slots=True)
class PooledRow:
    """A row that may be pooled: what is compared, and the recovery that stands for it.

    ``reports`` names the overlapping studies that were put together into it, if it is made of several.
    """

    comparison: Comparison
    effect: Effect
    reports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which rows differ, and how: ``values`` in the order in which they are met."""

    what: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"rows differ in {self.what} ({'; '.join(self.values)})"


def figures_used(row: PooledRow) -> tuple[ReportedOutcome, ...]:
    """Find the reported figures that entered the recovery; all of the comparison's when it names none."""
    places = {(part.file_location, part.as_reported) for part in row.effect.inputs}
    figures = [
        *row.comparison.figures,
        *(figure for arm in arms_of(row.comparison) for figure in arm.figures),
    ]
    used = tuple(figure for figure in figures if (figure.file_location, figure.as_reported) in places)
    return used or tuple(figures)


def differences(question: Question, rows: Sequence[PooledRow]) -> tuple[Difference, ...]:
    """List everything in which ``rows`` differ that would make their average hard to read."""
    found = [_difference(what, rows, values_of) for what, values_of in _COMPARED.items()]
    if question_measure(question.effect_measure).is_of_one_time:
        found.append(_time_windows(rows))
    return tuple(difference for difference in found if difference is not None)


def compared_values(question: Question, rows: Sequence[PooledRow]) -> Iterator[list[set[str]]]:
    """Give for each thing that the question does not set aside what it is in each row.

    Rows differ in that thing when more than one value is met in all of them together.
    """
    for what, values_of in _COMPARED.items():
        if not _is_set_aside(question, what):
            yield [{_folded(value) for value in values_of(row)} for row in rows]
    if question_measure(question.effect_measure).is_of_one_time and not _is_set_aside(question, _WINDOW):
        met: list[float | None] = []
        yield [{str(_number_of_window(months, met))} for months in _times(rows)]


def definitions(rows: Sequence[PooledRow]) -> Difference | None:
    """Say how the studies name the outcome, when two of them name it and the names differ."""
    return _difference("definition", rows, _labels)


def unexplained(question: Question, found: Sequence[Difference]) -> tuple[Difference, ...]:
    """Keep the differences that the question does not set aside by name."""
    return tuple(difference for difference in found if not _is_set_aside(question, difference.what))


def _is_set_aside(question: Question, what: str) -> bool:
    return what not in _NEVER_MIXED and departure_for(question, what) is not None


def departure_for(question: Question, what: str) -> Departure | None:
    """Find the question's reason for mixing rows that differ in ``what``."""
    for departure in question.mixed:
        if _folded(departure.what) == what:
            return departure
    return None


def _folded(name: str) -> str:
    return " ".join(name.replace("_", " ").replace("-", " ").casefold().split())


def _difference(
    what: str, rows: Sequence[PooledRow], values_of: Callable[[PooledRow], set[str]]
) -> Difference | None:
    # Keyed by the folded text: "Operation" and "operation" are one clock start.
    met: dict[str, str] = {}
    for row in rows:
        for value in sorted(values_of(row)):
            met.setdefault(_folded(value), value)
    return Difference(what, tuple(met.values())) if len(met) > 1 else None


def _adjustment(row: PooledRow) -> set[str]:
    # Which covariates entered differs from study to study even between comparable models.
    adjusted = any(figure.adjusted for figure in figures_used(row))
    return {"adjusted" if adjusted else "not adjusted"}


def _clock_starts(row: PooledRow) -> set[str]:
    return {figure.starts for figure in figures_used(row) if figure.starts}


def _labels(row: PooledRow) -> set[str]:
    return {figure.label for figure in figures_used(row) if figure.label}


#: What rows are compared by, with its values in a row; outcome and scale are never mixed.
_COMPARED: dict[str, Callable[[PooledRow], set[str]]] = {
    "outcome": lambda row: {row.comparison.outcome},
    "scale": lambda row: {row.effect.scale},
    "adjustment": _adjustment,
    "clock start": _clock_starts,
    "role": lambda row: {arm.role for arm in arms_of(row.comparison)},
}
_NEVER_MIXED = frozenset({"outcome", "scale"})
_WINDOW = "time window"


def _time_windows(rows: Sequence[PooledRow]) -> Difference | None:
    met: list[float | None] = []
    for months in _times(rows):
        _number_of_window(months, met)
    texts = ("not stated" if months is None else time_words(months) for months in met)
    return Difference(_WINDOW, tuple(texts)) if len(met) > 1 else None


def _number_of_window(months: float | None, met: list[float | None]) -> int:
    """Find the window among those that were met, to which a new one is added."""
    for number, other in enumerate(met):
        if _is_same_window(months, other):
            return number
    met.append(months)
    return len(met) - 1


def _times(rows: Sequence[PooledRow]) -> Iterator[float | None]:
    for row in rows:
        own = row.effect.time_months
        yield own if own is not None else row.comparison.time_months


def _is_same_window(months: float | None, other: float | None) -> bool:
    if months is None or other is None:
        return months is other
    return is_same_time(months, other)
