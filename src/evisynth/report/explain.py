"""The explanation of an answer: every row walked back to the figures that it rests on, in words.

A study that has no row is explained by what it reports, and by the tags that its groups have and lack.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evisynth.answers import (
    Answer,
    AnswerRow,
    absolute_as_json,
    absolute_effect_of,
    absolute_words,
    difference_of,
)
from evisynth.errors import ProjectError
from evisynth.figures import as_sentence, difference_text
from evisynth.measures import question_measure
from evisynth.outcomes import (
    Arm,
    AskedGroups,
    Comparison,
    Group,
    GroupSelector,
    Question,
)
from evisynth.report.answer_view import GRADES, EffectText, SummaryView, effect_text, view_summaries
from evisynth.report.content import assessment_words
from evisynth.report.explained_rows import (
    ExplainedAbsolute,
    ExplainedGroup,
    ExplainedRecovery,
    ExplainedResult,
    ExplainedRow,
    Explanation,
    RecoveryExplainer,
    sentence,
)
from evisynth.synthesis import PooledResult
from evisynth.vocabulary import Vocabulary
from evisynth.wording import counted, listed, result_text, time_words, weight_text, with_article

#: Of more terms than this that a tag may have, the first stand for all.
_MOST_TERMS = 3


def why_no_row(question: Question, vocabulary: Vocabulary, study: str, groups: AskedGroups | None) -> str:
    """Say why a study has no row, in a line for each block of the question and each group of the study.

    Parameters
    ----------
    question
        Names the tags of the groups that it looks at.
    vocabulary
        Where the words for outcome and tags come from.
    study
        The study without a row.
    groups
        Its groups; None when it reports nothing on the outcome.
    """
    outcome = vocabulary.outcome(question.outcome).label
    reported = f"evisynth query --study {study} lists what it reports"
    if groups is None:
        return (
            f"{study} reports nothing that answers {question.id}: it has no row there, since it reports "
            f"nothing on {outcome}; {reported}"
        )
    words = _TagWords(vocabulary)
    lines = [f"{study} reports on {outcome}, and has no row in {question.id}:"]
    lines += [
        f"  {block.label}: {_missing(number, groups, words, question)}"
        for number, block in enumerate(question.row_groups)
    ]
    lines += [
        f"  its group {group.name} has {words.of_group(group)}" for group in groups.tree.groups.values()
    ]
    return "\n".join([*lines, f"  {reported}; its groups get their tags in studies/{study}.yaml"])


def _missing(number: int, groups: AskedGroups, words: _TagWords, question: Question) -> str:
    """Say what a block of rows wants that no group of a study offers."""
    block = question.row_groups[number]
    sides = [("the group", block.index, groups.carriers[number, "index"])]
    if block.reference is not None:
        sides = [
            ("the index group", block.index, groups.carriers[number, "index"]),
            ("the reference group", block.reference, groups.carriers[number, "reference"]),
        ]
    lacking = [
        f"{side} must have {words.of_selector(selector)}, and no group has"
        for side, selector, carriers in sides
        if not carriers
    ]
    if lacking:
        return "; ".join(lacking)
    found = [" or ".join(carriers) for _, _, carriers in sides]
    measure = question_measure(question.effect_measure).words
    if block.reference is None:
        return f"{found[0]} would fit, and nothing is reported there that gives {with_article(measure)}"
    if not groups.pairs[number]:
        return (
            f"{found[0]} and {found[1]} have the tags, and are not two parts of one whole by one split, so "
            "that they are not set against each other"
        )
    return f"{listed(found)} would fit, and nothing is reported there that gives {with_article(measure)}"


class _TagWords:
    """Writes tags by the labels of the vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def of_selector(self, selector: GroupSelector) -> str:
        """Write the tags that are asked for: ``intervention resection and site liver or extrahepatic``."""
        asked = listed(self._kind(kind, terms) for kind, terms in selector.tags.items()) or "no tag"
        if not selector.but_not:
            return asked
        return f"{asked}, but not {listed(self._label('intervention', one) for one in selector.but_not)}"

    def _kind(self, kind: str, terms: tuple[str, ...]) -> str:
        labels = [self._label(kind, term) for term in terms]
        if len(labels) > _MOST_TERMS:
            return f"{kind} {labels[0]} (or one of {len(labels) - 1} others)"
        return f"{kind} {' or '.join(labels)}"

    def of_group(self, group: Group) -> str:
        """Write the tags of a group, inherited ones included."""
        tags: Mapping[str, str] = group.tags
        own = [f"{kind} {self._label(kind, term)}" for kind, term in tags.items()]
        role = [] if group.role == "own" else [f"role {group.role}"]
        return ", ".join([*own, *role]) or "no tag"

    def _label(self, kind: str, term: str) -> str:
        return term if kind == "role" else self._vocabulary.term(kind, term).label


#: A weighted mean of more rows than this is not written out.
_MOST_TERMS_EXPLAINED = 8


def explain_answer(
    answer: Answer,
    comparisons: Sequence[Comparison],
    vocabulary: Vocabulary,
    study: str | None = None,
    groups: AskedGroups | None = None,
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
    groups
        The groups of that study when it reports on the outcome, so that a study without a row is told why.

    Raises
    ------
    ProjectError
        When the study has no row in this answer, nor is left out of it.
    """
    question = answer.question
    explainer = _RowExplainer(answer, vocabulary, effect_text(answer))
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
        raise ProjectError(why_no_row(question, vocabulary, study, groups))
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
        difference=difference_text(difference_of(answer)),
    )


def _asked(question: Question, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Say what a question asks and what it lets stand, in sentences."""
    outcome = vocabulary.outcome(question.outcome)
    measure = question_measure(question.effect_measure)
    when = f" at {time_words(question.time_months)}" if question.time_months is not None else ""
    said = [f"The outcome is {outcome.label}: {as_sentence(outcome.definition)}"]
    if measure.proportional_hazards:
        said.append(
            f"The effect is {with_article(measure.words)}{_of_event(question)}{when}, index group against "
            f"reference group: {_below_null(question)}"
        )
    elif question.is_contrast:
        said.append(
            f"The effect is the {measure.words}{_of_event(question)}{when} of the index group against the "
            f"reference group: {_below_null(question)}"
        )
    else:
        said.append(f"The effect is the {measure.words}{when} of each group by itself.")
    rests = {grade.grade: grade.rests_on for grade in GRADES}[question.minimum_grade]
    said.append(
        f"Rows of grade {question.minimum_grade} or better are pooled. {question.minimum_grade}: {rests}"
    )
    return tuple(said)


def _of_event(question: Question) -> str:
    return f" of {question.event.words}" if question.event.text else ""


def _below_null(question: Question) -> str:
    """Say what an effect below the line of no effect means, and which side is better."""
    measure = question_measure(question.effect_measure)
    less = question.event.amounts()[0]
    what = f"{less[:1].lower()}{less[1:]}" if question.event.text else "fewer events"
    better = measure.better_for(question.event)
    for_whom = {"lower": ", which is better", "higher": ", which is worse", None: ""}[better]
    return f"below {measure.null:g} means {what} in the index group{for_whom}."


def weighted_mean_text(pooled: PooledResult | None) -> str | None:
    """Write the pooled estimate as the weighted mean that it is, analysis scale; None when too long.

    Counts are not pooled as a mean of effects.
    """
    if pooled is None or pooled.of_counts or pooled.row_count > _MOST_TERMS_EXPLAINED:
        return None
    terms = []
    for weight, estimate in zip(pooled.weights, pooled.y, strict=True):
        text = result_text(float(estimate))
        terms.append(f"{float(weight):.3f} × {f'({text})' if text.startswith('-') else text}")
    return f"{' + '.join(terms)} = {result_text(pooled.estimate)}"


def _result(question: Question, view: SummaryView, pooled: PooledResult | None) -> ExplainedResult:
    if view.estimate is None:
        result = f"Nothing is pooled: {view.refused}."
    else:
        word = "An exploratory estimate" if view.exploratory else "The pooled estimate"
        of = f"{counted(view.row_count, 'row')} of {counted(view.study_count, 'study', one='one')}"
        of += f", {view.participants} patients"
        beside = f" ({view.interval_caution})" if view.interval_caution else ""
        result = f"{word} is {view.estimate}{beside}, from {of}."
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
    texts: EffectText

    def explain(self, row: AnswerRow, comparison: Comparison) -> ExplainedRow:
        explainer = RecoveryExplainer(self.answer, self.texts, self._wanted(comparison))
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
        name = question_measure(self.answer.question.effect_measure).name
        effect = f"{name} {standing.effect}, grade {standing.grade}. " if standing.effect else ""
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
    return f"{size.words}{where}" if size.shown is None else f"{size.words} ({size.how}){where}"
