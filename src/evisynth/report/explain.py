"""Explaining an answer: every row walked back to the figures that it rests on, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evisynth.arithmetic.time_words import time_words
from evisynth.effects.expression import worked_out_text
from evisynth.errors import ProjectError
from evisynth.figures.forest.words import as_sentence
from evisynth.figures.number_text import weight_text
from evisynth.outcomes.comparison import Arm, Comparison
from evisynth.outcomes.group_tree import GroupTree
from evisynth.outcomes.question import GroupSelector, Question
from evisynth.report.answer_view import SummaryView, effect_text, view_summaries
from evisynth.report.bias_words import assessment_words
from evisynth.report.explain_content import (
    ExplainedAbsolute,
    ExplainedGroup,
    ExplainedRecovery,
    ExplainedResult,
    ExplainedRow,
    Explanation,
)
from evisynth.report.explain_recovery import RecoveryExplainer, sentence
from evisynth.report.no_row import why_no_row
from evisynth.report.reading_help import GRADES
from evisynth.synthesis.absolute_effect import absolute_effect_of
from evisynth.synthesis.absolute_record import absolute_as_json, absolute_words
from evisynth.synthesis.answer import Answer, AnswerRow
from evisynth.synthesis.result import PooledResult
from evisynth.vocabulary import Vocabulary

#: A weighted mean of more rows than this is not written out.
_MOST_TERMS = 8


def explain_answer(
    answer: Answer,
    comparisons: Sequence[Comparison],
    vocabulary: Vocabulary,
    study: str | None = None,
    tree: GroupTree | None = None,
) -> Explanation:
    """Walk every row of an answer, or those of one study, back to the print.

    Parameters
    ----------
    answer
        What ``pool`` shows.
    comparisons
        The comparisons behind its rows, in the same order.
    vocabulary
        Where the words for outcomes and tags come from.
    study
        Only its rows are explained; None for all.
    tree
        The groups of that study when it reports on the outcome, so that a study without a row is told why.

    Raises
    ------
    ProjectError
        When the study has no row in this answer, nor is left out of it.
    """
    question = answer.question
    explainer = _RowExplainer(answer, vocabulary)
    rows = tuple(
        explainer.explain(row, comparison)
        for row, comparison in zip(answer.rows, comparisons, strict=True)
        if study in (None, comparison.study)
    )
    left_out = tuple(
        f"{left.what} is left out of the question. {as_sentence(left.because)}"
        for left in answer.left_out
        if study in (None, left.what)
    )
    if study is not None and not (rows or left_out):
        raise ProjectError(why_no_row(question, vocabulary, study, tree))
    return Explanation(
        question=question.id,
        title=question.title,
        why=question.why,
        asked=_asked(question, vocabulary),
        rows=rows,
        left_out=left_out,
        results=tuple(
            _result(question, view, summary.pooled)
            for view, summary in zip(
                view_summaries(answer), answer.by_row_group or (answer.overall,), strict=True
            )
        ),
    )


def _asked(question: Question, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Say what a question asks and what it lets stand, in sentences."""
    outcome = vocabulary.outcome(question.outcome)
    measure = question.effect_measure.replace("_", " ")
    when = f" at {time_words(question.time_months)}" if question.time_months is not None else ""
    said = [f"The outcome is {outcome.label}: {as_sentence(outcome.definition)}"]
    if question.effect_measure == "hazard_ratio":
        said.append(
            f"The effect is a hazard ratio{when}, index group against reference group: below 1 means fewer "
            "deaths or other events in the index group."
        )
    elif question.is_contrast:
        said.append(f"The effect is the {measure}{when} of the index group against the reference group.")
    else:
        said.append(f"The effect is the {measure}{when} of each group by itself.")
    rests = {grade.grade: grade.rests_on for grade in GRADES}[question.minimum_grade]
    said.append(
        f"Rows of grade {question.minimum_grade} or better are pooled. {question.minimum_grade}: {rests}"
    )
    return tuple(said)


def weighted_mean_text(pooled: PooledResult | None) -> str | None:
    """Write the pooled estimate as the weighted mean that it is, analysis scale; None when too long."""
    if pooled is None or pooled.row_count > _MOST_TERMS:
        return None
    terms = []
    for weight, estimate in zip(pooled.weights, pooled.y, strict=True):
        text = worked_out_text(float(estimate))
        terms.append(f"{float(weight):.3f} × {f'({text})' if text.startswith('-') else text}")
    return f"{' + '.join(terms)} = {worked_out_text(pooled.estimate)}"


def _result(question: Question, view: SummaryView, pooled: PooledResult | None) -> ExplainedResult:
    if view.estimate is None:
        result = f"Nothing is pooled: {view.refused}."
    else:
        word = "An exploratory estimate" if view.exploratory else "The pooled estimate"
        studies = "one study" if view.study_count == 1 else f"{view.study_count} studies"
        counted = f"{view.row_count} rows of {studies}, {view.participants} patients"
        beside = f" ({view.interval_caution})" if view.interval_caution else ""
        result = f"{word} is {view.estimate}{beside}, from {counted}."
    limits = () if pooled is None else (pooled.estimate, pooled.ci_lower, pooled.ci_upper)
    absolute = _absolute(question, *limits)
    return ExplainedResult(
        view.label, result, weighted_mean_text(pooled), absolute, view.method, view.cautions
    )


def _absolute(question: Question, *limits: float | None) -> ExplainedAbsolute | None:
    """Tell an estimate and its limits as patients, where the question states a baseline."""
    absolute = absolute_effect_of(question, *limits) if len(limits) == 3 else None
    if absolute is None:
        return None
    (line,) = absolute.working.written()
    values = absolute_as_json(absolute)
    formula = f"{line.quantity} = {line.formula} = {line.with_numbers}"
    return ExplainedAbsolute(sentence(absolute_words(values or {})), formula)


@dataclass(frozen=True, slots=True)
class _RowExplainer:
    answer: Answer
    vocabulary: Vocabulary

    def explain(self, row: AnswerRow, comparison: Comparison) -> ExplainedRow:
        explainer = RecoveryExplainer(self.answer, effect_text(self.answer), self._wanted(comparison))
        standing = explainer.explain(row.effect)
        return ExplainedRow(
            study=comparison.study,
            comparison=comparison.name,
            row_group=comparison.row_group,
            groups=tuple(self._groups(comparison)),
            division=_division(comparison),
            standing=standing,
            others=tuple(explainer.explain(other, row.effect) for other in row.alternatives),
            included=row.included,
            reason=row.reason,
            weight=row.weight,
            verdict=self._verdict(row, standing),
            absolute=_absolute(
                self.answer.question, row.effect.estimate, row.effect.ci_lower, row.effect.ci_upper
            ),
            risk_of_bias=tuple(assessment_words(assessment) for assessment in row.risk_of_bias),
        )

    @property
    def _refusals(self) -> dict[str, str]:
        """Say for each block of rows why nothing is pooled there."""
        of_block = {summary.label: summary.refused or "" for summary in self.answer.by_row_group}
        overall = self.answer.overall.refused or ""
        return {block.label: of_block.get(block.label, overall) for block in self.answer.question.row_groups}

    def _wanted(self, comparison: Comparison) -> float | None:
        own = comparison.time_months
        return own if own is not None else self.answer.question.time_months

    def _groups(self, comparison: Comparison) -> list[ExplainedGroup]:
        block = next(
            block for block in self.answer.question.row_groups if block.label == comparison.row_group
        )
        if comparison.reference is None or block.reference is None:
            return [self._group("The group", comparison.index, block.index)]
        return [
            self._group("Index group", comparison.index, block.index),
            self._group("Reference group", comparison.reference, block.reference),
        ]

    def _group(self, side: str, arm: Arm, selector: GroupSelector) -> ExplainedGroup:
        chosen = tuple(
            f"{kind}: {self.vocabulary.term(kind, arm.tags[kind]).label}"
            for kind in selector.tags
            if kind in arm.tags
        )
        role = () if arm.role == "own" else (f"role: {arm.role}",)
        return ExplainedGroup(side, arm.group, arm.label, _patients(arm), (*chosen, *role))

    def _verdict(self, row: AnswerRow, standing: ExplainedRecovery) -> str:
        name = self.answer.question.effect_measure.replace("_", " ")
        effect = (
            f"{name[:1].upper()}{name[1:]} {standing.effect}, grade {standing.grade}. "
            if standing.effect
            else ""
        )
        if not row.included:
            because = (row.reason or "there is no estimate").rstrip(".")
            return f"{effect}The row is not pooled: {because}."
        if row.weight is None:
            because = self._refusals[row.effect.row_group].rstrip(".")
            return f"{effect}The row counts, but nothing is pooled: {because}."
        return f"{effect}The row is pooled, with {weight_text(row.weight)} of the weight."


def _division(comparison: Comparison) -> str | None:
    index, reference = comparison.index, comparison.reference
    if reference is None or index.part_of is None or index.part_of != reference.part_of:
        return None
    by = f", divided by {index.split}" if index.split else ""
    return f"Both are parts of {index.part_of}{by}: patients of one study, compared with each other."


def _patients(arm: Arm) -> str:
    size = arm.size
    places = "; ".join(place for place in (size.source_location, size.file_location) if place)
    where = f" [{places}]" if places else ""
    if size.exact is not None:
        return f"{size.exact} patients ({size.how}){where}"
    if not size.candidates:
        return f"{size.how}{where}"
    return f"{size.candidates[0]} to {size.candidates[-1]} patients ({size.how}){where}"
