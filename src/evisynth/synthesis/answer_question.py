"""From the recoveries behind a question to its answer: rows, and an estimate or the reason for none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from evisynth.effects.effect import Effect, Scale
from evisynth.effects.subject import ANALYSIS_SCALES
from evisynth.errors import InvalidDataError
from evisynth.outcomes.comparison import Comparison
from evisynth.outcomes.question import Departure, Question
from evisynth.synthesis.answer import Answer, AnswerRow, Summary
from evisynth.synthesis.cautions import cautions_for
from evisynth.synthesis.comparability import PooledRow
from evisynth.synthesis.eligibility import NON_PROPORTIONAL_REASON, reason_not_pooled, standing_effect
from evisynth.synthesis.poolability import (
    FEWEST_ROWS_FOR_PREDICTION,
    OWN_SUMMARIES_REASON,
    reason_for_no_row,
    reason_to_refuse,
)
from evisynth.synthesis.result import PooledResult
from evisynth.synthesis.shared_control import put_together, rows_beside_the_largest
from evisynth.synthesis.shared_patients import arms_of, nested_rows


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A comparison, the recovery that stands for it, and why it is left out (None: it counts)."""

    comparison: Comparison
    effect: Effect
    alternatives: tuple[Effect, ...]
    reason: str | None

    @property
    def pooled_row(self) -> PooledRow:
        return PooledRow(self.comparison, self.effect)


def answer_question(
    question: Question,
    comparisons: Sequence[Comparison],
    effects: Sequence[tuple[Effect, ...]],
    left_out: Sequence[Departure] = (),
) -> Answer:
    """Answer ``question`` from what its comparisons gave.

    Parameters
    ----------
    question
        Its minimum grade, model, summary and what it sets aside.
    comparisons
        The candidate rows, in the order of the plot.
    effects
        For each comparison all its recoveries, refusals included, in the same order.
    left_out
        Studies to leave out besides those that the question leaves out itself.

    Returns
    -------
    Answer
        One row a comparison. A refusal to pool is an answer too.

    Raises
    ------
    InvalidDataError
        When the two sequences differ in length, or a comparison has no recovery or two primary ones.
    """
    if len(comparisons) != len(effects):
        raise InvalidDataError(
            f"{question.id}: {len(comparisons)} comparisons but recoveries for {len(effects)}"
        )
    leaving = _once((*question.left_out, *left_out))
    candidates = [
        _candidate(question, comparison, recoveries, leaving)
        for comparison, recoveries in zip(comparisons, effects, strict=True)
    ]
    by_row_group = question.summary == "by_row_group"
    blocks = _blocks(question, candidates)
    settled: dict[int, _Candidate] = {}
    weights: dict[int, float] = {}
    summaries: list[Summary] = []
    for label, positions in blocks.items():
        block = _without_nested([candidates[position] for position in positions])
        block = _one_of_each_control(question, block)
        settled |= dict(zip(positions, block, strict=True))
        summary = _summary(question, label, block, () if by_row_group else leaving)
        summaries.append(summary)
        weights |= _weights(question, summary, positions, block)
    ordered = [settled[position] for position in range(len(candidates))]
    return Answer(
        question=question,
        rows=tuple(_row(candidate, weights.get(place)) for place, candidate in enumerate(ordered)),
        overall=_overview(question, ordered, leaving) if by_row_group else summaries[0],
        by_row_group=tuple(summaries) if by_row_group else (),
        scale=_scale(question),
        left_out=leaving,
    )


def _once(departures: Iterable[Departure]) -> tuple[Departure, ...]:
    by_study: dict[str, Departure] = {}
    for departure in departures:
        by_study.setdefault(departure.what, departure)
    return tuple(by_study.values())


def _candidate(
    question: Question,
    comparison: Comparison,
    recoveries: tuple[Effect, ...],
    left_out: Sequence[Departure],
) -> _Candidate:
    effect = standing_effect(comparison, recoveries)
    because = {departure.what: departure.because for departure in left_out}.get(comparison.study)
    if because is not None:
        reason: str | None = f"left out: {because}"
    else:
        reason = reason_not_pooled(question, comparison, effect)
    others = tuple(recovery for recovery in recoveries if recovery is not effect)
    return _Candidate(comparison, effect, others, reason)


def _blocks(question: Question, candidates: Sequence[_Candidate]) -> Mapping[str, list[int]]:
    """Give the positions of the rows that are summarised together, by the label of their summary."""
    if question.summary == "overall":
        return {"Overall": list(range(len(candidates)))}
    blocks: dict[str, list[int]] = {block.label: [] for block in question.row_groups}
    for position, candidate in enumerate(candidates):
        blocks.setdefault(candidate.comparison.row_group, []).append(position)
    return blocks


def _without_nested(block: Sequence[_Candidate]) -> list[_Candidate]:
    """Leave out the rows whose patients all stand in another included row."""
    included = [position for position, candidate in enumerate(block) if candidate.reason is None]
    nested = nested_rows([block[position].comparison for position in included])
    settled = list(block)
    for inner, outer in nested.items():
        wider = block[included[outer]].comparison
        reason = f"its patients are counted in {wider.name} already"
        settled[included[inner]] = replace(block[included[inner]], reason=reason)
    return settled


def _one_of_each_control(question: Question, block: list[_Candidate]) -> list[_Candidate]:
    """Leave out, where the question says so, the comparisons whose control group stands in a larger one."""
    if question.shared_control != "one_comparison":
        return block
    included = [position for position, candidate in enumerate(block) if candidate.reason is None]
    beside = rows_beside_the_largest([block[position].pooled_row for position in included])
    settled = list(block)
    for left, kept in beside.items():
        larger = block[included[kept]].comparison
        reason = f"its control group stands in {larger.name} already, and the question keeps one comparison"
        settled[included[left]] = replace(block[included[left]], reason=reason)
    return settled


def _summary(
    question: Question, label: str, block: Sequence[_Candidate], left_out: Sequence[Departure]
) -> Summary:
    independent = put_together(question, _included(block))
    rows = independent.rows
    flagged = [candidate.pooled_row for candidate in block if candidate.reason == NON_PROPORTIONAL_REASON]
    if rows:
        refused = reason_to_refuse(question, rows, flagged)
    else:
        refused = reason_for_no_row([(c.effect, c.reason) for c in block if c.reason is not None])
    pooled = None if refused else _pooled(question, rows)
    return Summary(
        label=label,
        pooled=pooled,
        refused=refused,
        row_count=len(rows),
        study_count=len({row.comparison.study for row in rows}),
        participant_count=_participants(rows),
        exploratory=question.exploratory,
        cautions=(
            *cautions_for(question, rows, left_out, pooled is not None, _none_or_all(block)),
            *(independent.notes if pooled is not None else ()),
        ),
    )


def _none_or_all(block: Sequence[_Candidate]) -> int:
    return sum(c.reason is not None and c.effect.recovery.endswith("_exact_interval") for c in block)


def _overview(question: Question, candidates: Sequence[_Candidate], left_out: Sequence[Departure]) -> Summary:
    """Count all rows of a question whose blocks are summarised one by one."""
    rows = [candidate.pooled_row for candidate in candidates if candidate.reason is None]
    return Summary(
        label="Overall",
        pooled=None,
        refused=OWN_SUMMARIES_REASON,
        row_count=len(rows),
        study_count=len({row.comparison.study for row in rows}),
        # The same patients may stand in several blocks, so they are not added up across them.
        participant_count=None,
        exploratory=question.exploratory,
        cautions=cautions_for(question, rows, left_out, pooled=False),
    )


def _pooled(question: Question, rows: Sequence[PooledRow]) -> PooledResult:
    from evisynth.synthesis.pool import pool

    common = question.model == "common_effect"
    # With two rows only HKSJ with q* is defensible, whatever interval the question names.
    interval = "wald" if common else "hksj" if len(rows) == 2 else question.interval
    estimates = [row.effect.estimate for row in rows if row.effect.estimate is not None]
    errors = [row.effect.standard_error for row in rows if row.effect.standard_error is not None]
    return pool(
        estimates,
        [error**2 for error in errors],
        tau_squared="common" if common else question.tau_squared,
        interval=interval,
        prediction=None if len(rows) >= FEWEST_ROWS_FOR_PREDICTION else "none",
        level=question.level,
        labels=tuple(f"{row.comparison.study}, {row.effect.comparison}" for row in rows),
        effect_measure=question.effect_measure,
    )


def _participants(rows: Sequence[PooledRow]) -> int | None:
    """Add up the patients of the included rows, which are disjoint; None when a size is not known."""
    total = 0
    for row in rows:
        size = row.effect.participants
        if size is None:
            sizes = [arm.size.exact for arm in arms_of(row.comparison)]
            known = [exact for exact in sizes if exact is not None]
            if len(known) < len(sizes):
                return None
            size = sum(known)
        total += size
    return total


def _included(block: Sequence[_Candidate]) -> list[PooledRow]:
    return [candidate.pooled_row for candidate in block if candidate.reason is None]


def _weights(
    question: Question, summary: Summary, positions: Sequence[int], block: Sequence[_Candidate]
) -> dict[int, float]:
    if summary.pooled is None:
        return {}
    included = [
        position for position, candidate in zip(positions, block, strict=True) if candidate.reason is None
    ]
    members = put_together(question, _included(block)).members
    return {
        included[place]: float(weight) * share
        for shares, weight in zip(members, summary.pooled.weights, strict=True)
        for place, share in shares
    }


def _row(candidate: _Candidate, weight: float | None) -> AnswerRow:
    comparison = candidate.comparison
    return AnswerRow(
        effect=candidate.effect,
        alternatives=candidate.alternatives,
        included=candidate.reason is None,
        reason=candidate.reason,
        weight=weight,
        index_label=comparison.index.label,
        reference_label=None if comparison.reference is None else comparison.reference.label,
    )


def _scale(question: Question) -> Scale:
    return ANALYSIS_SCALES[question.effect_measure]
