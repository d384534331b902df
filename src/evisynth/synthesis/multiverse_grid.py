"""The grid of universes: one choice for every row, all of them or a sample with a fixed seed.

A universe is a row of whole numbers, one for each row of the plot: the place of its reading, or ``OUT``.
Beside it stands one for each overlap set: the way in which its studies are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from evisynth.outcomes.question import Question
from evisynth.synthesis.multiverse_choices import RowChoices
from evisynth.synthesis.multiverse_overlaps import (
    ALL_SHARED,
    APART,
    OverlapSetChoices,
    overlap_set_choices,
)
from evisynth.synthesis.multiverse_plans import choice_count, lay_out_plans
from evisynth.synthesis.overlaps import settle_overlaps
from evisynth.synthesis.shared_control import rows_beside_the_largest, shared_controls
from evisynth.synthesis.shared_patients import nested_rows, overlapping_cohorts

OUT = -1
#: Up to so many universes the grid is exact; a larger one is sampled, so many times.
MOST_UNIVERSES = 20_000
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
        A grid of more combinations is sampled, with this many draws.
    seed
        Of the sample.
    """
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
    settled = settle_overlaps(question, [rows[place].row for place in counted])
    for inner in settled.left:
        standing[counted[inner]] = False
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
    for first in range(len(rows)):
        for second in range(first + 1, len(rows)):
            nested = nested_rows([rows[first].comparison, rows[second].comparison])
            for inner, outer in nested.items():
                places = (first, second)
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
