"""What changed of a study, as lines: numbers first, then groups, then everything else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator

from evisynth.arithmetic.time_words import time_words
from evisynth.pipeline.changes.compare import Change, Changes, Entry
from evisynth.pipeline.changes.evidence_change import StudyChange
from evisynth.pipeline.changes.line import (
    Line,
    added,
    changed_line,
    counted,
    fact_lines,
    fact_words,
    removed,
    shared_lines,
)
from evisynth.pipeline.changes.study_entries import PLACE, PRINTED

_STATISTICS = {"p_value": "p-value", "at_risk": "patients at risk"}
_WITHIN = frozenset({"proportion", "count"})
#: What is said of a group that came or went.
_OF_A_GROUP = ("n", "of", "by")
#: So many facts tell one claim or overlap from the others.
_TELLING = 3


def study_lines(change: StudyChange) -> list[Line]:
    """Tell what changed of a study that both sides have."""
    return [*_figure_lines(change.figures), *_group_lines(change.groups), *_detail_lines(change.details)]


def study_contents(change: StudyChange) -> str:
    """Say how much a study holds that came or went: groups, and figures by outcome."""
    groups, figures = (
        part.added if change.state == "added" else part.removed for part in (change.groups, change.figures)
    )
    by_outcome = Counter(_words(entry.key[3]) for entry in figures)
    told = ", ".join(f"{outcome} {count}" for outcome, count in by_outcome.most_common())
    held = f"{counted(len(groups), 'group')}, {counted(len(figures), 'figure')}"
    return f"{held} ({told})" if told else held


def _figure_lines(figures: Changes) -> Iterator[Line]:
    printed = [change for change in figures.changed if PRINTED in change.names]
    for change in printed:
        yield from _printed_lines(change)
    others = [change for change in figures.changed if PRINTED not in change.names]
    yield from shared_lines(others, "figure", _figure_words, _places_in_file)
    for entry in figures.added:
        yield added(_figure_words(entry), _printed_with_n(entry), _place(entry))
    for entry in figures.removed:
        yield removed(_figure_words(entry), _printed_with_n(entry), _place(entry))


def _printed_lines(change: Change) -> Iterator[Line]:
    """Tell a number that is printed otherwise, and what else is said of it otherwise."""
    subject, place = _figure_words(change.new), _places(change)
    for name, (old, new) in zip(change.names, change.facts, strict=True):
        if name != PLACE:  # it stands beside the number
            yield changed_line(subject, "" if name == PRINTED else fact_words(name), old, new, place)


def _group_lines(groups: Changes) -> Iterator[Line]:
    yield from shared_lines(groups.changed, "group", _group_words, _places_in_file)
    for entry in groups.added:
        yield added(_group_words(entry), _about_group(entry), _place(entry))
    for entry in groups.removed:
        yield removed(_group_words(entry), _about_group(entry), _place(entry))


def _detail_lines(details: Changes) -> Iterator[Line]:
    for change in details.changed:
        yield from fact_lines(_detail_words(change), change)
    for entry in details.added:
        yield added(str(entry.key[1]), str(entry.record["text"]))
    for entry in details.removed:
        yield removed(str(entry.key[1]), str(entry.record["text"]))


def _detail_words(change: Change) -> str:
    """Name a statement, or one of several claims, overlaps or judgements by what it says as before."""
    same = [fact.text for fact in change.new.facts if fact in change.old.facts and fact.text]
    name = str(change.new.key[1])
    return f"{name} ({', '.join(same[:_TELLING])})" if same else name


def _figure_words(entry: Entry) -> str:
    """Name a figure: ``overall survival, survival at 5 years, M1LR vs M1LNr``."""
    _, group, compared_with, outcome, statistic, months = entry.key
    groups = [group, *compared_with] if isinstance(compared_with, tuple) else [group]
    name = _STATISTICS.get(str(statistic)) or _words(statistic)
    if isinstance(months, float | int):
        name += f" {'within' if statistic in _WITHIN else 'at'} {time_words(months)}"
    by = entry.fact("by")
    split = f" by {by.text}" if by is not None else ""
    return f"{_words(outcome)}, {name}, {' vs '.join(map(str, filter(None, groups)))}{split}"


def _group_words(entry: Entry) -> str:
    return f"group {entry.key[1]}"


def _about_group(entry: Entry) -> str:
    facts = (entry.fact(name) for name in _OF_A_GROUP)
    told = [f"{fact_words(fact.name)} {fact.text}" for fact in facts if fact is not None]
    return ", ".join([str(entry.record.get("label", "")), *told])


def _printed_with_n(entry: Entry) -> str:
    printed, n = entry.fact(PRINTED), entry.fact("n")
    text = "" if printed is None else printed.text
    return text if n is None or not n.text else f"{text} (n {n.text})"


def _place(entry: Entry) -> str:
    """Say where an entry stands: in the source, and in the study file."""
    place = entry.fact(PLACE)
    return "; ".join(part for part in (place.text if place else "", _file(entry)) if part)


def _places(change: Change) -> str:
    """Say where an entry stands, and where it stood when that is another place."""
    if PLACE in change.names:
        return f"{_place(change.old)} -> {_place(change.new)}"
    return _place(change.new) + _line_before(change)


def _places_in_file(change: Change) -> str:
    """Say where an entry stands; a change of the place in the source is told beside it."""
    place = _file(change.new) if PLACE in change.names else _place(change.new)
    return place + _line_before(change)


def _line_before(change: Change) -> str:
    before = _file(change.old).rpartition(":")[2]
    return "" if _file(change.new).endswith(f":{before}") else f", before on line {before}"


def _file(entry: Entry) -> str:
    return str(entry.record.get("file_location", ""))


def _words(name: Hashable) -> str:
    return str(name).replace("_", " ")
