"""Every recovery of one comparison, the one that stands for it, and those that contradict each other.

Several recoveries of one comparison are the same patients seen several ways: they are never averaged. The
best grade stands; among equals the order is fixed here, before any result is seen:

1. the measure printed with its interval, then with its p-value, then a log-rank p-value with events;
2. survival rates, at the time that is asked for, else the latest time inside follow-up;
3. medians.

Where all that ties, the more cautious figure stands, so that the order in which a source prints two figures
for the same decides nothing: the contrast nearer to no difference; of single arms the figure with the larger
standard error, then the smaller figure. Unadjusted comes before adjusted, since most of what it stands beside
is unadjusted. A contrast among survivors of a landmark is another estimand and never stands for the
comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import permutations

from evisynth.effects.build_effect import build_refusal
from evisynth.effects.effect import Effect, Subject, grade_rank
from evisynth.effects.landmark_contrasts import recover_conditional_landmarks, recover_landmark_contrasts
from evisynth.effects.landmarks import COMPLEMENT_FLAG, recover_survival
from evisynth.effects.log_rank_p_values import recover_log_rank
from evisynth.effects.medians import recover_median, recover_median_contrast
from evisynth.effects.printed_differences import recover_printed_difference
from evisynth.effects.printed_ratios import recover_reported_ratio
from evisynth.effects.proportional_hazards import flag_non_proportionality
from evisynth.effects.proportions import recover_proportion
from evisynth.effects.risk_contrasts import recover_risk_contrasts
from evisynth.outcomes import Comparison, Question, is_same_time
from evisynth.wording import listed, with_article

#: Parts of recovery ids, the most direct first; a recovery takes the place of the first that it contains.
_DIRECTNESS: tuple[str, ...] = (
    "with_interval",
    "with_standard_error",
    "with_p_value",
    "log_rank",
    "counts",
    "landmark",
    "median",
)


def mark_primary(effects: Sequence[Effect], wanted_time: float | None = None) -> list[Effect]:
    """Mark exactly one point as primary, none when there is no point that may stand for the comparison."""
    candidates = [
        place
        for place, effect in enumerate(effects)
        if effect.kind == "point" and "other_estimand" not in effect.flags
    ]
    if not candidates:
        return list(effects)
    chosen = min(candidates, key=lambda place: (*_rank(effects[place], wanted_time), place))
    return [
        replace(effect, primary=True) if place == chosen else effect for place, effect in enumerate(effects)
    ]


def _rank(effect: Effect, wanted_time: float | None) -> tuple[float, ...]:
    time = effect.time_months
    asked_for = wanted_time is None or time is None or is_same_time(time, wanted_time)
    return (
        grade_rank(effect.grade),
        "adjusted" in effect.flags,
        COMPLEMENT_FLAG in effect.flags,
        wanted_time is None and "ratio_of_one_time" in effect.flags,
        _directness(effect.recovery),
        not asked_for,
        "beyond_median_follow_up" in effect.flags,
        -time if time is not None else 0.0,
        len(effect.assumptions),
        *_caution(effect),
    )


def _caution(effect: Effect) -> tuple[float, float, float]:
    """Return how far a contrast is from no difference, then the standard error and the size of a figure.

    The standard error is compared to nine digits: beyond them only the binary arithmetic differs.
    """
    estimate, spread = effect.estimate or 0.0, effect.standard_error or 0.0
    natural = -estimate if effect.scale == "log(-log)" else estimate
    contrast = effect.reference_group is not None
    return round(abs(estimate), 9) if contrast else 0.0, -round(spread, 9), round(natural, 9)


#: What each place of the rank says for the effect that comes first.
_PRECEDENCE: tuple[str, ...] = (
    "its grade is better",
    "it is not adjusted, as most of what it stands beside",
    "it is printed as survival, not worked out as one minus an incidence",
    "it is of the whole time observed, not up to one time",
    "it is the more direct kind of figure",
    "it is for the time that is asked for",
    "its time lies inside the median follow-up",
    "it is for the later time",
    "it rests on fewer assumptions",
    "it lies nearer to no difference, the more cautious of the two",
    "its standard error is larger, the more cautious of the two",
    "it is the smaller of the two figures",
)


def precedence_of(chosen: Effect, other: Effect, wanted_time: float | None = None) -> str:
    """Say why ``chosen`` and not ``other`` stands for their comparison, by the rule that decided it."""
    if other.kind != "point":
        return _NO_ESTIMATE[other.kind]
    if "other_estimand" in other.flags:
        return "it answers another question, and never stands for the comparison"
    for words, mine, theirs in zip(
        _PRECEDENCE, _rank(chosen, wanted_time), _rank(other, wanted_time), strict=True
    ):
        if mine != theirs:
            return f"the other was chosen before it: {words}"
    return "the other was chosen before it: it is printed first"


_NO_ESTIMATE: Mapping[str, str] = {
    "bound": "it is only a limit, without an estimate",
    "refused": "it gives no number",
}


def _directness(recovery: str) -> int:
    return next((place for place, part in enumerate(_DIRECTNESS) if part in recovery), len(_DIRECTNESS))


Recovery = Callable[[Subject], list[Effect]]

#: Every recovery, under the name by which the record of an effect measure lists it.
RECOVERIES: dict[str, Recovery] = {
    "printed_ratio": recover_reported_ratio,
    "printed_difference": recover_printed_difference,
    "log_rank_p_value": recover_log_rank,
    "rates_of_two_groups": recover_landmark_contrasts,
    "rates_between_two_times": recover_conditional_landmarks,
    "medians_of_two_groups": recover_median_contrast,
    "risks_of_two_groups": recover_risk_contrasts,
    "survival_rate": recover_survival,
    "median": recover_median,
    "share_of_patients": recover_proportion,
}


def recover(comparison: Comparison, question: Question) -> tuple[Effect, ...]:
    """Return every recovery of a comparison on the question's analysis scale.

    Parameters
    ----------
    comparison : Comparison
        The arms with all that they reported on the question's outcome.
    question : Question
        Names the effect measure, the time, the level of intervals, and whether inferred p-values count.

    Returns
    -------
    tuple of Effect
        At least one. Exactly one is primary when any point may stand for the comparison, else none.
    """
    subject = Subject(comparison, question)
    refused = _refused_as_a_whole(subject)
    if refused is not None:
        return (refused,)
    effects = [effect for name in subject.measure.recoveries for effect in RECOVERIES[name](subject)]
    if not effects:
        return (build_refusal(subject, question.effect_measure, _nothing_reported(subject)),)
    if subject.measure.proportional_hazards:
        effects = flag_non_proportionality(effects)
    return tuple(mark_primary(effects, subject.wanted_time))


def _refused_as_a_whole(subject: Subject) -> Effect | None:
    """Refuse what no figure can mend: an arm from elsewhere, or a measure that does not fit the row."""
    measure = subject.question.effect_measure
    contrast = subject.measure.contrast
    if contrast and subject.comparison.reference is None:
        reason = f"{with_article(subject.measure.words)} needs a group to compare with"
        return build_refusal(subject, measure, reason)
    if not contrast and subject.comparison.reference is not None:
        reason = f"{measure} describes one group; set two against each other with a ratio or a difference"
        return build_refusal(subject, measure, reason)
    foreign = [arm for arm in subject.arms if arm.role != "own"]
    if contrast and foreign:
        named = listed(f"{arm.label} ({arm.role})" for arm in foreign)
        reason = (
            f"{named} is not a group of this study: patients from elsewhere, chosen and followed in another "
            "way, are no comparator"
        )
        return build_refusal(subject, "external_comparator", reason)
    for part, whole in permutations(subject.arms, 2) if contrast else ():
        if whole.group in part.members_of:
            reason = (
                f"{part.label} is part of {whole.label}, so that its patients would stand on both sides of "
                "the comparison"
            )
            return build_refusal(subject, "part_and_whole", reason)
    return None


def _nothing_reported(subject: Subject) -> str:
    return f"nothing is reported from which {with_article(subject.measure.words)} could be worked out"
