"""Survival of one arm at one time, on the log(-log) scale.

A rate with its interval is grade B, with the number of patients, or of those at risk, grade C. 0 % and 100 %
give an exact interval instead of a point: their standard error would be zero and their weight infinite.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from evisynth.arithmetic.exact_binomial import clopper_pearson
from evisynth.arithmetic.integer_recovery import recover_counts
from evisynth.arithmetic.rounding import Printed, rounding_interval
from evisynth.arithmetic.survival_transforms import log_minus_log, standard_error_log_minus_log
from evisynth.arithmetic.time_words import time_words
from evisynth.effects.build import (
    Estimate,
    Limits,
    PrintedLimits,
    Stage,
    build_bound,
    build_point,
    build_refusal,
)
from evisynth.effects.effect import Effect
from evisynth.effects.follow_up import sensitivity
from evisynth.effects.grounds import assuming
from evisynth.effects.landmark_rate import Basis, LandmarkRate, NoRate
from evisynth.effects.landmark_reading import read_landmark
from evisynth.effects.printed_bounds import share_limits
from evisynth.effects.rate_working import single_rate
from evisynth.effects.readings import Reading, at_time, readings
from evisynth.effects.share_working import exact_interval, limits_as_printed
from evisynth.effects.subject import Subject

SURVIVAL_STATISTICS = ("survival", "cumulative_incidence")
_RECOVERIES: Mapping[Basis, str] = {
    "interval": "survival_with_interval",
    "at risk": "survival_with_number_at_risk",
    "patients": "survival_with_patients",
}


def recover_survival(subject: Subject) -> list[Effect]:
    """Return survival at the time asked for, or at every time printed when none is asked for."""
    arm = subject.comparison.index
    found = readings(arm, *SURVIVAL_STATISTICS)
    wanted = subject.wanted_time
    if wanted is not None:
        found = at_time(found, wanted)
    if not found:
        when = "" if wanted is None else f" at {time_words(wanted)}"
        reason = f"no survival rate{when} is reported"
        return [build_refusal(subject, "survival", reason, stage=Stage(wanted))]
    return [_recover(subject, reading) for reading in found]


def log_minus_log_or_infinite(survival: float) -> float:
    """Return log(-log S), with its limits at 0 and 1, for the ends of rounding intervals and bounds."""
    if survival <= 0:
        return math.inf
    if survival >= 1:
        return -math.inf
    return log_minus_log(survival)


def _recover(subject: Subject, reading: Reading) -> Effect:
    found = read_landmark(subject.comparison, subject.comparison.index, reading)
    if isinstance(found, NoRate):
        return _bound_or_refusal(subject, reading, found)
    standard_error = standard_error_log_minus_log(found.survival.value, found.variance)
    estimate = Estimate(
        log_minus_log(found.survival.value),
        standard_error,
        rounding_interval(log_minus_log_or_infinite, [found.survival]),
        single_rate(found.working),
        printed=_limits_as_printed(found),
    )
    grounds = found.grounds
    if found.assumes_full_follow_up:
        grounds += sensitivity(standard_error)
    stage = Stage(found.time_months, found.size)
    return build_point(subject, _RECOVERIES[found.basis], found.grade, estimate, grounds, stage)


def _limits_as_printed(found: LandmarkRate) -> PrintedLimits | None:
    """Return the printed limits on the log(-log) scale, which falls as survival rises; None without them."""
    if found.printed is None:
        return None
    lower, upper = (
        log_minus_log_or_infinite(limit.value) for limit in (found.printed.upper, found.printed.lower)
    )
    return PrintedLimits(lower, upper, found.printed.level)


def _bound_or_refusal(subject: Subject, reading: Reading, found: NoRate) -> Effect:
    figure, stage = reading.figure, Stage(reading.figure.time_months)
    if found.survival is None:
        return build_refusal(subject, "survival", found.reason, found.grounds, stage)
    if found.extreme and found.patients is not None:
        return _exact_interval(subject, found.survival, found, stage)
    printed = share_limits(found.survival, figure.qualifier, turned=figure.statistic != "survival")
    if printed is None:
        return build_refusal(subject, "survival", found.reason, found.grounds, stage)
    # The scale falls as survival rises: the limits change places.
    limits = Limits(
        log_minus_log_or_infinite(printed[1]),
        log_minus_log_or_infinite(printed[0]),
        limits_as_printed("log(-log)", printed),
    )
    return build_bound(subject, "survival_bound", limits, found.grounds, stage, found.reason)


def _exact_interval(subject: Subject, survival: Printed, found: NoRate, stage: Stage) -> Effect:
    """Return the exact interval of 0 or n survivors of n, at the weakest count that the print allows."""
    if found.patients is None:
        return build_refusal(subject, "survival", found.reason, found.grounds, stage)
    size, level = found.patients.smallest, subject.question.level
    counts = recover_counts(survival.value, survival.half_unit or 0.0, size).rounded
    lower, upper = clopper_pearson(counts[0], size, level)[0], clopper_pearson(counts[-1], size, level)[1]
    grounds = found.grounds + found.patients.grounds
    grounds += assuming(
        f"all {size} patients were followed to {time_words(stage.time_months or 0.0)}",
        f"the limits are exact (Clopper and Pearson, {level:.0%}, two-sided)",
    )
    working = exact_interval("log(-log)", (counts[0], size), (counts[-1], size), level)
    limits = Limits(log_minus_log_or_infinite(upper), log_minus_log_or_infinite(lower), working, exact=True)
    stage = Stage(stage.time_months, size)
    return build_bound(subject, "survival_exact_interval", limits, grounds, stage, found.reason)
