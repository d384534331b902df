"""Where each thing of the report stands: its page, its place there, and the way to it from another page."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field

from evisynth.report.row_view import (
    figure_anchor,
    line_anchor,
    question_anchor,
    row_anchor,
    safe_name,
    study_anchor,
)

INDEX = "index.html"
#: Pages that stand once: their names in links, and their files.
SINGLE_PAGES = {"answers": INDEX, "studies": "studies.html", "figures": "figures.html", "map": "map.html",
                "reviews": "reviews.html", "since": "since.html",
                "words": "words.html"}  # fmt: skip


def question_file(question: str) -> str:
    """Name the page of a question."""
    return f"questions/{safe_name(question)}.html"


def study_file(study: str) -> str:
    """Name the page of a study."""
    return f"studies/{safe_name(study)}.html"


@dataclass(frozen=True, slots=True)
class Links:
    """Gives links from one page; with ``root`` None all stands in one file.

    ``root`` leads from the page to the folder of the report: nothing, or ``../``. ``anchors`` are places of
    printed figures that exist, ``files`` the
    studies whose file is shown, line by line.
    """

    root: str | None
    questions: Set[str] = field(default_factory=frozenset)
    studies: Set[str] = field(default_factory=frozenset)
    anchors: Set[str] = field(default_factory=frozenset)
    files: Set[str] = field(default_factory=frozenset)

    def page(self, name: str) -> str:
        """Lead to one of the pages that stand once."""
        return self._to(SINGLE_PAGES[name], name, whole=True)

    def question(self, question: str) -> str:
        """Lead to a question."""
        return self._to(question_file(question), question_anchor(question), whole=True)

    def row(self, question: str, number: int) -> str:
        """Lead to what is said of a row of a question, counted from 1."""
        return self._to(question_file(question), row_anchor(question, number))

    def study(self, study: str) -> str:
        """Lead to a study; nothing to one that is not among them."""
        return self._to(study_file(study), study_anchor(study), whole=True) if study in self.studies else ""

    def figure(self, file_location: str) -> str:
        """Lead to what a line of a study file reports: ``studies/x.yaml:12``.

        A line that reports no figure, as the size of a group, is shown in the file; else there is no link.
        """
        anchor = figure_anchor(file_location)
        path, _, line = file_location.rpartition(":")
        study = path.rpartition("/")[2].removesuffix(".yaml")
        if anchor not in self.anchors and study in self.files:
            anchor = line_anchor(study, line)
        elif anchor not in self.anchors:
            return ""
        return self._to(study_file(study), anchor)

    def _to(self, file: str, anchor: str, *, whole: bool = False) -> str:
        if self.root is None:
            return f"#{anchor}"
        return f"{self.root}{file}" if whole else f"{self.root}{file}#{anchor}"
