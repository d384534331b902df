"""Changes as a changelog: a headline, then study by study, then question by question.

It is written as plain lines for a commit message or a letter, or as Markdown with headings and tables.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from evisynth.pipeline.changes.answer_entries import CAUTIONS, LOWERED_BY
from evisynth.pipeline.changes.entries import Change, Changes, Entry, Fact
from evisynth.pipeline.changes.evidence_change import EvidenceChange, State, SubjectChange
from evisynth.pipeline.changes.study_entries import PLACE, PRINTED
from evisynth.wording import counted, term_words

#: What stands where one side says nothing.
_NOTHING = "not stated"
_TOO_SMALL = " (beyond the digits shown)"
_WORDS = {PRINTED: "", PLACE: "place in the source", "n": "number of patients", "of": "part of"}
#: One and the same change of more entries than this is told once, with so many of them by name.
_ONE_BY_ONE, _EXAMPLES = 2, 5
#: So many facts of a claim or overlap, as they were before, tell it from the others.
_TELLING = 3
_STATES: tuple[State, ...] = ("added", "removed", "changed")
_TABLE_HEAD = ("| | what | before | after | where |", "|---|---|---|---|---|")


class Line(NamedTuple):
    """What changed of one subject: the subject itself, under no name, or some of its facts.

    Each fact is its name, what it said and what it says: the last is empty of what went, the one before of
    what came. ``place`` is where the subject stands.
    """

    state: State
    subject: str
    facts: Sequence[tuple[str, str, str]]
    place: str = ""


class Block(NamedTuple):
    """What changed of one study, of one question, or of the vocabulary."""

    title: str
    note: str
    lines: list[Line]


def write_changelog(change: EvidenceChange, *, markdown: bool = False) -> str:
    """Put a change into words; nothing but a headline when there is none."""
    heading, told = f"Changes from {change.old} to {change.new}", f"{_summary(change)}."
    if not change:
        heading, told = f"No difference between {change.old} and {change.new}", ""
    if markdown:
        lines = [f"## {heading}", *(["", told[0].upper() + told[1:]] if told else [])]
    else:
        lines = [f"{heading}: {told}" if told else f"{heading}."]
    write, sign = (_markdown_block, "### ") if markdown else (_plain_block, "")
    for section, blocks, rest in _sections(change) if change else ():
        lines += ["", sign + section] if blocks or rest else []
        for block in blocks:
            lines += ["", *write(block)]
        lines += ["", rest] if rest else []
    return "\n".join(lines)


def _plain_block(block: Block) -> Iterator[str]:
    yield f"{block.title} ({block.note})" if block.note else block.title
    for line in block.lines:
        facts = ((name, f"{old} -> {new}" if old and new else new or old) for name, old, new in line.facts)
        told = "; ".join(f"{name} {text}".lstrip() for name, text in facts)
        yield f"- {line.state}: {line.subject}: {told}{f' [{line.place}]' if line.place else ''}"


def _markdown_block(block: Block) -> Iterator[str]:
    yield from (f"#### {block.title}", "", *((_escaped(block.note), "") if block.note else ()), *_TABLE_HEAD)
    for line in block.lines:
        for name, old, new in line.facts:
            what = f"{line.subject}: {name}" if name else line.subject
            yield f"| {' | '.join(map(_escaped, (line.state, what, old, new, line.place)))} |"


def _escaped(text: str) -> str:
    """Keep what stands in a cell from being read as Markdown."""
    return re.sub(r"[\\|*_<`]", r"\\\g<0>", text)


# sections


def _sections(change: EvidenceChange) -> Iterator[tuple[str, list[Block], str]]:
    """Give studies, vocabulary and answers, with what is said of those that did not change."""
    went = {_contents(study): study.id for study in change.studies if study.state == "removed"}
    yield "Studies", [Block(one.id, one.title, list(_study_lines(one, went))) for one in change.studies], ""
    terms = list(_lines(change.vocabulary, subject=lambda one: f"{one.new.name} {one.new.about}"))
    yield "Vocabulary", [Block("evidence/vocabulary.yaml", "", terms)] if terms else [], ""
    answers = [Block(one.id, one.title, list(_question_lines(one))) for one in change.questions]
    left, other = change.question_count - len(answers), "the other " if answers else ""
    rest = f"The answers to {other or 'all '}{left} questions are unchanged." if left else ""
    yield "Answers", answers, f"The answer to {other}1 question is unchanged." if left == 1 else rest


def _summary(change: EvidenceChange) -> str:
    """Count what changed: ``1 study added, 2 changed; 3 of 11 answers changed``."""
    told = [_by_state("study", [study.state for study in change.studies]) or "studies unchanged"]
    if change.vocabulary:
        told.append("vocabulary changed")
    files = [question.state for question in change.questions if question.state != "changed"]
    if files:
        told.append(_by_state("question", files))
    if both := change.question_count - len(files):
        moved = sum(one.state == "changed" and one.answer_changed for one in change.questions)
        told.append(f"{moved or 'none'} of {counted(both, 'answer')} changed")
    return "; ".join(told)


def _by_state(noun: str, states: Iterable[State]) -> str:
    """Write ``1 study added, 2 changed``; empty when there are none."""
    counts = Counter(states)
    told = [f"{counts[state]} {state}" for state in _STATES if counts[state]]
    first, _, rest = ", ".join(told).partition(" ")
    return first and f"{counted(int(first), noun)} {rest}"


# studies


def _contents(change: SubjectChange) -> Hashable:
    """Return all that a study says but its name, to know it under another."""
    entries = [part.added or part.removed for part in change.parts.values()]
    return tuple(tuple((one.key[1:], one.facts) for one in part) for part in entries)


def _study_lines(change: SubjectChange, went: Mapping[Hashable, str]) -> Iterator[Line]:
    """Tell the numbers first, then groups, then everything else; of a study that came or went, how much."""
    groups, figures, details = change.parts.values()
    if change.state == "changed":
        yield from _lines(figures, "figure")
        yield from _lines(groups, "group")
        yield from _lines(details, subject=_detail_words)
        return
    outcomes = Counter(term_words(str(one.key[3])) for one in figures.added or figures.removed)
    told = ", ".join(f"{outcome} {count}" for outcome, count in outcomes.most_common())
    held = counted(len(groups.added or groups.removed), "group")
    held += f", {counted(outcomes.total(), 'figure')}{f' ({told})' if told else ''}"
    if change.state == "added" and (before := went.get(_contents(change))) is not None:
        held += f"; it says what {before} said, under another name"
    yield _came_or_went(change.state, "study", held)


def _detail_words(change: Change) -> str:
    """Name a statement, or one of several claims, overlaps or judgements by what it says as before."""
    same = [fact.text for fact in change.new.facts if fact in change.old.facts and fact.text]
    return f"{change.new.name} ({', '.join(same[:_TELLING])})" if same else change.new.name


# questions


def _question_lines(change: SubjectChange) -> Iterator[Line]:
    """Tell the estimate first, then the rows behind it."""
    asked, summaries, rows = change.parts.values()
    if change.state == "changed":
        yield from _lines(asked)
        for summary in summaries.changed:
            yield from _summary_lines(summary)
    else:
        yield _came_or_went(change.state, "question", change.title)
    yield from _lines(replace(summaries, changed=()))
    yield from _lines(rows, "row", before="row ")


def _summary_lines(summary: Change) -> Iterator[Line]:
    label = str(summary.new.key[0] and f"{summary.new.key[0]}: ")
    was_refused, is_refused = (side.record["refused"] is not None for side in (summary.old, summary.new))
    for name, (old, new) in summary.facts.items():
        if name == CAUTIONS:
            came, gone = _came_and_gone(old, new)
            yield from (_came_or_went("added", f"{label}caution", caution) for caution in came)
            if not is_refused:  # else they went with the estimate
                yield from (_came_or_went("removed", f"{label}caution", caution) for caution in gone)
        elif old is not None and new is not None:
            subject = summary.new.name if name == "estimate" else f"{label}{name}"
            yield Line("changed", subject, [_told("", old, new)])
        elif not (was_refused or is_refused):  # else it came or went with the estimate, which is told
            yield _came_or_went("removed" if new is None else "added", f"{label}{name}", _text(new or old))


# lines


def _lines(
    changes: Changes,
    noun: str = "",
    subject: Callable[[Change], str] = lambda change: change.new.name,
    before: str = "",
) -> Iterator[Line]:
    """Tell what changed, numbers first, then what came and what went.

    With a noun, one and the same change of many entries is told in one line, unless it is of a number.
    ``before`` stands before the name of what came or went.
    """
    alike: dict[Hashable, list[Change]] = {}
    for number, change in enumerate(sorted(changes.changed, key=lambda one: PRINTED not in one.facts)):
        alone = not noun or PRINTED in change.facts
        alike.setdefault(number if alone else tuple(change.facts.items()), []).append(change)
    for same in alike.values():
        if len(same) > _ONE_BY_ONE:
            names = "; ".join(map(subject, same[:_EXAMPLES])) + ("; ..." if len(same) > _EXAMPLES else "")
            yield Line("changed", f"{counted(len(same), noun)} ({names})", list(_facts(same[0])))
        else:
            yield from (Line("changed", subject(one), list(_facts(one)), _where(one)) for one in same)
    yield from (_came_or_went("added", before + one.name, one.about, _place(one)) for one in changes.added)
    yield from (
        _came_or_went("removed", before + one.name, one.about, _place(one)) for one in changes.removed
    )


def _facts(change: Change) -> Iterator[tuple[str, str, str]]:
    """Tell every fact that differs, each by its name; the place of a changed number stands beside it."""
    for name, (old, new) in change.facts.items():
        if name == LOWERED_BY:
            came, gone = _came_and_gone(old, new)
            yield from [(LOWERED_BY, "", "; ".join(came))] if came else []
            yield from [(f"no longer {LOWERED_BY}", "; ".join(gone), "")] if gone else []
        elif name != PLACE or PRINTED not in change.facts:
            words = "" if name == change.new.key[-1] else _WORDS.get(name, term_words(name))
            yield _told(words, old, new)


def _told(name: str, old: Fact | None, new: Fact | None) -> tuple[str, str, str]:
    was, now = _text(old) or _NOTHING, _text(new) or _NOTHING
    return name, was, now + _TOO_SMALL if was == now else now


def _came_or_went(state: State, subject: str, text: str, place: str = "") -> Line:
    return Line(state, subject, [("", "", text) if state == "added" else ("", text, "")], place)


def _came_and_gone(old: Fact | None, new: Fact | None) -> tuple[list[str], list[str]]:
    """Return the sentences that came and those that went, not those that stayed."""
    was, now = (side.value if side and isinstance(side.value, tuple) else () for side in (old, new))
    return [str(one) for one in now if one not in was], [str(one) for one in was if one not in now]


def _text(fact: Fact | None) -> str:
    return "" if fact is None else fact.text


def _place(entry: Entry, *, of_source: bool = True) -> str:
    """Say where an entry stands: in the source, and in the study file."""
    places = (entry.told(PLACE) if of_source else "", str(entry.record.get("file_location", "")))
    return "; ".join(filter(None, places))


def _where(change: Change) -> str:
    """Say where an entry stands, and where it stood when that is another place."""
    moved = PLACE in change.facts
    if moved and PRINTED in change.facts:
        return f"{_place(change.old)} -> {_place(change.new)}"
    # A change of the place in the source alone is told as a fact.
    place = _place(change.new, of_source=not moved)
    before = _place(change.old, of_source=False).rpartition(":")[2]
    return place if place.endswith(f":{before}") or not place else f"{place}, before on line {before}"
