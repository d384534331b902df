"""How far a recovery can be trusted, from A to D, and what lowers its grade.

==  =================================================================  ======================================
A   ratio with its interval, exact count of patients                   pooled
B   rate or median with its interval, log-rank p-value with events     pooled
C   rate with the number of patients, two medians with both intervals  pooled unless the question is stricter
D   median with the number of patients                                 only in an exploratory question
X   bounds and refusals: no estimate, or nothing to compare with       shown, never pooled
==  =================================================================  ======================================

Each downgrade lowers a point by one grade, down to D: X is only for what has no point or no comparator.
"""

from __future__ import annotations

import math

from evisynth.effects.grounds import Grounds, downgraded
from evisynth.effects.subject import Subject
from evisynth.outcomes.question import Grade

_ORDER: tuple[Grade, ...] = ("A", "B", "C", "D")

#: Share of the standard error beyond which half the rounding interval costs a grade.
ROUNDING_SHARE = 0.5


def grade_rank(grade: Grade) -> int:
    """Return 0 for A to 3 for D, 4 for X: smaller is better."""
    return _ORDER.index(grade) if grade in _ORDER else len(_ORDER)


def lowered(grade: Grade, steps: int) -> Grade:
    """Return the grade after ``steps`` downgrades; D is the lowest that a point can fall to."""
    if grade == "X":
        return grade
    return _ORDER[min(_ORDER.index(grade) + steps, len(_ORDER) - 1)]


def coarse_rounding(standard_error: float, rounding: tuple[float, float]) -> Grounds:
    """Return the downgrade for print too coarse for the standard error, empty when it is fine enough."""
    half_width = (rounding[1] - rounding[0]) / 2
    if half_width <= ROUNDING_SHARE * standard_error:
        return Grounds()
    extent = f"by ± {half_width:.3g}" if math.isfinite(half_width) else "without limit"
    why = f"the printed digits leave the estimate open {extent}, more than half its standard error"
    return downgraded("coarse_rounding", why)


def source_contradiction(subject: Subject) -> Grounds:
    """Return the downgrade for an unreviewed source that contradicts itself, empty for any other."""
    contradiction = subject.comparison.unreviewed_contradiction
    if not contradiction:
        return Grounds()
    why = f"the source is not peer reviewed and contradicts itself: {contradiction}"
    return downgraded("source_contradiction", why)
