"""An effect: a point with its standard error, a bound, or a refusal, and what it rests on.

Its grounds are the figures that entered it, what was assumed, and what speaks against it. Its subject is one
comparison, seen from one question. Its grade says how far it can be trusted:

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
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeVar

from evisynth.arithmetic import critical_z
from evisynth.effects.working import Working
from evisynth.measures import EffectMeasure, Scale, question_measure
from evisynth.outcome_events import OutcomeEvent
from evisynth.outcomes import Arm, Comparison, Grade, Question, ReportedOutcome
from evisynth.wording import number_text, term_words, time_words

#: Flags what rests on a figure that is not printed: the reader worked it out.
WORKED_OUT = "worked_out"
_Item = TypeVar("_Item")
Kind = Literal["point", "bound", "refused"]


@dataclass(frozen=True, slots=True)
class Input:
    """A figure that entered a recovery, as printed, with its place in the source and in the study file."""

    name: str
    as_reported: str
    source_location: str
    file_location: str


@dataclass(frozen=True, slots=True)
class CountedArms:
    """The patients with the outcome and all patients of each arm, the index arm first, nearest to the print.

    ``lower`` and ``upper`` are the tables at the ends of what rounds to the print. ``grade`` is what a model
    that takes counts goes by: a count of nobody is as good as another.
    """

    tables: tuple[tuple[int, int], ...]
    lower: tuple[tuple[int, int], ...]
    upper: tuple[tuple[int, int], ...]
    grade: Grade
    basic_grade: Grade


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
    numbers that were put in. ``counted`` are the counts behind it, where it comes
    from counts.

    ``of_event`` is the event that the effect speaks of, that of its outcome: a log ratio or a difference
    below 0 means less of it in the index group, fewer deaths. None where an effect speaks of no event.
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
    of_event: str | None = None
    counted: CountedArms | None = None

    @property
    def sizes(self) -> tuple[int | None, ...]:
        """The numbers of patients that a table shows: of each arm, or of both where only the sum is known."""
        if self.reference_group is None:
            return (self.index_size if self.index_size is not None else self.participants,)
        arms = (self.index_size, self.reference_size)
        return (self.participants,) if arms == (None, None) else arms


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
        return _each_once((*self.flags, *(downgrade.kind for downgrade in self.downgrades)))


def _joined(some: tuple[_Item, ...], more: tuple[_Item, ...]) -> tuple[_Item, ...]:
    # Most sums add nothing to most fields, and recoveries are made of sums.
    return _each_once((*some, *more)) if some and more else some or more


def _each_once(items: Iterable[_Item]) -> tuple[_Item, ...]:
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
    name = f"{term_words(figure.statistic)}{when}, {figure.group}"
    return Input(name, figure.as_reported, figure.source_location, figure.file_location)


def size_input(arm: Arm) -> Input:
    """Return the size of an arm as an input, with its places."""
    size = arm.size
    return Input(f"patients, {arm.group}", size.as_reported, size.source_location, size.file_location)


def from_figures(*figures: ReportedOutcome) -> Grounds:
    """Return grounds that hold these figures as inputs; one that is not printed costs a grade."""
    grounds = Grounds(inputs=_each_once(figure_input(figure) for figure in figures))
    for figure in figures:
        if figure.worked_out is not None:
            what = f"{figure_input(figure).name} ({figure.as_reported})"
            why = f"{what}, is not printed: the reader worked it out, {figure.worked_out}"
            grounds += downgraded(WORKED_OUT, why)
    return grounds


@dataclass(frozen=True, slots=True)
class Subject:
    """A comparison and the question that is asked of it."""

    comparison: Comparison
    question: Question

    @property
    def measure(self) -> EffectMeasure:
        """The effect measure that the question asks for."""
        return question_measure(self.question.effect_measure)

    @property
    def event(self) -> OutcomeEvent:
        """The event of the question's outcome."""
        return self.question.event

    @property
    def of_event(self) -> str | None:
        """The event that an effect speaks of, in words; None for a measure that speaks of none."""
        speaks_of = self.measure.of_event
        return None if speaks_of is None else self.event.words_of(speaks_of)

    @property
    def better(self) -> Literal["lower", "higher"] | None:
        """Which values are better for the index group; None where the outcome does not say."""
        return self.measure.better_for(self.event)

    @property
    def scale(self) -> Scale:
        """The analysis scale of that measure."""
        return self.measure.scale

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
    extent = f"by ± {number_text(half_width, 3)}" if math.isfinite(half_width) else "without limit"
    why = f"the printed digits leave the estimate open {extent}, more than half its standard error"
    return downgraded("coarse_rounding", why)


def coarse_error(standard_error: float, ends: tuple[float, float]) -> Grounds:
    """Return the downgrade for print that leaves a standard error itself open by more than half of it."""
    half_width = (ends[1] - ends[0]) / 2
    if half_width <= ROUNDING_SHARE * standard_error:
        return Grounds()
    extent = f"{number_text(ends[0], 3)} to {number_text(ends[1], 3)}"
    return downgraded("coarse_rounding", f"the printed digits leave the standard error open: {extent}")


def source_contradiction(subject: Subject) -> Grounds:
    """Return the downgrade for an unreviewed source that contradicts itself, empty for any other."""
    contradiction = subject.comparison.unreviewed_contradiction
    if not contradiction:
        return Grounds()
    why = f"the source is not peer reviewed and contradicts itself: {contradiction}"
    return downgraded("source_contradiction", why)
