"""The grid of universes: one choice for every row, all of them or a sample with a fixed seed.

A universe is a row of whole numbers, one for each row of the plot: the place of its reading, or ``OUT``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from evisynth.synthesis.multiverse_choices import RowChoices, overlap_choices
from evisynth.synthesis.shared_control import rows_beside_the_largest, shared_controls
from evisynth.synthesis.shared_patients import nested_rows

OUT = -1
#: Up to so many universes the grid is exact; a larger one is sampled, so many times.
MOST_UNIVERSES = 20_000
#: Fixes the sample, so that the same evidence gives the same curve.
SEED = 20261121

Universes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Distinct universes, how many combinations there are, and which universe is the question's own.

    ``exact`` tells that all combinations are there. Combinations that differ only in the reading of a row
    that is not in them are one universe. ``own`` is None when the question counts studies that overlap, which
    no universe does.
    """

    universes: Universes
    combinations: int
    exact: bool
    own: int | None


def build_grid(
    rows: Sequence[RowChoices],
    most: int = MOST_UNIVERSES,
    seed: int = SEED,
    *,
    one_comparison: bool = False,
) -> Grid:
    """Combine the choices of all rows with the choice between overlapping studies.

    Parameters
    ----------
    rows
        At least one.
    most
        A grid of more combinations is sampled, with this many draws.
    seed
        Of the sample.
    one_comparison
        Whether of comparisons that share their control one stays, which is then a choice too.
    """
    together = overlap_choices([row.comparison for row in rows])
    staying = [
        [row.comparison.study in studies and place not in beside for place, row in enumerate(rows)]
        for studies in together
        for beside in _left_beside(rows, one_comparison=one_comparison)
    ]
    staying = list(map(list, dict.fromkeys(map(tuple, staying))))
    sizes = [
        math.prod(_count(row) for row, stays in zip(rows, stay, strict=True) if stays) for stay in staying
    ]
    total = sum(sizes)
    exact = total <= most
    if exact:
        drawn = [_all(rows, stay, size) for stay, size in zip(staying, sizes, strict=True)]
    else:
        drawn = _sample(rows, staying, sizes, most, seed)
    counted = {row.comparison.study for row in rows if row.stands}
    own_is_there = any(counted <= studies for studies in together)
    if own_is_there:
        standing = [row.stands for row in rows]
        if one_comparison:
            standing = _without_smaller(rows, standing)
        drawn.append(np.array([[0 if stands else OUT for stands in standing]]))
    universes = _canonical(rows, np.concatenate(drawn))
    universes, place = np.unique(universes, axis=0, return_inverse=True)
    return Grid(universes, total, exact, int(np.ravel(place)[-1]) if own_is_there else None)


def _left_beside(rows: Sequence[RowChoices], *, one_comparison: bool) -> list[set[int]]:
    """Return the rows to leave out for each choice of one comparison of every shared control."""
    if not one_comparison:
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


def _count(row: RowChoices) -> int:
    return len(row.readings) + row.may_leave


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
        place, choice = np.divmod(place, _count(row))
        columns.append(choice + _least(row))
    return np.stack(columns, axis=1)


def _sample(
    rows: Sequence[RowChoices], staying: Sequence[Sequence[bool]], sizes: Sequence[int], draws: int, seed: int
) -> list[Universes]:
    """Draw combinations with equal chance, each choice between overlapping studies by its share of them."""
    generator = np.random.default_rng(seed)
    total = sum(sizes)
    shares = np.array([size / total for size in sizes])
    counts = generator.multinomial(draws, shares / shares.sum())
    drawn = []
    for stay, count in zip(staying, counts, strict=True):
        columns = [
            generator.integers(_least(row), len(row.readings), count) if stays else np.full(count, OUT)
            for row, stays in zip(rows, stay, strict=True)
        ]
        drawn.append(np.stack(columns, axis=1))
    return drawn


def _canonical(rows: Sequence[RowChoices], universes: Universes) -> Universes:
    """Take out the rows whose patients all stand in another row of the same universe."""
    held = universes.copy()
    for first in range(len(rows)):
        for second in range(first + 1, len(rows)):
            nested = nested_rows([rows[first].comparison, rows[second].comparison])
            for inner, outer in nested.items():
                places = (first, second)
                held[universes[:, places[outer]] != OUT, places[inner]] = OUT
    return held
