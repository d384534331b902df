"""The pages of the report: an index that answers, a page a question and a study, or all of it in one file.

Pages lead to each other by relative links and need nothing else, so that a folder of them can be mailed and
read from disk. Templates escape everything, and a name that nobody filled is an error. The only script is
that of the table of figures; the page allows it by its hash, and reads the same without.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evisynth.report.answer_view import GRADES
from evisynth.report.content import ReportContent
from evisynth.report.explain_text import grade_text
from evisynth.report.explained_rows import formula_lines, letters_text
from evisynth.report.page_links import INDEX, SINGLE_PAGES, Links, question_file, study_file
from evisynth.report.page_views import (
    QuestionView,
    StudyView,
    by_kind,
    by_question,
    outcome_labels,
    view_map,
    view_question,
    view_studies,
)
from evisynth.report.question_families import families_of
from evisynth.report.row_view import row_anchor
from evisynth.report.svg_inside import inline_svg
from evisynth.report.verdict import GRADE_IN_WORDS
from evisynth.whole_files import refuse_links, write_whole
from evisynth.wording import within_sentence

_TEMPLATES = Path(__file__).parent / "templates"
_SCRIPT = "explorer.js"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["lower_first"] = within_sentence
    return environment


def render_page(template: str, **values: Any) -> str:
    """Fill a template of the folder ``templates`` and return the page."""
    return _environment().get_template(template).render(**values)


def write_report(content: ReportContent, directory: Path, *, single_file: bool = False) -> Path:
    """Write the report into ``directory``, which is made when missing, and return its first page."""
    return write_pages(render_pages(content, single_file=single_file), directory)[0]


def write_pages(pages: dict[str, str], directory: Path) -> list[Path]:
    """Write pages by their places in a folder, the first one last: it is whole when the others are."""
    refuse_links(directory, *{(directory / place).parent for place in pages})
    written = [
        write_whole(directory / place, text, make_folder=True) for place, text in reversed(pages.items())
    ]
    return written[::-1]


def render_report(content: ReportContent) -> str:
    """Give the report as one HTML document."""
    return render_pages(content, single_file=True)[INDEX]


def render_pages(content: ReportContent, *, single_file: bool = False) -> dict[str, str]:
    """Give every page of the report by its place in the folder, the index first.

    The same content gives the same bytes: no date, no version, no path of the machine.
    """
    return _Report.of(content).in_one_file() if single_file else dict(_Report.of(content).pages())


@dataclass(frozen=True, slots=True)
class _Report:
    content: ReportContent
    questions: tuple[QuestionView, ...]
    studies: tuple[StudyView, ...]
    anchors: frozenset[str]

    @classmethod
    def of(cls, content: ReportContent) -> _Report:
        questions = tuple(view_question(question) for question in content.questions)
        studies = view_studies(content, questions)
        anchors = frozenset(
            figure.anchor
            for study in studies
            for outcome in study.outcomes
            for figure in outcome.figures
            if figure.anchor is not None
        )
        return cls(content, questions, studies, anchors)

    def links(self, root: str | None) -> Links:
        return Links(
            root,
            frozenset(question.id for question in self.questions),
            frozenset(study.content.id for study in self.studies),
            self.anchors,
            frozenset(study.content.id for study in self.studies if study.content.file_text),
        )

    def pages(self) -> Iterator[tuple[str, str]]:
        top, below = self.links(""), self.links("../")
        for name, place in SINGLE_PAGES.items():
            if name not in self._named():
                continue
            title = self.content.title if name == "answers" else _TITLES[name]
            yield place, self._page(title, self._body(name, top, 1), top, script=name == "figures")
        for question in self.questions:
            body = self._question(question, below, 1)
            yield question_file(question.id), self._page(question.title, body, below)
        for study in self.studies:
            yield study_file(study.content.id), self._page(study.name, self._study(study, below, 1), below)

    def _named(self) -> list[str]:
        """Name the pages that stand once, and have something to say."""
        there = {"reviews": bool(self.content.reviews), "since": self.content.since is not None}
        return [name for name in SINGLE_PAGES if there.get(name, True)]

    def in_one_file(self) -> dict[str, str]:
        links = self.links(None)
        parts = [self._body("answers", links, 1)]
        parts += [self._question(question, links, 2) for question in self.questions]
        parts.append(self._body("studies", links, 2))
        parts += [self._study(study, links, 2) for study in self.studies]
        after = ("since", "reviews", "map", "figures", "words")
        parts += [self._body(name, links, 2) for name in after if name in self._named()]
        return {INDEX: self._page(self.content.title, Markup("").join(parts), links, script=True)}

    def _page(self, title: str, body: Markup, links: Links, *, script: bool = False) -> str:
        text = (_TEMPLATES / _SCRIPT).read_text(encoding="utf-8") if script else ""
        return render_page(
            "page.html",
            title=title,
            body=body,
            links=links,
            gallery=self.content.gallery,
            named=self._named(),
            script=Markup(text),  # our own, and in the page as it is: the hash is of these bytes
            script_hash=b64encode(hashlib.sha256(text.encode()).digest()).decode(),
        )

    def _body(self, name: str, links: Links, level: int) -> Markup:
        values: dict[str, Any] = {}
        if name == "map":
            values = {
                "map_rows": view_map(self.content, self.studies, links),
                "findings": self.content.findings,
                "overviews": [
                    (f"overview-{plot.name}", plot, Markup(inline_svg(plot.svg, f"plot-{plot.name}")))
                    for plot in self.content.overviews
                ],
            }
        if name == "reviews":
            values = {
                "reviews": self.content.reviews,
                "against_reviews": by_question(self.content.against_reviews),
            }
        if name == "words":
            values = {"definitions": by_kind(self.content.definitions), "grades": GRADES}
        figure_count = sum(len(study.content.figures) for study in self.studies)
        return _part(
            f"{name}.html",
            links=links,
            level=level,
            title=self.content.title,
            questions=self.questions,
            families=families_of(self.questions, outcome_labels(self.content)),
            studies=self.studies,
            since=self.content.since,
            figure_count=figure_count,
            **values,
        )

    def _question(self, question: QuestionView, links: Links, level: int) -> Markup:
        return _part(
            "question.html",
            question=question,
            links=links,
            level=level,
            grade_words=GRADE_IN_WORDS,
            formula_lines=formula_lines,
            grade_text=grade_text,
            letters_text=letters_text,
            row_anchor=row_anchor,
        )

    def _study(self, study: StudyView, links: Links, level: int) -> Markup:
        names = {one.content.id: one.name for one in self.studies}
        return _part("study.html", study=study, links=links, level=level, names=names)


_TITLES = {
    "since": "What changed",
    "studies": "Studies",
    "reviews": "Against published reviews",
    "map": "Who reports what",
    "figures": "Every figure",
    "words": "Words and grades",
}


def _part(template: str, **values: Any) -> Markup:
    return Markup(render_page(template, **values))  # a template has escaped what it was given
