"""The grid of universes: one choice for every row, all of them or a sample with a fixed seed.

A universe is a row of whole numbers, one for each row of the plot: the place of its reading, or ``OUT``.
Beside it stands one for each overlap set: the way in which its studies are counted.

A plan says which rows stand in a universe and how overlapping studies are counted, before each row is read.
There are as many plans as choices for all overlap sets and shared controls together. Where these alone are
more than a sample, the plans are drawn too, each by its share of all combinations.
"""

from __future__ import annotations

import math
from collections.abc import Sequence, Set as AbstractSet
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from evisynth.answers.comparability import nested_rows, overlapping_cohorts, pairs_of_one_study
from evisynth.answers.multiverse.choices import (
    ALL_SHARED,
    APART,
    OverlapSetChoices,
    RowChoices,
    overlap_set_choices,
)
from evisynth.answers.overlaps import settle_duplicates, settle_overlaps
from evisynth.answers.shared_control_groups import rows_beside_the_largest, shared_controls
from evisynth.outcomes import Question


@dataclass(frozen=True, slots=True)
class Plan:
    """Which rows stay, and the way in which each overlap set is counted."""

    stay: tuple[bool, ...]
    ways: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plans:
    """Plans, and how many universes each gives: all of its combinations, or its share of the sample."""

    plans: tuple[Plan, ...]
    counts: tuple[int, ...]
    combinations: int
    exact: bool


def choice_count(row: RowChoices) -> int:
    """Count what can be chosen for a row that stays."""
    return len(row.readings) + row.may_leave


def lay_out_plans(
    rows: Sequence[RowChoices],
    sets: Sequence[OverlapSetChoices],
    besides: Sequence[AbstractSet[int]],
    most: int,
    generator: np.random.Generator,
) -> Plans:
    """Combine the choices for overlap sets and shared controls.

    Parameters
    ----------
    rows, sets
        The rows, and the overlap sets among them.
    besides
        The places of rows to leave out, for each choice among comparisons of shared controls.
    most
        More combinations than this are sampled, with this many draws.
    generator
        Of the sample.
    """
    if len(besides) * math.prod(len(one.options) for one in sets) > most:
        return _drawn(rows, sets, besides, most, generator)
    plans = tuple(
        dict.fromkeys(
            _plan(rows, sets, picked, beside)
            for picked in product(*(range(len(one.options)) for one in sets))
            for beside in besides
        )
    )
    sizes = tuple(_size(rows, [place for place, stays in enumerate(plan.stay) if stays]) for plan in plans)
    total = sum(sizes)
    if total <= most:
        return Plans(plans, sizes, total, exact=True)
    return Plans(plans, _shared_out(sizes, most, generator), total, exact=False)


def _drawn(
    rows: Sequence[RowChoices],
    sets: Sequence[OverlapSetChoices],
    besides: Sequence[AbstractSet[int]],
    most: int,
    generator: np.random.Generator,
) -> Plans:
    """Draw plans without counting through them: sets are independent of each other."""
    in_sets = {place for one in sets for place in one.places}
    alone = [place for place in range(len(rows)) if place not in in_sets]
    sizes = [
        [
            [
                _size(
                    rows,
                    [at for at in one.places if at not in beside and rows[at].comparison.study not in out],
                )
                for out, _ in one.options
            ]
            for one in sets
        ]
        for beside in besides
    ]
    totals = [
        _size(rows, [place for place in alone if place not in beside]) * math.prod(map(sum, of_sets))
        for beside, of_sets in zip(besides, sizes, strict=True)
    ]
    found: dict[Plan, int] = {}
    for beside, of_sets, count in zip(besides, sizes, _shared_out(totals, most, generator), strict=True):
        picks = np.empty((count, len(sets)), dtype=np.int64)
        for column, of_set in enumerate(of_sets):
            shares = np.array([size / sum(of_set) for size in of_set])
            picks[:, column] = generator.choice(len(of_set), count, p=shares / shares.sum())
        for picked in picks.tolist():
            plan = _plan(rows, sets, picked, beside)
            found[plan] = found.get(plan, 0) + 1
    return Plans(tuple(found), tuple(found.values()), sum(totals), exact=False)


def _plan(
    rows: Sequence[RowChoices],
    sets: Sequence[OverlapSetChoices],
    picked: Sequence[int],
    beside: AbstractSet[int],
) -> Plan:
    options = [one.options[pick] for one, pick in zip(sets, picked, strict=True)]
    out = {study for studies, _ in options for study in studies}
    stay = tuple(row.comparison.study not in out and place not in beside for place, row in enumerate(rows))
    return Plan(stay, tuple(way for _, way in options))


def _size(rows: Sequence[RowChoices], places: Sequence[int]) -> int:
    return math.prod(choice_count(rows[place]) for place in places)


def _shared_out(sizes: Sequence[int], most: int, generator: np.random.Generator) -> tuple[int, ...]:
    """Share the draws out by size; whole numbers are divided before they could outgrow a float."""
    total = sum(sizes)
    shares = np.array([size / total for size in sizes])
    return tuple(int(count) for count in generator.multinomial(most, shares / shares.sum()))


OUT = -1
#: Up to so many universes the grid is exact; a larger one is sampled, so many times.
MOST_UNIVERSES = 20_000
#: A sample of very many rows is smaller: so many readings are looked up at once (40 MB a table of them).
_MOST_READINGS = 5_000_000
#: Fixes the sample, so that the same evidence gives the same curve.
SEED = 20261121

Universes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Distinct universes, how many combinations there are, and which universe is the question's own.

    ``ways`` has a column for each of ``sets``, the overlap sets. ``exact`` tells that all combinations are
    there. Combinations that differ only in the reading of a row that is not in them are one universe. ``own``
    is None when the question counts studies that overlap in a way that no universe has: refused, or robustly.
    """

    universes: Universes
    combinations: int
    exact: bool
    own: int | None
    ways: Universes
    sets: tuple[OverlapSetChoices, ...] = ()


def build_grid(
    question: Question, rows: Sequence[RowChoices], most: int = MOST_UNIVERSES, seed: int = SEED
) -> Grid:
    """Combine the choices of all rows with the choices between and for overlapping studies.

    Parameters
    ----------
    question
        Whether of comparisons that share their control one stays, which is then a choice too, and how it
        handles overlapping studies itself.
    rows
        At least one.
    most
        A grid of more combinations is sampled, with this many draws, and fewer of more than 250 rows.
    seed
        Of the sample.
    """
    most = min(most, 1 + _MOST_READINGS // len(rows))
    sets = overlap_set_choices([row.row for row in rows])
    generator = np.random.default_rng(seed)
    plans = lay_out_plans(rows, sets, _left_beside(question, rows), most, generator)
    drawn = []
    for plan, count in zip(plans.plans, plans.counts, strict=True):
        choices = _all(rows, plan.stay, count) if plans.exact else _sample(rows, plan.stay, count, generator)
        ways = np.tile(np.array(plan.ways, np.int64), (count, 1))
        drawn.append(np.concatenate([choices, ways], axis=1))
    own = _own_universe(question, rows, sets)
    if own is not None:
        drawn.append(own)
    universes, ways_chosen = _canonical(rows, sets, np.concatenate(drawn))
    both, place = np.unique(np.concatenate([universes, ways_chosen], axis=1), axis=0, return_inverse=True)
    return Grid(
        universes=both[:, : len(rows)],
        combinations=plans.combinations,
        exact=plans.exact,
        own=None if own is None else int(np.ravel(place)[-1]),
        ways=both[:, len(rows) :],
        sets=sets,
    )


def _own_universe(
    question: Question, rows: Sequence[RowChoices], sets: Sequence[OverlapSetChoices]
) -> Universes | None:
    """Return what the question itself chooses; None when it has overlapping studies side by side."""
    standing = [row.stands for row in rows]
    for place in _nested(rows, standing):
        standing[place] = False
    if question.shared_control == "one_comparison":
        standing = _without_smaller(rows, standing)
    counted = [place for place, stands in enumerate(standing) if stands]
    for settle in (settle_duplicates, settle_overlaps):
        settled = settle(question, [rows[place].row for place in counted])
        for inner in settled.left:
            standing[counted[inner]] = False
        counted = [place for place, stands in enumerate(standing) if stands]
    by_covariance = question.overlap is not None and question.overlap.choice == "covariance"
    ways = []
    for one in sets:
        there = [rows[place].row.comparison for place in one.places if standing[place]]
        apart = overlapping_cohorts(there) is None
        if not apart and not by_covariance:
            return None
        ways.append(APART if apart else ALL_SHARED)
    return np.array([[*(0 if stands else OUT for stands in standing), *ways]], dtype=np.int64)


def _nested(rows: Sequence[RowChoices], standing: Sequence[bool]) -> list[int]:
    counted = [place for place, stands in enumerate(standing) if stands]
    return [counted[inner] for inner in nested_rows([rows[place].comparison for place in counted])]


def _left_beside(question: Question, rows: Sequence[RowChoices]) -> list[set[int]]:
    """Return the rows to leave out for each choice of one comparison of every shared control."""
    if question.shared_control != "one_comparison":
        return [set()]
    clusters = shared_controls([row.comparison for row in rows])
    picks = product(*clusters)
    everyone = {place for cluster in clusters for place in cluster}
    return [everyone - set(pick) for pick in picks]


def _without_smaller(rows: Sequence[RowChoices], standing: Sequence[bool]) -> list[bool]:
    """Leave out the rows that the question itself leaves out beside a larger one."""
    places = [place for place, stands in enumerate(standing) if stands]
    beside = rows_beside_the_largest([rows[place].row for place in places])
    left = {places[inner] for inner in beside}
    return [stands and place not in left for place, stands in enumerate(standing)]


def _least(row: RowChoices) -> int:
    return OUT if row.may_leave else 0


def _all(rows: Sequence[RowChoices], stay: Sequence[bool], size: int) -> Universes:
    """Count through all combinations of the rows that stay."""
    place = np.arange(size)
    columns = []
    for row, stays in zip(rows, stay, strict=True):
        if not stays:
            columns.append(np.full(size, OUT))
            continue
        place, choice = np.divmod(place, choice_count(row))
        columns.append(choice + _least(row))
    return np.stack(columns, axis=1)


def _sample(
    rows: Sequence[RowChoices], stay: Sequence[bool], count: int, generator: np.random.Generator
) -> Universes:
    """Draw combinations of the rows that stay with equal chance."""
    columns = [
        generator.integers(_least(row), len(row.readings), count) if stays else np.full(count, OUT)
        for row, stays in zip(rows, stay, strict=True)
    ]
    return np.stack(columns, axis=1)


def _canonical(
    rows: Sequence[RowChoices], sets: Sequence[OverlapSetChoices], drawn: Universes
) -> tuple[Universes, Universes]:
    """Take out rows whose patients all stand in another row, and ways to count a set of one study."""
    universes, ways = drawn[:, : len(rows)], drawn[:, len(rows) :].copy()
    held = universes.copy()
    comparisons = [row.comparison for row in rows]
    for places in pairs_of_one_study(comparisons):
        for inner, outer in nested_rows([comparisons[place] for place in places]).items():
            held[universes[:, places[outer]] != OUT, places[inner]] = OUT
    for column, one in enumerate(sets):
        ways[_none_overlap(rows, one, held), column] = APART
    return held, ways


def _none_overlap(rows: Sequence[RowChoices], one: OverlapSetChoices, held: Universes) -> NDArray[np.bool_]:
    """Return where no two studies of a set that are in share patients."""
    inside = {
        at: (held[:, [place for place in one.places if rows[place].comparison.study == study]] != OUT).any(
            axis=1
        )
        for study, at in one.numbers.items()
    }
    none = np.ones(len(held), dtype=np.bool_)
    for first, second in one.shared[ALL_SHARED]:
        none &= ~(inside[first] & inside[second])
    return none
