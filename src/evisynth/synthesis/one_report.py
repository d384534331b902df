"""Of studies that may share patients one report stands: the one that a question names, or the largest."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from evisynth.outcomes.comparison import Comparison
from evisynth.synthesis.comparability import PooledRow
from evisynth.synthesis.shared_control import patients_of_row
from evisynth.synthesis.shared_patients import extent_between


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
        return f"it is in one set of overlapping studies with {' and '.join(beside)}, {why}"
    return f"its patients may be counted in {' and '.join(beside)} already{how}, {why}"


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
