"""Two medians as a log hazard ratio (grade D; C when both come with their interval).

Exact for exponential survival only: under a Weibull shape k the log ratio of medians is the log hazard ratio
divided by k. A p-value never gives its standard error.
"""

from __future__ import annotations

import math
from itertools import product

from evisynth.arithmetic.median_precision import standard_error_log_median
from evisynth.arithmetic.rounding import rounding_interval
from evisynth.effects.arm_words import of_group
from evisynth.effects.build import Estimate, Stage, build_point, build_refusal
from evisynth.effects.effect import Effect
from evisynth.effects.event_counts import read_events
from evisynth.effects.follow_up import median_beyond_follow_up
from evisynth.effects.grounds import Grounds, assuming
from evisynth.effects.median import log_or_infinite
from evisynth.effects.median_reading import (
    MedianReading,
    NoMedian,
    median_sensitivity,
    read_median,
)
from evisynth.effects.median_working import error_by_events, log_hazard_ratio_of_medians
from evisynth.effects.readings import Reading, different_clocks, readings, rivals
from evisynth.effects.subject import Subject
from evisynth.effects.working import Working
from evisynth.outcomes.question import Grade

RECOVERY = "median_contrast"


def recover_median_contrast(subject: Subject) -> list[Effect]:
    """Return the contrast of every two medians, nothing when neither arm prints one."""
    comparison = subject.comparison
    if comparison.reference is None:
        return []
    index, reference = readings(comparison.index, "median"), readings(comparison.reference, "median")
    if not index and not reference:
        return []
    if index and reference:
        return [_recover(subject, one, two) for one, two in product(rivals(index), rivals(reference))]
    silent, other = (comparison.reference, index) if index else (comparison.index, reference)
    reason = f"no median{of_group(comparison, silent)} is reported"
    return [build_refusal(subject, RECOVERY, reason, other[0].grounds)]


def _recover(subject: Subject, index: Reading, reference: Reading) -> Effect:
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
    spread, grade, told, errors = _standard_error(subject, one, two)
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
    estimate = Estimate(
        math.log(two.median.value / one.median.value),
        spread,
        rounding_interval(lambda m1, m0: log_or_infinite(m0) - log_or_infinite(m1), [one.median, two.median]),
        log_hazard_ratio_of_medians(*errors),
        reference_variance=errors[1].written()[-1].value ** 2,
    )
    events = read_events(subject)
    stage = Stage(
        index_size=one.size, reference_size=two.size, events=events.total if events is not None else None
    )
    return build_point(subject, RECOVERY, grade, estimate, grounds, stage)


def _standard_error(
    subject: Subject, one: MedianReading, two: MedianReading
) -> tuple[float, Grade, Grounds, tuple[Working, Working]]:
    """Return the standard error: from both intervals, else by events where counted, else by patients."""
    errors = one.working, two.working
    if one.basis == two.basis == "interval":
        return math.hypot(one.standard_error, two.standard_error), "C", Grounds(), errors
    events = read_events(subject)
    if events is not None and events.index is not None and events.reference is not None:
        spread = math.hypot(
            standard_error_log_median(events.index), standard_error_log_median(events.reference)
        )
        told = assuming("the standard error rests on the events of each group, the conservative form")
        errors = (
            error_by_events(one.median.value, events.index),
            error_by_events(two.median.value, events.reference),
        )
        return spread, "D", events.grounds + told, errors
    spread = math.hypot(one.standard_error, two.standard_error)
    if one.basis == two.basis == "patients":
        return spread, "D", median_sensitivity(spread), errors
    return spread, "D", Grounds(), errors
