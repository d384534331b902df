"""The test between the blocks of a plot, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from evisynth.answers.answer import Answer, AnswerRow
from evisynth.answers.correlated_rows import ROBUST_INTERVAL
from evisynth.answers.strata import StratifiedDifference
from evisynth.errors import EvidenceError
from evisynth.outcomes import RowGroup
from evisynth.synthesis import PooledResult, SubgroupResult


@dataclass(frozen=True, slots=True)
class Difference:
    """A test between blocks: ``q_between`` is chi-squared with ``df`` degrees of freedom, or F.

    It is F with ``df`` and ``residual_df`` where there are any of these: that of the meta-regression on the
    block, with one between-study variance for all (:func:`evisynth.synthesis.pool_subgroups`).
    """

    q_between: float
    df: int
    p_value: float
    residual_df: int | None = None


@dataclass(frozen=True, slots=True)
class _PooledBlock:
    """A block that has a diamond, with the rows that it was pooled from."""

    row_group: RowGroup
    pooled: PooledResult
    rows: tuple[AnswerRow, ...]


def difference_of(answer: Answer) -> Difference | StratifiedDifference | str | None:
    """Give what two blocks differ by within one study, or else test the pooled blocks against each other.

    Returns
    -------
    Difference, str or None
        The reason where they must not be compared; None where there are not two to compare.
    """
    if answer.strata is not None:
        return answer.strata
    question = answer.question
    pooled = {summary.label: summary.pooled for summary in answer.by_row_group}
    blocks = [
        _PooledBlock(
            block,
            result,
            tuple(row for row in answer.rows if row.included and row.effect.row_group == block.label),
        )
        for block in question.row_groups
        if (result := pooled.get(block.label)) is not None
    ]
    if len(blocks) < 2:
        return None
    one_effect = not any(block.pooled.has_tau_squared for block in blocks)
    return _why_not_compared(blocks) or _tested(
        blocks,
        "common" if one_effect else question.tau_squared,
        "wald" if one_effect else question.interval,
    )


def _tested(blocks: Sequence[_PooledBlock], tau_squared: str, interval: str) -> Difference | str:
    from evisynth.synthesis import pool_subgroups

    y = [float(value) for block in blocks for value in block.pooled.y]
    v = [float(value) for block in blocks for value in block.pooled.v]
    groups = [block.row_group.label for block in blocks for _ in block.pooled.y]
    try:
        found = pool_subgroups(y, v, groups, tau_squared=tau_squared, interval=interval, prediction="none")
    except EvidenceError as error:
        return str(error)
    return test_of(found)


def test_of(found: SubgroupResult) -> Difference | str:
    """Give the test between subgroups, or the reason why there is none."""
    return found.untested or Difference(found.q_between, found.df, found.p_value, found.residual_df)


def _why_not_compared(blocks: Sequence[_PooledBlock]) -> str | None:
    """Say why blocks must not be tested against each other; None when they may.

    The test takes the blocks as independent estimates of one thing: they must hold different patients, and
    compare the same at the same time. Two blocks that draw on one study may share patients in ways that an
    answer does not record, so that they count as sharing.
    """
    if any(block.pooled.interval == ROBUST_INTERVAL for block in blocks):
        return "rows of one block share patients"
    if any(block.pooled.of_counts for block in blocks):
        return "the test takes effects with standard errors, and rows are pooled by their counts"
    for block, other in combinations(blocks, 2):
        if reason := _different_estimands(block, other):
            return reason
        shared = sorted({row.effect.study for row in block.rows} & {row.effect.study for row in other.rows})
        if shared:
            return f"rows of {shared[0]} stand in more than one block, whose patients may be the same"
    return None


def _different_estimands(block: _PooledBlock, other: _PooledBlock) -> str | None:
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
