"""What could have been chosen otherwise for a row: its admissible readings.

Every recovery of grade D or better is an admissible reading of its row: by itself, with fewer patients under
observation, at either end of what rounds to the printed figures, and as if a suspected misprint were one. A
row that is exploratory may be left out as well. Another estimand (survivors of a landmark only) is no reading
of the comparison.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from evisynth.effects.alternatives import alternatives
from evisynth.effects.effect import Effect
from evisynth.effects.grades import grade_rank
from evisynth.outcomes.comparison import Comparison
from evisynth.outcomes.question import Question
from evisynth.synthesis.comparability import PooledRow
from evisynth.synthesis.eligibility import reason_not_pooled, standing_effect
from evisynth.synthesis.overlaps import arm_parts
from evisynth.synthesis.shared_patients import overlapping_cohorts

#: A rounding interval that ends within this share of the standard error moves nothing.
LEAST_MOVE = 0.01


@dataclass(frozen=True, slots=True)
class Reading:
    """One admissible reading of a row; ``share`` of its patients were effectively under observation.

    ``control_variance`` is the part of its variance that the reference group brings, None when unknown.
    ``as_if`` says in words what else is read otherwise: rounding, a suspected misprint; empty as printed.
    ``patients`` are those of the index and of the reference group, None when unknown.
    """

    effect: Effect
    share: float
    estimate: float
    standard_error: float
    control_variance: float | None
    as_if: str = ""
    patients: tuple[float | None, float | None] = (None, None)


@dataclass(frozen=True, slots=True)
class RowChoices:
    """A row with its admissible readings, the one that stands for it first.

    ``may_leave`` tells that leaving the row out is a choice too; ``stands`` that the question itself counts
    it, with its first reading.
    """

    comparison: Comparison
    readings: tuple[Reading, ...]
    may_leave: bool
    stands: bool

    @property
    def name(self) -> str:
        """The study and the groups, and the block of rows."""
        return f"{self.comparison.study}, {self.comparison.name}"

    @property
    def row(self) -> PooledRow:
        """The row as the rules of pooling see it, with its first reading."""
        return PooledRow(self.comparison, self.readings[0].effect)


def exploratory_form(question: Question) -> Question:
    """Return the question with grade D accepted, which is what a multiverse asks."""
    return replace(question, minimum_grade="D")


def row_choices(
    question: Question,
    comparison: Comparison,
    recoveries: Sequence[Effect],
    misprints: Sequence[tuple[str, Sequence[Effect]]] = (),
) -> RowChoices | None:
    """Return what could be chosen for a row, None when no recovery of it may be pooled in any question.

    Parameters
    ----------
    question, comparison, recoveries
        The row and all its recoveries.
    misprints
        For each figure that may be misprinted: what is read otherwise, and the recoveries it then gives.
    """
    asked = exploratory_form(question)
    standing = standing_effect(comparison, recoveries)
    others = [effect for effect in recoveries if effect is not standing]
    admissible = [effect for effect in (standing, *others) if _admissible(asked, comparison, effect)]
    if not admissible:
        return None
    refused = reason_not_pooled(question, comparison, standing) is not None
    weak = grade_rank(standing.grade) >= grade_rank("D")
    readings = [reading for effect in admissible for reading in _readings(comparison, effect)]
    for words, otherwise in misprints:
        readings += _misprint_readings(asked, comparison, otherwise, words, readings)
    return RowChoices(
        comparison=comparison,
        readings=tuple(readings),
        may_leave=refused or weak,
        stands=not refused and comparison.study not in {left.what for left in question.left_out},
    )


def _admissible(asked: Question, comparison: Comparison, effect: Effect) -> bool:
    if "other_estimand" in effect.flags:
        return False
    return reason_not_pooled(asked, comparison, replace(effect, primary=True)) is None


def _readings(comparison: Comparison, effect: Effect) -> list[Reading]:
    plain = _reading(comparison, effect)
    control = plain.control_variance
    fewer = [
        replace(
            plain,
            share=other.share,
            estimate=other.estimate,
            standard_error=other.standard_error,
            control_variance=None if control is None else control / other.share,
        )
        for other in alternatives(effect)
    ]
    return [plain, *fewer, *_rounded(plain)]


def _reading(comparison: Comparison, effect: Effect, as_if: str = "") -> Reading:
    # An admissible effect is a point.
    assert effect.estimate is not None and effect.standard_error is not None
    row = PooledRow(comparison, effect)
    _, _, index, reference, control = arm_parts(row)
    patients = tuple(None if math.isnan(size) else size for size in (index, reference))
    return Reading(
        effect=effect,
        share=1.0,
        estimate=effect.estimate,
        standard_error=effect.standard_error,
        control_variance=None if math.isnan(control) else control,
        as_if=as_if,
        patients=(patients[0], patients[1]),
    )


def _rounded(plain: Reading) -> list[Reading]:
    """Return the reading at each end of what rounds to the printed figures, where that moves it."""
    effect = plain.effect
    ends = (("lower", effect.rounding_lower), ("upper", effect.rounding_upper))
    return [
        replace(plain, estimate=end, as_if=f"{which} end of its rounding")
        for which, end in ends
        if end is not None
        and math.isfinite(end)
        and abs(end - plain.estimate) > LEAST_MOVE * plain.standard_error
    ]


def _misprint_readings(
    asked: Question,
    comparison: Comparison,
    recoveries: Sequence[Effect],
    words: str,
    known: Sequence[Reading],
) -> list[Reading]:
    """Return what the recoveries give if a figure is misprinted, as far as that is anything new."""
    numbers = {(reading.effect.recovery, reading.estimate, reading.standard_error) for reading in known}
    return [
        _reading(comparison, effect, f"if misprinted: {words}")
        for effect in recoveries
        if _admissible(asked, comparison, effect)
        and (effect.recovery, effect.estimate, effect.standard_error) not in numbers
    ]


def reconsidered(question: Question, comparisons: Sequence[Comparison]) -> list[Comparison]:
    """Keep the rows of a question that leaves nobody out, less the studies it leaves out for good.

    A study that it leaves out although it overlaps with none of the others is out in every universe; one that
    overlaps was a choice between the two.
    """
    left_out = {left.what for left in question.left_out}
    kept = [comparison for comparison in comparisons if comparison.study not in left_out]
    return [
        comparison
        for comparison in comparisons
        if comparison.study not in left_out
        or any(overlapping_cohorts([comparison, other]) is not None for other in kept)
    ]
