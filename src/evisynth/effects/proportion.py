"""The share of patients of one arm, on the logit scale.

A count, or a percentage that only one count can have given, is grade A; several possible counts or a
truncated percentage is grade B. Nobody and everybody give an exact interval, never an estimate with half a
patient added.
"""

from __future__ import annotations

import math

from evisynth.arithmetic.exact_binomial import clopper_pearson
from evisynth.arithmetic.survival_transforms import logit
from evisynth.arithmetic.time_words import time_words
from evisynth.effects.build import Estimate, Limits, Stage, build_bound, build_point, build_refusal
from evisynth.effects.count_reading import Counted, NotCounted, read_counts
from evisynth.effects.effect import Effect
from evisynth.effects.grounds import Grounds, assuming
from evisynth.effects.share_working import exact_interval, limits_as_printed, share_of_patients
from evisynth.effects.subject import Subject


def recover_proportion(subject: Subject) -> list[Effect]:
    """Return the share of patients for each time window that answers the question."""
    return [_recover(subject, found) for found in read_counts(subject, subject.comparison.index)]


def logit_or_infinite(share: float) -> float:
    """Return log(p/(1-p)), with its limits at 0 and 1, for the ends of rounding intervals and bounds."""
    if share <= 0:
        return -math.inf
    if share >= 1:
        return math.inf
    return logit(share)


def _recover(subject: Subject, found: Counted | NotCounted) -> Effect:
    if isinstance(found, NotCounted):
        return _bound_or_refusal(subject, found)
    grounds = found.grounds + window_grounds(subject, found.time_months)
    if found.all_or_none:
        return _exact_interval(subject, found, grounds)
    count, size = found.table
    ends = [logit_or_infinite(x / n) for x, n in found.tables]
    estimate = Estimate(
        logit(count / size),
        math.sqrt(1 / count + 1 / (size - count)),
        (min(ends), max(ends)),
        share_of_patients(count, size),
    )
    recovery = "proportion_of_patients" if found.grade == "A" else "proportion_of_recovered_count"
    return build_point(subject, recovery, found.grade, estimate, grounds, _stage(found))


def _stage(found: Counted) -> Stage:
    return Stage(found.time_months, found.table[1], events=found.exact_count)


def window_grounds(subject: Subject, time_months: float | None) -> Grounds:
    """Name the time window of a figure that the question did not ask for."""
    if subject.wanted_time is not None or time_months is None:
        return Grounds()
    return Grounds(
        assumptions=(f"counted up to {time_words(time_months)}",), flags=("time_window_not_asked",)
    )


def _exact_interval(subject: Subject, found: Counted, grounds: Grounds) -> Effect:
    level = subject.question.level
    limits = {table: clopper_pearson(*table, level) for table in found.tables}
    fewest = min(limits, key=lambda table: limits[table][0])
    most = max(limits, key=lambda table: limits[table][1])
    lower, upper = limits[fewest][0], limits[most][1]
    count, size = found.table
    grounds += assuming(
        f"the limits are exact (Clopper and Pearson, {level:.0%}, two-sided)",
        "the chance of the event is the same in every patient",
    )
    reason = f"{count} of {size} patients has no standard error; half a patient is not added in silence"
    working = exact_interval("logit", fewest, most, level)
    bound = Limits(logit_or_infinite(lower), logit_or_infinite(upper), working, exact=True)
    return build_bound(subject, "proportion_exact_interval", bound, grounds, _stage(found), reason)


def _bound_or_refusal(subject: Subject, found: NotCounted) -> Effect:
    stage = Stage(found.time_months)
    grounds = found.grounds + window_grounds(subject, found.time_months)
    if found.limits is None:
        return build_refusal(subject, "proportion", found.reason, grounds, stage)
    grounds += assuming("the limits are those of the share as printed, without sampling error")
    limits = Limits(
        logit_or_infinite(found.limits[0]),
        logit_or_infinite(found.limits[1]),
        limits_as_printed("logit", found.limits),
    )
    return build_bound(subject, "proportion_bound", limits, grounds, stage, found.reason)
