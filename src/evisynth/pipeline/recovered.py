"""A question on its way from the database to its answer."""

from __future__ import annotations

from dataclasses import dataclass

from evisynth.effects.effect import Effect
from evisynth.outcomes.comparison import Comparison
from evisynth.synthesis.answer import Answer


@dataclass(frozen=True, slots=True)
class Recovered:
    """A question with its comparisons, the recoveries of each, and the answer they give."""

    comparisons: tuple[Comparison, ...]
    effects: tuple[tuple[Effect, ...], ...]
    answer: Answer
