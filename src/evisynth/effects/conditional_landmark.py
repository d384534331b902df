"""The log hazard ratio between two landmarks, among those alive at the first: another question, shown beside.

Early and late contrasts that differ say that hazards are not proportional. Neither is averaged with the
other, and this one never stands for its comparison.
"""

from __future__ import annotations

import math
from itertools import pairwise

from evisynth.arithmetic.risk_contrasts import Rate, log_cumulative_hazard_ratio
from evisynth.arithmetic.rounding import rounding_interval
from evisynth.arithmetic.survival_curve import conditional_survival
from evisynth.effects.build import Estimate, Stage, build_point, build_refusal
from evisynth.effects.effect import Effect
from evisynth.effects.grounds import Grounds, assuming
from evisynth.effects.landmark import log_minus_log_or_infinite
from evisynth.effects.landmark_pairs import LandmarkPair, cautious_pairs
from evisynth.effects.landmark_rate import LandmarkRate
from evisynth.effects.rate_working import conditional_log_hazard_ratio
from evisynth.effects.subject import Subject

RECOVERY = "conditional_landmark"

_Rates = tuple[LandmarkRate, LandmarkRate]


def recover_conditional_landmarks(subject: Subject) -> list[Effect]:
    """Return the contrast from each common time to the next, for those alive at the first."""
    return [_recover(subject, earlier, later) for earlier, later in pairwise(cautious_pairs(subject))]


def _recover(subject: Subject, earlier: LandmarkPair, later: LandmarkPair) -> Effect:
    span = f"from {earlier.time_months:g} to {later.time_months:g} months"
    stage = Stage(later.time_months)
    first, last = earlier.rates, later.rates
    if first is None or last is None:
        failures = (*earlier.failures, *later.failures)
        grounds = sum((failure.grounds for failure in failures), Grounds())
        reason = f"no contrast {span}: " + "; ".join(failure.reason for failure in failures)
        return build_refusal(subject, RECOVERY, reason, Grounds(grounds.inputs, (), grounds.flags), stage)
    grounds = sum((rate.grounds for rate in (*first, *last)), Grounds())
    index, reference = _conditional(first[0], last[0]), _conditional(first[1], last[1])
    if index is None or reference is None:
        reason = f"no contrast {span}: survival of an arm does not fall between the two times"
        return build_refusal(subject, RECOVERY, reason, grounds, stage)
    value, standard_error = log_cumulative_hazard_ratio(index, reference)
    grounds += Grounds(flags=("other_estimand",)) + assuming(
        f"this is the log hazard ratio {span} of those alive at {earlier.time_months:g} months, who were not "
        "assigned to their group then",
    )
    working = conditional_log_hazard_ratio(
        (first[0].working, first[1].working),
        (last[0].working, last[1].working),
        (earlier.time_months, later.time_months),
    )
    estimate = Estimate(value, standard_error, _rounding(first, last), working)
    stage = Stage(later.time_months, last[0].size, last[1].size)
    return build_point(subject, RECOVERY, "D", estimate, grounds, stage)


def _conditional(earlier: LandmarkRate, later: LandmarkRate) -> Rate | None:
    """Return S(t)/S(s) with its variance by independent increments, None when the curve does not fall."""
    if not later.survival.value < earlier.survival.value:
        return None
    share = conditional_survival(earlier.survival.value, later.survival.value)
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
