"""Candidate rows of a block, and which of them count once each patient stands in one row only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from evisynth.effects.effect import Effect
from evisynth.outcomes.comparison import Comparison
from evisynth.outcomes.question import Departure, Question
from evisynth.synthesis.comparability import PooledRow
from evisynth.synthesis.eligibility import reason_not_pooled, standing_effect
from evisynth.synthesis.overlaps import Settlement, settle_overlaps
from evisynth.synthesis.shared_control import rows_beside_the_largest
from evisynth.synthesis.shared_patients import nested_rows


@dataclass(frozen=True, slots=True)
class Candidate:
    """A comparison, the recovery that stands for it, and why it is left out (None: it counts)."""

    comparison: Comparison
    effect: Effect
    alternatives: tuple[Effect, ...]
    reason: str | None

    @property
    def pooled_row(self) -> PooledRow:
        """The row as the rules of pooling see it."""
        return PooledRow(self.comparison, self.effect)


def candidate_row(
    question: Question,
    comparison: Comparison,
    recoveries: tuple[Effect, ...],
    left_out: Sequence[Departure],
) -> Candidate:
    """Pick the recovery that stands for a comparison, and say why the row is left out if it is."""
    effect = standing_effect(comparison, recoveries)
    because = {departure.what: departure.because for departure in left_out}.get(comparison.study)
    if because is not None:
        reason: str | None = f"left out: {because}"
    else:
        reason = reason_not_pooled(question, comparison, effect)
    others = tuple(recovery for recovery in recoveries if recovery is not effect)
    return Candidate(comparison, effect, others, reason)


def counted(block: Sequence[Candidate]) -> list[PooledRow]:
    """Give the rows of a block that count."""
    return [candidate.pooled_row for candidate in block if candidate.reason is None]


def without_nested(block: Sequence[Candidate]) -> list[Candidate]:
    """Leave out the rows whose patients all stand in another included row."""
    places = _counted_places(block)
    nested = nested_rows([block[place].comparison for place in places])
    reasons = {
        inner: f"its patients are counted in {block[places[outer]].comparison.name} already"
        for inner, outer in nested.items()
    }
    return _leave_out(block, reasons)


def one_of_each_control(question: Question, block: Sequence[Candidate]) -> list[Candidate]:
    """Leave out, where the question says so, the comparisons whose control group stands in a larger one."""
    if question.shared_control != "one_comparison":
        return list(block)
    places = _counted_places(block)
    beside = rows_beside_the_largest(counted(block))
    reasons = {
        left: f"its control group stands in {block[places[kept]].comparison.name} already, and the question "
        "keeps one comparison"
        for left, kept in beside.items()
    }
    return _leave_out(block, reasons)


def one_of_each_report(question: Question, block: Sequence[Candidate]) -> tuple[list[Candidate], Settlement]:
    """Leave out, where the question says so, the rows that another report of their patients stands for."""
    settlement = settle_overlaps(question, counted(block))
    return _leave_out(block, settlement.left), settlement


def _counted_places(block: Sequence[Candidate]) -> list[int]:
    return [place for place, candidate in enumerate(block) if candidate.reason is None]


def _leave_out(block: Sequence[Candidate], reasons: Mapping[int, str]) -> list[Candidate]:
    """Give rows, named by their position among those that count, the reason why they are left out."""
    places = _counted_places(block)
    settled = list(block)
    for inner, reason in reasons.items():
        settled[places[inner]] = replace(block[places[inner]], reason=reason)
    return settled
