"""Odds ratio, risk ratio and risk difference of two arms: from counts (grade A or B) or from rates (grade C).

The risk is that of the event of the outcome: of death for overall survival, whether deaths were counted, or
those alive, or survival rates are printed. A cell of zero gives no ratio: half a patient is not added in
silence. A question that says ``empty_cells: add half`` has it added to each of the four cells of such a row,
and of no other (add = 1/2, to = "only0" in metafor), which is told and costs a grade. Never of a difference:
half a patient a group would make 0 of 44 against 0 of 49 the most precise row of all.

Where the source leaves open how its patients divide between the arms, :func:`admissible_splits` lists how
they may.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import product

from evisynth.arithmetic import (
    contrast,
    newcombe_interval,
    rounding_interval,
)
from evisynth.effects.build_effect import (
    Estimate,
    Limits,
    Stage,
    build_bound,
    build_point,
    build_refusal,
    counted_arms,
)
from evisynth.effects.counts import Counted, NotCounted, read_counts
from evisynth.effects.effect import (
    Effect,
    Grounds,
    Input,
    Subject,
    assuming,
    downgraded,
    grade_rank,
    size_input,
)
from evisynth.effects.landmark_contrasts import (
    LandmarkPair,
    follow_up_sensitivity,
    landmark_pairs,
    own_precision,
    pair_grounds,
    pair_stage,
    refuse_pair,
)
from evisynth.effects.proportions import score_interval_of_difference, window_grounds
from evisynth.effects.rate_working import reference_variance, risk_contrast_of_counts, risk_contrast_of_rates
from evisynth.effects.readings import in_group
from evisynth.measures import Scale
from evisynth.outcomes import is_same_time
from evisynth.printed_statistics import statistics_feeding
from evisynth.wording import in_words, listed, percent_text, time_words

FROM_COUNTS = "risk_contrast_of_counts"
FROM_LANDMARKS = "landmark_risk_contrast"

#: The flag of a row to whose cells half a patient was added.
HALF_ADDED_FLAG = "half_a_patient_added"
_HALF = 0.5

#: The patients with the outcome, and all patients, of one group; whole unless half a patient was added.
Table = tuple[float, float]

#: The scales that have a value for nobody and for everybody.
_SCALES_WITH_ENDS = ("identity", "arcsine")


def recover_risk_contrasts(subject: Subject) -> list[Effect]:
    """Return the contrasts of counts for each matching time window, then those of survival rates."""
    return [*_from_counts(subject), *_from_landmarks(subject)]


def _from_counts(subject: Subject) -> list[Effect]:
    comparison = subject.comparison
    if comparison.reference is None:
        return []
    printed = {figure.statistic for arm in subject.arms for figure in arm.figures}
    if printed.isdisjoint(statistics_feeding("share_of_patients")):
        return []
    index, reference = read_counts(subject, comparison.index), read_counts(subject, comparison.reference)
    pairs = [
        (one, two) for one in index for two in reference if _same_window(one.time_months, two.time_months)
    ]
    if not pairs:
        reason = "the two groups report no share of patients for the same time window"
        return [build_refusal(subject, FROM_COUNTS, reason)]
    return [_contrast_of_counts(subject, one, two) for one, two in pairs]


def _same_window(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return is_same_time(one, other)


def _contrast_of_counts(
    subject: Subject, index: Counted | NotCounted, reference: Counted | NotCounted
) -> Effect:
    grounds = index.grounds + reference.grounds + window_grounds(subject, index.time_months)
    if isinstance(index, NotCounted) or isinstance(reference, NotCounted):
        reasons = [found.reason for found in (index, reference) if isinstance(found, NotCounted)]
        stage = Stage(index.time_months)
        reason = reasons[0] if len(set(reasons)) == 1 else "; ".join(map(in_words, dict.fromkeys(reasons)))
        return build_refusal(subject, FROM_COUNTS, reason, Grounds(grounds.inputs), stage)
    stage = Stage(index.time_months, index.table[1], reference.table[1])
    if index.exact_count is not None and reference.exact_count is not None:
        events = index.exact_count + reference.exact_count
        stage = replace(stage, events=events, index_events=index.exact_count)
    grade = max(index.grade, reference.grade, key=grade_rank)
    pairs = list(product(index.tables, reference.tables))
    if not (index.as_printed or reference.as_printed):  # else which counts they are of is not known
        tables = [(_whole(one), _whole(two)) for one, two in ((index.table, reference.table), *pairs)]
        counted = counted_arms(subject, grade, list(dict.fromkeys(tables)), _difference, grounds)
        stage = replace(stage, counted=counted)
    scale = _risk_scale(subject)
    add_half = subject.question.empty_cells == "add_half" and scale not in _SCALES_WITH_ENDS
    one: Table = index.table
    two: Table = reference.table
    if index.all_or_none or reference.all_or_none:
        if not add_half or _says_nothing(one, two):
            return _with_empty_cell(subject, index, reference, grounds, stage)
        one, two = _with_half(one), _with_half(two)
        grounds += _half_added(_cells(subject, index, reference), one, two)
    ends = [_end(scale, *pair, add_half=add_half) for pair in pairs]
    working = risk_contrast_of_counts(scale, subject.measure.symbol, one, two)
    estimate = Estimate(working, (min(ends), max(ends)), reference_variance(scale, working, "P0"))
    return build_point(subject, FROM_COUNTS, grade, estimate, grounds, stage)


def _whole(table: tuple[float, int]) -> tuple[int, int]:
    return round(table[0]), table[1]


def _difference(arms: tuple[tuple[int, int], ...]) -> float:
    """Return by how much more of the index arm than of the reference arm has the outcome."""
    (x1, n1), (x0, n0) = arms
    return x1 / n1 - x0 / n0


def _risk_scale(subject: Subject) -> Scale:
    """Return the scale on which the measure sets two risks against each other."""
    return subject.measure.risk_scale or subject.scale


def _end(scale: Scale, index: Table, reference: Table, *, add_half: bool) -> float:
    """Return the contrast at one admissible pair of tables, infinite where a count may be none or all."""
    empty = any(count in (0, size) for count, size in (index, reference))
    if empty and add_half:
        index, reference = _with_half(index), _with_half(reference)
    elif empty and scale not in _SCALES_WITH_ENDS:
        return math.inf if index[0] / index[1] > reference[0] / reference[1] else -math.inf
    return contrast(scale, index[0] / index[1], reference[0] / reference[1])


def _with_half(table: Table) -> Table:
    """Add half a patient with the outcome, and half a patient without it."""
    count, size = table
    return count + _HALF, size + 2 * _HALF


def _half_added(cells: str, index: Table, reference: Table) -> Grounds:
    """Return the assumption that half a patient in each cell is, and the grade that it costs."""
    (x1, n1), (x0, n0) = index, reference
    told = (
        f"half a patient is added to each of the four cells, as the question says: {x1:g} of {n1:g} and "
        f"{x0:g} of {n0:g} stand for {cells}"
    )
    why = f"{cells}: a cell is empty, and half a patient is added to each, which decides much of the estimate"
    return assuming(told) + downgraded(HALF_ADDED_FLAG, why)


def _says_nothing(index: Table, reference: Table) -> bool:
    """Whether nobody, or everybody, of both groups had the outcome: a ratio would be one of group sizes."""
    return all(count == 0 for count, _ in (index, reference)) or all(
        count == size for count, size in (index, reference)
    )


def _cells(subject: Subject, index: Counted, reference: Counted) -> str:
    return listed(
        f"{found.table[0]:g} of {found.table[1]}{in_group(subject.comparison, found.arm)}"
        for found in (index, reference)
    )


def _with_empty_cell(
    subject: Subject, index: Counted, reference: Counted, grounds: Grounds, stage: Stage
) -> Effect:
    cells = _cells(subject, index, reference)
    if _risk_scale(subject) in _SCALES_WITH_ENDS:
        reason = (
            f"{cells}: a cell is empty, so that the difference has no standard error, and half a patient is "
            "never added to one; the question may say model: mantel-haenszel, which takes counts as they are"
        )
    elif subject.question.empty_cells == "add_half":
        reason = f"{cells}: alike in both groups, which says nothing of a ratio, half a patient or not"
    else:
        reason = (
            f"{cells}: a cell is empty, and half a patient is not added in silence; the question may say "
            "empty_cells: add half, or model: mantel-haenszel, which takes counts as they are"
        )
    if _risk_scale(subject) != "identity":
        return build_refusal(subject, FROM_COUNTS, reason, grounds, stage)
    level = subject.question.level
    tables = list(product(index.tables, reference.tables))
    intervals = [newcombe_interval((x1 / n1, n1), (x0 / n0, n0), level) for (x1, n1), (x0, n0) in tables]
    least = min(range(len(tables)), key=lambda place: intervals[place][0])
    greatest = max(range(len(tables)), key=lambda place: intervals[place][1])
    working = score_interval_of_difference((tables[least], tables[greatest]), level)
    limits = Limits(working, exact=True)
    grounds += assuming(
        f"the limits are Newcombe's, {percent_text(level)}, from the score limits of both shares"
    )
    return build_bound(subject, "risk_difference_score_interval", limits, grounds, stage, reason)


def _from_landmarks(subject: Subject) -> list[Effect]:
    wanted = subject.wanted_time
    pairs = [
        pair for pair in landmark_pairs(subject) if wanted is None or is_same_time(pair.time_months, wanted)
    ]
    return [_contrast_of_rates(subject, pair) for pair in pairs]


def _contrast_of_rates(subject: Subject, pair: LandmarkPair) -> Effect:
    rates = pair.rates
    if rates is None:
        return refuse_pair(subject, FROM_LANDMARKS, pair)
    index, reference = rates
    scale = _risk_scale(subject)
    told = (
        f"the {subject.measure.words} is that of {subject.event.words} up to {time_words(pair.time_months)}"
    )
    rounding = rounding_interval(
        lambda s1, s0: _printed_contrast(scale, s1, s0), [index.survival, reference.survival]
    )
    working = risk_contrast_of_rates(scale, subject.measure.symbol, index.working, reference.working)
    control = reference_variance(scale, working, "P0")
    estimate = Estimate(working, rounding, control, own_precision=own_precision(*rates))
    grounds = pair_grounds(index, reference) + assuming(told)
    grounds += follow_up_sensitivity(rates, estimate.standard_error)
    grade = max(index.grade, reference.grade, key=grade_rank)
    return build_point(subject, FROM_LANDMARKS, grade, estimate, grounds, pair_stage(pair, rates))


def _printed_contrast(scale: Scale, s1: float, s0: float) -> float:
    """Return the contrast of two survival rates at a corner of rounding, infinite where one is 0 or 1."""
    if scale not in _SCALES_WITH_ENDS and not (0 < s1 < 1 and 0 < s0 < 1):
        return math.inf if s1 < s0 else -math.inf
    return contrast(scale, 1 - s1, 1 - s0)


@dataclass(frozen=True, slots=True)
class Splits:
    """Every admissible (index, reference) pair of sizes, and what they rest on."""

    pairs: tuple[tuple[float, float], ...]
    grounds: Grounds


def admissible_splits(subject: Subject) -> Splits | None:
    """Return the splits that the print allows; with the whole alone the even one, the weakest for a bound."""
    comparison = subject.comparison
    if comparison.reference is None:
        return None
    index = tuple(n for n in comparison.index.size.candidates if n > 0)
    reference = tuple(n for n in comparison.reference.size.candidates if n > 0)
    whole = max(comparison.whole_size.candidates, default=0) if comparison.whole_size is not None else 0
    inputs = Grounds(
        inputs=tuple(
            size_input(arm) for arm in (comparison.index, comparison.reference) if arm.size.candidates
        )
    )
    if comparison.whole_size is not None and whole and not (index and reference):
        size = comparison.whole_size
        together = Input(
            "patients, both groups together", size.as_reported, size.source_location, size.file_location
        )
        inputs += Grounds(inputs=(together,))
    pairs = _pairs(index, reference, whole)
    if not pairs:
        return None
    return Splits(pairs, inputs + _told(pairs))


def _pairs(index: tuple[int, ...], reference: tuple[int, ...], whole: int) -> tuple[tuple[float, float], ...]:
    if index and reference:
        everything = [(float(r1), float(r0)) for r1 in index for r0 in reference]
        # Sizes that mirror each other in the whole are read off one split: they move together.
        mirrored = {whole - r0 for r0 in reference} == set(index)
        inside = [pair for pair in everything if _fits(sum(pair), whole, exhausts=mirrored)]
        return tuple(inside or everything)
    if not whole:
        return ()
    if index:
        return tuple((float(r1), float(whole - r1)) for r1 in index if r1 < whole)
    if reference:
        return tuple((float(whole - r0), float(r0)) for r0 in reference if r0 < whole)
    return ((whole / 2, whole / 2),)


def _fits(total: float, whole: int, *, exhausts: bool) -> bool:
    if not whole:
        return True
    return total == whole if exhausts else total <= whole


def _told(pairs: tuple[tuple[float, float], ...]) -> Grounds:
    if len(pairs) == 1:
        r1, r0 = pairs[0]
        return assuming(f"the groups have {r1:g} and {r0:g} patients")
    sizes = sorted({r1 for r1, _ in pairs})
    return assuming(f"the index group has {sizes[0]:g} to {sizes[-1]:g} patients; the weakest split is taken")
