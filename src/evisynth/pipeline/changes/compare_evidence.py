"""Comparing the evidence of a project with that of a commit, or of another project.

Both sides are read and answered by the code of today: what differs is the evidence, never the program.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from evisynth.errors import EvidenceError, Finding, FindingsError, ProjectError, UnknownNameError
from evisynth.pipeline.changes.answer_entries import (
    answer_values,
    asked_entries,
    row_entries,
    summary_entries,
    term_entries,
)
from evisynth.pipeline.changes.compare import Changes, Entry, compare_entries
from evisynth.pipeline.changes.evidence_change import EvidenceChange, QuestionChange, State, StudyChange
from evisynth.pipeline.changes.sides import Side, UnreadableSidesError, other_side
from evisynth.pipeline.changes.study_entries import cited, detail_entries, figure_entries, group_entries
from evisynth.pipeline.evidence import Evidence

if TYPE_CHECKING:
    from evisynth.outcomes.question import Question
    from evisynth.studies.study import Study

#: How the present state of the project is named.
NOW = "the project as it stands"
_Entries = Callable[[Any], list[Entry]]


def compare_with(evidence: Evidence, against: str = "HEAD", questions: Sequence[str] = ()) -> EvidenceChange:
    """Say what changed since a git revision, or in comparison with another project folder.

    Parameters
    ----------
    against
        A commit by any name that git knows, or the folder of another project.
    questions
        The questions whose answers are compared; all of both sides unless named.

    Raises
    ------
    UnreadableSidesError
        With every mistake of both sides; the file names of the old side begin with its name.
    UnknownNameError
        For a revision or a question that there is not, with the nearest ones.
    ProjectError, UsageError
        When there is nothing to compare with.
    """
    with other_side(evidence, against) as old:
        return _compare_sides(old, Side(evidence, NOW), questions)


def _compare_sides(old: Side, new: Side, asked: Sequence[str]) -> EvidenceChange:
    questions = _questions_compared(old, new, asked)
    old_files, new_files = old.contents(), new.contents()
    if old_files == new_files:
        return EvidenceChange(old.shown, new.shown, old.commit, Changes(), (), (), len(questions))
    _demand_readable(old, new)
    differing = {path for path in old_files.keys() | new_files.keys()
                 if old_files.get(path) != new_files.get(path)}  # fmt: skip
    terms = [term_entries(side.evidence.vocabulary()) for side in (old, new)]
    changes = [_compare_question(old, new, question) for question in questions]
    return EvidenceChange(
        old.shown,
        new.shown,
        old.commit,
        vocabulary=compare_entries(*terms),
        studies=tuple(_compare_studies(old, new, differing)),
        questions=tuple(change for change in changes if change is not None),
        question_count=len(questions),
    )


def _questions_compared(old: Side, new: Side, asked: Sequence[str]) -> list[str]:
    known = sorted({*old.evidence.question_ids(), *new.evidence.question_ids()})
    for question in asked:
        if question not in known:
            raise UnknownNameError("question", question, known)
    return list(dict.fromkeys(asked)) or known


def _demand_readable(*sides: Side) -> None:
    """Build both databases and read all questions; every mistake of either side is reported at once."""
    findings = {side.shown: _mistakes(side) for side in sides}
    if any(findings.values()):
        broken = [shown for shown, mistakes in findings.items() if mistakes]
        raise UnreadableSidesError(broken, [one for mistakes in findings.values() for one in mistakes])


def _mistakes(side: Side) -> list[Finding]:
    findings: list[Finding] = []
    try:
        side.evidence.build()
        for question in side.evidence.question_ids():
            try:
                side.evidence.question(question)
            except FindingsError as error:
                findings += error.findings
    except FindingsError as error:
        findings += error.findings
    except ProjectError as error:
        raise ProjectError(f"{side.shown}: {error}") from error
    return [side.named(finding) for finding in findings]


# studies


def _compare_studies(old: Side, new: Side, differing: Collection[str]) -> Iterable[StudyChange]:
    """Compare the studies whose files differ; when the vocabulary does, any may mean something else."""
    every = "evidence/vocabulary.yaml" in differing
    olds, news = (_studies(side, None if every else differing) for side in (old, new))
    for study in sorted(olds.keys() | news.keys()):
        change = _compare_study(olds.get(study), news.get(study))
        if change.state != "changed" or change.groups or change.figures or change.details:
            yield change


def _studies(side: Side, files: Collection[str] | None) -> dict[str, Study]:
    from evisynth.studies.read_study import read_study

    vocabulary, folder = side.evidence.vocabulary(), side.evidence.files.studies
    return {
        study: read_study(folder / f"{study}.yaml", vocabulary)
        for study in side.evidence.study_ids()
        if files is None or f"studies/{study}.yaml" in files
    }


def _compare_study(old: Study | None, new: Study | None) -> StudyChange:
    study = new or old
    assert study is not None  # it is on one side at least
    groups, figures, details = (
        _compare(entries, old, new) for entries in (group_entries, figure_entries, detail_entries)
    )
    return StudyChange(study.id, _state(old, new), cited(study), groups, figures, details)


def _compare(entries: _Entries, old: object, new: object) -> Changes:
    return compare_entries(*([] if side is None else entries(side) for side in (old, new)))


def _state(old: object, new: object) -> State:
    if old is None:
        return "added"
    return "removed" if new is None else "changed"


# questions


def _compare_question(old: Side, new: Side, question: str) -> QuestionChange | None:
    """Compare what is asked and answered; None when nothing differs."""
    asked_old, asked_new = (_asked(side, question) for side in (old, new))
    answer_old, answer_new = (
        None if asked is None else _answer(side, question)
        for side, asked in ((old, asked_old), (new, asked_new))
    )
    change = QuestionChange(
        question,
        _state(asked_old, asked_new),
        title=(asked_new or asked_old).title,  # type: ignore[union-attr]  # it is on one side at least
        asked=_compare(asked_entries, asked_old, asked_new),
        summaries=compare_entries(summary_entries(answer_old), summary_entries(answer_new)),
        rows=compare_entries(row_entries(answer_old), row_entries(answer_new)),
    )
    same = change.state == "changed" and not (change.asked or change.answer_changed)
    return None if same else change


def _asked(side: Side, question: str) -> Question | None:
    if question not in side.evidence.question_ids():
        return None
    return side.evidence.question(question)


def _answer(side: Side, question: str) -> dict[str, Any]:
    try:
        return answer_values(side.evidence.answer(question))
    except EvidenceError as error:
        raise ProjectError(f"{question} cannot be answered for {side.shown}: {error}") from error
