"""Rules that a question sets aside by name: studies left out, and differences that rows may have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

from evisynth.reading import Block, Key, Mistakes, Required, Words, nodes

#: What a question may mix although rows differ in it, when it says why.
MIXABLE = ("adjustment", "clock start", "time window", "role", "definition")

#: Why a rule is set aside.
Because = Annotated[Required, Key("Why; plot and report show it.", "Both reports come from one centre.")]


@dataclass(frozen=True, slots=True)
class Departure:
    """A rule set aside by name, with the reason that plot and report show."""

    what: str
    because: str


class _Departure(Block):
    """A departure as it is typed."""

    __slots__ = ()

    @classmethod
    def validated(
        cls, handler: Callable[[Any], Any], node: nodes.Mapping, context: object, mistakes: Mistakes
    ) -> Departure:
        """Return what it is, whatever its key."""
        read = super().validated(handler, node, context, mistakes)
        return Departure(read.what, read.because)


@dataclass(frozen=True, slots=True)
class LeftOut(_Departure):
    """A study that is left out."""

    what: Annotated[Required, Key("Id of the study.", "gudmundsdottir-2023")] = field(
        metadata={"alias": "study"}
    )
    because: Because


@dataclass(frozen=True, slots=True)
class Mixed(_Departure):
    """Something in which rows differ, and are pooled all the same."""

    what: Annotated[Required, Words(MIXABLE), Key("What the rows may differ in.", "clock start")]
    because: Because
