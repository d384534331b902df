"""Drawing any kind of plot by its name: of a question, or of all studies of a project."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

# Faces only: what stands behind them is imported when it is first asked for.
from evisynth import answers, checks, figures
from evisynth.errors import ProjectError, UsageError
from evisynth.pipeline.plot_subjects import moderated, pooled_answer, posterior_answer, risks_of
from evisynth.wording import listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

    from evisynth.answers import Answer
    from evisynth.figures import PlotKind
    from evisynth.pipeline.project import Project, Recovered


def draw_forest(project: Project, answer: Answer, **choices: Any) -> Figure:
    """Draw a forest plot; one by year takes the years of publication from the studies."""
    if str(choices.get("order")).strip().casefold() == "year":
        years = {study.id: study.source.year for study in project.studies()}
        choices["order"] = answers.Years({study: year for study, year in years.items() if year is not None})
    return figures.forest(answers.with_shown_names(answer, project.study_names()), **choices)


def plot_with_answer(
    project: Project, name: str, question: str | None = None, **choices: Any
) -> tuple[Figure, Answer | None]:
    """Draw a plot of a project, and hand on the answer that it was drawn from; `KINDS` names what there is.

    There is no answer for a plot of all studies, nor for one that asks the question in other ways than it
    stands.

    Parameters
    ----------
    project
        The project.
    name
        Of the kind of plot.
    question
        For kinds that belong to a question.
    **choices
        ``block`` (which block of rows, where each has its estimate), ``moderator`` (of a bubble plot),
        ``outcome`` (of a survival sketch), ``title``, and whatever else the kind's function takes.
    """
    kind = figures.plot_kind(name)
    given = {choice: value for choice, value in choices.items() if value is not None}
    _check(project, kind, question, given)
    if kind.subject in _OF_AN_ANSWER:
        recovered = project.recover(question or "")
        return _OF_AN_ANSWER[kind.subject](recovered, kind, given), recovered.answer
    return _OTHERS[kind.subject](project, kind, question or "", given), None


def _check(project: Project, kind: PlotKind, question: str | None, choices: dict[str, Any]) -> None:
    if kind.needs_question and question is None:
        known = ", ".join(project.question_ids())
        raise UsageError(f"a plot of kind {kind.name} belongs to a question; name one of: {known}")
    if not kind.needs_question and question is not None:
        raise UsageError(f"a plot of kind {kind.name} shows all studies; leave out the question '{question}'")
    for choice, subjects in _CHOICES.items():
        if choice in choices and kind.subject not in subjects:
            raise UsageError(f"a plot of kind {kind.name} has no {choice} to choose; leave out --{choice}")


def _pooled(recovered: Recovered, kind: PlotKind, choices: dict[str, Any]) -> Figure:
    return kind.draw(pooled_answer(recovered.answer, choices.pop("block", None)), **choices)


def _posterior(recovered: Recovered, kind: PlotKind, choices: dict[str, Any]) -> Figure:
    answer = pooled_answer(recovered.answer, choices.pop("block", None))
    return kind.draw(posterior_answer(answer), **choices)


def _risks(recovered: Recovered, kind: PlotKind, choices: dict[str, Any]) -> Figure:
    risks, question = risks_of(recovered), recovered.answer.question
    title = choices.pop("title", f"L'Abbé plot: {question.title}")
    roles = ("index group", "reference group")
    groups = [
        f"{role} ({name})" if name else role
        for role, name in zip(roles, figures.arm_names(question), strict=True)
    ]
    notes = [f"Not shown, since not both groups report a risk: {'; '.join(risks.left_out)}."]
    return kind.draw(
        n1=risks.index_sizes,
        n2=risks.reference_sizes,
        risks=(risks.index, risks.reference),
        labels=risks.names,
        times=risks.times,
        group_names=groups,
        event=question.event.words if question.event.text else "",
        title=title,
        notes=notes if risks.left_out else (),
        **choices,
    )


def _moderator(recovered: Recovered, kind: PlotKind, choices: dict[str, Any]) -> Figure:
    answer = pooled_answer(recovered.answer, choices.pop("block", None))
    fitted = answer.overall.moderation
    if fitted is None:
        result = moderated(recovered, answer, choices.pop("moderator", "year"))
    elif fitted.result is None:
        raise ProjectError(f"{answer.question.id} has no meta-regression: {fitted.refused}")
    else:
        result = fitted.result
        if fitted.without:
            rows = listed([f"{label} ({missing})" for label, missing in fitted.without], most=None)
            choices["notes"] = (f"Not in it: {rows}.",)
        if (name := choices.pop("moderator", None)) is not None:
            choices["moderator"] = next(
                (m.words for m in fitted.moderators if name in (m.id, *m.names)), name
            )
    title = choices.pop("title", f"Bubble plot: {answer.question.title}")
    return kind.draw(result, effect_measure=answer.question.effect_measure, title=title, **choices)


def _pooled_curves(recovered: Recovered, kind: PlotKind, choices: dict[str, Any]) -> Figure:
    return kind.draw(recovered.answer, **choices)


def _multiverse(project: Project, kind: PlotKind, question: str, choices: dict[str, Any]) -> Figure:
    asked, found = project.multiverse(question)
    block = choices.pop("block", None)
    labels = [multiverse.label for multiverse in found]
    if (block is not None and block not in labels) or (block is None and len(found) != 1):
        raise UsageError(f"{question} has blocks of rows; choose one with --block: {', '.join(labels)}")
    return kind.draw(found[0 if block is None else labels.index(block)], asked, **choices)


def _reported(project: Project, kind: PlotKind, _: str, choices: dict[str, Any]) -> Figure:
    studies = project.studies()
    names = [study.id for study in studies]
    return kind.draw(project.reported_outcomes(), studies=names, labels=_outcome_labels(project), **choices)


def _outcome_labels(project: Project) -> dict[str, str]:
    return {outcome.id: outcome.label for outcome in project.vocabulary().outcomes.values()}


def _curves(project: Project, kind: PlotKind, _: str, choices: dict[str, Any]) -> Figure:
    studies = project.studies()
    outcome = project.vocabulary().outcome(choices.pop("outcome", "overall survival"))
    follow_up = {cohort.study: cohort.follow_up_months for cohort in figures.timeline_cohorts(studies)}
    known = {study: months for study, months in follow_up.items() if months is not None}
    contrasts = figures.contrasts_of_studies(studies)
    sizes = project.shown_sizes(outcome.id)
    reported = [
        replace(row, n=sizes.get((row.study, row.group))) if row.n is None and not row.n_not_reported else row
        for row in project.reported_outcomes()
    ]
    return kind.draw(
        reported,
        outcome=outcome.id,
        label=outcome.label,
        contrasts=contrasts,
        follow_up=known,
        **choices,
    )


def _contents(project: Project, kind: PlotKind, _: str, choices: dict[str, Any]) -> Figure:
    terms = project.vocabulary().terms.values()
    labels = {term.id: term.label for of_kind in terms for term in of_kind.values()}
    return kind.draw(
        figures.evidence_entries(project.studies(), labels | _outcome_labels(project)), **choices
    )


def _cohorts(project: Project, kind: PlotKind, _: str, choices: dict[str, Any]) -> Figure:
    studies = project.studies()
    suspected = [
        figures.CohortOverlap(one, other, "possible", suspected=True)
        for one, other in checks.suspected_pairs(studies, project.vocabulary())
    ]
    return kind.draw(
        figures.timeline_cohorts(studies), [*figures.recorded_overlaps(studies), *suspected], **choices
    )


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
    "pooled curves": _pooled_curves,
}

_OTHERS: dict[str, Callable[[Project, PlotKind, str, dict[str, Any]], Figure]] = {
    "multiverse": _multiverse,
    "reported": _reported,
    "curves": _curves,
    "contents": _contents,
    "cohorts": _cohorts,
}
