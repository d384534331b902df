"""The field's terms: outcomes and the tags that groups carry, found by id, label or any synonym.

Names match whatever their capitals, spaces, hyphens and underscores: ``overall survival`` finds what
``Overall-Survival`` and ``OS`` find.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from evisynth.errors import UnknownNameError, near_misses

OutcomeType = Literal["time_to_event", "duration", "share", "measurement"]
TermKind = Literal["intervention", "extent", "site", "population"]

#: The kinds of tags, each with the name of its section in the vocabulary file.
SECTIONS: Mapping[TermKind, str] = {
    "intervention": "interventions",
    "extent": "extents",
    "site": "sites",
    "population": "populations",
}
_FOLD = str.maketrans("", "", " -_\t\n\u00a0\u2010\u2011\u2013")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something that is measured in patients.

    ``type`` is time_to_event, duration (a time that everybody reaches), share (of patients) or
    measurement (in ``unit``). ``more_is_better`` is None where neither way is better.
    """

    id: str
    label: str
    definition: str
    synonyms: tuple[str, ...] = ()
    type: OutcomeType = "share"
    event: str | None = None
    more_is_better: bool | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A tag: an intervention, an extent, a site or a population; part of a broader one, or not."""

    kind: TermKind
    id: str
    label: str
    definition: str
    synonyms: tuple[str, ...] = ()
    broader: str | None = None


_Named = TypeVar("_Named", Outcome, Term)


def fold_name(name: str) -> str:
    """Return what two spellings of one name have in common."""
    return name.casefold().translate(_FOLD)


def names_of(entry: Outcome | Term) -> tuple[str, ...]:
    """Return every name an entry may be written by, its id first."""
    return (entry.id, entry.label, *entry.synonyms)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All outcomes and terms, each under its id; ``terms`` has one mapping for every kind of tag."""

    outcomes: Mapping[str, Outcome]
    terms: Mapping[TermKind, Mapping[str, Term]]
    _outcome_index: Mapping[str, Outcome] = field(init=False, repr=False, compare=False)
    _term_index: Mapping[str, Mapping[str, Term]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_outcome_index", _index(self.outcomes.values()))
        by_kind = {kind: _index(self.terms.get(kind, {}).values()) for kind in SECTIONS}
        object.__setattr__(self, "_term_index", by_kind)

    def outcome(self, name: str) -> Outcome:
        """Return the outcome of that id, label or synonym; UnknownNameError suggests near misses."""
        found = self._outcome_index.get(fold_name(name))
        if found is None:
            raise _unknown("outcome", name, self.outcomes.values())
        return found

    def term(self, kind: str, name: str) -> Term:
        """Return the term of that id, label or synonym; UnknownNameError suggests near misses."""
        index = self._term_index.get(kind)
        if index is None:
            raise UnknownNameError("kind of term", kind, tuple(SECTIONS))
        found = index.get(fold_name(name))
        if found is None:
            raise _unknown(kind, name, {term.id: term for term in index.values()}.values())
        return found

    def narrower(self, kind: str, name: str) -> tuple[str, ...]:
        """Return the id of a term followed by the ids of all terms below it, in vocabulary order."""
        first = self.term(kind, name)
        found = [first.id]
        for broader in found:  # the list grows while it is walked
            for term in self.terms[first.kind].values():
                if term.broader == broader and term.id not in found:
                    found.append(term.id)
        return tuple(found)


def _index(entries: Iterable[_Named]) -> dict[str, _Named]:
    index: dict[str, _Named] = {}
    for entry in entries:
        for name in names_of(entry):
            index.setdefault(fold_name(name), entry)
    return index


def _unknown(kind: str, name: str, entries: Iterable[Outcome | Term]) -> UnknownNameError:
    """Suggest among all names when one is near, else list the labels only."""
    entries = tuple(entries)
    every_name = [name for entry in entries for name in names_of(entry)]
    known = every_name if near_misses(name, every_name) else [entry.label for entry in entries]
    return UnknownNameError(kind, name, known)
