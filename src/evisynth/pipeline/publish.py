"""Publishing: the committed answers brought up to date, the page of the report, and the gallery beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Protocol

from evisynth.answers import Multiverse, multiverses
from evisynth.errors import EvidenceError, Finding, FindingsError
from evisynth.figures import KINDS, svg_bytes
from evisynth.pipeline.gallery import GallerySource, gallery_sections
from evisynth.pipeline.plots import Source, draw_plot
from evisynth.pipeline.recovered import Recovered
from evisynth.report import (
    CommittedAnswer,
    Overview,
    QuestionContent,
    gather_report,
    remove_orphans,
    write_answer,
    write_gallery,
    write_report,
)
from evisynth.studies import schema_text
from evisynth.vocabulary import Vocabulary


class PublishedSource(GallerySource, Protocol):
    """What publishing asks of a project."""

    @property
    def results_folder(self) -> Path:
        """The committed answers."""

    def check(self) -> list[Finding]:
        """Look for mistakes in the whole project."""

    def commit_answer(self, question_id: str) -> tuple[CommittedAnswer, Recovered]:
        """Put the answer to a question into the texts that are committed."""


def publish(source: PublishedSource, folder: Path, *, gallery: bool) -> tuple[Path, list[Path]]:
    """Write the report, and the gallery if asked; return the page and the committed files that changed.

    Raises
    ------
    FindingsError
        A file has a mistake that must be mended first.
    """
    findings = source.check()
    if any(finding.level == "error" for finding in findings):
        raise FindingsError(findings)
    committed = {question: source.commit_answer(question) for question in source.question_ids()}
    # Without any question the folder of questions was more likely mislaid than emptied.
    changed = remove_orphans(source.results_folder, list(committed)) if committed else []
    changed += renew_schema(source.results_folder.with_name("study.schema.json"), source.vocabulary())
    for text, _ in committed.values():
        changed += write_answer(text, source.results_folder)
    answers = [
        QuestionContent(recovered.answer, text.forest_svg, _multiverses(source, recovered))
        for text, recovered in committed.values()
    ]
    content = gather_report(
        answers, source.studies(), source.reported_outcomes(), source.vocabulary(), findings
    )
    if gallery:
        write_gallery(gallery_sections(source), folder)
    return write_report(replace(content, overviews=overviews(source), gallery=gallery), folder), changed


def renew_schema(path: Path, vocabulary: Vocabulary) -> list[Path]:
    """Write the schema that editors check study files by anew, where it does not offer today's terms."""
    text = schema_text(vocabulary)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return []
    path.write_text(text, encoding="utf-8", newline="\n")
    return [path]


def _multiverses(source: Source, recovered: Recovered) -> tuple[Multiverse, ...]:
    """Rerun a question over every admissible choice, where it has an estimate that choices could move."""
    answer = recovered.answer
    if all(summary.pooled is None for summary in (answer.overall, *answer.by_row_group)):
        return ()
    if answer.question.left_out:
        # A study that was left out for its overlap was a choice: it is looked for again.
        return source.multiverse(answer.question.id)[1]
    return multiverses(answer.question, recovered.comparisons, recovered.effects)


def overviews(source: Source) -> tuple[Overview, ...]:
    """Draw every plot of all studies; one that their figures do not allow is left out."""
    drawn: list[Overview] = []
    for kind in KINDS.values():
        if kind.needs_question:
            continue
        try:
            svg = svg_bytes(draw_plot(source, kind.name)).decode()
        except EvidenceError:
            continue
        drawn.append(Overview(kind.name, kind.shows, svg))
    return tuple(drawn)
