"""Whether one row may be pooled at all, seen by itself.

A row counts when the recovery that stands for its comparison is a point with a standard error and a grade
that the question accepts. An exploratory question accepts grade D and a suspicion of non-proportional
hazards, and nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from evisynth.effects.effect import Effect
from evisynth.effects.grades import grade_rank
from evisynth.effects.non_proportionality import FLAG as NON_PROPORTIONAL_FLAG
from evisynth.errors import InvalidDataError
from evisynth.outcomes.comparison import Comparison
from evisynth.outcomes.question import Question
from evisynth.synthesis.shared_patients import arms_of

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
    if effect.kind != "point":
        return effect.reason or _default_reason(effect)
    return (
        _reason_of_number(question, effect)
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
        measure, asked = (name.replace("_", " ") for name in (effect.effect_measure, question.effect_measure))
        return f"recovered as {measure}, and the question asks for {asked}"
    if not effect.primary:
        return "none of its recoveries stands for the comparison"
    if effect.estimate is None or not math.isfinite(effect.estimate):
        return "the estimate is not a finite number"
    error = effect.standard_error
    if error is None or not math.isfinite(error) or error <= 0:
        return "no standard error above zero"
    return None


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
    if looks_non_proportional(effect) and not question.exploratory:
        return NON_PROPORTIONAL_REASON
    return None


def looks_non_proportional(effect: Effect) -> bool:
    """Whether a hazard ratio is flagged as hiding hazards that are not proportional."""
    return effect.effect_measure == "hazard_ratio" and NON_PROPORTIONAL_FLAG in effect.flags
