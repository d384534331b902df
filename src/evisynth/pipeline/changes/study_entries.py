"""A study as entries to compare: its figures, its groups, and everything else that its file says.

Lines of the study file are no part of an entry, places in the source are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evisynth.database.row import location
from evisynth.pipeline.changes.compare import Entry, Fact
from evisynth.pipeline.changes.plain import named_parts, parts, printed_fact, text_fact
from evisynth.quantities import Quantity
from evisynth.report.plain_values import plain_text, six_digits
from evisynth.studies.study import ComparisonBlock, Figure, Group, OutcomeBlock, Study
from evisynth.vocabulary import SECTIONS

#: Name of the fact that holds the printed number.
PRINTED = "as_reported"
#: Name of the fact that holds the place in the source.
PLACE = "source_location"
_AT_RISK = "at_risk"
#: Parts of a study that have entries of their own, or are no statement about it.
_NOT_DETAILS = frozenset({"id", "groups", "outcomes", "comparisons", "path", "sha256"})


def figure_entries(study: Study) -> list[Entry]:
    """Return an entry for every number of a study, in the order of its file.

    The key is study, group, the groups it is compared with (None outside of comparisons), outcome,
    statistic and time.
    """
    entries: list[Entry] = []
    for block in study.outcomes:
        entries += _outcome_entries(study, block)
    for comparison in study.comparisons:
        entries += _comparison_entries(study, comparison)
    return entries


def _outcome_entries(study: Study, block: OutcomeBlock) -> Iterator[Entry]:
    for group, row in block.values.items():
        shared = _said(
            label=block.label, method=block.method, starts=block.starts, adjusted_for=block.adjusted_for
        )
        for entry in row.figures:
            home = (study.id, group, None, block.outcome, entry.statistic, entry.time_months)
            note = entry.figure.note or row.note or block.note
            yield from _figure_and_at_risk(study, home, entry.figure, (*shared, *_said(note=note)))


def _comparison_entries(study: Study, comparison: ComparisonBlock) -> Iterator[Entry]:
    shared = _said(
        within=comparison.within, by=comparison.by, read_as=comparison.read_as, starts=comparison.starts,
        test=comparison.test, adjusted_for=comparison.adjusted_for, basis=comparison.basis,
        reads=comparison.reads, favours=comparison.favours,
    )  # fmt: skip
    first = comparison.of[0] if comparison.of else comparison.within
    for entry in comparison.figures:
        home = (study.id, first, comparison.of[1:], comparison.outcome, entry.statistic, entry.time_months)
        note = entry.figure.note or comparison.note
        yield from _figure_and_at_risk(study, home, entry.figure, (*shared, *_said(note=note)))


def _figure_and_at_risk(
    study: Study, home: tuple[Any, ...], figure: Figure, shared: tuple[Fact, ...]
) -> Iterator[Entry]:
    """Give the entry of a figure, and that of the number at risk printed beside it."""
    yield _figure_entry(study, home, figure, shared)
    if figure.at_risk is not None:
        beside = (*home[:4], _AT_RISK, home[5])
        yield _figure_entry(study, beside, figure.at_risk, ())


def _figure_entry(study: Study, key: tuple[Any, ...], figure: Figure, shared: tuple[Fact, ...]) -> Entry:
    facts = (
        printed_fact(PRINTED, figure.quantity),
        *([printed_fact("n", figure.n)] if figure.n is not None else []),
        *([printed_fact("perhaps", figure.perhaps)] if figure.perhaps is not None else []),
        *_said(because=figure.because, worked_out=figure.worked_out),
        *shared,
        *_said(source_location=figure.source_location),
    )
    _, group, compared_with, outcome, statistic, months = key
    record = {
        "study": study.id,
        "group": group,
        "compared_with": None if compared_with is None else list(compared_with),
        "outcome": outcome,
        "statistic": statistic,
        "time_months": months,
        **_number(figure.quantity),
        **{fact.name: fact.text for fact in facts if fact.name not in (PRINTED, PLACE)},
        PLACE: figure.source_location,
        "file_location": f"{study.path}:{figure.line}",
    }
    return Entry(key, facts, six_digits(record))


def _number(quantity: Quantity) -> dict[str, Any]:
    names = ("state", "qualifier", "value", "unit", "ci_lower", "ci_upper", "level", "lower", "upper")
    return {PRINTED: quantity.as_reported, **{name: getattr(quantity, name) for name in names}}


def group_entries(study: Study) -> list[Entry]:
    """Return an entry for every group; the key is study and group."""
    return [_group_entry(study, name, group) for name, group in study.groups.items()]


def _group_entry(study: Study, name: str, group: Group) -> Entry:
    tags = [(kind, term) for kind in SECTIONS if (term := getattr(group, kind)) is not None]
    size = group.n
    facts = (
        *_said(label=group.label),
        *([printed_fact("n", size.quantity)] if size is not None else []),
        *_said(n_worked_out=None if size is None else size.worked_out),
        *_said(of=group.of, by=group.by, not_exhaustive=group.not_exhaustive),
        *(Fact(kind, term, term.replace("_", " ")) for kind, term in tags),
        *_said(role=group.role, note=group.note, source_location=_place(group)),
    )
    said = {fact.name: fact.text for fact in facts} | dict(tags)
    record = {"study": study.id, "group": name, **said, "file_location": f"{study.path}:{group.line}"}
    return Entry((study.id, name), facts, record)


def _place(group: Group) -> str | None:
    """Return where the source speaks of a group, and where of its size when that is another place."""
    own = location(group.at, group.also_at)
    places = (None if group.n is None else group.n.source_location, own)
    return ", ".join(dict.fromkeys(place for place in places if place)) or None


def detail_entries(study: Study) -> list[Entry]:
    """Return an entry for everything else: each statement of source and cohort, each overlap, each claim.

    The key of a statement is study and name, that of an item of a list is study and the list.
    """
    entries: list[Entry] = []
    for section, value in (named_parts(study) or {}).items():
        if section not in _NOT_DETAILS:
            entries += _detail_entries(study.id, section.replace("_", " "), value)
    return entries


def _detail_entries(study: str, name: str, value: Any) -> Iterator[Entry]:
    if isinstance(value, list | tuple) and any(named_parts(item) is not None for item in value):
        for item in value:
            yield _detail(study, name, tuple(parts(item)))
    elif (named := named_parts(value)) is not None and not isinstance(value, Figure):
        for part, said in named.items():
            yield from _detail_entries(study, f"{name} {part.replace('_', ' ')}", said)
    else:
        facts = tuple(parts(value, name))
        if facts:
            yield _detail(study, name, facts)


def _detail(study: str, name: str, facts: tuple[Fact, ...]) -> Entry:
    text = facts[0].text if len(facts) == 1 else "; ".join(f"{fact.name} {fact.text}" for fact in facts)
    return Entry((study, name), facts, {"study": study, "name": name, "text": text})


def _said(**said: Any) -> tuple[Fact, ...]:
    """State what a file says, and nothing of what it leaves out."""
    return tuple(text_fact(name, value) for name, value in said.items() if value is not None and value != ())


def cited(study: Study) -> str:
    """Name the publication: authors, journal and year, as far as the file has them; else the title."""
    source = study.source
    journal = " ".join(plain_text(part) for part in (source.journal, source.year) if part is not None)
    parts_told = [part for part in (plain_text(source.authors), journal) if part]
    return ", ".join(parts_told) or source.title or ""
