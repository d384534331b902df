"""Medians recovered: of one arm on the log scale, and two as a log hazard ratio.

One median with its interval is grade B, with its deaths or the number of patients grade D. A median that was
not reached is a bound: it lies beyond the longest time at which more than half were known to be alive, and is
never coded as that time.

The ratio of two (grade D; C when both come with their interval) is exact for exponential survival only: under
a Weibull shape k the log ratio of medians is the log hazard ratio divided by k. A p-value never gives its
standard error.
"""

from __future__ import annotations

import math
from itertools import product

from evisynth.arithmetic import log_or_infinite, rounding_interval
from evisynth.effects.build_effect import (
    Estimate,
    Limits,
    PrintedLimits,
    Stage,
    build_bound,
    build_point,
    build_refusal,
)
from evisynth.effects.counts import time_limits
from evisynth.effects.effect import Effect, Grounds, Subject, assuming, figure_input
from evisynth.effects.median_readings import (
    MedianReading,
    NoMedian,
    log_hazard_ratio_of_medians,
    median_sensitivity,
    read_median,
    single_median,
)
from evisynth.effects.patient_numbers import arm_events, median_beyond_follow_up, read_events
from evisynth.effects.proportions import limits_as_printed
from evisynth.effects.readings import (
    REPORTED_DIFFERENTLY,
    Reading,
    different_clocks,
    of_group,
    printed_as_point,
    readings,
    rivals,
)
from evisynth.effects.working import Working
from evisynth.outcomes import Grade
from evisynth.wording import time_words

#: The recovery of a median that was not reached; a figure says so in words.
NOT_REACHED = "median_not_reached"
_RECOVERIES = {
    "interval": "median_with_interval",
    "lower limit": "median_with_lower_limit",
    "spread": "median_with_spread",
    "events": "median_with_events",
    "patients": "median_with_patients",
}


def recover_median(subject: Subject) -> list[Effect]:
    """Return the median of the arm, from each distinct print of it."""
    arm = subject.comparison.index
    found = readings(arm, "median")
    if not found:
        return [build_refusal(subject, "median", "no median is reported")]
    return [_recover(subject, reading) for reading in found]


def _recover(subject: Subject, reading: Reading) -> Effect:
    found = read_median(subject.comparison, subject.comparison.index, reading)
    if isinstance(found, NoMedian):
        return _bound_or_refusal(subject, reading, found)
    grounds = found.grounds
    if found.basis == "patients":
        grounds += median_sensitivity(found.standard_error)
    if subject.comparison.outcome_type == "time_to_event":
        grounds += median_beyond_follow_up(subject.comparison, found.median.value)
    working = single_median(found.working)
    rounding = working.rounding({"m": found.median})
    estimate = Estimate(working, rounding, printed=_limits_as_printed(found))
    events = arm_events(found.arm)
    stage = Stage(index_size=found.size, events=events[0] if events is not None else None)
    return build_point(subject, _RECOVERIES[found.basis], found.grade, estimate, grounds, stage)


def _limits_as_printed(found: MedianReading) -> PrintedLimits | None:
    """Return the printed limits on the log scale, None without them."""
    printed = found.printed
    if printed is None:
        return None
    return PrintedLimits(math.log(printed.lower.value), math.log(printed.upper.value), printed.level)


def _bound_or_refusal(subject: Subject, reading: Reading, found: NoMedian) -> Effect:
    figure = reading.figure
    if found.not_reached:
        return _not_reached(subject, found)
    printed = time_limits(figure.value, figure.qualifier) if figure.value is not None else None
    if printed is None:
        return build_refusal(subject, "median", found.reason, found.grounds)
    limits = Limits(limits_as_printed("log", printed))
    return build_bound(subject, "median_bound", limits, found.grounds, Stage(), found.reason)


def _not_reached(subject: Subject, found: NoMedian) -> Effect:
    longest, grounds = _longest_informative_time(subject)
    limits = Limits(limits_as_printed("log", (longest, math.inf)))
    return build_bound(subject, NOT_REACHED, limits, found.grounds + grounds, Stage(), found.reason)


def _longest_informative_time(subject: Subject) -> tuple[float, Grounds]:
    """Return the latest time at which more than half are known to be alive, 0 when the source gives none."""
    comparison = subject.comparison
    times: list[tuple[float, Grounds]] = []
    for reading in readings(comparison.index, "survival"):
        figure = reading.figure
        if not printed_as_point(figure) or figure.value is None or figure.time_months is None:
            continue
        printed = [other.value for other in (figure, *reading.others) if other.value is not None]
        # Of several figures for one time the lowest has to say so.
        if min(printed) - (figure.half_unit or 0.0) > 0.5:
            told = f"more than half were alive at {time_words(figure.time_months)}"
            flags = (REPORTED_DIFFERENTLY,) if reading.contradicted else ()
            times.append((figure.time_months, Grounds((figure_input(figure),), (told,), flags)))
    if comparison.minimum_follow_up_months is not None:
        told = f"everyone was followed for at least {comparison.minimum_follow_up_months:g} months"
        times.append((comparison.minimum_follow_up_months, assuming(told)))
    follow_up = comparison.follow_up_median_months
    if follow_up is not None:
        told = f"the curve stayed above one half at least to the median follow-up of {follow_up:g} months"
        times.append((follow_up, assuming(told)))
    unknown = assuming("follow-up is not reported, so nothing limits the median from below")
    return max(times, key=lambda time: time[0], default=(0.0, unknown))


RECOVERY = "median_contrast"


#: What a median that is of no time to an event is of.
_KINDS: dict[str, str] = {
    "duration": "a time that everybody reaches",
    "measurement": "measurements",
    "share": "a share",
}


def recover_median_contrast(subject: Subject) -> list[Effect]:
    """Return the contrast of every two medians, nothing when neither arm prints one."""
    comparison = subject.comparison
    if comparison.reference is None:
        return []
    index, reference = readings(comparison.index, "median"), readings(comparison.reference, "median")
    if not index and not reference:
        return []
    if comparison.outcome_type != "time_to_event":
        kind = _KINDS[comparison.outcome_type]
        reason = f"medians of {kind} say nothing of a hazard: no curve stands behind them"
        return [build_refusal(subject, RECOVERY, reason, (index or reference)[0].grounds)]
    if index and reference:
        return [
            _recover_contrast(subject, one, two) for one, two in product(rivals(index), rivals(reference))
        ]
    silent, other = (comparison.reference, index) if index else (comparison.index, reference)
    reason = f"no median{of_group(comparison, silent)} is reported"
    return [build_refusal(subject, RECOVERY, reason, other[0].grounds)]


def _recover_contrast(subject: Subject, index: Reading, reference: Reading) -> Effect:
    comparison = subject.comparison
    assert comparison.reference is not None  # established by the caller; keeps the type checker's word
    one, two = (
        read_median(comparison, arm, reading)
        for arm, reading in ((comparison.index, index), (comparison.reference, reference))
    )
    if different_clocks(index, reference):
        reason = f"the medians are counted from {index.figure.starts} and from {reference.figure.starts}"
        return build_refusal(subject, RECOVERY, reason, index.grounds + reference.grounds)
    if isinstance(one, NoMedian) or isinstance(two, NoMedian):
        failures = [found for found in (one, two) if isinstance(found, NoMedian)]
        reason = "; ".join(failure.reason for failure in failures)
        return build_refusal(subject, RECOVERY, reason, index.grounds + reference.grounds)
    grade, told, working = _working(one, two)
    grounds = (
        one.grounds
        + two.grounds
        + told
        + assuming(
            "survival is exponential in both groups: the ratio of hazards is the inverse ratio of medians"
        )
    )
    for found in (one, two):
        grounds += median_beyond_follow_up(comparison, found.median.value)
    rounding = rounding_interval(
        lambda m1, m0: log_or_infinite(m0) - log_or_infinite(m1), [one.median, two.median]
    )
    own_precision = one.basis == two.basis == "interval"
    estimate = Estimate(working, rounding, working.value("SE0") ** 2, own_precision=own_precision)
    events = read_events(subject)
    stage = Stage(
        index_size=one.size, reference_size=two.size, events=events.total if events is not None else None
    )
    return build_point(subject, RECOVERY, grade, estimate, grounds, stage)


def _working(one: MedianReading, two: MedianReading) -> tuple[Grade, Grounds, Working]:
    """Set both medians against each other; each brings the standard error of its own reading."""
    working = log_hazard_ratio_of_medians(one.working, two.working)
    if one.basis == two.basis == "interval":
        return "C", Grounds(), working
    if one.basis == two.basis == "patients":
        return "D", median_sensitivity(working.value("standard_error")), working
    return "D", Grounds(), working
