"""A control group that several comparisons of one study share: its patients must not count twice.

By the question's choice the rows are refused together (the default), the comparison of most patients stands
for them, or they are put together by their covariance before anything is pooled across studies: the weights
of generalised least squares give one estimate of the study, as precise as its patients and no more. Its
between-study variance is that of the study, not of each comparison.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from evisynth.answers.comparability import (
    PooledRow,
    arms_of,
    differences,
    extent_between,
    relation_of_arms,
    share_patients,
    unexplained,
)
from evisynth.effects import Effect
from evisynth.outcomes import Comparison, Question
from evisynth.wording import listed, number_text

#: Of each row that is pooled: the rows it is made of, counted from 0, with the share of each in it.
Members = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Independent:
    """Rows of disjoint patients, what each is made of, and what to say of those made of several."""

    rows: tuple[PooledRow, ...]
    members: tuple[Members, ...]
    notes: tuple[str, ...] = ()


def shared_controls(rows: Sequence[Comparison]) -> tuple[tuple[int, ...], ...]:
    """Find the rows of one study that share their reference group, and nothing else with any row.

    Returns
    -------
    tuple of tuples
        Positions of the rows of each such group, two or more.
    """
    by_control: dict[tuple[str, str], list[int]] = {}
    for position, row in enumerate(rows):
        if row.reference is not None:
            by_control.setdefault((row.study, row.reference.group), []).append(position)
    return tuple(
        tuple(members)
        for members in by_control.values()
        if len(members) > 1 and _share_nothing_else(members, rows)
    )


def _share_nothing_else(members: Sequence[int], rows: Sequence[Comparison]) -> bool:
    disjoint = all(
        relation_of_arms(rows[one].index, rows[other].index) == "disjoint"
        for one, other in combinations(members, 2)
    )
    outside = [row for position, row in enumerate(rows) if position not in members]
    return disjoint and not any(share_patients(rows[one], other) for one in members for other in outside)


def rows_beside_the_largest(rows: Sequence[PooledRow]) -> dict[int, int]:
    """Choose of each shared control the comparison of most patients, the first of equal ones.

    Returns
    -------
    dict
        Position of each row to leave out, with that of the row that stands for it.
    """
    beside: dict[int, int] = {}
    for members in shared_controls([row.comparison for row in rows]):
        kept = max(members, key=lambda position: (patients_of_row(rows[position]) or 0, -position))
        beside |= {position: kept for position in members if position != kept}
    return beside


def patients_of_row(row: PooledRow) -> int | None:
    """Return the patients behind a row, None when one of its arms is of unknown size."""
    if row.effect.participants is not None:
        return row.effect.participants
    sizes = [arm.size.exact for arm in arms_of(row.comparison)]
    known = [size for size in sizes if size is not None]
    return sum(known) if len(known) == len(sizes) else None


def put_together(question: Question, rows: Sequence[PooledRow]) -> Independent:
    """Put rows that share a control into one each, where the question asks for their covariance."""
    found = (
        shared_controls([row.comparison for row in rows]) if question.shared_control == "covariance" else ()
    )
    combined: dict[int, tuple[PooledRow, Members, str]] = {}
    taken: set[int] = set()
    for places in found:
        together = _combined(question, [rows[place] for place in places])
        if together is not None:
            row, shares, note = together
            combined[places[0]] = row, tuple(zip(places, shares, strict=True)), note
            taken.update(places)
    kept: list[tuple[PooledRow, Members]] = []
    for place, row in enumerate(rows):
        if place in combined:
            kept.append(combined[place][:2])
        elif place not in taken:
            kept.append((row, ((place, 1.0),)))
    notes = tuple(note for _, _, note in combined.values())
    return Independent(tuple(row for row, _ in kept), tuple(members for _, members in kept), notes)


def _combined(
    question: Question, rows: Sequence[PooledRow]
) -> tuple[PooledRow, tuple[float, ...], str] | None:
    """Return one row for all, with the share of each; None where they must not or cannot be put together."""
    if why_not_together(question, rows) is not None:
        return None
    parts, pulls = [control_variance(row) for row in rows], _pulls(rows)
    total = math.fsum(pulls)
    shares = tuple(pull / total for pull in pulls)
    estimate = math.fsum(
        share * (row.effect.estimate or 0.0) for share, row in zip(shares, rows, strict=True)
    )
    control = (
        math.fsum(share * math.sqrt(part or 0.0) for share, part in zip(shares, parts, strict=True)) ** 2
    )
    effect = _effect_of_all(rows, estimate, total**-0.5, control)
    return PooledRow(_comparison_of_all(rows, effect), effect), shares, _note(rows)


def why_not_together(question: Question, rows: Sequence[PooledRow]) -> str | None:
    """Say why rows that share their control group are not put into one, None when they are."""
    found = unexplained(question, differences(question, rows))
    if found:
        return "; ".join(str(difference) for difference in found)
    for row in rows:
        part, variance = control_variance(row), (row.effect.standard_error or math.nan) ** 2
        if part is None:
            return f"how much of the variance of {row.comparison.name} is the control's is not known"
        if part >= variance:
            return (
                f"the variance of {row.comparison.name} ({number_text(variance, 3)}) is no larger than the "
                f"part of it that its control group alone would have ({number_text(part, 3)}): that cannot be"
            )
    if not all(pull > 0 for pull in _pulls(rows)):
        return (
            "with the covariance that the control group gives them one would weigh less than nothing: their "
            "variances do not fit one control group"
        )
    return None


def _pulls(rows: Sequence[PooledRow]) -> list[float]:
    parts = [control_variance(row) or 0.0 for row in rows]
    return inverse_covariance_sums([(row.effect.standard_error or math.nan) ** 2 for row in rows], parts)


def inverse_covariance_sums(variances: Sequence[float], control: Sequence[float]) -> list[float]:
    r"""Return the row sums of the inverse covariance of contrasts against one control group.

    .. math::
        V_{ii} = v_i, \qquad V_{ij} = \sqrt{c_i c_j} \quad (i \ne j)

    They are the weights of generalised least squares before scaling, and their sum is one over the variance
    of its estimate. V is a diagonal matrix plus a product of one column with itself, so that its inverse has
    a closed form (Sherman and Morrison).

    Parameters
    ----------
    variances : shape (k,)
        Sampling variances of the contrasts.
    control : shape (k,)
        The part of each that comes from the control group, below the whole; the same for all when they were
        recovered the same way.

    References
    ----------
    Gleser & Olkin 2009, in Cooper, Hedges & Valentine, The Handbook of Research Synthesis and Meta-Analysis.
    """
    own = [1 / (v - c) for v, c in zip(variances, control, strict=True)]
    shared = [math.sqrt(c) * w for c, w in zip(control, own, strict=True)]
    both = math.fsum(math.sqrt(c) * each for c, each in zip(control, shared, strict=True))
    pull = math.fsum(shared) / (1 + both)
    return [w - each * pull for w, each in zip(own, shared, strict=True)]


def control_variance(row: PooledRow) -> float | None:
    """Return the part of a row's variance that is its control group's: as recovered, else by the sizes.

    With the same share of events in both groups the variance of a log ratio is proportional to 1/n1 + 1/n0.
    """
    effect = row.effect
    if effect.estimate is None or effect.standard_error is None:
        return None
    if effect.reference_variance is not None:
        return effect.reference_variance
    sizes = sizes_of_arms(row)
    if sizes is None:
        return None
    index, reference = sizes
    return effect.standard_error**2 * index / (index + reference)


def sizes_of_arms(row: PooledRow) -> tuple[int, int] | None:
    """Return the patients of the index and of the reference group, None when one is not known."""
    reference = row.comparison.reference
    index_size = row.effect.index_size or row.comparison.index.size.exact
    reference_size = row.effect.reference_size or (None if reference is None else reference.size.exact)
    return (index_size, reference_size) if index_size and reference_size else None


def _effect_of_all(
    rows: Sequence[PooledRow], estimate: float, standard_error: float, control: float
) -> Effect:
    sizes = [sizes_of_arms(row) for row in rows]
    known = [size for size in sizes if size is not None]
    index = sum(size[0] for size in known) if len(known) == len(rows) else None
    effects = [row.effect for row in rows]
    return replace(
        effects[0],
        comparison=" and ".join(effect.comparison for effect in effects),
        estimate=estimate,
        standard_error=standard_error,
        grade=max(effect.grade for effect in effects),
        participants=None if index is None else index + known[0][1],
        index_size=index,
        reference_variance=control,
        ci_lower=None,
        ci_upper=None,
        inputs=tuple(dict.fromkeys(part for effect in effects for part in effect.inputs)),
        flags=tuple(dict.fromkeys(flag for effect in effects for flag in effect.flags)),
        working=None,
    )


def _comparison_of_all(rows: Sequence[PooledRow], effect: Effect) -> Comparison:
    """Return the first comparison, without a size of its own that would be taken for that of all."""
    first = rows[0].comparison
    if effect.participants is not None:
        return first
    return replace(first, index=replace(first.index, size=replace(first.index.size, candidates=())))


def _note(rows: Sequence[PooledRow]) -> str:
    control = rows[0].comparison.reference
    named = "" if control is None else control.group
    said = (
        f"{rows[0].comparison.study}: the control group {named} stands in {len(rows)} comparisons, whose "
        "covariance is taken into account, so that its patients count once"
    )
    if any(row.effect.reference_variance is None for row in rows):
        said += "; how much of their variance is the control's is taken from the sizes of the groups"
    return f"{said}."


def rows_beside_one_report(
    rows: Sequence[PooledRow], places: Sequence[int], keep: Sequence[str] = ()
) -> dict[int, str]:
    """Choose who stands for an overlap set, and say of each other row who stands for it.

    Parameters
    ----------
    rows
        The rows that count.
    places
        Positions of the rows of the set.
    keep
        Studies that a question names. Of a set in which none is named, the study of most patients stands; of
        equal ones the one that enrolled longest, then the one published last, then the first by name. A named
        one that overlaps with one named before it does not stand.

    Returns
    -------
    dict
        Position of each row to leave out, with the reason.
    """
    by_study: dict[str, list[PooledRow]] = {}
    for place in places:
        by_study.setdefault(rows[place].comparison.study, []).append(rows[place])
    named = [study for study in keep if study in by_study]
    standing: list[str] = []
    for study in named or [max(by_study, key=lambda study: _standing_rank(study, by_study[study]))]:
        if not any(_extent(by_study, study, other) for other in standing):
            standing.append(study)
    return {
        place: _reason(rows[place].comparison.study, standing, by_study, as_named=bool(named))
        for place in places
        if rows[place].comparison.study not in standing
    }


def patients_of_rows(rows: Sequence[PooledRow]) -> int | None:
    """Add up the patients of rows that share none, None when one of them is of unknown size."""
    sizes = [patients_of_row(row) for row in rows]
    known = [size for size in sizes if size is not None]
    return sum(known) if len(known) == len(sizes) else None


def _standing_rank(study: str, rows: Sequence[PooledRow]) -> tuple[int, int, int, list[int]]:
    comparison = rows[0].comparison
    patients = patients_of_rows(rows)
    # Letters turned round, so that the greatest is the first by name.
    name = [-ord(letter) for letter in study]
    return (
        -1 if patients is None else patients,
        _last_year(comparison),
        comparison.publication_year or 0,
        name,
    )


def _last_year(comparison: Comparison) -> int:
    last = (comparison.accrual or "").rpartition(" ")[2]
    return int(last) if last.isdigit() else 0


def _extent(by_study: dict[str, list[PooledRow]], study: str, other: str) -> str | None:
    return extent_between(by_study[study][0].comparison, by_study[other][0].comparison)


def _reason(
    study: str, standing: Sequence[str], by_study: dict[str, list[PooledRow]], *, as_named: bool
) -> str:
    beside = [other for other in standing if _extent(by_study, study, other)] or list(standing)
    extents = {_extent(by_study, study, other) for other in beside} - {None}
    how = f" ({', '.join(sorted(str(extent) for extent in extents))})" if extents else ""
    if as_named:
        why = "which the question keeps"
    else:
        mine, theirs = (patients_of_rows(by_study[name]) for name in (study, beside[0]))
        if mine is None or theirs is None:
            why = "which stands for both"
        elif mine == theirs:
            which = (
                "more recent" if _is_more_recent(by_study[beside[0]], by_study[study]) else "first by name"
            )
            why = f"the {which} of two reports of {mine} patients"
        else:
            why = f"the larger report ({theirs} patients, {mine} here)"
    if not extents:
        # the two share no patients: others of the set, which overlap with both, link them
        return f"it is in one set of overlapping studies with {listed(beside, most=None)}, {why}"
    return f"its patients may be counted in {listed(beside, most=None)} already{how}, {why}"


def _is_more_recent(rows: Sequence[PooledRow], others: Sequence[PooledRow]) -> bool:
    one, other = rows[0].comparison, others[0].comparison
    return (_last_year(one), one.publication_year or 0) > (_last_year(other), other.publication_year or 0)


def conflicting_pairs(rows: Sequence[PooledRow], places: Sequence[int]) -> dict[tuple[str, str], str]:
    """Give the pairs of studies of a set that overlap with each other, with how far."""
    firsts: dict[str, Comparison] = {}
    for place in places:
        firsts.setdefault(rows[place].comparison.study, rows[place].comparison)
    return {
        (one, other): extent
        for one, other in combinations(firsts, 2)
        if (extent := extent_between(firsts[one], firsts[other])) is not None
    }
