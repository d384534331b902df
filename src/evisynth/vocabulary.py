"""The field's terms: outcomes and the tags that groups carry, found by id, label or any synonym.

Names match whatever their capitals, spaces, hyphens and underscores: ``overall survival`` finds what
``Overall-Survival`` and ``OS`` find.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, TypeVar, get_args

from evisynth.errors import UnknownNameError
from evisynth.near_names import Sense, near_in_meaning, near_misses, sense_of
from evisynth.outcome_events import OutcomeEvent, SpeaksOf, is_wanted
from evisynth.reading import (
    AnyText,
    Block,
    Choice,
    Filled,
    Key,
    Required,
    Texts,
    TextType,
    nodes,
    refused,
    text_of,
)

OutcomeType = Literal["time_to_event", "duration", "share", "measurement"]
TermKind = Literal["intervention", "extent", "site", "population", "primary_site", "grade"]

#: The kinds of tags, each with the name of its section in the vocabulary file.
SECTIONS: Mapping[TermKind, str] = {
    "intervention": "interventions",
    "extent": "extents",
    "site": "sites",
    "population": "populations",
    "primary_site": "primary_sites",
    "grade": "grades",
}
#: Suggested where nothing is near in spelling.
_MOST_NEAR = 3
_FOLD = str.maketrans("", "", " -_\t\n\u00a0\u2010\u2011\u2013")


class _Entry(Block):
    """An entry of the vocabulary: its id is the name it stands under."""

    __slots__ = ()
    placed: ClassVar[Literal["block", "name", "file"]] = "name"

    @classmethod
    def with_filled(cls, node: nodes.Mapping, context: Any) -> nodes.Mapping:
        """Fill in the id and the kind."""
        data = super().with_filled(node, context)
        data["id"] = nodes.scalar(str(node.name))
        if context.kind is not None:
            data["kind"] = nodes.scalar(context.kind)
        return data


Label = Annotated[Required, Key("Name in tables and figures.", "Overall survival", ("name",))]
Definition = Annotated[
    Required, Key("What exactly is meant.", "Time from operation to death from any cause.")
]
Synonyms = Annotated[Texts, Key("Other names by which files may call it.", "[OS, survival]")]
Codes = Annotated[
    Texts, Key("Codes of the same thing in open terminologies, each with its name.", "[MeSH D018572]")
]


@dataclass(frozen=True, slots=True)
class Outcome(_Entry):
    """Something that is measured in patients."""

    id: Annotated[str, Filled]
    label: Label
    definition: Definition
    type: Annotated[
        OutcomeType,
        Choice(get_args(OutcomeType)),
        Key(
            "What is measured: a time_to_event, a duration (a time that everybody reaches), a share of "
            "patients, or a measurement in its own unit.",
            "time_to_event",
            ("kind",),
        ),
    ]
    synonyms: Synonyms = ()
    event: Annotated[
        str | None, AnyText(), Key("What happens in a time to an event.", "death from any cause")
    ] = None
    more_is_better: Annotated[
        bool | None,
        Choice({"yes": True, "no": False}),
        Key("Whether more of it is better for the patient; left out where neither way is.", "yes"),
    ] = None
    event_is_good: Annotated[
        bool | None,
        Choice({"yes": True, "no": False}),
        Key(
            "Whether patients want the event, as they do relief. Left out, its own words say it, else "
            "more_is_better, which speaks of the patients who have a share, and of the time to an event.",
            "no",
        ),
    ] = None
    unit: Annotated[str | None, AnyText(), Key("Unit of a measurement.", "lesions")] = None
    codes: Codes = ()

    @property
    def speaks_of(self) -> OutcomeEvent:
        """The event that contrasts of this outcome speak of."""
        wanted = self.event_is_good
        if wanted is None:
            wanted = is_wanted(self.type, self.label, self.event, self.more_is_better)
        return OutcomeEvent(self.label, self.event or self._event_by_name(), wanted, names_of(self))

    def _event_by_name(self) -> str:
        """Return what happens where the vocabulary does not say: of a share, the outcome itself."""
        named = self.label.casefold()
        if self.type == "share":
            return self.label
        if named in ("overall survival", "survival"):
            return "death"
        return self.label[len("time to ") :] if named.startswith("time to ") else ""

    def higher_is_better(self, speaks_of: SpeaksOf) -> bool | None:
        """Whether a higher figure of it is better; None where neither way is.

        Of a duration and a measurement the vocabulary says it at once. A median of a time to an event grows
        with the absence of the event.
        """
        if self.type in ("duration", "measurement"):
            return self.more_is_better
        return self.speaks_of.higher_is_better(speaks_of)


class _Broader(TextType):
    """The id of a term of the same section."""

    def read(self, node: Any, context: Any = None) -> str:
        """Return the id."""
        text = text_of(node)
        if text not in context.ids:
            fix = "type the id of a term of the same section"
            raise refused("unknown-term", f"unknown term '{text}'", fix)
        return text


@dataclass(frozen=True, slots=True)
class Term(_Entry):
    """A tag of groups: an intervention, a site, a grade, ...; a kind of a broader one, or not."""

    kind: Annotated[TermKind, Filled]
    id: Annotated[str, Filled]
    label: Label
    definition: Definition
    synonyms: Synonyms = ()
    broader: Annotated[
        str | None, _Broader(), Key("Id of the term that it is a kind of.", "surgery", ("part_of", "parent"))
    ] = None
    codes: Codes = ()


CovariateType = Literal["share", "measurement"]


@dataclass(frozen=True, slots=True)
class Covariate(_Entry):
    """Something known of a group as a whole, by which effects may differ: median age, the share of women."""

    id: Annotated[str, Filled]
    label: Label
    definition: Definition
    type: Annotated[
        CovariateType,
        Choice(get_args(CovariateType)),
        Key("A share of patients, or a measurement in its own unit.", "share", ("kind",)),
    ]
    synonyms: Synonyms = ()
    unit: Annotated[str | None, AnyText(), Key("Unit of a measurement.", "years")] = None
    codes: Codes = ()


_Named = TypeVar("_Named", Outcome, Term, Covariate)
_Any = Outcome | Term | Covariate


def fold_name(name: str) -> str:
    """Return what two spellings of one name have in common."""
    return name.casefold().translate(_FOLD)


def names_of(entry: _Any) -> tuple[str, ...]:
    """Return every name an entry may be written by, its id first."""
    return (entry.id, entry.label, *entry.synonyms)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All outcomes, terms and covariates, each under its id; ``terms`` has a mapping for each kind of tag."""

    outcomes: Mapping[str, Outcome]
    terms: Mapping[TermKind, Mapping[str, Term]]
    covariates: Mapping[str, Covariate] = field(default_factory=dict)
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

    def covariate(self, name: str) -> Covariate:
        """Return the covariate of that id, label or synonym; UnknownNameError suggests near misses."""
        found = _index(self.covariates.values()).get(fold_name(name))
        if found is None:
            raise _unknown("covariate", name, self.covariates.values())
        return found

    def search(self, words: str) -> list[_Any]:
        """Return the entries that some words name or speak of, nearest first; all without words."""
        entries: list[_Any] = list(self.outcomes.values())
        entries += [term for kind in self.terms.values() for term in kind.values()]
        entries += self.covariates.values()
        if not words.split():
            return entries
        named = [entry for entry in entries if fold_name(words) in map(fold_name, names_of(entry))]
        close = near_misses(words, [name for entry in entries for name in names_of(entry)])
        near = [entry for entry in entries if not set(close).isdisjoint(names_of(entry))]
        return list({id(entry): entry for entry in (*named, *near, *_search(words, entries))}.values())

    def labels_of(self, tags: Mapping[str, Iterable[str]]) -> dict[str, str]:
        """Return how the terms of some tags are written, by their ids."""
        known = {kind: terms for kind, terms in self.terms.items() if kind in tags}
        return {id_: terms[id_].label for kind, terms in known.items() for id_ in tags[kind] if id_ in terms}

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


def _unknown(kind: str, name: str, entries: Iterable[_Any]) -> UnknownNameError:
    """Suggest what is near in spelling; else what denies a kind of what is denied; else by meaning."""
    entries = tuple(entries)
    every_name = [name for entry in entries for name in names_of(entry)]
    if near_misses(name, every_name):
        return UnknownNameError(kind, name, every_name)
    if kin := tuple(_denied_kin(name, entries)):
        return UnknownNameError(kind, name, kin)
    if near := _search(name, entries)[:_MOST_NEAR]:
        return UnknownNameError(kind, name, [entry.label for entry in near], "nearest in meaning")
    return UnknownNameError(kind, name, [entry.label for entry in entries])


def _search(words: str, entries: Sequence[_Any]) -> list[_Any]:
    """Return the entries that some words speak of, nearest first."""
    return [
        entries[number]
        for number in near_in_meaning(words, [(names_of(one), one.definition) for one in entries])
    ]


def lines_to_add(kind: str, name: str) -> str:
    """Write the line that adds a word to the vocabulary: ``ID: {label: ..., ...}``, and its section."""
    id_ = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_") or "new_term"
    label = name[:1].upper() + name[1:]
    more = {"outcome": "type: share, more_is_better: no, ", "covariate": "type: share, "}.get(kind, "")
    section = SECTIONS.get(kind, f"{kind}s")  # type: ignore[call-overload]
    return f"{id_}: {{label: {label}, {more}definition: ...}} under {section}: of evidence/vocabulary.yaml"


def _denied_kin(name: str, entries: Iterable[_Any]) -> Iterator[str]:
    """Yield the labels of entries that deny a kind of what a name denies: no surgery, no resection."""
    sense = sense_of(name)
    if not sense.denies:
        return
    by_id = {entry.id: entry for entry in entries}

    def named(words: frozenset[str]) -> set[str]:
        return {one.id for one in by_id.values() for each in names_of(one) if sense_of(each) == plain(words)}

    def plain(words: frozenset[str]) -> Sense:
        return Sense(False, {}, words)

    denied = named(sense.words)
    for entry in by_id.values():
        for each in names_of(entry):
            other = sense_of(each)
            if other.denies and denied & {kin for one in named(other.words) for kin in _upwards(one, by_id)}:
                yield entry.label
                break


def _upwards(id_: str, entries: Mapping[str, _Any]) -> Iterator[str]:
    """Yield an id and those of all broader terms."""
    current: str | None = id_
    while current is not None:
        yield current
        current = getattr(entries.get(current), "broader", None)
