"""Which rows stand in a universe and how overlapping studies are counted, before each row is read.

There are as many plans as choices for all overlap sets and shared controls together. Where these alone are
more than a sample, the plans are drawn too, each by its share of all combinations.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import product

import numpy as np

from evisynth.synthesis.multiverse_choices import RowChoices
from evisynth.synthesis.multiverse_overlaps import OverlapSetChoices


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
