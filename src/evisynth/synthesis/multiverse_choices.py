"""What could have been chosen otherwise: the readings of each row, and which overlapping study stays.

Every recovery of grade D or better is an admissible reading of its row, by itself and with fewer patients
under observation; a row that is exploratory may be left out as well. Another estimand (survivors of a
landmark only) is no reading of the comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from evisynth.effects.alternatives import alternatives
from evisynth.effects.effect import Effect
from evisynth.effects.grades import grade_rank
from evisynth.outcomes.comparison import Comparison
from evisynth.outcomes.question import Question
from evisynth.synthesis.comparability import PooledRow
from evisynth.synthesis.eligibility import reason_not_pooled, standing_effect
from evisynth.synthesis.shared_control import control_variance
from evisynth.synthesis.shared_patients import overlapping_cohorts


@dataclass(frozen=True, slots=True)
class Reading:
    """One admissible reading of a row; ``share`` of its patients were effectively under observation.

    ``control_variance`` is the part of its variance that the reference group brings, None when unknown.
    """

    effect: Effect
    share: float
    estimate: float
    standard_error: float
    control_variance: float | None


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
    question: Question, comparison: Comparison, recoveries: Sequence[Effect]
) -> RowChoices | None:
    """Return what could be chosen for a row, None when no recovery of it may be pooled in any question."""
    asked = exploratory_form(question)
    standing = standing_effect(comparison, recoveries)
    others = [effect for effect in recoveries if effect is not standing]
    admissible = [effect for effect in (standing, *others) if _admissible(asked, comparison, effect)]
    if not admissible:
        return None
    refused = reason_not_pooled(question, comparison, standing) is not None
    weak = grade_rank(standing.grade) >= grade_rank("D")
    return RowChoices(
        comparison=comparison,
        readings=tuple(reading for effect in admissible for reading in _readings(comparison, effect)),
        may_leave=refused or weak,
        stands=not refused and comparison.study not in {left.what for left in question.left_out},
    )


def _admissible(asked: Question, comparison: Comparison, effect: Effect) -> bool:
    if "other_estimand" in effect.flags:
        return False
    return reason_not_pooled(asked, comparison, replace(effect, primary=True)) is None


def _readings(comparison: Comparison, effect: Effect) -> list[Reading]:
    assert (
        effect.estimate is not None and effect.standard_error is not None
    )  # an admissible effect is a point
    control = control_variance(PooledRow(comparison, effect))
    plain = Reading(effect, 1.0, effect.estimate, effect.standard_error, control)
    fewer = [
        Reading(
            effect,
            other.share,
            other.estimate,
            other.standard_error,
            None if control is None else control / other.share,
        )
        for other in alternatives(effect)
    ]
    return [plain, *fewer]


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


def overlap_choices(comparisons: Sequence[Comparison]) -> tuple[frozenset[str], ...]:
    """Return which studies may stay together: every largest set of which no two cohorts overlap.

    One set when nothing overlaps.
    """
    firsts = {comparison.study: comparison for comparison in reversed(comparisons)}
    conflicts = [
        frozenset((one, other))
        for one, other in combinations(sorted(firsts), 2)
        if overlapping_cohorts([firsts[one], firsts[other]]) is not None
    ]
    known: dict[frozenset[str], set[frozenset[str]]] = {}
    found = _without_conflict(frozenset(firsts), conflicts, known)
    largest = [one for one in found if not any(one < other for other in found)]
    return tuple(sorted(largest, key=sorted))


def _without_conflict(
    studies: frozenset[str],
    conflicts: Sequence[frozenset[str]],
    known: dict[frozenset[str], set[frozenset[str]]],
) -> set[frozenset[str]]:
    if studies not in known:
        pair = next((pair for pair in conflicts if pair <= studies), None)
        known[studies] = (
            {studies}
            if pair is None
            else set().union(*(_without_conflict(studies - {one}, conflicts, known) for one in pair))
        )
    return known[studies]
