"""Comparing two lists of entries by what they mean: what came, what went, what says something else.

An entry is anything that both sides may hold: a figure, a group, a row of an answer. Its key says what it
is, its facts what it says. Of entries with one key, those that say the same are set aside first; the rest
are paired by the nearest text. Neither the order of the lists nor which of them is older decides a pair.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

Key = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that an entry says: ``value`` is compared, ``text`` is shown."""

    name: str
    value: Hashable
    text: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one side holds under a key.

    ``record`` is the same as values that JSON can hold, with the places in the files: it is not compared.
    """

    key: Key
    facts: tuple[Fact, ...]
    record: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def text(self) -> str:
        """Everything that the entry says, as text."""
        return "; ".join(f"{fact.name} {fact.text}" for fact in self.facts if fact.text)

    def fact(self, name: str) -> Fact | None:
        """Return the fact of that name, None when the entry says nothing of it."""
        return next((fact for fact in self.facts if fact.name == name), None)


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that says something else than before."""

    old: Entry
    new: Entry

    @property
    def facts(self) -> tuple[tuple[Fact | None, Fact | None], ...]:
        """What differs, fact by fact, before and after."""
        names = dict.fromkeys(fact.name for fact in (*self.new.facts, *self.old.facts))
        pairs = ((self.old.fact(name), self.new.fact(name)) for name in names)
        return tuple((old, new) for old, new in pairs if old != new)

    @property
    def names(self) -> tuple[str, ...]:
        """Name what differs."""
        return tuple(fact.name for old, new in self.facts if (fact := new or old) is not None)


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
    old_only, new_only = _without_common(old, new)
    olds, news = _by_key(old_only), _by_key(new_only)
    partners: dict[int, int] = {}  # position among the new -> position among the old
    for key in olds.keys() & news.keys():
        partners.update(_pairs(olds[key], news[key]))
    taken = set(partners.values())
    return Changes(
        added=tuple(entry for place, entry in enumerate(new_only) if place not in partners),
        removed=tuple(entry for place, entry in enumerate(old_only) if place not in taken),
        changed=tuple(Change(old_only[partners[place]], new_only[place]) for place in sorted(partners)),
    )


def _without_common(old: Iterable[Entry], new: Iterable[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Leave out what both sides say, as often as both say it."""
    olds, news = list(old), list(new)
    common = Counter(olds) & Counter(news)
    return _less(olds, common), _less(news, common)


def _less(entries: Sequence[Entry], common: Counter[Entry]) -> list[Entry]:
    waiting, left = Counter(common), []
    for entry in entries:
        if waiting[entry]:
            waiting[entry] -= 1
        else:
            left.append(entry)
    return left


def _by_key(entries: Sequence[Entry]) -> dict[Key, list[tuple[int, Entry]]]:
    found: dict[Key, list[tuple[int, Entry]]] = {}
    for place, entry in enumerate(entries):
        found.setdefault(entry.key, []).append((place, entry))
    return found


def _pairs(olds: Sequence[tuple[int, Entry]], news: Sequence[tuple[int, Entry]]) -> dict[int, int]:
    """Pair entries of one key, the most alike first."""
    if len(olds) == len(news) == 1:
        return {news[0][0]: olds[0][0]}
    candidates = [
        (-_likeness(old, new), sorted((repr(old), repr(new))), old_place, new_place)
        for old_place, old in olds
        for new_place, new in news
    ]
    pairs: dict[int, int] = {}
    for _, _, old_place, new_place in sorted(candidates):
        if new_place not in pairs and old_place not in pairs.values():
            pairs[new_place] = old_place
    return pairs


def _likeness(one: Entry, other: Entry) -> float:
    """Return how much of two entries' texts agrees, 0 to 1; the same whichever comes first."""
    first, second = sorted((one.text, other.text))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()
