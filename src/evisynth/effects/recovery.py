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

Under proportional hazards every recovery estimates the same log hazard ratio. How far a recovery then strays
from a Cox model of the individual patients was simulated (constant hazards, 30% and 60% censored, the larger
of the two taken here, since censoring is not known); a pair that lies further apart than twice that is
flagged: hazards are probably not proportional.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product

from evisynth.effects.build_effect import build_refusal
from evisynth.effects.effect import Effect, Subject, grade_rank, lowered
from evisynth.effects.landmark_contrasts import recover_conditional_landmarks, recover_landmark_contrasts
from evisynth.effects.landmarks import recover_survival
from evisynth.effects.log_rank_p_values import recover_log_rank
from evisynth.effects.medians import recover_median, recover_median_contrast
from evisynth.effects.printed_ratios import recover_reported_ratio
from evisynth.effects.proportions import recover_proportion
from evisynth.effects.readings import REPORTED_DIFFERENTLY
from evisynth.effects.risk_contrasts import recover_risk_contrasts
from evisynth.outcomes import Comparison, Question, is_same_time
from evisynth.wording import listed, term_words, time_words, with_article

FLAG = "non_PH_suspected"

#: Patients an arm -> SD of (recovery - Cox estimate) on the log scale.
_LANDMARK_SPREAD: Mapping[float, float] = {20: 0.37, 50: 0.22, 100: 0.15, 200: 0.11}
_MEDIAN_SPREAD: Mapping[float, float] = {50: 0.22, 100: 0.16, 200: 0.12}
#: A printed hazard ratio or a log-rank p-value with events strays by rounding only.
_OTHER_SPREAD = 0.033
_MULTIPLE = 2.0

_SPREADS: Mapping[str, Mapping[float, float]] = {
    "landmark_contrast": _LANDMARK_SPREAD,
    "median_contrast": _MEDIAN_SPREAD,
}
#: How the recoveries of a ratio that the source prints itself begin.
_PRINTED_RATIO = "hazard_ratio_with_"
#: Recoveries of another estimand (survivors only, adjusted ratios) may differ without any such reason.
_OTHER_ESTIMAND = frozenset({"other_estimand", "adjusted"})


def flag_non_proportionality(effects: Sequence[Effect]) -> list[Effect]:
    """Flag every recovery of a comparison, and lower its points by one grade, when two of them disagree."""
    because = _disagreement(effects)
    if because is None:
        return list(effects)
    return [_flagged(effect, because) for effect in effects]


def spread_from_cox(recovery: str, patients_per_arm: float) -> float:
    """Return the SD of a recovery about the Cox estimate, interpolated in the number of patients an arm.

    Linear between logarithms; beyond the simulated sizes it goes with one over the root of the patients.
    """
    table = _SPREADS.get(recovery)
    if table is None:
        return _OTHER_SPREAD
    sizes = sorted(table)
    if patients_per_arm <= sizes[0]:
        return table[sizes[0]] * math.sqrt(sizes[0] / patients_per_arm)
    if patients_per_arm >= sizes[-1]:
        return table[sizes[-1]] * math.sqrt(sizes[-1] / patients_per_arm)
    below = max(size for size in sizes if size <= patients_per_arm)
    above = min(size for size in sizes if size > patients_per_arm)
    share = math.log(patients_per_arm / below) / math.log(above / below)
    return math.exp((1 - share) * math.log(table[below]) + share * math.log(table[above]))


def _disagreement(effects: Sequence[Effect]) -> str | None:
    worst: tuple[float, str] | None = None
    for one, other in combinations(_alternatives(effects), 2):
        # Where the source gives several values for one figure, the nearest two have to disagree.
        nearest = min((_excess(mine, theirs) for mine, theirs in product(one, other)), key=_first)
        if nearest[0] > 1 and (worst is None or nearest[0] > worst[0]):
            worst = nearest
    return None if worst is None else worst[1]


def _first(excess: tuple[float, str]) -> float:
    return excess[0]


def _alternatives(effects: Sequence[Effect]) -> list[list[Effect]]:
    """Put recoveries together that differ only because the source prints one figure in several ways."""
    together: dict[tuple[object, ...], list[Effect]] = {}
    for place, effect in enumerate(effects):
        if effect.kind != "point" or _OTHER_ESTIMAND.intersection(effect.flags):
            continue
        printed = "printed ratio" if effect.recovery.startswith(_PRINTED_RATIO) else effect.recovery
        alone = () if REPORTED_DIFFERENTLY in effect.flags else (place,)
        together.setdefault((printed, effect.time_months, *alone), []).append(effect)
    return list(together.values())


def _excess(one: Effect, other: Effect) -> tuple[float, str]:
    """Return how far apart two recoveries are, as a multiple of what chance allows, with the words for it."""
    first, second = one.estimate or 0.0, other.estimate or 0.0
    allowed = max(_allowed(one), _allowed(other))
    why = (
        f"{_name(one)} gives {first:.3f} and {_name(other)} {second:.3f} on the log scale, further apart "
        f"than {allowed:.2f}: hazards are probably not proportional"
    )
    return abs(first - second) / allowed, why


def _allowed(effect: Effect) -> float:
    """Return how far a recovery may stray by chance; simulated spreads hold the rounding of print already."""
    spread = _MULTIPLE * spread_from_cox(effect.recovery, _patients_per_arm(effect))
    if effect.recovery in _SPREADS or effect.rounding_lower is None or effect.rounding_upper is None:
        return spread
    return spread + (effect.rounding_upper - effect.rounding_lower) / 2


def _patients_per_arm(effect: Effect) -> float:
    """Return the harmonic mean of the arms' sizes, which a contrast's precision goes by; 20 when unknown."""
    if not effect.index_size or not effect.reference_size:
        return min(_LANDMARK_SPREAD)
    return 2 / (1 / effect.index_size + 1 / effect.reference_size)


def _name(effect: Effect) -> str:
    when = f" at {time_words(effect.time_months)}" if effect.time_months is not None else ""
    return term_words(effect.recovery) + when


def _flagged(effect: Effect, because: str) -> Effect:
    if effect.kind != "point":
        return effect if effect.kind == "refused" else replace(effect, flags=(*effect.flags, FLAG))
    return replace(
        effect,
        flags=(*effect.flags, FLAG),
        downgrades=(*effect.downgrades, because),
        grade=lowered(effect.grade, 1),
    )


#: Parts of recovery ids, the most direct first; a recovery takes the place of the first that it contains.
_DIRECTNESS: tuple[str, ...] = ("with_interval", "with_p_value", "log_rank", "counts", "landmark", "median")


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
    return None


def _nothing_reported(subject: Subject) -> str:
    return f"nothing is reported from which {with_article(subject.measure.words)} could be worked out"
