"""Drawing any kind of plot by its name: of a question, or of all studies of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from evisynth.errors import UsageError
from evisynth.figures import PlotKind, plot_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.figure import Figure

    from evisynth.answers import Answer, Multiverse
    from evisynth.outcomes import Question, ReportedOutcome
    from evisynth.pipeline.recovered import Recovered
    from evisynth.studies import Study
    from evisynth.vocabulary import Vocabulary


class Source(Protocol):
    """What plots ask of a project."""

    def question_ids(self) -> list[str]:
        """Name every question."""

    def recover(self, question_id: str) -> Recovered:
        """Recover the effects behind a question and answer it."""

    def multiverse(self, question_id: str) -> tuple[Question, tuple[Multiverse, ...]]:
        """Rerun a question over every admissible choice."""

    def reported_outcomes(self) -> list[ReportedOutcome]:
        """Return what was reported."""

    def studies(self) -> Sequence[Study]:
        """Read every study."""

    def vocabulary(self) -> Vocabulary:
        """Read the field's terms."""


def draw_plot(source: Source, name: str, question: str | None = None, **choices: Any) -> Figure:
    """Draw a plot of a project; see `evisynth.figures.kinds` for what there is.

    Parameters
    ----------
    source
        The project.
    name
        Of the kind of plot.
    question
        For kinds that belong to a question.
    **choices
        ``block`` (which block of rows, where each has its estimate), ``moderator`` (of a bubble plot),
        ``outcome`` (of a survival sketch), ``title``, and whatever else the kind's function takes.
    """
    figure, _ = plot_with_answer(source, name, question, **choices)
    return figure


def plot_with_answer(
    source: Source, name: str, question: str | None = None, **choices: Any
) -> tuple[Figure, Answer | None]:
    """Draw a plot as `draw_plot` does, and hand on the answer that it was drawn from.

    There is none for a plot of all studies, nor for one that asks the question in other ways than it stands.
    """
    kind = plot_kind(name)
    given = {choice: value for choice, value in choices.items() if value is not None}
    _check(source, kind, question, given)
    if kind.subject in _OF_AN_ANSWER:
        recovered = source.recover(question or "")
        return _OF_AN_ANSWER[kind.subject](recovered, kind, given), recovered.answer
    return _OTHERS[kind.subject](source, kind, question or "", given), None


def _check(source: Source, kind: PlotKind, question: str | None, choices: dict[str, Any]) -> None:
    if kind.needs_question and question is None:
        known = ", ".join(source.question_ids())
        raise UsageError(f"a plot of kind {kind.name} belongs to a question; name one of: {known}")
    if not kind.needs_question and question is not None:
        raise UsageError(f"a plot of kind {kind.name} shows all studies; leave out the question '{question}'")
    for choice, subjects in _CHOICES.items():
        if choice in choices and kind.subject not in subjects:
            raise UsageError(f"a plot of kind {kind.name} has no {choice} to choose; leave out --{choice}")


def _pooled(recovered: Recovered, kind: PlotKind, choices: dict[str, Any]) -> Figure:
    from evisynth.pipeline.plot_subjects import pooled_answer

    return kind.draw(pooled_answer(recovered.answer, choices.pop("block", None)), **choices)


def _posterior(recovered: Recovered, kind: PlotKind, choices: dict[str, Any]) -> Figure:
    from evisynth.pipeline.plot_subjects import pooled_answer, posterior_answer

    answer = pooled_answer(recovered.answer, choices.pop("block", None))
    return kind.draw(posterior_answer(answer), **choices)


def _risks(recovered: Recovered, kind: PlotKind, choices: dict[str, Any]) -> Figure:
    from evisynth.figures import arm_names
    from evisynth.pipeline.plot_subjects import risks_of

    risks, question = risks_of(recovered), recovered.answer.question
    title = choices.pop("title", f"L'Abbé plot: {question.title}")
    roles = ("index group", "reference group")
    groups = [
        f"{role} ({name})" if name else role for role, name in zip(roles, arm_names(question), strict=True)
    ]
    notes = [f"Not shown, since not both groups report a risk: {'; '.join(risks.left_out)}."]
    return kind.draw(
        n1=risks.index_sizes,
        n2=risks.reference_sizes,
        risks=(risks.index, risks.reference),
        labels=risks.names,
        times=risks.times,
        group_names=groups,
        title=title,
        notes=notes if risks.left_out else (),
        **choices,
    )


def _moderator(recovered: Recovered, kind: PlotKind, choices: dict[str, Any]) -> Figure:
    from evisynth.pipeline.plot_subjects import moderated, pooled_answer

    answer = pooled_answer(recovered.answer, choices.pop("block", None))
    result = moderated(recovered, answer, choices.pop("moderator", "year"))
    title = choices.pop("title", f"Bubble plot: {answer.question.title}")
    return kind.draw(result, effect_measure=answer.question.effect_measure, title=title, **choices)


def _multiverse(source: Source, kind: PlotKind, question: str, choices: dict[str, Any]) -> Figure:
    asked, found = source.multiverse(question)
    block = choices.pop("block", None)
    labels = [multiverse.label for multiverse in found]
    if (block is not None and block not in labels) or (block is None and len(found) != 1):
        raise UsageError(f"{question} has blocks of rows; choose one with --block: {', '.join(labels)}")
    return kind.draw(found[0 if block is None else labels.index(block)], asked, **choices)


def _reported(source: Source, kind: PlotKind, _: str, choices: dict[str, Any]) -> Figure:
    studies = source.studies()
    names = [study.id for study in studies]
    return kind.draw(source.reported_outcomes(), studies=names, labels=_outcome_labels(source), **choices)


def _outcome_labels(source: Source) -> dict[str, str]:
    return {outcome.id: outcome.label for outcome in source.vocabulary().outcomes.values()}


def _curves(source: Source, kind: PlotKind, _: str, choices: dict[str, Any]) -> Figure:
    from evisynth.figures import contrasts_of_studies, timeline_cohorts

    studies = source.studies()
    outcome = source.vocabulary().outcome(choices.pop("outcome", "overall survival"))
    follow_up = {cohort.study: cohort.follow_up_months for cohort in timeline_cohorts(studies)}
    known = {study: months for study, months in follow_up.items() if months is not None}
    contrasts = contrasts_of_studies(studies)
    reported = source.reported_outcomes()
    return kind.draw(
        reported,
        outcome=outcome.id,
        label=outcome.label,
        contrasts=contrasts,
        follow_up=known,
        **choices,
    )


def _contents(source: Source, kind: PlotKind, _: str, choices: dict[str, Any]) -> Figure:
    from evisynth.figures import evidence_entries

    terms = source.vocabulary().terms.values()
    labels = {term.id: term.label for of_kind in terms for term in of_kind.values()}
    return kind.draw(evidence_entries(source.studies(), labels | _outcome_labels(source)), **choices)


def _cohorts(source: Source, kind: PlotKind, _: str, choices: dict[str, Any]) -> Figure:
    from evisynth.checks import suspected_pairs
    from evisynth.figures import CohortOverlap, recorded_overlaps, timeline_cohorts

    studies = source.studies()
    suspected = [
        CohortOverlap(one, other, "possible", suspected=True)
        for one, other in suspected_pairs(studies, source.vocabulary())
    ]
    return kind.draw(timeline_cohorts(studies), [*recorded_overlaps(studies), *suspected], **choices)


#: Which kinds a choice belongs to, by what they are drawn from.
_CHOICES = {
    "block": {"pooled", "posterior", "moderator", "multiverse"},
    "moderator": {"moderator"},
    "outcome": {"curves"},
}

_OF_AN_ANSWER: dict[str, Callable[[Recovered, PlotKind, dict[str, Any]], Figure]] = {
    "pooled": _pooled,
    "posterior": _posterior,
    "risks": _risks,
    "moderator": _moderator,
}

_OTHERS: dict[str, Callable[[Source, PlotKind, str, dict[str, Any]], Figure]] = {
    "multiverse": _multiverse,
    "reported": _reported,
    "curves": _curves,
    "contents": _contents,
    "cohorts": _cohorts,
}
