"""A ratio that the source prints itself: with its interval (grade A) or with its own p-value (grade B)."""

from __future__ import annotations

import math

from evisynth.arithmetic.p_values import z_from_two_sided_p
from evisynth.arithmetic.rounding import Printed, rounding_interval
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
from evisynth.effects.grounds import Grounds, assuming
from evisynth.effects.p_value_reading import PValue, read_p_values
from evisynth.effects.printed_ratio import PrintedRatio, read_ratio
from evisynth.effects.ratio_spread import read_spread, rounding_told
from evisynth.effects.ratio_working import (
    error_from_p_value,
    limits_from_p_inequality,
    printed_ratio,
)
from evisynth.effects.readings import Reading, distinct
from evisynth.effects.subject import Subject
from evisynth.outcomes.question import Grade
from evisynth.outcomes.reported_outcome import ReportedOutcome

#: Below this log ratio a standard error from |log ratio|/z is unstable.
_NEAR_ONE = 0.1

_RATIOS = ("hazard_ratio", "odds_ratio", "risk_ratio")


def recover_reported_ratio(subject: Subject) -> list[Effect]:
    """Return a recovery, or a refusal, for every ratio that the source prints between the two arms."""
    printed = [figure for figure in subject.comparison.figures if figure.statistic in _RATIOS]
    return [_recover(subject, reading) for reading in distinct(printed)]


def _recover(subject: Subject, reading: Reading) -> Effect:
    figure, measure = reading.figure, subject.question.effect_measure
    read = read_ratio(subject, reading)
    if isinstance(read, str):
        return build_refusal(subject, f"{figure.read_as or figure.statistic}", read, reading.grounds)
    if figure.ci_lower is not None or figure.ci_upper is not None:
        return _with_interval(subject, read)
    p_value = _own_p_value(subject, figure)
    if p_value is None:
        reason = f"{figure.as_reported} is printed without an interval and without a p-value of its own"
        return build_refusal(subject, measure, reason, read.grounds)
    return _with_p_value(subject, read, p_value)


def _with_interval(subject: Subject, ratio: PrintedRatio) -> Effect:
    measure, figure = subject.question.effect_measure, ratio.figure
    recovery = f"{measure}_with_interval"
    grounds = ratio.grounds
    if figure.level is None:
        grounds += assuming("the interval is taken as a 95 % interval")
    spread = read_spread(ratio)
    if isinstance(spread, str):
        return build_refusal(subject, measure, spread, grounds)
    working = printed_ratio(measure, ratio.value.value, ratio.sign) + spread.working
    limits = _limits_as_printed(ratio)
    estimate = Estimate(ratio.log, spread.standard_error, ratio.rounding, working, printed=limits)
    return build_point(
        subject, recovery, spread.grade, estimate, grounds + spread.grounds, Stage(figure.time_months)
    )


def _limits_as_printed(ratio: PrintedRatio) -> PrintedLimits | None:
    """Return both printed limits on the log scale, index against reference, None when one is missing."""
    limits = ratio.figure.ci_lower, ratio.figure.ci_upper
    logs = [ratio.sign * math.log(limit) for limit in limits if limit is not None and limit > 0]
    return PrintedLimits(min(logs), max(logs), ratio.figure.level or 0.95) if len(logs) == 2 else None


def _own_p_value(subject: Subject, figure: ReportedOutcome) -> PValue | None:
    """Return the p-value that belongs to this ratio: same adjustment and time, and the only such one."""
    fitting = [
        p
        for p in read_p_values(subject)
        if p.refused is None
        and p.figure.adjusted == figure.adjusted
        and p.figure.time_months == figure.time_months
        and not (p.is_log_rank and figure.adjusted)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _with_p_value(subject: Subject, ratio: PrintedRatio, p: PValue) -> Effect:
    measure = subject.question.effect_measure
    grounds, stage = ratio.grounds + p.grounds, Stage(ratio.figure.time_months)
    z = z_from_two_sided_p(p.value)
    if p.at_least or z == 0 or ratio.log == 0:
        reason = f"{ratio.figure.as_reported} with {p.text} leaves its standard error undefined"
        return build_refusal(subject, measure, reason, grounds, stage)
    standard_error = abs(ratio.log) / z
    if p.at_most:
        return _inequality(subject, ratio, p, grounds, stage)
    if abs(ratio.log) < _NEAR_ONE:
        grounds += Grounds(flags=("unstable_near_one",))
    if not p.is_wald:
        grounds += assuming(f"{p.text} is the two-sided test of this ratio against one")
    grounds += rounding_told("p-value", _standard_errors(ratio, p))
    grade: Grade = "A" if p.is_wald and p.is_precise else "B"
    working = printed_ratio(measure, ratio.value.value, ratio.sign) + error_from_p_value(p.value)
    estimate = Estimate(ratio.log, standard_error, ratio.rounding, working)
    return build_point(subject, f"{measure}_with_p_value", grade, estimate, grounds, stage)


def _standard_errors(ratio: PrintedRatio, p: PValue) -> tuple[float, float]:
    """Return the standard errors at the ends of the rounding interval of the p-value."""
    printed = Printed(p.value, p.half_unit, least=p.value / 2, most=1 - (1 - p.value) / 2)
    return rounding_interval(lambda value: abs(ratio.log) / z_from_two_sided_p(value), [printed])


def _inequality(subject: Subject, ratio: PrintedRatio, p: PValue, grounds: Grounds, stage: Stage) -> Effect:
    measure, level = subject.question.effect_measure, subject.question.level
    largest = abs(ratio.log) / z_from_two_sided_p(p.value)
    reach = subject.z * largest
    reason = f"the p-value is only an inequality: the standard error is below {largest:.3f}, not known"
    working = limits_from_p_inequality(measure, ratio.value.value, ratio.sign, p.value, level)
    limits = Limits(ratio.log - reach, ratio.log + reach, working, rounding=ratio.rounding)
    told = f"the limits hold the {level:.0%} interval, whatever the p-value was"
    recovery = f"{measure}_with_p_inequality"
    return build_bound(subject, recovery, limits, grounds + assuming(told), stage, reason)
