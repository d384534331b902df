"""What changed as a changelog: a headline, then study by study, then question by question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from evisynth.pipeline.changes.answer_lines import question_lines
from evisynth.pipeline.changes.evidence_change import EvidenceChange, QuestionChange, State, StudyChange
from evisynth.pipeline.changes.line import Line, added, counted, fact_lines, removed
from evisynth.pipeline.changes.study_lines import study_contents, study_lines

_STATES: tuple[State, ...] = ("added", "removed", "changed")


@dataclass(frozen=True, slots=True)
class Block:
    """What changed of one study, of one question, or of the vocabulary."""

    title: str
    note: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Studies, answers or vocabulary; ``rest`` says what did not change."""

    title: str
    blocks: tuple[Block, ...]
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Changelog:
    """Everything that is told, in the order in which it is read."""

    headline: str
    sections: tuple[Section, ...]


def write_changelog(change: EvidenceChange) -> Changelog:
    """Put a change into words; nothing but a headline when there is none."""
    if not change:
        return Changelog(f"No difference between {change.old} and {change.new}.", ())
    sections = (_studies(change), _vocabulary(change), _answers(change))
    return Changelog(
        f"Changes from {change.old} to {change.new}: {_summary(change)}.",
        tuple(section for section in sections if section.blocks or section.rest),
    )


def _summary(change: EvidenceChange) -> str:
    """Count what changed: ``1 study added, 2 changed; 3 of 11 answers changed``."""
    parts = [_by_state("study", "studies", [study.state for study in change.studies]) or "studies unchanged"]
    if change.vocabulary:
        parts.append("vocabulary changed")
    files = [question.state for question in change.questions if question.state != "changed"]
    if files:
        parts.append(_by_state("question", "questions", files))
    moved = sum(question.answer_changed for question in change.questions if question.state == "changed")
    asked = counted(change.question_count - len(files), "answer")
    if change.question_count > len(files):
        parts.append(f"{moved or 'none'} of {asked} changed")
    return "; ".join(parts)


def _by_state(one: str, many: str, states: Iterable[State]) -> str:
    """Write ``1 study added, 2 changed``; empty when there are none."""
    counts = Counter(states)
    told = [(counts[state], state) for state in _STATES if counts[state]]
    nouns = [f" {one if told[0][0] == 1 else many}"] + [""] * len(told) if told else []
    return ", ".join(f"{count}{noun} {state}" for (count, state), noun in zip(told, nouns, strict=False))


def _studies(change: EvidenceChange) -> Section:
    went = {_contents(study): study.study for study in change.studies if study.state == "removed"}
    return Section("Studies", tuple(_study(study, went) for study in change.studies))


def _contents(change: StudyChange) -> Hashable:
    """Return all that a study says but its name, to know it under another."""
    parts = (change.groups, change.figures, change.details)
    entries = [(part.added or part.removed) for part in parts]
    return tuple(tuple((entry.key[1:], entry.facts) for entry in part) for part in entries)


def _study(change: StudyChange, went: Mapping[Hashable, str]) -> Block:
    if change.state == "changed":
        return Block(change.study, change.cited, tuple(study_lines(change)))
    contents = study_contents(change)
    if change.state == "added" and (before := went.get(_contents(change))) is not None:
        contents += f"; it says what {before} said, under another name"
    tell = added if change.state == "added" else removed
    return Block(change.study, change.cited, (tell("study", contents),))


def _vocabulary(change: EvidenceChange) -> Section:
    lines = [
        line
        for term in change.vocabulary.changed
        for line in fact_lines(f"{term.new.key[0]} {term.new.key[1]}", term)
    ]
    for entry in change.vocabulary.added:
        lines.append(added(str(entry.key[0]), str(entry.key[1])))
    for entry in change.vocabulary.removed:
        lines.append(removed(str(entry.key[0]), str(entry.key[1])))
    return Section("Vocabulary", (Block("evidence/vocabulary.yaml", "", tuple(lines)),) if lines else ())


def _answers(change: EvidenceChange) -> Section:
    blocks = tuple(Block(part.question, part.title, tuple(_question(part))) for part in change.questions)
    untouched = change.question_count - len(blocks)
    if not untouched:
        return Section("Answers", blocks)
    which = f"The answer to {'the other ' if blocks else ''}{counted(untouched, 'question')} is unchanged."
    if untouched > 1:
        which = f"The answers to {'the other ' if blocks else 'all '}{untouched} questions are unchanged."
    return Section("Answers", blocks, which)


def _question(change: QuestionChange) -> Iterator[Line]:
    if change.state == "added":
        yield added("question", change.title)
    elif change.state == "removed":
        yield removed("question", change.title)
    yield from question_lines(change)
