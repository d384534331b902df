"""A question on its way from the database to its answer."""

from __future__ import annotations

from dataclasses import dataclass

from evisynth.answers import Answer
from evisynth.effects import Effect
from evisynth.outcomes import Comparison


@dataclass(frozen=True, slots=True)
class Recovered:
    """A question with its comparisons, the recoveries of each, and the answer they give."""

    comparisons: tuple[Comparison, ...]
    effects: tuple[tuple[Effect, ...], ...]
    answer: Answer
