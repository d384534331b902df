"""One survival rate at one time, with its variance, shared by all that rests on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evisynth.arithmetic.interval_symmetry import PrintedInterval
from evisynth.arithmetic.risk_contrasts import Rate
from evisynth.arithmetic.rounding import Printed
from evisynth.effects.grounds import Grounds
from evisynth.effects.patients import Patients
from evisynth.effects.working import Working
from evisynth.outcomes.comparison import Arm
from evisynth.outcomes.question import Grade

#: What the variance of a rate rests on.
Basis = Literal["interval", "at risk", "patients"]


@dataclass(frozen=True, slots=True)
class LandmarkRate:
    """S(t) inside 0 and 1, its variance, and what both rest on.

    ``assumes_full_follow_up`` tells that the variance is binomial, from a number of patients, and that how
    many of them were followed that long is not known. ``at_risk`` is the number at risk that the variance
    rests on. ``working`` says how the variance was had, ``printed`` is the interval it was read from.
    """

    arm: Arm
    time_months: float
    survival: Printed
    variance: float
    size: int | None
    grade: Grade
    grounds: Grounds
    basis: Basis
    working: Working
    printed: PrintedInterval | None = None
    assumes_full_follow_up: bool = False
    at_risk: int | None = None

    @property
    def rate(self) -> Rate:
        """The rate and its variance, for the formulas."""
        return Rate(self.survival.value, self.variance)


@dataclass(frozen=True, slots=True)
class NoRate:
    """Why a printed rate gives no point. ``survival`` and ``size`` are kept for a bound."""

    reason: str
    grounds: Grounds
    survival: Printed | None = None
    patients: Patients | None = None
    extreme: bool = False
