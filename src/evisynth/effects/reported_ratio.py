"""A ratio that the source prints itself: with its interval (grade A) or with its own p-value (grade B).

The interval is checked for symmetry on the log scale, at the level that is stated. One that does not fit is
put right where the reason is plain, lowered by a grade where it is not, and refused where it contradicts its
estimate. One that reaches more than twice as far to one side as to the other, on the log scale, is grade D:
no known construction of an interval explains it, so a misprint or another level is the likelier reading.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from evisynth.arithmetic.interval_symmetry import (
    LOG_ASYMMETRY_LIMIT,
    PrintedInterval,
    Symmetry,
    log_asymmetry,
    symmetry_on,
)
from evisynth.arithmetic.p_values import critical_z, z_from_two_sided_p
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
from evisynth.effects.grounds import Grounds, assuming, downgraded
from evisynth.effects.median import log_or_infinite
from evisynth.effects.p_value_reading import PValue, read_p_values
from evisynth.effects.printed_ratio import PrintedRatio, read_ratio
from evisynth.effects.ratio_working import (
    error_from_limits,
    error_from_p_value,
    error_from_upper_limit,
    limits_from_p_inequality,
    printed_ratio,
)
from evisynth.effects.readings import Reading, distinct
from evisynth.effects.subject import Subject
from evisynth.effects.working import Working
from evisynth.outcomes.question import Grade
from evisynth.outcomes.reported_outcome import ReportedOutcome

#: A lower limit rounded by more than this share of itself (0.0x) is unusable; the upper limit stands alone.
_COARSEST_LOWER_LIMIT = 0.05
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
    spread = _standard_error(ratio)
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


@dataclass(frozen=True, slots=True)
class _Spread:
    standard_error: float
    grade: Grade
    grounds: Grounds
    working: Working


def _standard_error(ratio: PrintedRatio) -> _Spread | str:
    """Return the standard error of the log ratio from its limits, or why there is none."""
    figure, level = ratio.figure, ratio.figure.level or 0.95
    lower, upper = figure.ci_lower, figure.ci_upper
    if lower is not None and upper is not None and lower > upper:
        swapped = assuming("the limits are printed in the wrong order and were exchanged")
        return _between(
            ratio, (upper, figure.ci_upper_half_unit), (lower, figure.ci_lower_half_unit), level, swapped
        )
    if upper is None or (lower is not None and _too_coarse(lower, figure.ci_lower_half_unit)):
        return _from_upper_limit(ratio, upper, level)
    if lower is None:
        return _from_upper_limit(ratio, upper, level)
    return _between(
        ratio, (lower, figure.ci_lower_half_unit), (upper, figure.ci_upper_half_unit), level, Grounds()
    )


def _too_coarse(lower: float, half_unit: float | None) -> bool:
    # The nudge leaves 0.10 ± 0.005 usable in binary arithmetic.
    return lower <= 0 or (half_unit or 0.0) / lower > _COARSEST_LOWER_LIMIT + 1e-9


def _from_upper_limit(ratio: PrintedRatio, upper: float | None, level: float) -> _Spread | str:
    value = ratio.value.value
    if upper is None or upper <= value:
        return f"{ratio.figure.as_reported} has no usable interval"
    told = (
        "the lower limit is missing or rounded too coarsely; the upper limit alone gives the standard error"
    )
    standard_error = (math.log(upper) - math.log(value)) / critical_z(level)
    grounds = assuming(told) + downgraded("symmetry_not_checked", told)
    return _Spread(standard_error, "A", grounds, error_from_upper_limit(upper, level))


def _between(
    ratio: PrintedRatio,
    lower: tuple[float, float | None],
    upper: tuple[float, float | None],
    level: float,
    grounds: Grounds,
) -> _Spread | str:
    if lower[0] <= 0 or lower[0] == upper[0]:
        return f"the interval of {ratio.figure.as_reported} has no width on the log scale"
    interval = PrintedInterval(
        ratio.value, Printed(lower[0], lower[1], least=0.0), Printed(upper[0], upper[1], least=0.0), level
    )
    found = symmetry_on("log", interval)
    twice_z = 2 * critical_z(level)
    range_ = rounding_interval(
        lambda low, high: (log_or_infinite(high) - log_or_infinite(low)) / twice_z,
        [interval.lower, interval.upper],
    )
    told = _rounding_told("limits", range_)
    if grounds.assumptions:
        grounds += downgraded("limits_exchanged", "the limits are printed in the wrong order")
    if found.symmetric:
        working = error_from_limits(lower[0], upper[0], level)
        return _Spread(found.standard_error, "A", grounds + told, working)
    return _asymmetric(ratio, interval, found, grounds + told)


def _rounding_told(what: str, standard_errors: tuple[float, float]) -> Grounds:
    """Say how far the rounding of the print moves a standard error, nothing when it does not."""
    least, most = standard_errors
    if least == most:
        return Grounds()
    return assuming(f"rounding of the {what} leaves the standard error at {least:.4f} to {most:.4f}")


def _asymmetric(
    ratio: PrintedRatio, interval: PrintedInterval, found: Symmetry, grounds: Grounds
) -> _Spread | str:
    printed, value = ratio.figure.as_reported, ratio.value.value
    centre = math.log(value) + found.offset
    if abs(centre + math.log(value)) <= found.tolerance + 1e-9:
        return f"the interval of {printed} fits the inverse of the ratio: its direction is not certain"
    if not interval.lower.value <= value <= interval.upper.value:
        return f"the ratio in {printed} lies outside its own interval"
    why = (
        f"the interval of {printed} is not symmetric on the log scale: its centre is {math.exp(centre):.3g}, "
        "more than rounding explains"
    )
    working = error_from_limits(interval.lower.value, interval.upper.value, interval.level)
    grade: Grade = "A"
    parts = log_asymmetry(interval)
    if not 1 / LOG_ASYMMETRY_LIMIT <= parts <= LOG_ASYMMETRY_LIMIT:
        grade = "D"
        why += ", and one part is more than twice as long as the other, which no kind of interval explains"
    return _Spread(found.standard_error, grade, grounds + downgraded("asymmetric_interval", why), working)


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
    grounds += _rounding_told("p-value", _standard_errors(ratio, p))
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
