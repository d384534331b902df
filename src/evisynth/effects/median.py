"""The median of one arm, on the log scale.

With its interval it is grade B, with the number of patients grade D. A median that was not reached is a
bound: it lies beyond the longest time at which more than half were known to be alive, and is never coded as
that time.
"""

from __future__ import annotations

import math

from evisynth.arithmetic.rounding import rounding_interval
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
from evisynth.effects.follow_up import median_beyond_follow_up
from evisynth.effects.grounds import Grounds, assuming, figure_input
from evisynth.effects.median_reading import (
    MedianReading,
    NoMedian,
    median_sensitivity,
    read_median,
)
from evisynth.effects.median_working import single_median
from evisynth.effects.printed_bounds import time_limits
from evisynth.effects.readings import REPORTED_DIFFERENTLY, Reading, printed_as_point, readings
from evisynth.effects.share_working import limits_as_printed
from evisynth.effects.subject import Subject

#: The recovery of a median that was not reached; a figure says so in words.
NOT_REACHED = "median_not_reached"
_RECOVERIES = {
    "interval": "median_with_interval",
    "lower limit": "median_with_lower_limit",
    "patients": "median_with_patients",
}


def recover_median(subject: Subject) -> list[Effect]:
    """Return the median of the arm, from each distinct print of it."""
    arm = subject.comparison.index
    found = readings(arm, "median")
    if not found:
        return [build_refusal(subject, "median", "no median is reported")]
    return [_recover(subject, reading) for reading in found]


def log_or_infinite(value: float) -> float:
    """Return log m, with its limit at 0, for the ends of rounding intervals and bounds."""
    return math.log(value) if value > 0 else -math.inf


def _recover(subject: Subject, reading: Reading) -> Effect:
    found = read_median(subject.comparison, subject.comparison.index, reading)
    if isinstance(found, NoMedian):
        return _bound_or_refusal(subject, reading, found)
    grounds = found.grounds
    if found.basis == "patients":
        grounds += median_sensitivity(found.standard_error)
    grounds += median_beyond_follow_up(subject.comparison, found.median.value)
    estimate = Estimate(
        math.log(found.median.value),
        found.standard_error,
        rounding_interval(log_or_infinite, [found.median]),
        single_median(found.working),
        printed=_limits_as_printed(found),
    )
    stage = Stage(index_size=found.size)
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
    limits = Limits(
        log_or_infinite(printed[0]),
        log_or_infinite(printed[1]) if printed[1] < math.inf else math.inf,
        limits_as_printed("log", printed),
    )
    return build_bound(subject, "median_bound", limits, found.grounds, Stage(), found.reason)


def _not_reached(subject: Subject, found: NoMedian) -> Effect:
    longest, grounds = _longest_informative_time(subject)
    limits = Limits(log_or_infinite(longest), math.inf, limits_as_printed("log", (longest, math.inf)))
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
