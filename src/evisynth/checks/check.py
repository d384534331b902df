"""What a check is, and what it hands back for each thing it looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from evisynth.errors import Level

Scope = Literal["study", "collection", "source"]


class Found(NamedTuple):
    """Something a person should look at.

    ``about`` says in a few words, with the numbers as printed, what is spoken of. An acknowledgement in a
    study file repeats it, and goes stale when it changes. ``file`` is empty for the study at hand.
    ``doubtful`` says that another reading of the same figures explains it: then it is no contradiction.
    """

    line: int
    column: int
    message: str
    about: str
    fix: str = ""
    file: str = ""
    doubtful: bool = False


#: What a check yields for a thing that it looked at and found fine.
FINE = None

Outcomes = Iterator[Found | None]


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what it is called, what it tests, on what ground, and the function that runs it.

    ``failing`` and ``passing`` are the blocks of a small study file (or of several, or of a study file and
    its source text); the tests run both. ``contradiction`` says that a finding means that figures which
    the source prints cannot all be true, whatever happened to the patients.
    """

    code: str
    level: Level
    title: str
    applies_when: str
    test: str
    fix: str
    failing: str
    passing: str
    run: Callable[[Any], Outcomes]
    formula: str = ""
    source: str = ""
    scope: Scope = "study"
    contradiction: bool = False
