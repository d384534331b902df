"""Changes of the evidence, from the studies to the answers, and how they are found.

Both sides are read and answered by the code of today: what differs is the evidence, never the program.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from evisynth.errors import EvidenceError, Finding, FindingsError, ProjectError, UnknownNameError
from evisynth.pipeline.changes.answer_entries import answer_values, question_entries, term_entries
from evisynth.pipeline.changes.entries import Changes, Entry, compare_entries
from evisynth.pipeline.changes.sides import Side, UnreadableSidesError, other_side
from evisynth.pipeline.changes.study_entries import cited, study_entries
from evisynth.pipeline.project import Project
from evisynth.pipeline.session import one_session

#: Titles and entries by part, by id.
_Subjects = dict[str, tuple[str, Mapping[str, Iterable[Entry]]]]
State = Literal["added", "removed", "changed"]

_NOW = "the project as it stands"


@dataclass(frozen=True, slots=True)
class SubjectChange:
    """What changed of a study or of a question and its answer; ``title`` says what a person knows it by.

    ``parts`` are the changes of groups, figures and details of a study, of what was asked, the summaries
    and the rows of a question. Of a subject that came or went, all entries are ``added`` or ``removed``.
    """

    id: str
    state: State
    title: str
    parts: Mapping[str, Changes]

    @property
    def answer_changed(self) -> bool:
        """Whether the answer to a question differs, and not its words alone."""
        return bool(self.parts["summaries"] or self.parts["rows"])


@dataclass(frozen=True, slots=True)
class EvidenceChange:
    """All that is different between two states of the evidence.

    ``old`` and ``new`` name the states in a sentence, ``commit`` is that of the old one, where it is in
    git. ``questions`` holds those that changed, of ``question_count`` that were compared.
    """

    old: str
    new: str
    commit: str | None
    studies: tuple[SubjectChange, ...]
    vocabulary: Changes
    questions: tuple[SubjectChange, ...]
    question_count: int

    def __bool__(self) -> bool:
        return bool(self.vocabulary or self.studies or self.questions)


def change_as_json(change: EvidenceChange) -> dict[str, Any]:
    """Give a change as the values that ``evisynth diff --format json`` prints; unchanged is an empty array.

    A study is an object of ``study``, ``state``, ``cited``, ``groups``, ``figures`` and ``details``; a
    question of ``question``, ``state``, ``title``, ``asked``, ``summaries`` and ``rows``. Changes are an
    object of three arrays: ``added`` and ``removed`` hold the things themselves, ``changed`` holds objects
    with ``old``, ``new`` and the names of the ``facts`` that differ. A figure has the keys of
    ``evisynth query`` as far as the study file says them, a row and a summary those of ``evisynth pool``;
    all numbers have six significant digits.
    """
    return {
        "old": change.old,
        "new": change.new,
        "commit": change.commit,
        "studies": [_subject_as_json(study, "study", "cited") for study in change.studies],
        "vocabulary": _changes_as_json(change.vocabulary),
        "questions": [_subject_as_json(question, "question", "title") for question in change.questions],
        "question_count": change.question_count,
    }


def _subject_as_json(subject: SubjectChange, kind: str, title: str) -> dict[str, Any]:
    parts = {name: _changes_as_json(changes) for name, changes in subject.parts.items()}
    return {kind: subject.id, "state": subject.state, title: subject.title, **parts}


def _changes_as_json(changes: Changes) -> dict[str, list[Any]]:
    return {
        "added": [entry.record for entry in changes.added],
        "removed": [entry.record for entry in changes.removed],
        "changed": [{"old": one.old.record, "new": one.new.record, "facts": list(one.facts)}
                    for one in changes.changed],
    }  # fmt: skip


def compare_with(evidence: Project, against: str = "HEAD", questions: Sequence[str] = ()) -> EvidenceChange:
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
    with (
        other_side(evidence, against) as old,
        one_session(old.evidence) as then,
        one_session(evidence) as now,
    ):
        return _compare_sides(replace(old, evidence=then), Side(now, _NOW), questions)


def _compare_sides(old: Side, new: Side, asked: Sequence[str]) -> EvidenceChange:
    questions = _questions_compared(old, new, asked)
    old_files, new_files = old.contents(), new.contents()
    if old_files == new_files:
        return EvidenceChange(old.shown, new.shown, old.commit, (), Changes(), (), len(questions))
    if findings := {side.shown: mistakes for side in (old, new) if (mistakes := _mistakes(side))}:
        raise UnreadableSidesError(list(findings), [one for several in findings.values() for one in several])
    differing = {path for path, _ in old_files.items() ^ new_files.items()}
    vocabulary = compare_entries(*(term_entries(side.evidence.vocabulary()) for side in (old, new)))
    studies = _compare(_studies(old, differing), _studies(new, differing))
    answers = _compare(_answers(old, questions), _answers(new, questions), questions)
    return EvidenceChange(old.shown, new.shown, old.commit, studies, vocabulary, answers, len(questions))


def _questions_compared(old: Side, new: Side, asked: Sequence[str]) -> list[str]:
    known = list(dict.fromkeys([*new.evidence.question_ids(), *old.evidence.question_ids()]))
    for question in asked:
        if question not in known:
            raise UnknownNameError("question", question, known)
    return list(dict.fromkeys(asked)) or known


def _mistakes(side: Side) -> list[Finding]:
    """Build the database and read all questions of a side; every mistake of it is reported at once."""
    findings: list[Finding] = []
    reading: list[Callable[[], object]] = [side.evidence.build]
    for read in reading + [partial(side.evidence.question, name) for name in side.evidence.question_ids()]:
        try:
            read()
        except FindingsError as error:
            findings += [side.named(finding) for finding in error.findings]
        except ProjectError as error:
            raise ProjectError(f"{side.shown}: {error}") from error
    return findings


def _compare(old: _Subjects, new: _Subjects, order: Sequence[str] = ()) -> tuple[SubjectChange, ...]:
    """Compare what each side holds under one id, part by part, in an order of ids or their own."""
    changes = []
    for subject in order or sorted(old.keys() | new.keys()):
        title = (new if subject in new else old)[subject][0]
        before, now = (side[subject][1] if subject in side else {} for side in (old, new))
        state: State = "changed" if before and now else "added" if now else "removed"
        parts = {name: compare_entries(before.get(name, ()), now.get(name, ())) for name in now or before}
        if state != "changed" or any(parts.values()):
            changes.append(SubjectChange(subject, state, title, parts))
    return tuple(changes)


def _studies(side: Side, differing: Collection[str]) -> _Subjects:
    """Read the studies whose files differ; when the vocabulary does, any may mean something else."""
    from evisynth.studies import read_study

    vocabulary, folder = side.evidence.vocabulary(), side.evidence.files.studies
    every = "evidence/vocabulary.yaml" in differing
    ids = [one for one in side.evidence.study_ids() if every or f"studies/{one}.yaml" in differing]
    studies = [read_study(folder / f"{one}.yaml", vocabulary) for one in ids]
    return {study.id: (cited(study), study_entries(study)) for study in studies}


def _answers(side: Side, names: Sequence[str]) -> _Subjects:
    """Read and answer the questions of those names that a side has."""
    found: _Subjects = {}
    for name in set(names) & set(side.evidence.question_ids()):
        question = side.evidence.question(name)
        try:
            values = answer_values(side.evidence.answer(name))
        except EvidenceError as error:
            raise ProjectError(f"{name} cannot be answered for {side.shown}: {error}") from error
        found[name] = question.title, question_entries(question, values)
    return found
