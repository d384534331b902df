"""What a recovery works on: one comparison, seen from one question."""

from __future__ import annotations

from dataclasses import dataclass

from evisynth.arithmetic.p_values import critical_z
from evisynth.effects.analysis_scales import ANALYSIS_SCALES
from evisynth.effects.effect import Scale
from evisynth.outcomes.comparison import Arm, Comparison
from evisynth.outcomes.question import Question

#: Measures that set two arms against each other; the others describe one arm.
CONTRASTS = frozenset({"hazard_ratio", "odds_ratio", "risk_ratio", "risk_difference"})


@dataclass(frozen=True, slots=True)
class Subject:
    """A comparison and the question that is asked of it."""

    comparison: Comparison
    question: Question

    @property
    def scale(self) -> Scale:
        """The analysis scale of the question's effect measure."""
        return ANALYSIS_SCALES[self.question.effect_measure]

    @property
    def z(self) -> float:
        """The normal deviate of an interval at the question's level."""
        return critical_z(self.question.level)

    @property
    def wanted_time(self) -> float | None:
        """The time that is asked for, in months: the row's own, else the question's."""
        if self.comparison.time_months is not None:
            return self.comparison.time_months
        return self.question.time_months

    @property
    def arms(self) -> tuple[Arm, ...]:
        """The index arm, and the reference arm where there is one."""
        reference = self.comparison.reference
        return (self.comparison.index,) if reference is None else (self.comparison.index, reference)
