"""What changed since the time before this one, in the evidence and in its answers.

Committed answers are compared as they stand: they are those of the program of their time. What
``evisynth diff`` compares is the evidence alone, answered on both sides by the program of today.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from evisynth import __version__
from evisynth.errors import EvidenceError, FindingsError, ProjectError
from evisynth.pipeline.changes.answer_entries import question_entries, term_entries
from evisynth.pipeline.changes.earlier_time import (
    RESULTS,
    EarlierTime,
    contents_now,
    contents_then,
    evidence_version,
)
from evisynth.pipeline.changes.entries import Changes, compare_entries
from evisynth.pipeline.changes.sides import take_out
from evisynth.pipeline.changes.study_entries import study_entries
from evisynth.pipeline.project import Project
from evisynth.report import (
    AnswerSince,
    EstimateSince,
    SinceLastTime,
    StudySince,
    estimates_since,
    row_words,
    states_words,
)
from evisynth.studies import read_study
from evisynth.wording import counted, listed, term_words

if TYPE_CHECKING:
    from evisynth.answers import Answer


def since_last_time(
    project: Project, time: EarlierTime, answers: Mapping[str, tuple[Answer, str]]
) -> SinceLastTime:
    """Say what changed since a time.

    Parameters
    ----------
    project
        As it stands.
    time
        That of `earlier_time`, found when today's answers were written.
    answers
        The answer to each question of today, with its summary as it is committed.
    """
    folder = project.files.folder
    here = SinceLastTime(f"evisynth {__version__}", evidence_version(folder), time.reason)
    if time.revision is None:
        return here
    then, now = contents_then(folder, time.revision), contents_now(folder)
    differing = {path for path, _ in then.items() ^ now.items() if not path.startswith(RESULTS)}
    notes = []
    with TemporaryDirectory(prefix="evisynth-since-") as place:
        try:
            take_out(folder, time.revision, Path(place))
            old = Project(place)
            studies = tuple(_studies(old, project, differing))
            terms = _terms(old, project) if "evidence/vocabulary.yaml" in differing else ()
        except EvidenceError:
            studies, terms = (), ()
            notes.append("The study files of that time cannot be read by the program of today.")
    changed = tuple(_answers(then, answers))
    if changed and not differing:
        notes.append("The evidence is the same: what changed is how the program reckons.")
    return replace(
        here,
        commit=time.revision.commit[:7],
        day=time.day,
        subject=time.subject,
        answers=changed,
        studies=studies,
        terms=terms,
        compared=len(set(answers) | set(_questions(then))),
        notes=tuple(notes),
    )


def _questions(contents: Mapping[str, bytes]) -> dict[str, str]:
    """Return the question of each committed answer, with the place of its file."""
    places = (place for place in contents if place.startswith(f"{RESULTS}/"))
    return {Path(place).stem: place for place in places}


def _answers(then: Mapping[str, bytes], now: Mapping[str, tuple[Answer, str]]) -> Iterator[AnswerSince]:
    places = _questions(then)
    for question, (answer, text) in now.items():
        title = answer.question.title
        if question not in places:
            yield AnswerSince(question, title, "added", estimates_since(None, json.loads(text), answer))
            continue
        try:
            old, new = _record(then[places[question]].decode()), _record(text)
            changes = {name: compare_entries(was, _entries(new)[name]) for name, was in _entries(old).items()}
        except (ValueError, KeyError, TypeError, AttributeError):
            unreadable = EstimateSince("", "was written in a form of its time", "see its page")
            yield AnswerSince(question, title, "changed", (unreadable,))
            continue
        estimates = estimates_since(old, new, answer)
        rows = _rows(changes["rows"], answer)
        if estimates or rows:
            yield AnswerSince(question, title, "changed", estimates, rows)
    for question in sorted(set(places) - set(now)):
        yield AnswerSince(question, term_words(question.replace("-", " ")), "removed")


def _record(text: str) -> dict[str, Any]:
    """Read a committed answer; what lowers grades is not in it, and is compared on neither side."""
    read = json.loads(text)
    return {**read, "rows": [{**row, "downgrades": []} for row in read["rows"]]}


def _entries(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: found for name, found in question_entries(None, record).items() if name != "asked"}


def _rows(changes: Changes, answer: Answer) -> tuple[str, ...]:
    told = [("added", "", row_words(one.record, answer)) for one in changes.added]
    told += [("removed", row_words(one.record, answer), "") for one in changes.removed]
    told += [
        (
            "changed",
            row_words(one.old.record, answer),
            f"{row_words(one.new.record, answer)} ({listed(one.facts)})",
        )
        for one in changes.changed
    ]
    return states_words(told)


def _studies(old: Project, now: Project, differing: set[str]) -> Iterator[StudySince]:
    names = now.study_names()
    places = sorted(place for place in differing if place.startswith("studies/"))
    for name in (Path(place).stem for place in places):
        sides = [_entries_of(side, name) for side in (old, now)]
        if sides[0] is None or sides[1] is None:
            state = "added" if sides[0] is None else "removed"
            yield StudySince(name, names.get(name, name), state)
            continue
        changes = {part: compare_entries(was, sides[1][part]) for part, was in sides[0].items()}
        counts = Counter({_PARTS[part]: _size(found) for part, found in changes.items() if found})
        if counts:
            words = listed(counted(count, noun) for noun, count in counts.items())
            yield StudySince(name, names.get(name, name), "changed", words)


_PARTS = {"groups": "group", "figures": "figure", "details": "detail"}


def _size(changes: Changes) -> int:
    return len(changes.added) + len(changes.removed) + len(changes.changed)


def _entries_of(side: Project, study: str) -> dict[str, Any] | None:
    path = side.files.studies / f"{study}.yaml"
    try:
        return study_entries(read_study(path, side.vocabulary())) if path.is_file() else None
    except FindingsError as error:
        raise ProjectError(str(error)) from error


def _terms(old: Project, now: Project) -> tuple[str, ...]:
    changes = compare_entries(*(term_entries(side.vocabulary()) for side in (old, now)))
    found = [*changes.added, *changes.removed, *(one.new for one in changes.changed)]
    return tuple(term_words(str(one.key[1])) for one in found)
