"""Publishing: the committed answers brought up to date, the page of the report, and the gallery beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from evisynth.answers import (
    Multiverse,
    answer_as_json,
    effects_as_json,
    is_randomised,
    multiverses,
    with_shown_names,
)
from evisynth.errors import EvidenceError, Finding, FindingsError
from evisynth.figures import KINDS, forest, svg_bytes
from evisynth.outcomes import key_files
from evisynth.pipeline.changes.earlier_answers import since_last_time
from evisynth.pipeline.changes.earlier_time import earlier_time
from evisynth.pipeline.gallery import gallery_sections
from evisynth.pipeline.page_freshness import page_inputs, remove_old_pages, write_stamp
from evisynth.pipeline.plots import plot_with_answer
from evisynth.pipeline.project import Project, Recovered, studies_of
from evisynth.pipeline.session import one_session
from evisynth.report import (
    CommittedAnswer,
    Overview,
    QuestionContent,
    explain_answer,
    gather_report,
    orphaned_answers,
    remove_orphans,
    render_effects,
    render_pages,
    render_summary,
    stale_parts,
    write_answer,
    write_gallery,
    write_pages,
)
from evisynth.vocabulary import Vocabulary
from evisynth.whole_files import refuse_links, write_whole


def committed_answer(project: Project, question_id: str) -> tuple[CommittedAnswer, Recovered]:
    """Put the answer to a question into the three texts that are committed, with its stamp."""
    recovered = project.recover(question_id)
    answer, stamp = recovered.answer, project.stamp(recovered.answer)
    spoken = with_shown_names(answer, project.study_names())
    text = CommittedAnswer(
        question=question_id,
        summary_json=render_summary(answer_as_json(answer), stamp, studies_of(answer)),
        effects_csv=render_effects(effects_as_json(recovered.effects)),
        forest_svg=svg_bytes(forest(spoken), stamp).decode(),
    )
    return text, recovered


def stale_answers(project: Project) -> list[Finding]:
    """Find committed answers, schemas and pages of keys that no longer say what the files say today."""
    results, stale = project.results_folder, "stale-answer"
    with one_session(project) as kept:
        questions = kept.question_ids()
        texts = [committed_answer(kept, question)[0] for question in questions]
    found = []
    for text in texts:
        for part in stale_parts(text, results):
            found.append(
                (results / f"{text.question}.json", f"the committed answer is not today's: {part}", stale)
            )
    for path in orphaned_answers(results, questions) if questions else ():
        found.append((path, "the answer to a question that is no longer asked", stale))
    for name, keys in key_files(project.vocabulary()).items():
        path = results.parent / name
        if not _is(path, keys):
            found.append((path, "it does not say which keys and words are read today", "stale-keys"))
    fix = "type evisynth report, and commit what it changes"
    return [
        Finding(path.relative_to(project.files.folder).as_posix(), 0, 0, code, "error", message, fix)
        for path, message, code in found
    ]


def publish(
    project: Project, folder: Path, *, gallery: bool, single_file: bool = False
) -> tuple[Path, list[Path]]:
    """Write the report, and the gallery if asked; return its first page and the committed files that changed.

    Raises
    ------
    FindingsError
        A file has a mistake that must be mended first.
    """
    refuse_links(project.files.folder, project.results_folder, folder)
    with one_session(project) as kept:
        return _publish(kept, folder, gallery=gallery, single_file=single_file)


def _publish(project: Project, folder: Path, *, gallery: bool, single_file: bool) -> tuple[Path, list[Path]]:
    asked = page_inputs(project.files.folder)
    findings = project.check()
    if any(finding.level == "error" for finding in findings):
        raise FindingsError(findings)
    committed = {question: committed_answer(project, question) for question in project.question_ids()}
    # Without any question the folder of questions was more likely mislaid than emptied.
    changed = remove_orphans(project.results_folder, list(committed)) if committed else []
    changed += _renew_key_files(project.results_folder.parent, project.vocabulary())
    for text, _ in committed.values():
        changed += write_answer(text, project.results_folder)
    names = project.study_names()
    answers = [
        QuestionContent(
            with_shown_names(recovered.answer, names),
            text.forest_svg,
            _multiverses(project, recovered),
            explain_answer(recovered.answer, recovered.comparisons, project.vocabulary()),
            frozenset(one.study for one in recovered.comparisons if is_randomised(one)),
        )
        for text, recovered in committed.values()
    ]
    studies = project.studies()
    texts = {study.id: project.study_text(study.id).removeprefix("\ufeff") for study in studies}
    content = gather_report(
        answers,
        studies,
        project.reported_outcomes(),
        project.vocabulary(),
        findings,
        project.reviews(),
        texts,
    )
    today = {name: (recovered.answer, text.summary_json) for name, (text, recovered) in committed.items()}
    since = since_last_time(project, earlier_time(project.files.folder), today)
    content = replace(content, overviews=_overviews(project), gallery=gallery, since=since)
    beside = [write_gallery(gallery_sections(project), folder)] if gallery else []
    pages = write_pages(render_pages(content, single_file=single_file), folder)
    remove_old_pages(folder, [*pages, *beside])
    answered = page_inputs(project.files.folder)
    # Answers that are written now may be other than those of another commit than before.
    written = {"before", *(path.relative_to(project.files.folder).as_posix() for path in changed)}
    if {place for place in asked | answered if asked.get(place) != answered.get(place)} <= written:
        # else somebody wrote while the report was made
        write_stamp(folder, [*pages, *beside], answered, single_file=single_file)
    return pages[0], changed


def _renew_key_files(folder: Path, vocabulary: Vocabulary) -> list[Path]:
    """Write schemas and the page of keys anew, where they do not say today's keys and terms."""
    texts = {folder / name: text for name, text in key_files(vocabulary).items()}
    return [write_whole(path, text) for path, text in texts.items() if not _is(path, text)]


def _is(path: Path, text: str) -> bool:
    return path.is_file() and not path.is_symlink() and path.read_bytes() == text.encode()


def _multiverses(project: Project, recovered: Recovered) -> tuple[Multiverse, ...]:
    """Rerun a question over every admissible choice, where it has an estimate that choices could move."""
    answer = recovered.answer
    if all(summary.pooled is None for summary in (answer.overall, *answer.by_row_group)):
        return ()
    if answer.question.left_out:
        # A study that was left out for its overlap was a choice: it is looked for again.
        return project.multiverse(answer.question.id)[1]
    return multiverses(answer.question, recovered.comparisons, recovered.effects)


def _overviews(project: Project) -> tuple[Overview, ...]:
    """Draw every plot of all studies; one that their figures do not allow is left out."""
    drawn: list[Overview] = []
    for kind in KINDS.values():
        if kind.needs_question:
            continue
        try:
            svg = svg_bytes(plot_with_answer(project, kind.name)[0]).decode()
        except EvidenceError:
            continue
        drawn.append(Overview(kind.name, kind.shows, svg))
    return tuple(drawn)
