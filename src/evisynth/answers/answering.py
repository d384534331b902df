"""From the recoveries behind a question to its answer: rows, and an estimate or the reason for none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evisynth.answers.answer import Answer, AnswerRow, Summary
from evisynth.answers.cautions import (
    cautions_for,
    cautions_of_bias,
    disagreement_with,
    interval_not_taken,
)
from evisynth.answers.comparability import PooledRow, overlapping_cohorts
from evisynth.answers.eligibility import (
    NON_PROPORTIONAL_REASON,
    Candidate,
    candidate_row,
    counted,
    one_of_each_cohort,
    one_of_each_control,
    one_of_each_report,
    without_nested,
)
from evisynth.answers.model_choice import with_model
from evisynth.answers.moderation import Moderation
from evisynth.answers.overlaps import (
    has_unknown_sharing,
    overlaps_of,
    patients_counted_once,
    put_overlaps_together,
    sharing_words,
    words_on_kept,
)
from evisynth.answers.poolability import (
    OWN_SUMMARIES_REASON,
    reason_for_no_row,
    reason_to_refuse,
)
from evisynth.answers.pooling import pool_rows
from evisynth.answers.shared_control_groups import Independent, Members, put_together
from evisynth.answers.strata import stratified_difference
from evisynth.effects import Effect
from evisynth.errors import InvalidDataError
from evisynth.measures import Scale, question_measure
from evisynth.outcomes import Comparison, Departure, Question
from evisynth.synthesis import BayesianResult, PooledResult

if TYPE_CHECKING:
    from evisynth.answers.survival_curve import PooledCurve


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
    question = with_model(question, comparisons, effects, leaving)
    candidates = [
        candidate_row(question, comparison, recoveries, leaving)
        for comparison, recoveries in zip(comparisons, effects, strict=True)
    ]
    by_row_group = question.summary == "by_row_group"
    blocks = _blocks(question, candidates)
    settled: dict[int, Candidate] = {}
    weights: dict[int, float] = {}
    summaries: list[Summary] = []
    standing = {
        label: _settle(question, [candidates[at] for at in at_all]) for label, at_all in blocks.items()
    }
    strata = None
    if by_row_group:
        strata = stratified_difference(
            question, [(label, counted(block.rows)) for label, block in standing.items()]
        )
    for label, positions in blocks.items():
        block = standing[label]
        settled |= dict(zip(positions, block.rows, strict=True))
        refused = None if strata is None else strata.reason
        summary, members = _summary(question, label, block.rows, () if by_row_group else leaving, refused)
        summary = _with_words_on_overlaps(question, summary, block.before, block.told)
        summaries.append(summary)
        weights |= _weights(summary, positions, block.rows, members)
    ordered = [settled[position] for position in range(len(candidates))]
    return Answer(
        question=question,
        rows=tuple(_row(candidate, weights.get(place)) for place, candidate in enumerate(ordered)),
        overall=_overview(question, ordered, leaving) if by_row_group else summaries[0],
        by_row_group=tuple(summaries) if by_row_group else (),
        scale=_scale(question),
        left_out=leaving,
        strata=strata,
        curves=_curves(question, standing),
    )


def _curves(question: Question, standing: Mapping[str, _SettledBlock]) -> tuple[PooledCurve, ...]:
    if not question.curves:
        return ()
    from evisynth.answers.survival_curve import pooled_curve

    at_times: dict[str, dict[float, list[Candidate]]] = {}
    for block in question.row_groups:
        if block.curve and block.time_months is not None:
            at_times.setdefault(block.curve, {})[block.time_months] = standing[block.label].rows
    return tuple(pooled_curve(question, label, blocks) for label, blocks in at_times.items())


@dataclass(frozen=True, slots=True)
class _SettledBlock:
    """The rows of a block, each patient in one that counts; ``before`` are those before one report stood."""

    rows: list[Candidate]
    before: Independent
    told: Sequence[str]


def _settle(question: Question, candidates: Sequence[Candidate]) -> _SettledBlock:
    """Leave out of a block the rows whose patients stand in another."""
    block = one_of_each_control(question, without_nested(candidates))
    block, duplicates = one_of_each_cohort(question, block)
    before = put_together(question, counted(block))
    block, settlement = one_of_each_report(question, block)
    return _SettledBlock(block, before, (*duplicates.told, *settlement.told))


def _once(departures: Iterable[Departure]) -> tuple[Departure, ...]:
    by_study: dict[str, Departure] = {}
    for departure in departures:
        by_study.setdefault(departure.what, departure)
    return tuple(by_study.values())


def _blocks(question: Question, candidates: Sequence[Candidate]) -> Mapping[str, list[int]]:
    """Give the positions of the rows that are summarised together, by the label of their summary."""
    if question.summary == "overall":
        return {"Overall": list(range(len(candidates)))}
    blocks: dict[str, list[int]] = {block.label: [] for block in question.row_groups}
    for position, candidate in enumerate(candidates):
        blocks.setdefault(candidate.comparison.row_group, []).append(position)
    return blocks


def _summary(
    question: Question,
    label: str,
    block: Sequence[Candidate],
    left_out: Sequence[Departure],
    refused: str | None,
) -> tuple[Summary, tuple[Members, ...]]:
    """Summarise a block, and say of which rows, with which share of each, its pooled rows are made.

    ``refused`` says why it has no estimate of its own, where that is settled beforehand.
    """
    rows = counted(block)
    independent = put_together(question, rows)
    overlaps = overlaps_of(question, independent)
    together = put_overlaps_together(question, independent)
    flagged = [candidate.pooled_row for candidate in block if candidate.reason == NON_PROPORTIONAL_REASON]
    if refused is None and rows:
        refused = reason_to_refuse(question, together.rows, flagged, overlaps.disjoint_rows)
    elif refused is None:
        refused = reason_for_no_row([(c.effect, c.reason) for c in block if c.reason is not None])
    pooling = None if refused else pool_rows(question, together.rows, overlaps)
    if isinstance(pooling, str):
        refused, pooling = pooling, None
    pooled = None if pooling is None else pooling.result
    beside = _beside(question, pooled)
    summary = Summary(
        label=label,
        pooled=pooled,
        refused=refused,
        row_count=overlaps.disjoint_rows,
        study_count=len({row.comparison.study for row in rows}),
        participant_count=patients_counted_once(independent.rows),
        exploratory=question.exploratory,
        cautions=(
            *cautions_for(question, together.rows, left_out, pooled is not None, _none_or_all(block)),
            *(_cautions_of_result(question, rows, pooled, beside) if pooled is not None else ()),
            *(independent.notes if pooled is not None else ()),
            *(pooling.notes if pooling is not None else ()),
        ),
        bayesian=beside,
        interval_caution=None if pooling is None else pooling.interval_caution,
        moderation=_moderation(question, rows, together, pooled, refused),
    )
    return summary, together.members


def _moderation(
    question: Question,
    rows: Sequence[PooledRow],
    together: Independent,
    pooled: PooledResult | None,
    refused: str | None,
) -> Moderation | None:
    if not question.moderators:
        return None
    from evisynth.answers.moderation import moderate

    members = [[rows[place] for place, _ in made_of] for made_of in together.members]
    return moderate(question, together.rows, members, pooled, refused)


def _cautions_of_result(
    question: Question, rows: Sequence[PooledRow], pooled: PooledResult, beside: BayesianResult | None
) -> list[str]:
    """Say what else a reader of an estimate must know: its interval, a model that disagrees, its studies."""
    apart = disagreement_with(beside, pooled) if question.is_contrast else None
    said = [interval_not_taken(question, pooled), apart]
    return [*(caution for caution in said if caution is not None), *cautions_of_bias(rows)]


def _beside(question: Question, pooled: PooledResult | None) -> BayesianResult | None:
    if pooled is None:
        return None
    from evisynth.answers.bayesian_answers import bayesian_beside

    return bayesian_beside(question, pooled)


def _with_words_on_overlaps(
    question: Question, summary: Summary, before: Independent, told: Sequence[str]
) -> Summary:
    """Say what was done with overlapping studies, and what would come out if they shared no patients.

    ``before`` are the rows that count before one report of any set was chosen.
    """
    words = list(told)
    if summary.pooled is not None and has_unknown_sharing(question, before.rows):
        apart = put_overlaps_together(question, before, unknown=0.0).rows
        if overlapping_cohorts([row.comparison for row in apart]) is None:
            other = pool_rows(question, apart, overlaps_of(question, before))
            assert not isinstance(other, str)  # counts are not put together by covariance
            words.append(sharing_words(summary.pooled, other.result, _scale(question)))
    return replace(summary, cautions=(*summary.cautions, *words))


def _none_or_all(block: Sequence[Candidate]) -> int:
    """Count the rows left out because everybody, or nobody, had the event; not for their patients' sake."""
    return sum(
        c.reason is not None and c.reason == c.effect.reason and c.effect.recovery.endswith("_exact_interval")
        for c in block
    )


def _overview(question: Question, candidates: Sequence[Candidate], left_out: Sequence[Departure]) -> Summary:
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
        cautions=(
            *cautions_for(question, rows, left_out, pooled=False),
            *words_on_kept(question, rows),
        ),
    )


def _weights(
    summary: Summary,
    positions: Sequence[int],
    block: Sequence[Candidate],
    members: Sequence[Members],
) -> dict[int, float]:
    if summary.pooled is None:
        return {}
    included = [
        position for position, candidate in zip(positions, block, strict=True) if candidate.reason is None
    ]
    return {
        included[place]: float(weight) * share
        for shares, weight in zip(members, summary.pooled.weights, strict=True)
        for place, share in shares
    }


def _row(candidate: Candidate, weight: float | None) -> AnswerRow:
    comparison = candidate.comparison
    return AnswerRow(
        effect=candidate.effect,
        alternatives=candidate.alternatives,
        included=candidate.reason is None,
        reason=candidate.reason,
        weight=weight,
        index_label=comparison.index.label,
        reference_label=None if comparison.reference is None else comparison.reference.label,
        risk_of_bias=comparison.risk_of_bias,
        study_label=comparison.study_label,
    )


def _scale(question: Question) -> Scale:
    return question_measure(question.effect_measure).scale
