"""The rows of a block, and those that count: each by itself, then each patient in one row only.

A row counts when the recovery that stands for its comparison is a point with a standard error and a grade
that the question accepts. An exploratory question accepts grade D and a suspicion of non-proportional
hazards, and nothing else; all that it let stand is named.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from evisynth.answers.comparability import PooledRow, arms_of, nested_rows, only_study
from evisynth.answers.count_models import NO_COUNT, as_counted, says_nothing_of_a_ratio, with_counts
from evisynth.answers.overlaps import Settlement, settle_duplicates, settle_overlaps
from evisynth.answers.shared_control_groups import rows_beside_the_largest
from evisynth.effects import FLAG as NON_PROPORTIONAL_FLAG, Effect, grade_rank, is_printed_ratio
from evisynth.errors import InvalidDataError
from evisynth.outcomes import Comparison, Departure, Question
from evisynth.wording import term_words

#: The flag of a recovery that does not tell which arm fared better.
UNCLEAR_DIRECTION_FLAG = "direction_unclear"

NON_PROPORTIONAL_REASON = "the hazards do not look proportional, so that no single ratio describes them"


def standing_effect(comparison: Comparison, effects: Sequence[Effect]) -> Effect:
    """Pick the recovery that stands for a comparison: the primary one, else a bound, else a refusal.

    Raises
    ------
    InvalidDataError
        When there is no recovery at all, not even a refusal, or more than one is called primary.
    """
    if not effects:
        raise InvalidDataError(f"{comparison.study}, {comparison.name}: no recovery, not even a refusal")
    primary = [effect for effect in effects if effect.primary]
    if len(primary) > 1:
        names = ", ".join(effect.recovery for effect in primary)
        raise InvalidDataError(
            f"{comparison.study}, {comparison.name}: more than one primary recovery: {names}"
        )
    if primary:
        return primary[0]
    telling = {"point": 0, "bound": 1, "refused": 2}
    return min(effects, key=lambda effect: telling[effect.kind])


def reason_not_pooled(question: Question, comparison: Comparison, effect: Effect) -> str | None:
    """Say why a row is left out of pooling whatever the other rows are, None when it may be pooled."""
    if question.takes_counts:
        number = _reason_of_counts(question, effect)
    elif effect.kind != "point":
        return effect.reason or _default_reason(effect)
    else:
        number = _reason_of_number(question, effect)
    return (
        number
        or _reason_of_arms(comparison)
        or _reason_of_grade(question, effect)
        or _reason_of_flags(question, effect)
    )


def _default_reason(effect: Effect) -> str:
    if effect.kind == "bound":
        return "only a bound, without a standard error"
    return "no effect can be recovered from what is printed"


def _reason_of_number(question: Question, effect: Effect) -> str | None:
    if effect.effect_measure != question.effect_measure:
        measure, asked = (term_words(name) for name in (effect.effect_measure, question.effect_measure))
        return f"recovered as {measure}, and the question asks for {asked}"
    if not effect.primary:
        return "none of its recoveries stands for the comparison"
    if effect.estimate is None or not math.isfinite(effect.estimate):
        return "the estimate is not a finite number"
    error = effect.standard_error
    if error is None or not math.isfinite(error) or error <= 0:
        return "no standard error above zero"
    return None


def _reason_of_counts(question: Question, effect: Effect) -> str | None:
    """Say why a model of counts cannot take a row."""
    if effect.counted is None:
        return NO_COUNT if effect.kind == "point" else effect.reason or _default_reason(effect)
    return says_nothing_of_a_ratio(question, effect.counted)


def _reason_of_arms(comparison: Comparison) -> str | None:
    roles = {arm.role for arm in arms_of(comparison)}
    if len(roles) > 1:
        return "the comparator is not from the study's own patients"
    return None


def _reason_of_grade(question: Question, effect: Effect) -> str | None:
    if effect.grade == "X":
        return "grade X is never pooled"
    if grade_rank(effect.grade) > grade_rank(question.minimum_grade):
        return f"grade {effect.grade}, and the question asks for {question.minimum_grade} or better"
    return None


def _reason_of_flags(question: Question, effect: Effect) -> str | None:
    if UNCLEAR_DIRECTION_FLAG in effect.flags:
        return "which arm fared better is not clear"
    # A ratio that the source prints stays, with a caution: it is what its own model gave.
    if looks_non_proportional(effect) and not is_printed_ratio(effect) and not question.exploratory:
        return NON_PROPORTIONAL_REASON
    return None


def looks_non_proportional(effect: Effect) -> bool:
    """Whether a hazard ratio is flagged as hiding hazards that are not proportional."""
    return NON_PROPORTIONAL_FLAG in effect.flags


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
    standing = standing_effect(comparison, recoveries)
    counting = with_counts(recoveries) if question.takes_counts else None
    effect = standing if counting is None else as_counted(counting)
    because = {departure.what: departure.because for departure in left_out}.get(comparison.study)
    if because is not None:
        reason: str | None = f"left out: {because}"
    else:
        reason = reason_not_pooled(question, comparison, effect)
    others = tuple(recovery for recovery in recoveries if recovery is not (counting or standing))
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


def one_of_each_cohort(question: Question, block: Sequence[Candidate]) -> tuple[list[Candidate], Settlement]:
    """Leave out the rows of studies that report a cohort which another one stands for."""
    settlement = settle_duplicates(question, counted(block))
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


def what_was_accepted(question: Question, rows: Sequence[PooledRow]) -> str:
    """Say in a sentence why an answer made from ``rows`` is exploratory.

    A question that accepts grade D makes its answer exploratory even where nothing in it needed that, since
    it was asked by weaker rules; the sentence then says so.
    """
    weak = sum(row.effect.grade == "D" for row in rows)
    # A caution of its own says in which rows, and what that means.
    crossing = any(looks_non_proportional(row.effect) for row in rows)
    where = "every row" if weak == len(rows) else f"{weak} of {len(rows)} rows"
    accepted = [
        *([f"grade D in {where}"] if weak else []),
        *(["two rows"] if len(rows) == 2 and question.model != "bayesian" else []),
        *(["all rows from one study"] if only_study(rows) is not None else []),
    ]
    if crossing and not accepted:
        accepted = ["hazards that do not look proportional"]
    if accepted:
        return f"Exploratory: {'; '.join(accepted)}."
    return "Exploratory, since the question accepts grade D, although none of its rows is of that grade."
