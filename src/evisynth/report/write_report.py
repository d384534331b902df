"""The page: every question, every row behind it, every study, in one file that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from markupsafe import Markup

from evisynth.report.anchors import question_anchor, study_anchor
from evisynth.report.answer_view import SummaryView, effect_text, view_summaries
from evisynth.report.choices_text import choices_text
from evisynth.report.content import Definition, QuestionContent, ReportContent, StudyContent
from evisynth.report.inline_svg import inline_svg
from evisynth.report.page_templates import render_page
from evisynth.report.reading_help import GRADES, KIND_HEADINGS
from evisynth.report.row_view import BlockView, view_blocks
from evisynth.report.study_view import OutcomeView, view_outcomes

#: The name of the page in its folder.
PAGE_NAME = "index.html"


@dataclass(frozen=True, slots=True)
class _QuestionView:
    content: QuestionContent
    anchor: str
    summaries: tuple[SummaryView, ...]
    effect_heading: str
    blocks: tuple[BlockView, ...]
    figure: Markup


@dataclass(frozen=True, slots=True)
class _StudyView:
    content: StudyContent
    anchor: str
    outcomes: tuple[OutcomeView, ...]


def write_report(content: ReportContent, directory: Path) -> Path:
    """Write the report into ``directory``, which is made when missing, and return the page.

    The same content gives the same bytes: no date, no version, no path of the machine.
    """
    directory.mkdir(parents=True, exist_ok=True)
    page = directory / PAGE_NAME
    page.write_text(render_report(content), encoding="utf-8", newline="\n")
    return page


def render_report(content: ReportContent) -> str:
    """Give the report as one HTML document."""
    return render_page("report.html", **_context(content))


def _context(content: ReportContent) -> Mapping[str, Any]:
    labels = {term.id: term.label for term in content.definitions if term.kind == "outcome"}
    studies = [
        _StudyView(study, study_anchor(study.id), view_outcomes(study, labels)) for study in content.studies
    ]
    return {
        "title": content.title,
        "questions": [_view_question(question) for question in content.questions],
        "studies": studies,
        "overviews": [
            # Markup for the same reason as in _view_question.
            (f"overview-{plot.name}", plot, Markup(inline_svg(plot.svg, f"plot-{plot.name}")))
            for plot in content.overviews
        ],
        "findings": content.findings,
        "gallery": content.gallery,
        "study_anchors": {study.content.id: study.anchor for study in studies},
        "figure_anchors": {
            figure.anchor for study in studies for outcome in study.outcomes for figure in outcome.figures
        },
        "definitions": _by_kind(content.definitions),
        "outcome_labels": labels,
        "grades": GRADES,
    }


def _view_question(content: QuestionContent) -> _QuestionView:
    answer = content.answer
    anchor = question_anchor(answer.question.id)
    return _QuestionView(
        content=content,
        anchor=anchor,
        summaries=_with_choices(view_summaries(answer), content),
        effect_heading=effect_text(answer).heading,
        blocks=view_blocks(answer),
        # Markup only because inline_svg takes figures of our own and refuses scripts.
        figure=Markup(inline_svg(content.forest_svg, f"plot-{anchor}")),
    )


def _with_choices(summaries: tuple[SummaryView, ...], content: QuestionContent) -> tuple[SummaryView, ...]:
    """Add to each estimate how far it moves over every admissible choice, where that is known."""
    answer = content.answer
    by_label = {multiverse.label: multiverse for multiverse in content.multiverses}
    texts = effect_text(answer)
    return tuple(
        replace(
            view,
            choices=choices_text(by_label[view.label], texts, exploratory=answer.question.exploratory),
            choices_move=by_label[view.label].combinations > 1,
        )
        if view.estimate is not None and view.label in by_label
        else view
        for view in summaries
    )


def _by_kind(definitions: tuple[Definition, ...]) -> dict[str, list[Definition]]:
    by_kind: dict[str, list[Definition]] = {}
    for term in definitions:
        by_kind.setdefault(KIND_HEADINGS.get(term.kind, term.kind.capitalize()), []).append(term)
    return by_kind
