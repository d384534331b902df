"""Studies that share patients, pooled the way a question says: one report, their covariance, or robustly.

By ``covariance`` the rows of an overlap set are put together by generalised least squares before anything is
pooled across sets, so that each set weighs what its patients are worth; the variance between studies is that
between sets (``random = ~ 1 | set``). How many patients are shared is known where one cohort is contained in
the other or identical to it; else the most that is possible is taken, and a caution tells what none would
give. Where a set cannot be put together (a weight below zero, figures that differ by more than chance, sizes
that are not known), one report stands for it and a caution says why.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from evisynth.answers.comparability import (
    PooledRow,
    differences,
    figures_used,
    overlap_sets,
    reasons_for_suspicion,
    sharing_pair,
    unexplained,
)
from evisynth.answers.shared_control_groups import (
    Independent,
    Members,
    conflicting_pairs,
    control_variance,
    patients_of_rows,
    put_together,
    rows_beside_one_report,
    sizes_of_arms,
)
from evisynth.arithmetic import to_natural_interval, to_natural_scale
from evisynth.effects import Effect
from evisynth.measures import Scale
from evisynth.outcomes import ONE_COHORT, Comparison, OverlapChoice, Question
from evisynth.synthesis import PooledResult, SetReadings, SetWeights, weigh_set
from evisynth.wording import listed, number_text, span_text

_DONE: Mapping[str, str] = {
    "one_report": "one report stands for the patients of {}",
    "covariance": "the question asks for the covariance of the reports of {}, which count as one row",
    "robust": "the reports of {} stand side by side with a robust standard error and count as one row",
}


def departure_words(choice: OverlapChoice, rows: Sequence[PooledRow]) -> tuple[str, ...]:
    """Say what is done with each overlap set among ``rows``, with the question's reason."""
    because = " ".join(choice.because.split()).rstrip(".")
    said = []
    for places in overlap_sets([row.comparison for row in rows]):
        names = listed(dict.fromkeys(rows[place].comparison.study for place in places), most=None)
        said.append(f"Overlapping studies: {_DONE[choice.choice].format(names)}: {because}.")
    return tuple(said)


def words_on_kept(question: Question, rows: Sequence[PooledRow]) -> tuple[str, ...]:
    """Say which studies a question keeps of their sets that have no row among all that count."""
    counted = {row.comparison.study for row in rows}
    missing = [study for study in question.overlap.keep if study not in counted] if question.overlap else []
    if not missing:
        return ()
    return (f"The question would keep {listed(missing, most=None)}, with no row here that can be pooled.",)


def fallback_words(rows: Sequence[PooledRow], why: str) -> str:
    """Say why rows that should be put together by their covariance are not."""
    names = listed(dict.fromkeys(row.comparison.study for row in rows), most=None)
    return f"One report stands for {names} after all, not their covariance: {why}."


def sharing_words(pooled: PooledResult, other: PooledResult, scale: Scale) -> str:
    """Say what the answer would be if reports that may share patients shared none."""
    return (
        "How many patients the reports share is not known. As many as possible are assumed; with none the "
        f"estimate would be {_numbers(other, scale)} instead of {_numbers(pooled, scale)}."
    )


def _numbers(pooled: PooledResult, scale: Scale) -> str:
    lower, upper = to_natural_interval(pooled.ci_lower, pooled.ci_upper, scale)
    return f"{number_text(to_natural_scale(pooled.estimate, scale), 4)} ({span_text(lower, upper, 4)})"


#: Extents that say how many patients are shared: all of the smaller report.
KNOWN_EXTENTS = frozenset({"contained", "identical", ONE_COHORT})

Shared = Mapping[tuple[int, int], float]


@dataclass(frozen=True, slots=True)
class Overlaps:
    """What overlapping studies among the rows of a summary mean for counting them.

    ``disjoint_rows`` counts each set whose rows are pooled together as one row. ``robust`` tells that rows
    which overlap are pooled by a working model.
    """

    disjoint_rows: int
    robust: bool


def overlaps_of(question: Question, independent: Independent) -> Overlaps:
    """Look for overlapping studies among the rows that count."""
    rows = independent.rows
    sets = overlap_sets([row.comparison for row in rows])
    if question.overlap is None or not sets:
        return Overlaps(len(rows), robust=False)
    disjoint = len(rows) - sum(len(places) - 1 for places in sets)
    return Overlaps(disjoint, robust=question.overlap.choice == "robust")


@dataclass(frozen=True, slots=True)
class Settlement:
    """Rows that another report of their patients stands for, with the reason, and what to tell of it all."""

    left: Mapping[int, str]
    told: tuple[str, ...] = ()


def settle_duplicates(question: Question, rows: Sequence[PooledRow]) -> Settlement:
    """Let one report stand for each cohort that several studies report and no file says so.

    They are the same patients whatever the question says of overlapping studies; it may name the one to keep.
    """
    left: dict[int, str] = {}
    told: list[str] = []
    keep = question.overlap.keep if question.overlap is not None else ()
    comparisons = [row.comparison for row in rows]
    for places in overlap_sets(comparisons, {ONE_COHORT}):
        beside = rows_beside_one_report(rows, places, keep)
        left |= beside
        studies = dict.fromkeys(comparisons[place].study for place in places)
        standing = [study for study in studies if study not in {comparisons[place].study for place in beside}]
        why = "; ".join(
            dict.fromkeys(
                reason
                for one, other in combinations(studies, 2)
                if (reason := reasons_for_suspicion(comparisons, one, other))
            )
        )
        told.append(
            f"{listed(studies, most=None)} are taken as reports of one cohort ({why}), so that "
            f"{listed(standing, most=None)} stands for it, until a study file says how far they share "
            "patients."
        )
    return Settlement(left, tuple(told))


def settle_overlaps(question: Question, rows: Sequence[PooledRow]) -> Settlement:
    """Decide which rows stay, as the question handles overlapping studies; all of them without a choice."""
    if question.overlap is None:
        return Settlement({})
    left: dict[int, str] = {}
    told = list(departure_words(question.overlap, rows))
    if told and question.summary == "overall":
        told += words_on_kept(question, rows)
    if question.overlap.choice == "robust":
        return Settlement({}, tuple(told))
    for places in overlap_sets([row.comparison for row in rows]):
        if question.overlap.choice == "covariance":
            members = [rows[place] for place in places]
            if unexplained(question, differences(question, members)):
                continue  # what is not comparable is refused, whoever stays
            why = _reason_not_together(question, members)
            if why is None:
                continue
            told.append(fallback_words(members, why))
        left |= rows_beside_one_report(rows, places, question.overlap.keep)
    return Settlement(left, tuple(told))


def _reason_not_together(question: Question, rows: Sequence[PooledRow]) -> str | None:
    """Say why the rows of a set cannot be put together, None when they can."""
    independent = put_together(question, rows).rows
    numbers, pairs = _studies_of(independent)
    weights = weigh_set(set_readings(independent, numbers), shared_shares(pairs, numbers, unknown=1.0))
    return str(weights.reason[0]) or None


def _studies_of(rows: Sequence[PooledRow]) -> tuple[dict[str, int], dict[tuple[str, str], str]]:
    """Number the studies of a set, and give the extents of their overlaps."""
    pairs = conflicting_pairs(rows, range(len(rows)))
    return {study: at for at, study in enumerate(dict.fromkeys(r.comparison.study for r in rows))}, pairs


def shared_shares(
    pairs: Mapping[tuple[str, str], str], numbers: Mapping[str, int], *, unknown: float
) -> Shared:
    """Return which share of the smaller report each pair has in common; ``unknown`` where no file says."""
    found: dict[tuple[int, int], float] = {}
    for (one, other), extent in pairs.items():
        first, second = sorted((numbers[one], numbers[other]))
        found[first, second] = 1.0 if extent in KNOWN_EXTENTS else unknown
    return found


def set_readings(rows: Sequence[PooledRow], numbers: Mapping[str, int]) -> SetReadings:
    """Return the rows of a set as the arrays of one universe."""
    parts = [arm_parts(row) for row in rows]
    columns = np.array([[*part] for part in parts], dtype=np.float64).T[:, None, :]
    return SetReadings(tuple(numbers[row.comparison.study] for row in rows), *columns)


def arm_parts(row: PooledRow) -> tuple[float, float, float, float, float]:
    """Return estimate, variance, patients of index and reference, and the reference's part; NaN: unknown."""
    effect = row.effect
    estimate = math.nan if effect.estimate is None else effect.estimate
    variance = math.nan if effect.standard_error is None else effect.standard_error**2
    if row.comparison.reference is None:
        patients = patients_of_rows([row])
        return estimate, variance, math.nan if patients is None else patients, 1.0, 0.0
    control = control_variance(row)
    index, reference = sizes_of_arms(row) or (math.nan, math.nan)
    return estimate, variance, index, reference, math.nan if control is None else control


def has_unknown_sharing(question: Question, rows: Sequence[PooledRow]) -> bool:
    """Whether rows are put together of which no file says how many patients they share."""
    if question.overlap is None or question.overlap.choice != "covariance":
        return False
    pairs = conflicting_pairs(rows, range(len(rows)))
    return any(extent not in KNOWN_EXTENTS for extent in pairs.values())


def put_overlaps_together(
    question: Question, independent: Independent, *, unknown: float = 1.0
) -> Independent:
    """Put the rows of each overlap set into one row, where the question asks for their covariance.

    Parameters
    ----------
    question
        Its choice for overlapping studies.
    independent
        The rows that count, of which no two of one study share patients.
    unknown
        Which share of the smaller report is taken as shared where no file says, from 0 to 1.
    """
    if question.overlap is None or question.overlap.choice != "covariance":
        return independent
    rows = independent.rows
    combined: dict[int, tuple[PooledRow, Members]] = {}
    taken: set[int] = set()
    for places in overlap_sets([row.comparison for row in rows]):
        members = [rows[place] for place in places]
        if unexplained(question, differences(question, members)):
            continue
        numbers, pairs = _studies_of(members)
        weights = weigh_set(set_readings(members, numbers), shared_shares(pairs, numbers, unknown=unknown))
        if weights.reason[0]:
            continue
        combined[places[0]] = (
            _row_of_set(members, weights, pairs),
            tuple(
                (inner, share * float(of_set))
                for place, of_set in zip(places, weights.shares[0], strict=True)
                for inner, share in independent.members[place]
            ),
        )
        taken.update(places)
    kept: list[tuple[PooledRow, Members]] = []
    for place, row in enumerate(rows):
        if place in combined:
            kept.append(combined[place])
        elif place not in taken:
            kept.append((row, independent.members[place]))
    return Independent(tuple(row for row, _ in kept), tuple(parts for _, parts in kept), independent.notes)


def _row_of_set(
    rows: Sequence[PooledRow], weights: SetWeights, pairs: Mapping[tuple[str, str], str]
) -> PooledRow:
    effects = [row.effect for row in rows]
    patients = patients_of_set(rows, pairs)
    effect: Effect = replace(
        effects[0],
        comparison=" and ".join(f"{effect.study} {effect.comparison}" for effect in effects),
        estimate=float(weights.estimate[0]),
        standard_error=float(weights.variance[0]) ** 0.5,
        grade=max(effect.grade for effect in effects),
        participants=patients,
        index_size=None,
        reference_size=None,
        reference_variance=float(weights.reference_variance[0]) or None,
        ci_lower=None,
        ci_upper=None,
        inputs=tuple(dict.fromkeys(part for effect in effects for part in effect.inputs)),
        flags=tuple(dict.fromkeys(flag for effect in effects for flag in effect.flags)),
        working=None,
    )
    studies = tuple(dict.fromkeys(effect.study for effect in effects))
    return PooledRow(_comparison_of_set(rows, known=patients is not None), effect, studies)


def _comparison_of_set(rows: Sequence[PooledRow], *, known: bool) -> Comparison:
    """Return the first comparison with the figures of all, and no size that would stand for that of all."""
    first = rows[0].comparison
    figures = tuple(figure for row in rows for figure in figures_used(row))
    index = first.index if known else replace(first.index, size=replace(first.index.size, candidates=()))
    return replace(first, index=index, figures=figures)


def patients_counted_once(rows: Sequence[PooledRow]) -> int | None:
    """Count the patients of rows of which only overlapping studies share any; None when that is not known.

    Rows of one study that may share patients are not added up: that would be more than there are.
    """
    if sharing_pair([row.comparison for row in rows]) is not None:
        return None
    sets = overlap_sets([row.comparison for row in rows])
    shared = {place for places in sets for place in places}
    totals = [patients_of_rows([row]) for place, row in enumerate(rows) if place not in shared]
    for places in sets:
        totals.append(patients_of_set([rows[place] for place in places], conflicting_pairs(rows, places)))
    known = [total for total in totals if total is not None]
    return sum(known) if len(known) == len(totals) else None


def patients_of_set(rows: Sequence[PooledRow], pairs: Mapping[tuple[str, str], str]) -> int | None:
    """Count the patients of an overlap set once each, None when nobody says how many are shared."""
    by_study: dict[str, list[PooledRow]] = {}
    for row in rows:
        by_study.setdefault(row.comparison.study, []).append(row)
    if len(by_study) != 2 or not set(pairs.values()) <= KNOWN_EXTENTS:
        return None
    sizes = [patients_of_rows(members) for members in by_study.values()]
    known = [size for size in sizes if size is not None]
    # The smaller report is contained in the larger one.
    return max(known) if len(known) == len(sizes) else None
