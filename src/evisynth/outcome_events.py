"""The event that an outcome speaks of: what it is called, whether patients want it, which side is better.

A ratio or a difference of those with the event and one of those without it are opposite numbers. So every
printed figure speaks of the event or of its absence, and every contrast that is worked out speaks of the
event of its outcome: of death for overall survival, of relief for time to relief. What is better follows from
whether patients want the event, and from nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

#: Whether a figure grows with those who have the event, or with those who do not.
SpeaksOf = Literal["occurrence", "absence"]

_DEATH = r"death|dead|died|dying|mortality"
#: Words of events that nobody wants; they decide before those of wanted ones: loss of response.
_UNWANTED = re.compile(
    rf"{_DEATH}|progress|recurr|relapse|return|loss|lack|fail|metasta|complication|toxicity|re-?intervention"
)
_WANTED = re.compile(
    r"relief|response|remission|resolution|recovery|improve|cure|healing|discharge|normali[sz]|conversion"
)
#: Outcomes that are called after those without the event.
_ABSENCE = re.compile(r"surviv|free\b|freedom|\balive\b|\b(?:os|pfs|dfs|rfs|efs|css|dss|ttp)\b")
#: Words before which "no" is no English.
_NOT = re.compile(r"(?:alive|without|free|at|more|fewer|less|over|under|ten)\b")
_NEGATIONS = ("no ", "not ", "without ", "without the ", "free of ", "freedom from ", "absence of ")
_DEAD = ("death", "deaths", "dead", "died", "dying", "mortality")
_ALIVE = ("survival", "alive", "survivors", "survived", "surviving", "living", "being alive")


@dataclass(frozen=True, slots=True)
class OutcomeEvent:
    """The event of an outcome.

    Parameters
    ----------
    outcome
        The outcome as the vocabulary labels it; empty where nobody said.
    text
        What happens, in the vocabulary's words: ``death from any cause``; of a share the outcome itself.
    wanted
        Whether patients want it; None where neither way is better, or nobody said.
    names
        Names of the outcome.
    """

    outcome: str = ""
    text: str = ""
    wanted: bool | None = None
    names: tuple[str, ...] = ()

    @property
    def is_death(self) -> bool:
        """Whether each event is a death."""
        return re.match(rf"(?:{_DEATH})\b", self.text.casefold()) is not None and " or " not in self.text

    @property
    def words(self) -> str:
        """The event inside a sentence: ``death``, ``progression or death``, ``major complications``."""
        if not self.text:
            return "the event"
        if self.is_death and re.search(r"any cause|all causes", self.text.casefold()):
            return "death"
        second = self.text[1:2]
        return self.text if second.isupper() or second.isdigit() else self.text[:1].lower() + self.text[1:]

    @property
    def absence_words(self) -> str:
        """Those without it inside a sentence: ``survival``, ``progression-free survival``, ``no relief``."""
        if self.words == "death":
            return "survival"
        if self.text != self.outcome and _ABSENCE.search(self.outcome.casefold()):
            return self.outcome[:1].lower() + self.outcome[1:]
        negated = "not" if _NOT.match(self.words) else "no"
        return f"{negated} {self.words.removeprefix('any ')}"

    @property
    def state_without(self) -> str:
        """What patients without it are: ``alive``, ``without progression or death``."""
        return "alive" if self.words == "death" else f"without {self.words.removeprefix('any ')}"

    @property
    def named_for_absence(self) -> bool:
        """Whether the outcome is called after those without the event, as overall survival is."""
        return self.text != self.outcome and any(_ABSENCE.search(name.casefold()) for name in self.names)

    def words_of(self, speaks_of: SpeaksOf) -> str:
        """Say of what a figure speaks."""
        return self.words if speaks_of == "occurrence" else self.absence_words

    def amounts(self) -> tuple[str, str]:
        """Say less and more of it: ``Fewer deaths``, ``More deaths``; ``Relief less often``, ``... more``."""
        if not self.text:
            return "Less", "More"
        words = self.words
        if self.is_death:
            many = re.sub(r"^(?:death|mortality)\b", "deaths", words)
            return f"Fewer {many}", f"More {many}"
        if not re.search(r" (?:or|of) ", words) and re.search(r"[^ius]s$", words):
            return f"Fewer {words}", f"More {words}"
        capital = words[:1].upper() + words[1:]
        return f"{capital} less often", f"{capital} more often"

    def higher_is_better(self, speaks_of: SpeaksOf) -> bool | None:
        """Whether more of what a figure speaks of is better for patients; None where neither way is."""
        return None if self.wanted is None else self.wanted == (speaks_of == "occurrence")

    def read(self, text: str) -> SpeaksOf | None:
        """Return whether a text names the event or its absence; None when it names neither."""
        said = " ".join(text.casefold().split())
        if said in self._occurrence():
            return "occurrence"
        return "absence" if said in self._absence() else None

    def _occurrence(self) -> set[str]:
        own = {"event", "events", "the event", self.text.casefold(), self.words.casefold()}
        own |= set(self.text.casefold().split(" or "))
        if self.is_death:
            own |= set(_DEAD)
        if not self.named_for_absence:
            own |= {_without_time(name) for name in self.names}
        return own - {""}

    def _absence(self) -> set[str]:
        own = set(self._negated())
        if self.named_for_absence:
            own |= {name.casefold() for name in self.names} | {"survival", "survivors"}
        return own | set(_ALIVE) if self.is_death else own

    def _negated(self) -> Iterator[str]:
        yield self.absence_words.casefold()
        for name in self._occurrence():
            yield from (before + name for before in _NEGATIONS)
            yield f"{name}-free"
            yield f"{name}-free survival"


def is_wanted(kind: str, label: str, event: str | None, more_is_better: bool | None) -> bool | None:
    """Return whether patients want the event of an outcome, by what the vocabulary says of it.

    ``more_is_better`` of a share speaks of the patients who have it, of a time to an event of the time. What
    the event's own words say comes first, since nobody means that a longer time to relief is better, or an
    earlier death. Where nothing is said, a time to an event is taken to be one to an event that nobody wants.
    """
    if kind == "measurement":
        return None
    if kind == "share":
        return more_is_better
    named = (event or label).casefold()
    if _UNWANTED.search(named):
        return False
    if _WANTED.search(named):
        return True
    return more_is_better is False


def _without_time(name: str) -> str:
    return re.sub(r"^time to ", "", name.casefold())
