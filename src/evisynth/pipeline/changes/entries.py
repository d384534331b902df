"""Entries to compare: one thing that both states of the evidence may hold, and the facts it says.

An entry is a figure, a group, a row of an answer, a term. Its key says what it is, its facts what it says.
Of entries with one key, those that say the same are set aside first; the rest are paired by the nearest
text. Neither the order of the lists nor which of them is older decides a pair.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from pydantic import BaseModel

from evisynth.quantities import Quantity
from evisynth.studies import Figure
from evisynth.wording import plain_text, term_words

Key = tuple[Hashable, ...]

#: Where something stands in a file, and the hash of the file: no part of what it says.
_PLACES = frozenset({"line", "column", "path"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that an entry says: ``value`` is compared, ``text`` is shown."""

    name: str
    value: Hashable
    text: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one side holds under a key.

    ``record`` is the same as values that JSON can hold, with the places in the files. ``name`` is what a
    person calls the entry and ``about`` what is told of one that came or went. None of them is compared.
    """

    key: Key
    facts: tuple[Fact, ...]
    record: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    name: str = field(default="", compare=False, repr=False)
    about: str = field(default="", compare=False, repr=False)

    @property
    def text(self) -> str:
        """Everything that the entry says."""
        return "; ".join(f"{fact.name} {fact.text}" for fact in self.facts if fact.text)

    def told(self, name: str) -> str:
        """Return the text of the fact of that name, nothing when the entry says nothing of it."""
        return next((fact.text for fact in self.facts if fact.name == name), "")


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that says something else than before."""

    old: Entry
    new: Entry

    @property
    def facts(self) -> dict[str, tuple[Fact | None, Fact | None]]:
        """What differs, by its name, before and after."""
        old, new = ({fact.name: fact for fact in side.facts} for side in (self.old, self.new))
        pairs = {name: (old.get(name), new.get(name)) for name in {**new, **old}}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@dataclass(frozen=True, slots=True)
class Changes:
    """What came, what went and what changed, each in the order of its side."""

    added: tuple[Entry, ...] = ()
    removed: tuple[Entry, ...] = ()
    changed: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def compare_entries(old: Iterable[Entry], new: Iterable[Entry]) -> Changes:
    """Say what makes ``new`` out of ``old``.

    Every entry of either side is left as it is, or stands in exactly one of added, removed and changed.
    """
    olds, news = _numbered(old), _numbered(new)
    gone = [entry for number, entry in olds.items() if number not in news]
    came = [entry for number, entry in news.items() if number not in olds]
    partners = _partners(gone, came)
    return Changes(
        added=tuple(entry for place, entry in enumerate(came) if place not in partners),
        removed=tuple(entry for place, entry in enumerate(gone) if place not in partners.values()),
        changed=tuple(Change(gone[partners[place]], came[place]) for place in sorted(partners)),
    )


def _numbered(entries: Iterable[Entry]) -> dict[tuple[Entry, int], Entry]:
    """Number entries that say the same, so that as many of them are set aside as both sides have."""
    seen: Counter[Entry] = Counter()
    numbered = {}
    for entry in entries:
        numbered[entry, seen[entry]] = entry
        seen[entry] += 1
    return numbered


def _partners(gone: Sequence[Entry], came: Sequence[Entry]) -> dict[int, int]:
    """Pair entries of one key, the most alike first: the place of the new one to that of the old one."""
    by_key: dict[Key, list[int]] = {}
    for place, entry in enumerate(gone):
        by_key.setdefault(entry.key, []).append(place)
    candidates = sorted(
        (-_likeness(gone[before], entry), sorted((repr(gone[before]), repr(entry))), before, now)
        for now, entry in enumerate(came)
        for before in by_key.get(entry.key, ())
    )
    partners: dict[int, int] = {}
    taken: set[int] = set()
    for *_, before, now in candidates:
        if now not in partners and before not in taken:
            partners[now] = before
            taken.add(before)
    return partners


def _likeness(one: Entry, other: Entry) -> float:
    """Return how much of two entries' texts agrees, 0 to 1; the same whichever comes first."""
    first, second = sorted((one.text, other.text))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


# values as facts


def hashable(value: Any) -> Hashable:
    """Give lists and mappings a form that can be compared and hashed, at any depth."""
    if isinstance(value, Mapping):
        return tuple((name, hashable(part)) for name, part in value.items())
    if isinstance(value, list | tuple):
        return tuple(map(hashable, value))
    return value  # type: ignore[no-any-return]


def fact(name: str, value: object) -> Fact:
    """State a word, a number or a list of words; a printed number says the same however it was typed."""
    if isinstance(value, Quantity):
        return Fact(name, replace(value, as_reported=""), value.as_reported)
    return Fact(name, hashable(value), plain_text(value))


def said(values: Mapping[str, Any]) -> tuple[Fact, ...]:
    """State what is said, and nothing of what is left out."""
    return tuple(fact(name, value) for name, value in values.items() if value is not None and value != ())


def parts(value: Any, name: str = "") -> Iterator[Fact]:
    """Take a value apart into facts, one for each word or number that stands in it."""
    if isinstance(value, Figure):
        beside = {part: getattr(value, part) for part in ("source_location", "worked_out", "note")}
        yield from said({name: value.quantity} | {_joined(name, part): told for part, told in beside.items()})
    elif (named := named_parts(value)) is not None:
        for key, part in named.items():
            # A block of a mapping stands under its own name, and need not say it again.
            own = key if isinstance(value, Mapping) and named_parts(part) is not None else None
            yield from (one for one in parts(part, _joined(name, key)) if one.text != own)
    elif isinstance(value, list | tuple) and any(named_parts(part) is not None for part in value):
        blocks = [tuple(parts(part)) for part in value]
        words = [", ".join(f"{one.name} {one.text}" for one in block if one.text) for block in blocks]
        yield Fact(name, tuple(blocks), "; ".join(words))
    elif name.endswith("accrual") and isinstance(value, tuple):
        yield Fact(name, value, " to ".join(map(str, value)))
    else:
        yield from said({name: value})


def named_parts(value: Any) -> Mapping[str, Any] | None:
    """Return the parts of a block or a mapping, None for a plain value."""
    if isinstance(value, BaseModel):
        names = list(type(value).model_fields)
    elif is_dataclass(value) and not isinstance(value, Quantity):
        names = [part.name for part in fields(value) if part.compare]
    else:
        return value if isinstance(value, Mapping) else None
    return {name: getattr(value, name) for name in names if name not in _PLACES}


def _joined(name: str, part: str) -> str:
    return f"{name} {term_words(part)}".strip()
