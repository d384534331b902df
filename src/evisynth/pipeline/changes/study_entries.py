"""A study as entries to compare: its figures, its groups, and everything else that its file says.

Lines of the study file are no part of an entry, places in the source are. What is compared are the fields
of the models, so that a new key of study files is compared from the first day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from evisynth.database import location
from evisynth.pipeline.changes.entries import Entry, Fact, Key, fact, named_parts, parts, said
from evisynth.printed_statistics import STATISTICS
from evisynth.studies import Figure, Group, StatisticFigure, Study
from evisynth.vocabulary import SECTIONS
from evisynth.wording import plain_text, six_digits, term_words

#: Name of the fact that holds the printed number.
PRINTED = "as_reported"
#: Name of the fact that holds the place in the source.
PLACE = "source_location"
_OF_A_KEY = ("study", "group", "compared_with", "outcome", "statistic", "time_months")
_OF_A_NUMBER = ("state", "qualifier", "value", "unit", "ci_lower", "ci_upper", "level", "lower", "upper")
#: Parts of a study that have entries of their own, or are no statement about it.
_NOT_DETAILS = frozenset({"id", "groups", "outcomes", "comparisons", "path", "sha256"})
#: Parts of a block that are in the key of its figures, or told with each of them.
_NOT_OF_A_BLOCK = frozenset(
    {"outcome", "of", "time", "time_months", "values", "figures", "at", "also_at", "note"}
)


def study_entries(study: Study) -> dict[str, list[Entry]]:
    """Return all entries of a study: groups, figures, and every other detail."""
    kinds = {"groups": group_entries, "figures": figure_entries, "details": detail_entries}
    return {name: list(entries(study)) for name, entries in kinds.items()}


def figure_entries(study: Study) -> Iterator[Entry]:
    """Give an entry for every number of a study, in the order of its file.

    The key is study, group, the groups it is compared with (None outside of comparisons), outcome,
    statistic and time.
    """
    for block in study.outcomes:
        for group, row in block.values.items():
            home: Key = (study.id, group, None, block.outcome)
            yield from _entries_of(study, home, row.figures, block, row.note or block.note)
    for comparison in study.comparisons:
        first, *others = comparison.of or (comparison.within,)
        home = (study.id, first, tuple(others), comparison.outcome)
        yield from _entries_of(study, home, comparison.figures, comparison, comparison.note)


def _entries_of(
    study: Study, home: Key, figures: Iterable[StatisticFigure], block: BaseModel, note: str | None
) -> Iterator[Entry]:
    """Give the entry of each figure, and that of the number at risk printed beside it."""
    shared = {name: part for name, part in (named_parts(block) or {}).items() if name not in _NOT_OF_A_BLOCK}
    for one in figures:
        told = said(shared | {"note": one.figure.note or note})
        yield _figure_entry(study, (*home, one.statistic, one.time_months), one.figure, told)
        if one.figure.at_risk is not None:
            yield _figure_entry(study, (*home, "at_risk", one.time_months), one.figure.at_risk, ())


def _figure_entry(study: Study, key: Key, figure: Figure, shared: tuple[Fact, ...]) -> Entry:
    own = {name: getattr(figure, name) for name in ("n", "perhaps", "because", "worked_out")}
    place = {PLACE: figure.source_location}
    facts = (fact(PRINTED, figure.quantity), *said(own), *shared, *said(place))
    record = {
        **dict(zip(_OF_A_KEY, key, strict=True)),
        PRINTED: figure.quantity.as_reported,
        **{name: getattr(figure.quantity, name) for name in _OF_A_NUMBER},
        **{one.name: one.text for one in facts if one.name not in (PRINTED, PLACE)},
        **place,
        "file_location": f"{study.path}:{figure.line}",
    }
    about = figure.quantity.as_reported
    if figure.n is not None and figure.n.as_reported:
        about += f" (n {figure.n.as_reported})"
    split = next((f" by {one.text}" for one in shared if one.name == "by"), "")
    return Entry(key, facts, six_digits(record), _figure_words(key) + split, about)


def _figure_words(key: Key) -> str:
    """Name a figure: ``overall survival, survival at 5 years, M1LR vs M1LNr``."""
    _, group, compared_with, outcome, statistic, months = key
    name = STATISTICS[str(statistic)].words_at(months if isinstance(months, float | int) else None)
    groups = (group, *compared_with) if isinstance(compared_with, tuple) else (group,)
    return f"{term_words(str(outcome))}, {name}, {' vs '.join(map(str, filter(None, groups)))}"


def group_entries(study: Study) -> Iterator[Entry]:
    """Give an entry for every group; the key is study and group."""
    for name, group in study.groups.items():
        facts = tuple(_group_facts(group))
        texts = {one.name: one.text for one in facts}
        tags = {one.name: one.value for one in facts if one.name in SECTIONS}
        place = {"file_location": f"{study.path}:{group.line}"}
        record = {"study": study.id, "group": name} | texts | tags | place
        words = (("number of patients", "n"), ("part of", "of"), ("by", "by"))
        about = [group.label, *(f"{word} {texts[part]}" for word, part in words if part in texts)]
        yield Entry((study.id, name), facts, record, f"group {name}", ", ".join(about))


def _group_facts(group: Group) -> Iterator[Fact]:
    size = group.n
    for name, value in (named_parts(group) or {}).items():
        if name == "n" and size is not None:
            yield from said({"n": size.quantity, "n_worked_out": size.worked_out})
        elif name in SECTIONS and value is not None:
            yield Fact(name, value, term_words(value))
        elif name == "covariates":
            yield from said({key: figure.quantity for key, figure in group.covariates.items()})
        elif name not in ("n", "at", "also_at"):
            yield from said({name: value})
    # Where the source speaks of the group, and where of its size when that is another place.
    places = (size.source_location if size is not None else None, location(group.at, group.also_at))
    yield from said({PLACE: ", ".join(dict.fromkeys(filter(None, places))) or None})


def detail_entries(study: Study) -> Iterator[Entry]:
    """Give an entry for everything else: each statement of source and cohort, each overlap, each claim.

    The key of a statement is study and name, that of an item of a list is study and the list.
    """
    for section, value in (named_parts(study) or {}).items():
        if section not in _NOT_DETAILS:
            yield from _detail_entries(study.id, term_words(section), value)


def _detail_entries(study: str, name: str, value: Any) -> Iterator[Entry]:
    if isinstance(value, list | tuple) and any(named_parts(item) is not None for item in value):
        for item in value:
            yield _detail(study, name, tuple(parts(item)))
    elif (named := named_parts(value)) is not None and not isinstance(value, Figure):
        for part, told in named.items():
            yield from _detail_entries(study, f"{name} {term_words(part)}", told)
    elif facts := tuple(parts(value, name)):
        yield _detail(study, name, facts)


def _detail(study: str, name: str, facts: tuple[Fact, ...]) -> Entry:
    text = facts[0].text if len(facts) == 1 else "; ".join(f"{one.name} {one.text}" for one in facts)
    return Entry((study, name), facts, {"study": study, "name": name, "text": text}, name, text)


def cited(study: Study) -> str:
    """Name the publication: authors, journal and year, as far as the file has them; else the title."""
    source = study.source
    journal = " ".join(plain_text(part) for part in (source.journal, source.year) if part is not None)
    told = [part for part in (plain_text(source.authors), journal) if part]
    return ", ".join(told) or source.title or ""
