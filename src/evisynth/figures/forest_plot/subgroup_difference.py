"""Whether the blocks of a plot differ from each other, or why that is not asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from evisynth.answers import AnswerRow
from evisynth.errors import InvalidDataError
from evisynth.figures.forest_plot.models import CLUSTER_ROBUST
from evisynth.outcomes import RowGroup
from evisynth.synthesis import PooledResult


@dataclass(frozen=True, slots=True)
class Difference:
    """A test between blocks: ``q_between`` is chi-squared with ``df`` degrees of freedom."""

    q_between: float
    df: int
    p_value: float


@dataclass(frozen=True, slots=True)
class PooledBlock:
    """A block that has a diamond, with the rows that it was pooled from."""

    row_group: RowGroup
    pooled: PooledResult
    rows: tuple[AnswerRow, ...]


def difference_between(
    results: Sequence[PooledResult], groups: Sequence[str], tau_squared: str, interval: str
) -> Difference | str:
    """Test the difference between pooled blocks, each with its own variance; the reason where none can be."""
    from evisynth.synthesis import pool_subgroups

    y = [float(value) for result in results for value in result.y]
    v = [float(value) for result in results for value in result.v]
    try:
        found = pool_subgroups(y, v, groups, tau_squared=tau_squared, interval=interval, prediction="none")
    except InvalidDataError as error:
        return str(error)
    return Difference(found.q_between, found.df, found.p_value)


def why_not_compared(blocks: Sequence[PooledBlock]) -> str | None:
    """Say why blocks must not be tested against each other; None when they may.

    The test takes the blocks as independent estimates of one thing: they must hold different patients, and
    compare the same at the same time. Two blocks that draw on one study may share patients in ways that an
    answer does not record, so that they count as sharing.
    """
    if any(block.pooled.interval == CLUSTER_ROBUST for block in blocks):
        return "rows of one block share patients"
    for block, other in combinations(blocks, 2):
        if reason := _different_estimands(block, other):
            return reason
        shared = sorted({row.effect.study for row in block.rows} & {row.effect.study for row in other.rows})
        if shared:
            return f"rows of {shared[0]} stand in more than one block, whose patients may be the same"
    return None


def _different_estimands(block: PooledBlock, other: PooledBlock) -> str | None:
    one, two = block.row_group, other.row_group
    if one.time_months != two.time_months:
        return "the blocks hold for different times"
    if _contrast(one) != _contrast(two):
        return "the blocks compare different things"
    if any("other_estimand" in row.effect.flags for row in (*block.rows, *other.rows)):
        return "some rows do not show quite the effect that the others show"
    return None


def _contrast(block: RowGroup) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]] | None:
    """Return the tags by which index and reference differ; None for single arms."""
    if block.reference is None:
        return None
    index, reference = block.index.tags, block.reference.tags
    return {
        kind: (tuple(index.get(kind, ())), tuple(reference.get(kind, ())))
        for kind in {*index, *reference}
        if tuple(index.get(kind, ())) != tuple(reference.get(kind, ()))
    }
