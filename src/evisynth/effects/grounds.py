"""What an effect rests on: the figures that entered it, what was assumed, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from evisynth.arithmetic.time_words import time_words
from evisynth.effects.effect import Input
from evisynth.outcomes.comparison import Arm
from evisynth.outcomes.reported_outcome import ReportedOutcome

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Downgrade:
    """One reason to trust an effect less. Each kind costs one grade, however many arms it concerns."""

    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class Grounds:
    """Inputs, assumptions, flags and downgrades of a recovery; a downgrade is a flag too, by its kind."""

    inputs: tuple[Input, ...] = ()
    assumptions: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    downgrades: tuple[Downgrade, ...] = ()

    def __add__(self, other: Grounds) -> Grounds:
        return Grounds(
            _joined(self.inputs, other.inputs),
            _joined(self.assumptions, other.assumptions),
            _joined(self.flags, other.flags),
            _joined(self.downgrades, other.downgrades),
        )

    @property
    def reasons(self) -> tuple[str, ...]:
        """One sentence for each kind of downgrade, those of several arms joined."""
        by_kind: dict[str, list[str]] = {}
        for downgrade in self.downgrades:
            by_kind.setdefault(downgrade.kind, []).append(downgrade.why)
        return tuple("; ".join(sentences) for sentences in by_kind.values())

    @property
    def all_flags(self) -> tuple[str, ...]:
        """The flags, with the kinds of the downgrades among them."""
        return _once((*self.flags, *(downgrade.kind for downgrade in self.downgrades)))


def _joined(some: tuple[_Item, ...], more: tuple[_Item, ...]) -> tuple[_Item, ...]:
    # Most sums add nothing to most fields, and recoveries are made of sums.
    return _once((*some, *more)) if some and more else some or more


def _once(items: Iterable[_Item]) -> tuple[_Item, ...]:
    return tuple(dict.fromkeys(items))


def assuming(*sentences: str) -> Grounds:
    """Return grounds that hold these assumptions."""
    return Grounds(assumptions=sentences)


def downgraded(kind: str, why: str) -> Grounds:
    """Return grounds that cost one grade, flagged with ``kind``."""
    return Grounds(downgrades=(Downgrade(kind, why),))


def figure_input(figure: ReportedOutcome) -> Input:
    """Return a reported figure as an input, with its place."""
    when = f" at {time_words(figure.time_months)}" if figure.time_months is not None else ""
    name = f"{figure.statistic.replace('_', ' ')}{when}, {figure.group}"
    return Input(name, figure.as_reported, figure.source_location, figure.file_location)


def size_input(arm: Arm) -> Input:
    """Return the size of an arm as an input, with its places."""
    size = arm.size
    return Input(f"patients, {arm.group}", size.as_reported, size.source_location, size.file_location)


def from_figures(*figures: ReportedOutcome) -> Grounds:
    """Return grounds that hold these figures as inputs."""
    return Grounds(inputs=_once(figure_input(figure) for figure in figures))
