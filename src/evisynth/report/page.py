"""The page of the report: every question, row and study, in one file that needs nothing else.

SVG documents stand in it without prolog and metadata, and with ids that cannot clash. Templates escape
everything, and a name that nobody filled is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evisynth.answers import difference_of
from evisynth.errors import InvalidDataError
from evisynth.figures import difference_text
from evisynth.report.against_reviews import ReviewComparison
from evisynth.report.answer_view import (
    GRADES,
    KIND_HEADINGS,
    SummaryView,
    choices_text,
    effect_text,
    view_summaries,
)
from evisynth.report.content import Definition, QuestionContent, ReportContent, StudyContent
from evisynth.report.row_view import BlockView, question_anchor, study_anchor, view_blocks
from evisynth.report.study_view import OutcomeView, view_outcomes
from evisynth.whole_files import write_whole

_TAG = re.compile(r"<[A-Za-z][^>]*>")
_ID = re.compile(r'(\s(?:id|aria-labelledby|aria-describedby)=")([^"]+)(")')
_LINK = re.compile(r'(\s(?:xlink:)?href="#)([^"]+")')
_URL = re.compile(r"(url\(#)([^)]+\))")
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)


def inline_svg(document: str, prefix: str) -> str:
    """Cut an SVG document down to what stands inside a page, every id of it led by ``prefix``.

    Raises
    ------
    InvalidDataError
        When the text holds no SVG, or a script.
    """
    start = document.find("<svg")
    end = document.rfind("</svg>")
    if start < 0 or end < 0:
        raise InvalidDataError(f"{prefix}: the figure is no SVG document; draw it again")
    body = _METADATA.sub("", document[start : end + len("</svg>")])
    if "<script" in body:
        raise InvalidDataError(
            f"{prefix}: the figure holds a script; figures of the report are still pictures"
        )
    return _TAG.sub(lambda tag: _prefixed(tag[0], prefix), body)


def _prefixed(tag: str, prefix: str) -> str:
    tag = _ID.sub(lambda found: found[1] + _prefixed_names(found[2], prefix) + found[3], tag)
    tag = _LINK.sub(rf"\g<1>{prefix}-\g<2>", tag)
    return _URL.sub(rf"\g<1>{prefix}-\g<2>", tag)


def _prefixed_names(names: str, prefix: str) -> str:
    return " ".join(f"{prefix}-{name}" for name in names.split())


def render_page(template: str, **values: Any) -> str:
    """Fill a template of the folder ``templates`` and return the page."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return templates.get_template(template).render(**values)


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
    difference: str


@dataclass(frozen=True, slots=True)
class _StudyView:
    content: StudyContent
    anchor: str
    outcomes: tuple[OutcomeView, ...]


def write_report(content: ReportContent, directory: Path) -> Path:
    """Write the report into ``directory``, which is made when missing, and return the page.

    The same content gives the same bytes: no date, no version, no path of the machine.
    """
    return write_whole(directory / PAGE_NAME, render_report(content), make_folder=True)


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
        "reviews": content.reviews,
        "against_reviews": _by_question(content.against_reviews),
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
        difference=difference_text(difference_of(answer)),
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


def _by_question(rows: tuple[ReviewComparison, ...]) -> list[tuple[str, str, list[ReviewComparison]]]:
    """Put together what stands beside one question: its place, its title, the reviews."""
    of_each: dict[str, list[ReviewComparison]] = {}
    for row in rows:
        of_each.setdefault(row.question, []).append(row)
    return [(question_anchor(question), few[0].title, few) for question, few in of_each.items()]


def _by_kind(definitions: tuple[Definition, ...]) -> dict[str, list[Definition]]:
    by_kind: dict[str, list[Definition]] = {}
    for term in definitions:
        by_kind.setdefault(KIND_HEADINGS.get(term.kind, term.kind.capitalize()), []).append(term)
    return by_kind
