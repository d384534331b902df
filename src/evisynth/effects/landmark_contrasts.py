"""Two survival rates in contrast at each common time, and from one common time to the next.

log(-log S1) - log(-log S0) is the log hazard ratio only when hazards are proportional up to that time; else
it is the log ratio of the two cumulative hazards. It is grade C, B when both rates come with their interval.
Equal rounded rates give an interval around zero, not zero.

The contrast among those alive at the first of two times is another question: early and late contrasts that
differ say that hazards are not proportional. It is never averaged with the other, nor stands for its
comparison.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise, product

from evisynth.arithmetic import (
    log_minus_log_or_infinite,
    rounding_interval,
)
from evisynth.effects.build_effect import Estimate, Stage, build_point, build_refusal
from evisynth.effects.effect import Effect, Grounds, Subject, assuming, grade_rank
from evisynth.effects.landmarks import read_landmark
from evisynth.effects.patient_numbers import sensitivity
from evisynth.effects.rate_working import (
    ConditionalVariance,
    conditional_log_hazard_ratio,
    log_hazard_ratio_of_rates,
    reference_variance,
    variance_by_patients,
)
from evisynth.effects.readings import Reading, at_time, different_clocks, readings_for, rivals
from evisynth.effects.survival_rates import LandmarkRate, NoRate
from evisynth.effects.working import Working
from evisynth.outcomes import Arm, Comparison
from evisynth.wording import time_words


@dataclass(frozen=True, slots=True)
class LandmarkPair:
    """What both arms report at one time."""

    time_months: float
    index: LandmarkRate | NoRate
    reference: LandmarkRate | NoRate

    @property
    def rates(self) -> tuple[LandmarkRate, LandmarkRate] | None:
        """Both rates, None when one of them gives no point."""
        if isinstance(self.index, LandmarkRate) and isinstance(self.reference, LandmarkRate):
            return self.index, self.reference
        return None

    @property
    def failures(self) -> tuple[NoRate, ...]:
        """The arms whose rate gives no point."""
        return tuple(found for found in (self.index, self.reference) if isinstance(found, NoRate))


def landmark_pairs(subject: Subject) -> list[LandmarkPair]:
    """Return the pairs of rates at every common time, earliest first.

    Where the source prints several rates for one arm and time, each of them makes a pair of its own.
    """
    comparison = subject.comparison
    if comparison.reference is None:
        return []
    index = readings_for(comparison.index, "survival_rate")
    reference = readings_for(comparison.reference, "survival_rate")
    pairs = []
    for time in _times(index):
        mine, other = at_time(index, time), at_time(reference, time)
        if not mine or not other:
            continue
        pairs += [
            _pair(comparison, comparison.reference, time, (one, two))
            for one, two in product(rivals(mine), rivals(other))
        ]
    return pairs


def _pair(
    comparison: Comparison, reference: Arm, time: float, found: tuple[Reading, Reading]
) -> LandmarkPair:
    mine, other = found
    one, two = read_landmark(comparison, comparison.index, mine), read_landmark(comparison, reference, other)
    if different_clocks(mine, other):
        clocks = f"{mine.figure.starts} and from {other.figure.starts}"
        two = NoRate(f"the rates at {time_words(time)} are counted from {clocks}", other.grounds)
    return LandmarkPair(time, one, two)


def cautious_pairs(subject: Subject) -> list[LandmarkPair]:
    """Return one pair for each common time: of several, the one whose rates lie closest together."""
    chosen: dict[float, LandmarkPair] = {}
    for pair in landmark_pairs(subject):
        if pair.time_months not in chosen or _apart(pair) < _apart(chosen[pair.time_months]):
            chosen[pair.time_months] = pair
    return list(chosen.values())


def _apart(pair: LandmarkPair) -> tuple[float, float]:
    """Return how far apart the rates are, and the lower one, so that the order of print decides nothing."""
    if pair.rates is None:
        return math.inf, math.inf
    index, reference = (rate.survival.value for rate in pair.rates)
    return abs(index - reference), min(index, reference)


def _times(found: tuple[Reading, ...]) -> list[float]:
    """Return the distinct times of the readings; at the same time the first print stands."""
    times: list[float] = []
    for reading in found:
        time = reading.figure.time_months
        if time is not None and not any(at_time([reading], known) for known in times):
            times.append(time)
    return sorted(times)


_CONTRAST = "landmark_contrast"


def recover_landmark_contrasts(subject: Subject) -> list[Effect]:
    """Return the contrast at every time that both arms report; a refusal when they share none."""
    pairs = landmark_pairs(subject)
    if pairs:
        return [_recover(subject, pair) for pair in pairs]
    reported = [arm for arm in subject.arms if readings_for(arm, "survival_rate")]
    if not reported:
        return []
    reason = "the two groups report no survival rate at a common time"
    grounds = sum(
        (reading.grounds for reading in readings_for(reported[0], "survival_rate")),
        Grounds(),
    )
    return [build_refusal(subject, _CONTRAST, reason, Grounds(grounds.inputs))]


def _recover(subject: Subject, pair: LandmarkPair) -> Effect:
    rates = pair.rates
    if rates is None:
        return refuse_pair(subject, _CONTRAST, pair)
    index, reference = rates
    working = log_hazard_ratio_of_rates(index.working, reference.working)
    rounding = working.rounding({"S1": index.survival, "S0": reference.survival})
    control = reference_variance("log(-log)", working, "S0")
    estimate = Estimate(working, rounding, control, own_precision=own_precision(*rates))
    grounds = pair_grounds(index, reference) + assuming(
        f"hazards are proportional up to {time_words(pair.time_months)}"
    )
    grounds += follow_up_sensitivity(rates, estimate.standard_error)
    grade = max(index.grade, reference.grade, key=grade_rank)
    return build_point(subject, _CONTRAST, grade, estimate, grounds, pair_stage(pair, rates))


def refuse_pair(subject: Subject, recovery: str, pair: LandmarkPair) -> Effect:
    """Return the refusal of a contrast, with the reason of each arm that gives no rate."""
    reason = "; ".join(failure.reason for failure in pair.failures)
    grounds = sum((_grounds(found) for found in (pair.index, pair.reference)), Grounds())
    return build_refusal(
        subject, recovery, reason, Grounds(grounds.inputs, (), grounds.flags), Stage(pair.time_months)
    )


def _grounds(found: LandmarkRate | NoRate) -> Grounds:
    return found.grounds


def pair_grounds(index: LandmarkRate, reference: LandmarkRate) -> Grounds:
    """Return the grounds of both rates together."""
    return index.grounds + reference.grounds


def own_precision(*rates: LandmarkRate) -> bool:
    """Whether the source prints the interval or the standard error of every rate."""
    return all(rate.basis == "interval" for rate in rates)


def pair_stage(pair: LandmarkPair, rates: tuple[LandmarkRate, LandmarkRate]) -> Stage:
    """Return the time and the patients of a contrast."""
    return Stage(pair.time_months, rates[0].size, rates[1].size)


def follow_up_sensitivity(rates: tuple[LandmarkRate, LandmarkRate], standard_error: float) -> Grounds:
    """Say what incomplete follow-up would do to the standard error, where it rests on patient numbers."""
    if all(rate.assumes_full_follow_up for rate in rates):
        return sensitivity(standard_error)
    return Grounds()


_CONDITIONAL = "conditional_landmark"

_Rates = tuple[LandmarkRate, LandmarkRate]
_RestsOn = tuple[ConditionalVariance, ConditionalVariance]


def recover_conditional_landmarks(subject: Subject) -> list[Effect]:
    """Return the contrast from each common time to the next, for those alive at the first."""
    return [
        _recover_conditional(subject, earlier, later) for earlier, later in pairwise(cautious_pairs(subject))
    ]


def _recover_conditional(subject: Subject, earlier: LandmarkPair, later: LandmarkPair) -> Effect:
    span = f"from {time_words(earlier.time_months)} to {time_words(later.time_months)}"
    stage = Stage(later.time_months)
    first, last = earlier.rates, later.rates
    if first is None or last is None:
        failures = (*earlier.failures, *later.failures)
        grounds = sum((failure.grounds for failure in failures), Grounds())
        reason = f"no contrast {span}: " + "; ".join(failure.reason for failure in failures)
        return build_refusal(subject, _CONDITIONAL, reason, Grounds(grounds.inputs, (), grounds.flags), stage)
    grounds = sum((rate.grounds for rate in (*first, *last)), Grounds())
    first = _comparable(first[0], last[0]), _comparable(first[1], last[1])
    rests_on = _rests_on(first[0], last[0]), _rests_on(first[1], last[1])
    working = _conditional(first, last, (earlier.time_months, later.time_months), rests_on)
    if working is None:
        reason = f"no contrast {span}: survival of an arm does not fall between the two times"
        return build_refusal(subject, _CONDITIONAL, reason, grounds, stage)
    grounds += Grounds(flags=("other_estimand",)) + assuming(
        f"this is the log hazard ratio {span} of those alive at {time_words(earlier.time_months)}, who were "
        "not assigned to their group then",
    )
    printed = own_precision(*first, *last)
    estimate = Estimate(working, _rounding(first, last), own_precision=printed)
    stage = Stage(later.time_months, last[0].size, last[1].size)
    return build_point(subject, _CONDITIONAL, "D", estimate, grounds, stage)


def _comparable(earlier: LandmarkRate, later: LandmarkRate) -> LandmarkRate:
    """Return the earlier rate with its least variance, beside a later one that has its own interval.

    What the later variance adds to a limit of the earlier one would be too little.
    """
    if later.basis != "interval" or earlier.at_risk is None or earlier.size is None:
        return earlier
    survival, size = earlier.survival.value, earlier.size
    return replace(earlier, working=variance_by_patients(survival, size), basis="patients", at_risk=None)


def _rests_on(earlier: LandmarkRate, later: LandmarkRate) -> ConditionalVariance:
    if later.at_risk is not None:
        return "at risk later"
    return "at risk first" if earlier.at_risk is not None and later.basis != "interval" else "increments"


def _conditional(
    first: _Rates, last: _Rates, times: tuple[float, float], rests_on: _RestsOn
) -> Working | None:
    """Return the contrast of the shares c = S(t)/S(s), None when a curve does not fall.

    The variance of c is that of independent increments. With r at risk at t it is at most c²(1 - c)/r, as
    Peto's is from the beginning; where only those at risk at s are known, they are taken as followed to t.
    """
    pairs = tuple(zip(first, last, strict=True))
    if not all(late.survival.value < early.survival.value for early, late in pairs):
        return None
    working = conditional_log_hazard_ratio(
        (first[0].working, first[1].working), (last[0].working, last[1].working), times, rests_on
    )
    return working if working.value("V1") > 0 and working.value("V0") > 0 else None


def _rounding(first: _Rates, last: _Rates) -> tuple[float, float]:
    def contrast(later1: float, earlier1: float, later0: float, earlier0: float) -> float:
        one = log_minus_log_or_infinite(min(1.0, later1 / earlier1))
        two = log_minus_log_or_infinite(min(1.0, later0 / earlier0))
        # Both curves flat at a corner of rounding: nothing is known there.
        return one - two if math.isfinite(one) or math.isfinite(two) else 0.0

    numbers = [last[0].survival, first[0].survival, last[1].survival, first[1].survival]
    return rounding_interval(contrast, numbers)
