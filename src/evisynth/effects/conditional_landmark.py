"""The log hazard ratio between two landmarks, among those alive at the first: another question, shown beside.

Early and late contrasts that differ say that hazards are not proportional. Neither is averaged with the
other, and this one never stands for its comparison.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

from evisynth.arithmetic.risk_contrasts import Rate, log_cumulative_hazard_ratio
from evisynth.arithmetic.rounding import rounding_interval
from evisynth.arithmetic.survival_curve import conditional_survival
from evisynth.arithmetic.survival_transforms import binomial_variance, peto_variance
from evisynth.arithmetic.time_words import time_words
from evisynth.effects.build import Estimate, Stage, build_point, build_refusal
from evisynth.effects.effect import Effect
from evisynth.effects.grounds import Grounds, assuming
from evisynth.effects.landmark import log_minus_log_or_infinite
from evisynth.effects.landmark_pairs import LandmarkPair, cautious_pairs
from evisynth.effects.landmark_rate import LandmarkRate
from evisynth.effects.rate_working import (
    ConditionalVariance,
    conditional_log_hazard_ratio,
    variance_by_patients,
)
from evisynth.effects.subject import Subject

RECOVERY = "conditional_landmark"

_Rates = tuple[LandmarkRate, LandmarkRate]


def recover_conditional_landmarks(subject: Subject) -> list[Effect]:
    """Return the contrast from each common time to the next, for those alive at the first."""
    return [_recover(subject, earlier, later) for earlier, later in pairwise(cautious_pairs(subject))]


def _recover(subject: Subject, earlier: LandmarkPair, later: LandmarkPair) -> Effect:
    span = f"from {time_words(earlier.time_months)} to {time_words(later.time_months)}"
    stage = Stage(later.time_months)
    first, last = earlier.rates, later.rates
    if first is None or last is None:
        failures = (*earlier.failures, *later.failures)
        grounds = sum((failure.grounds for failure in failures), Grounds())
        reason = f"no contrast {span}: " + "; ".join(failure.reason for failure in failures)
        return build_refusal(subject, RECOVERY, reason, Grounds(grounds.inputs, (), grounds.flags), stage)
    grounds = sum((rate.grounds for rate in (*first, *last)), Grounds())
    first = _comparable(first[0], last[0]), _comparable(first[1], last[1])
    rests_on = _rests_on(first[0], last[0]), _rests_on(first[1], last[1])
    index = _conditional(first[0], last[0], rests_on[0])
    reference = _conditional(first[1], last[1], rests_on[1])
    if index is None or reference is None:
        reason = f"no contrast {span}: survival of an arm does not fall between the two times"
        return build_refusal(subject, RECOVERY, reason, grounds, stage)
    value, standard_error = log_cumulative_hazard_ratio(index, reference)
    grounds += Grounds(flags=("other_estimand",)) + assuming(
        f"this is the log hazard ratio {span} of those alive at {time_words(earlier.time_months)}, who were "
        "not assigned to their group then",
    )
    working = conditional_log_hazard_ratio(
        (first[0].working, first[1].working),
        (last[0].working, last[1].working),
        (earlier.time_months, later.time_months),
        rests_on,
    )
    estimate = Estimate(value, standard_error, _rounding(first, last), working)
    stage = Stage(later.time_months, last[0].size, last[1].size)
    return build_point(subject, RECOVERY, "D", estimate, grounds, stage)


def _comparable(earlier: LandmarkRate, later: LandmarkRate) -> LandmarkRate:
    """Return the earlier rate with its least variance, beside a later one that has its own interval.

    What the later variance adds to a limit of the earlier one would be too little.
    """
    if later.basis != "interval" or earlier.at_risk is None or earlier.size is None:
        return earlier
    survival, size = earlier.survival.value, earlier.size
    variance, working = binomial_variance(survival, size), variance_by_patients(survival, size)
    return replace(earlier, variance=variance, working=working, basis="patients", at_risk=None)


def _rests_on(earlier: LandmarkRate, later: LandmarkRate) -> ConditionalVariance:
    if later.at_risk is not None:
        return "at risk later"
    return "at risk first" if earlier.at_risk is not None and later.basis != "interval" else "increments"


def _conditional(earlier: LandmarkRate, later: LandmarkRate, rests_on: ConditionalVariance) -> Rate | None:
    """Return c = S(t)/S(s) with its variance, None when the curve does not fall.

    The variance is that of independent increments. With r at risk at t it is at most c²(1 - c)/r, as Peto's
    is from the beginning; where only those at risk at s are known, they are taken as followed to t.
    """
    if not later.survival.value < earlier.survival.value:
        return None
    share = conditional_survival(earlier.survival.value, later.survival.value)
    if rests_on == "at risk later":
        return Rate(share, peto_variance(share, later.at_risk or 0))
    if rests_on == "at risk first":
        return Rate(share, binomial_variance(share, earlier.at_risk or 0))
    added = later.variance / later.survival.value**2 - earlier.variance / earlier.survival.value**2
    return Rate(share, share**2 * added) if added > 0 else None


def _rounding(first: _Rates, last: _Rates) -> tuple[float, float]:
    def contrast(later1: float, earlier1: float, later0: float, earlier0: float) -> float:
        one = log_minus_log_or_infinite(min(1.0, later1 / earlier1))
        two = log_minus_log_or_infinite(min(1.0, later0 / earlier0))
        # Both curves flat at a corner of rounding: nothing is known there.
        return one - two if math.isfinite(one) or math.isfinite(two) else 0.0

    numbers = [last[0].survival, first[0].survival, last[1].survival, first[1].survival]
    return rounding_interval(contrast, numbers)
