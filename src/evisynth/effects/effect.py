"""What a recovery answers: a point with its standard error, a bound, or a refusal, never a bare number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evisynth.effects.working import Working
from evisynth.outcomes.question import Grade

Kind = Literal["point", "bound", "refused"]
Scale = Literal["log", "log(-log)", "logit", "identity"]


@dataclass(frozen=True, slots=True)
class Input:
    """A figure that entered a recovery, as printed, with its place in the source and in the study file."""

    name: str
    as_reported: str
    source_location: str
    file_location: str


@dataclass(frozen=True, slots=True)
class Effect:
    """One recovery of one comparison, on the analysis scale.

    ``estimate`` and ``standard_error`` are set for a point; ``lower`` and ``upper`` for a bound (either may
    be None: open on that side); ``reason`` for a refusal. ``rounding_lower`` and ``rounding_upper`` say how
    far the estimate moves when the printed figures are taken to the ends of their rounding intervals.
    ``primary`` marks the one recovery that stands for its comparison. ``reference_variance`` is
    the part of the sampling variance that the reference group brings. ``events`` are those of both arms,
    ``index_events`` those of the index arm where the source divides them. ``basic_grade`` is the grade of its
    kind of recovery, before the downgrades; ``working`` holds the equations of a point or bound with the
    numbers that were put in.

    Log hazard ratios are index against reference: negative means fewer deaths in the index group.
    """

    study: str
    comparison: str
    index_group: str
    reference_group: str | None
    row_group: str
    effect_measure: str
    scale: Scale
    recovery: str
    kind: Kind
    grade: Grade
    estimate: float | None = None
    standard_error: float | None = None
    lower: float | None = None
    upper: float | None = None
    rounding_lower: float | None = None
    rounding_upper: float | None = None
    ci_lower: float | None = None
    ci_upper: float | None = None
    primary: bool = False
    flags: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    downgrades: tuple[str, ...] = ()
    inputs: tuple[Input, ...] = ()
    reason: str | None = None
    participants: int | None = None
    index_size: int | None = None
    reference_size: int | None = None
    time_months: float | None = None
    events: int | None = None
    index_events: int | None = None
    reference_variance: float | None = None
    basic_grade: Grade | None = None
    working: Working | None = None

    @property
    def sizes(self) -> tuple[int | None, ...]:
        """The numbers of patients that a table shows: of each arm, or of both where only the sum is known."""
        if self.reference_group is None:
            return (self.index_size if self.index_size is not None else self.participants,)
        arms = (self.index_size, self.reference_size)
        return (self.participants,) if arms == (None, None) else arms
