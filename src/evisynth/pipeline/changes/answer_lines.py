"""What changed of a question and its answer, as lines: the estimate first, then the rows behind it."""

from __future__ import annotations

from collections.abc import Iterator

from evisynth.pipeline.changes.answer_entries import CAUTIONS, ESTIMATE
from evisynth.pipeline.changes.compare import Change, Entry, Fact
from evisynth.pipeline.changes.evidence_change import QuestionChange
from evisynth.pipeline.changes.line import Line, added, changed_line, removed, shared_lines

_NAMES = {ESTIMATE: "pooled estimate"}


def question_lines(change: QuestionChange) -> list[Line]:
    """Tell what changed; a question that came or went has its estimate and its rows told."""
    if change.state != "changed":
        return [*_whole_summaries(change), *_row_lines(change)]
    return [*_asked_lines(change), *_summary_lines(change), *_row_lines(change)]


def _asked_lines(change: QuestionChange) -> Iterator[Line]:
    for asked in change.asked.changed:
        for old, new in asked.facts:
            yield changed_line(f"asked: {asked.new.key[0]}", "", old, new)
    for entry in change.asked.added:
        yield added(f"asked: {entry.key[0]}", entry.facts[0].text)
    for entry in change.asked.removed:
        yield removed(f"asked: {entry.key[0]}", entry.facts[0].text)


def _summary_lines(change: QuestionChange) -> Iterator[Line]:
    for summary in change.summaries.changed:
        before = _label(summary.new)
        pooled = summary.old.record["refused"] is None and summary.new.record["refused"] is None
        for name, (old, new) in zip(summary.names, summary.facts, strict=True):
            subject = before + _NAMES.get(name, name)
            if name == CAUTIONS:
                yield from _caution_lines(before, summary)
            elif old is not None and new is not None:
                yield changed_line(subject, "", old, new)
            elif pooled:  # else it came or went with the estimate, which is told
                yield added(subject, new.text) if new is not None else removed(subject, _text(old))
    yield from _whole_summaries(change)


def _text(fact: Fact | None) -> str:
    return "" if fact is None else fact.text


def _whole_summaries(change: QuestionChange) -> Iterator[Line]:
    for entry in change.summaries.added:
        yield added(f"{_label(entry)}pooled estimate", entry.facts[0].text)
    for entry in change.summaries.removed:
        yield removed(f"{_label(entry)}pooled estimate", entry.facts[0].text)


def _caution_lines(before: str, summary: Change) -> Iterator[Line]:
    old, new = (entry.record[CAUTIONS] for entry in (summary.old, summary.new))
    for caution in new:
        if caution not in old:
            yield added(f"{before}caution", caution)
    went_with_the_estimate = summary.new.record["refused"] is not None
    for caution in () if went_with_the_estimate else old:
        if caution not in new:
            yield removed(f"{before}caution", caution)


def _row_lines(change: QuestionChange) -> Iterator[Line]:
    yield from shared_lines(change.rows.changed, "row", _row_words)
    for entry in change.rows.added:
        yield added(f"row {_row_words(entry)}", _about_row(entry))
    for entry in change.rows.removed:
        yield removed(f"row {_row_words(entry)}", _about_row(entry))


def _row_words(entry: Entry) -> str:
    block, study, comparison = entry.key
    return f"{study} {comparison}" + (f" ({block})" if block else "")


def _about_row(entry: Entry) -> str:
    record = entry.record
    fate = "included" if record["included"] else f"not included: {record['reason'] or 'no reason given'}"
    return f"{entry.facts[0].text}, grade {record['grade']}, {fate}"


def _label(entry: Entry) -> str:
    """Name the block that an estimate is of, where it is not all rows."""
    label = entry.key[0]
    return f"{label}: " if label else ""
