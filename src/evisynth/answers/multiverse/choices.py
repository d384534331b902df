"""The admissible choices of a multiverse: readings of each row, and ways to count overlapping studies.

Every recovery of grade D or better is an admissible reading of its row: by itself, with fewer patients under
observation, at either end of what rounds to the printed figures, and as if a suspected misprint were one. A
row that is exploratory may be left out as well. Another estimand (survivors of a landmark only) is no reading
of the comparison.

Of overlapping studies any may stay, or all do by their covariance.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from evisynth.answers.comparability import PooledRow, overlap_sets, overlapping_cohorts
from evisynth.answers.count_models import as_counted, with_counts
from evisynth.answers.eligibility import reason_not_pooled, standing_effect
from evisynth.answers.overlaps import KNOWN_EXTENTS, arm_parts, shared_shares
from evisynth.answers.shared_control_groups import conflicting_pairs
from evisynth.effects import Effect, alternatives, grade_rank
from evisynth.outcomes import Comparison, Question
from evisynth.wording import listed

#: A rounding interval that ends within this share of the standard error moves nothing.
LEAST_MOVE = 0.01


@dataclass(frozen=True, slots=True)
class Reading:
    """One admissible reading of a row; ``share`` of its patients were effectively under observation.

    ``control_variance`` is the part of its variance that the reference group brings, None when unknown.
    ``as_if`` says in words what else is read otherwise: rounding, a suspected misprint; empty as printed.
    ``patients`` are those of the index and of the reference group, None when unknown. In a model of counts
    ``tables`` are the counts of each arm, and the estimate is NaN where they give none by themselves.
    """

    effect: Effect
    share: float
    estimate: float
    standard_error: float
    control_variance: float | None
    as_if: str = ""
    patients: tuple[float | None, float | None] = (None, None)
    tables: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class RowChoices:
    """A row with its admissible readings, the one that stands for it first.

    ``may_leave`` tells that leaving the row out is a choice too; ``stands`` that the question itself counts
    it, with its first reading.
    """

    comparison: Comparison
    readings: tuple[Reading, ...]
    may_leave: bool
    stands: bool

    @property
    def name(self) -> str:
        """The study and the groups, and the block of rows."""
        return f"{self.comparison.study}, {self.comparison.name}"

    @property
    def row(self) -> PooledRow:
        """The row as the rules of pooling see it, with its first reading."""
        return PooledRow(self.comparison, self.readings[0].effect)


def exploratory_form(question: Question) -> Question:
    """Return the question with grade D accepted, which is what a multiverse asks."""
    return replace(question, minimum_grade="D")


def row_choices(
    question: Question,
    comparison: Comparison,
    recoveries: Sequence[Effect],
    misprints: Sequence[tuple[str, Sequence[Effect]]] = (),
) -> RowChoices | None:
    """Return what could be chosen for a row, None when no recovery of it may be pooled in any question.

    Parameters
    ----------
    question, comparison, recoveries
        The row and all its recoveries.
    misprints
        For each figure that may be misprinted: what is read otherwise, and the recoveries it then gives.
    """
    asked = exploratory_form(question)
    if question.takes_counts:
        return _count_choices(question, asked, comparison, recoveries, misprints)
    standing = standing_effect(comparison, recoveries)
    others = [effect for effect in recoveries if effect is not standing]
    admissible = [effect for effect in (standing, *others) if _admissible(asked, comparison, effect)]
    if not admissible:
        return None
    refused = reason_not_pooled(question, comparison, standing) is not None
    weak = grade_rank(standing.grade) >= grade_rank("D")
    readings = [reading for effect in admissible for reading in _readings(comparison, effect)]
    for words, otherwise in misprints:
        readings += _misprint_readings(asked, comparison, otherwise, words, readings)
    return RowChoices(
        comparison=comparison,
        readings=tuple(readings),
        may_leave=refused or weak,
        stands=not refused and comparison.study not in {left.what for left in question.left_out},
    )


def _count_choices(
    question: Question,
    asked: Question,
    comparison: Comparison,
    recoveries: Sequence[Effect],
    misprints: Sequence[tuple[str, Sequence[Effect]]],
) -> RowChoices | None:
    """Return what could be chosen for a row of counts: other figures for them, and the ends of rounding."""
    standing = with_counts(recoveries)
    if standing is None:
        return None
    counting = [as_counted(effect) for effect in recoveries if effect.counted is not None]
    counting.sort(key=lambda effect: effect.counted != standing.counted)
    readings = [
        reading
        for effect in counting
        if reason_not_pooled(asked, comparison, effect) is None
        for reading in _count_readings(effect)
    ]
    if not readings:
        return None
    for words, otherwise in misprints:
        readings += [
            replace(_count_readings(as_counted(effect))[0], as_if=f"if misprinted: {words}")
            for effect in otherwise
            if effect.counted is not None
            and reason_not_pooled(asked, comparison, as_counted(effect)) is None
            and effect.counted.tables not in [reading.tables for reading in readings]
        ]
    refused = reason_not_pooled(question, comparison, as_counted(standing)) is not None
    weak = grade_rank(as_counted(standing).grade) >= grade_rank("D")
    left_out = {left.what for left in question.left_out}
    return RowChoices(
        comparison, tuple(readings), refused or weak, not refused and comparison.study not in left_out
    )


def _count_readings(effect: Effect) -> list[Reading]:
    counts = effect.counted
    assert counts is not None
    ends = (("", counts.tables), ("lower end of its rounding", counts.lower),
            ("upper end of its rounding", counts.upper))  # fmt: skip
    estimate = math.nan if effect.estimate is None else effect.estimate
    error = math.nan if effect.standard_error is None else effect.standard_error
    return [
        Reading(effect, 1.0, estimate if not words else math.nan, error, None, words, tables=tables)
        for words, tables in ends
        if not words or tables != counts.tables
    ]


def _admissible(asked: Question, comparison: Comparison, effect: Effect) -> bool:
    if "other_estimand" in effect.flags:
        return False
    return reason_not_pooled(asked, comparison, replace(effect, primary=True)) is None


def _readings(comparison: Comparison, effect: Effect) -> list[Reading]:
    plain = _reading(comparison, effect)
    control = plain.control_variance
    fewer = [
        replace(
            plain,
            share=other.share,
            estimate=other.estimate,
            standard_error=other.standard_error,
            control_variance=None if control is None else control / other.share,
        )
        for other in alternatives(effect)
    ]
    return [plain, *fewer, *_rounded(plain)]


def _reading(comparison: Comparison, effect: Effect, as_if: str = "") -> Reading:
    # An admissible effect is a point.
    assert effect.estimate is not None and effect.standard_error is not None
    row = PooledRow(comparison, effect)
    _, _, index, reference, control = arm_parts(row)
    patients = tuple(None if math.isnan(size) else size for size in (index, reference))
    return Reading(
        effect=effect,
        share=1.0,
        estimate=effect.estimate,
        standard_error=effect.standard_error,
        control_variance=None if math.isnan(control) else control,
        as_if=as_if,
        patients=(patients[0], patients[1]),
    )


def _rounded(plain: Reading) -> list[Reading]:
    """Return the reading at each end of what rounds to the printed figures, where that moves it."""
    effect = plain.effect
    ends = (("lower", effect.rounding_lower), ("upper", effect.rounding_upper))
    return [
        replace(plain, estimate=end, as_if=f"{which} end of its rounding")
        for which, end in ends
        if end is not None
        and math.isfinite(end)
        and abs(end - plain.estimate) > LEAST_MOVE * plain.standard_error
    ]


def _misprint_readings(
    asked: Question,
    comparison: Comparison,
    recoveries: Sequence[Effect],
    words: str,
    known: Sequence[Reading],
) -> list[Reading]:
    """Return what the recoveries give if a figure is misprinted, as far as that is anything new."""
    numbers = {(reading.effect.recovery, reading.estimate, reading.standard_error) for reading in known}
    return [
        _reading(comparison, effect, f"if misprinted: {words}")
        for effect in recoveries
        if _admissible(asked, comparison, effect)
        and (effect.recovery, effect.estimate, effect.standard_error) not in numbers
    ]


def reconsidered(question: Question, comparisons: Sequence[Comparison]) -> list[Comparison]:
    """Keep the rows of a question that leaves nobody out, less the studies it leaves out for good.

    A study that it leaves out although it overlaps with none of the others is out in every universe; one that
    overlaps was a choice between the two.
    """
    left_out = {left.what for left in question.left_out}
    kept = [comparison for comparison in comparisons if comparison.study not in left_out]
    return [
        comparison
        for comparison in comparisons
        if comparison.study not in left_out
        or any(overlapping_cohorts([comparison, other]) is not None for other in kept)
    ]


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
        return f"overlap of {listed(self.studies, most=None)}"


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
