"""A line of the changelog: what it is about, what it said and what it says."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

from evisynth.pipeline.changes.compare import Change, Entry, Fact
from evisynth.pipeline.changes.evidence_change import State

#: What stands where one side says nothing.
NOTHING = "not stated"
#: Name of the fact that holds the reasons for the grade of a row.
LOWERED_BY = "grade lowered by"
_TOO_SMALL = " (beyond the digits shown)"
_WORDS = {"source_location": "place in the source", "n": "number of patients", "of": "part of"}
#: One and the same change of more entries than this is told once, with so many of them by name.
_ONE_BY_ONE = 2
_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that changed: a fact of a subject; without a fact it is the subject itself.

    ``old`` is empty of what came, ``new`` of what went. ``place`` is where it stands.
    """

    state: State
    subject: str
    fact: str = ""
    old: str = ""
    new: str = ""
    place: str = ""

    @property
    def what(self) -> str:
        """Name what changed in full."""
        return f"{self.subject}: {self.fact}" if self.fact else self.subject


def added(subject: str, text: str, place: str = "") -> Line:
    """Tell what came."""
    return Line("added", subject, new=text, place=place)


def removed(subject: str, text: str, place: str = "") -> Line:
    """Tell what went."""
    return Line("removed", subject, old=text, place=place)


def changed_line(subject: str, fact: str, old: Fact | None, new: Fact | None, place: str = "") -> Line:
    """Tell one fact before and after."""
    was, now = (NOTHING if side is None or not side.text else side.text for side in (old, new))
    return Line("changed", subject, fact, was, now + _TOO_SMALL if was == now else now, place)


def fact_lines(subject: str, change: Change, place: str = "") -> Iterator[Line]:
    """Tell every fact that differs, each by its name."""
    for name, (old, new) in zip(change.names, change.facts, strict=True):
        if name == LOWERED_BY:
            yield from _reason_lines(subject, old, new)
        else:
            yield changed_line(subject, "" if name == subject else fact_words(name), old, new, place)


def _reason_lines(subject: str, old: Fact | None, new: Fact | None) -> Iterator[Line]:
    """Tell the reasons that came and those that went, not those that stayed."""
    before, now = (
        side.value if side is not None and isinstance(side.value, tuple) else () for side in (old, new)
    )
    if came := [str(reason) for reason in now if reason not in before]:
        yield Line("changed", subject, LOWERED_BY, new="; ".join(came))
    if gone := [str(reason) for reason in before if reason not in now]:
        yield Line("changed", subject, f"no longer {LOWERED_BY}", old="; ".join(gone))


def shared_lines(
    changes: Sequence[Change],
    noun: str,
    words: Callable[[Entry], str],
    places: Callable[[Change], str] = lambda change: "",
) -> Iterator[Line]:
    """Tell changes; one and the same change of many entries is told in one line."""
    alike: dict[Hashable, list[Change]] = {}
    for change in changes:
        alike.setdefault(change.facts, []).append(change)
    for same in alike.values():
        if len(same) <= _ONE_BY_ONE:
            for change in same:
                yield from fact_lines(words(change.new), change, places(change))
            continue
        examples = "; ".join(words(change.new) for change in same[:_EXAMPLES])
        more = "; ..." if len(same) > _EXAMPLES else ""
        yield from fact_lines(f"{counted(len(same), noun)} ({examples}{more})", same[0])


def fact_words(name: str) -> str:
    """Name a fact as a person would."""
    return _WORDS.get(name, name.replace("_", " "))


def counted(count: int, one: str) -> str:
    """Write ``1 group`` or ``3 groups``."""
    return f"{count:,} {one if count == 1 else one + 's'}"
