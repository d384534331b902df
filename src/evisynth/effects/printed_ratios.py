"""A ratio that the source prints itself: with its interval (grade A) or with its own p-value (grade B).

The interval is checked for symmetry on the log scale, at the level that is stated. One that does not fit is
put right where the reason is plain (limits exchanged), lowered by a grade where a profile or exact interval
could explain it, and refused where it contradicts its estimate: where the ratio lies outside, where the
interval is that of the inverse, and where it reaches more than twice as far to one side as to the other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import product

from evisynth.arithmetic import (
    LOG_ASYMMETRY_LIMIT,
    Printed,
    PrintedInterval,
    Symmetry,
    log_or_infinite,
    rounding_interval,
    symmetry_on,
)
from evisynth.effects.build_effect import (
    Estimate,
    Limits,
    PrintedLimits,
    Stage,
    build_bound,
    build_point,
    build_refusal,
)
from evisynth.effects.effect import Effect, Grounds, Subject, assuming, downgraded
from evisynth.effects.log_rank_p_values import PValue, read_p_values
from evisynth.effects.proportional_hazards import ONE_TIME_FLAG
from evisynth.effects.ratio_working import (
    error_from_limits,
    error_from_p_value,
    error_from_upper_limit,
    limits_from_p_inequality,
    printed_ratio,
)
from evisynth.effects.readings import (
    Reading,
    distinct,
    event_sign,
    printed_as_point,
    ratio_sign,
    unsettled,
)
from evisynth.effects.working import Working
from evisynth.outcomes import Grade, ReportedOutcome, is_same_time
from evisynth.printed_statistics import statistics_feeding
from evisynth.wording import number_text, percent_text, term_words, time_words, with_article


@dataclass(frozen=True, slots=True)
class PrintedRatio:
    """A printed ratio above zero, its direction, and what it rests on."""

    figure: ReportedOutcome
    value: Printed
    sign: int
    grounds: Grounds

    @property
    def log(self) -> float:
        """The log ratio, index against reference."""
        return self.sign * math.log(self.value.value)

    @property
    def rounding(self) -> tuple[float, float]:
        """The log ratio at the ends of its rounding interval."""
        return rounding_interval(lambda ratio: self.sign * log_or_infinite(ratio), [self.value])


def read_ratio(subject: Subject, reading: Reading) -> PrintedRatio | str:
    """Return the ratio of the event with its direction, or the reason why it is none."""
    figure = reading.figure
    refused = _no_such_ratio(subject, figure) or unsettled(reading) or _refused_as_inferred(subject, figure)
    if refused is not None:
        return refused
    sign = ratio_sign(subject.comparison, figure)
    if sign is None:
        return f"the source does not say which of the two groups {figure.as_reported} is the ratio of"
    of_event = event_sign(subject.measure, figure)
    if of_event is None:
        return _not_turned_round(subject, figure)
    grounds = reading.grounds
    if figure.basis == "inferred":
        grounds += Grounds(flags=("inferred_comparison",)) + assuming(
            f"{figure.as_reported} is taken to compare these two groups, as inferred by the reader: "
            f"{subject.question.uses_inferred_p_values}"
        )
    if figure.read_as is not None and figure.read_as != figure.statistic:
        printed = with_article(term_words(figure.read_as))
        told = f"printed as {figure.label or term_words(figure.statistic)}, read as {printed}"
        grounds += Grounds(assumptions=(told,), flags=("label_differs_from_meaning",))
    grounds += _of_one_time(subject, figure)
    if sign < 0:
        grounds += assuming("the printed ratio is reference against index and was inverted")
    if of_event < 0:
        of = subject.event.absence_words
        grounds += assuming(f"the printed ratio is of {of}, and was inverted to that of {subject.of_event}")
    value = Printed(figure.value or math.nan, figure.half_unit, least=0.0)
    return PrintedRatio(figure, value, sign * of_event, grounds)


def _no_such_ratio(subject: Subject, figure: ReportedOutcome) -> str | None:
    """Return why a printed ratio is not the one that is asked for, None when it is."""
    meant, measure = figure.read_as or figure.statistic, subject.question.effect_measure
    if meant != measure:
        printed, wanted = with_article(term_words(meant)), with_article(subject.measure.words)
        return f"{figure.as_reported} is read as {printed}, which is not {wanted}"
    if not printed_as_point(figure) or figure.value is None or figure.value <= 0:
        return f"{figure.as_reported} is not a ratio that has a logarithm"
    wanted_time, time = subject.wanted_time, figure.time_months
    if (
        subject.measure.is_of_one_time
        and wanted_time is not None
        and time is not None
        and not is_same_time(time, wanted_time)
    ):
        return f"{figure.as_reported} is for {time_words(time)}, not for {time_words(wanted_time)}"
    return None


def _not_turned_round(subject: Subject, figure: ReportedOutcome) -> str:
    """Say why a ratio of those without the event gives none of those with it."""
    event, ratio = subject.event, with_article(subject.measure.words)
    return (
        f"{figure.as_reported} is {ratio} of {event.absence_words}, and that of {event.words} is not its "
        "inverse: it takes the risks of both groups, by counts or rates"
    )


def _of_one_time(subject: Subject, figure: ReportedOutcome) -> Grounds:
    """Mark a ratio that speaks of one time among those that speak of the whole curve."""
    time = figure.time_months
    if time is None or subject.measure.is_of_one_time:
        return Grounds()
    told = f"the ratio is printed for {time_words(time)}, not for the whole curve"
    return Grounds(flags=(ONE_TIME_FLAG,), assumptions=(told,))


def _refused_as_inferred(subject: Subject, figure: ReportedOutcome) -> str | None:
    """Return why a ratio of groups that the source does not name enters no recovery, as with p-values."""
    if figure.basis == "unclear":
        return f"the source does not make clear what {figure.as_reported} compares"
    if figure.basis == "inferred" and not subject.question.uses_inferred_p_values:
        return (
            f"what {figure.as_reported} compares was inferred by the reader, not stated; it enters no "
            "recovery unless the question says so"
        )
    return None


#: A lower limit rounded by more than this share of itself (0.0x) is unusable; the upper limit stands alone.
_COARSEST_LOWER_LIMIT = 0.05


@dataclass(frozen=True, slots=True)
class Spread:
    """The working of a standard error on the log scale, the grade it deserves, and what it rests on."""

    grade: Grade
    grounds: Grounds
    working: Working


def read_spread(ratio: PrintedRatio) -> Spread | str:
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


def _from_upper_limit(ratio: PrintedRatio, upper: float | None, level: float) -> Spread | str:
    value = ratio.value.value
    if upper is None or upper <= value:
        return f"{ratio.figure.as_reported} has no usable interval"
    told = (
        "the lower limit is missing or rounded too coarsely; the upper limit alone gives the standard error"
    )
    grounds = assuming(told) + downgraded("symmetry_not_checked", told)
    return Spread("A", grounds, error_from_upper_limit(upper, level))


def _between(
    ratio: PrintedRatio,
    lower: tuple[float, float | None],
    upper: tuple[float, float | None],
    level: float,
    grounds: Grounds,
) -> Spread | str:
    if lower[0] <= 0 or lower[0] == upper[0]:
        return f"the interval of {ratio.figure.as_reported} has no width on the log scale"
    interval = PrintedInterval(
        ratio.value, Printed(lower[0], lower[1], least=0.0), Printed(upper[0], upper[1], least=0.0), level
    )
    found = symmetry_on("log", interval)
    working = error_from_limits(lower[0], upper[0], level)
    range_ = working.rounding({"L": interval.lower, "U": interval.upper}, "standard_error")
    told = rounding_told("limits", range_)
    if grounds.assumptions:
        grounds += downgraded("limits_exchanged", "the limits are printed in the wrong order")
    if found.symmetric:
        return Spread("A", grounds + told, working)
    return _asymmetric(ratio, interval, found, Spread("A", grounds + told, working))


def rounding_told(what: str, standard_errors: tuple[float, float]) -> Grounds:
    """Say how far the rounding of the print moves a standard error, nothing when it does not."""
    least, most = standard_errors
    if least == most:
        return Grounds()
    return assuming(f"rounding of the {what} leaves the standard error at {least:.4f} to {most:.4f}")


def _asymmetric(
    ratio: PrintedRatio, interval: PrintedInterval, found: Symmetry, spread: Spread
) -> Spread | str:
    """Lower the grade of a ratio that is off the centre of its interval, or say why it cannot be used."""
    printed, value = ratio.figure.as_reported, ratio.value.value
    centre = math.log(value) + found.offset
    if abs(centre + math.log(value)) <= found.tolerance + 1e-9:
        return f"the interval of {printed} fits the inverse of the ratio: its direction is not certain"
    if not interval.lower.value <= value <= interval.upper.value:
        return f"the ratio in {printed} lies outside its own interval"
    longer = _longer_part(interval)
    middle = number_text(math.exp(centre), 3)
    if longer > LOG_ASYMMETRY_LIMIT:
        return (
            f"the interval of {printed} does not fit its ratio: its centre is {middle}, and on the "
            f"log scale one part is {number_text(longer, 3)} times as long as the other, rounding allowed "
            "for; no usual interval of a ratio is like that, so one of the three numbers is probably "
            "misprinted"
        )
    why = (
        f"the interval of {printed} is not symmetric on the log scale: its centre is {middle}, "
        "more than rounding explains"
    )
    return replace(spread, grounds=spread.grounds + downgraded("asymmetric_interval", why))


def _longer_part(interval: PrintedInterval) -> float:
    """Return how many times as long the longer part is, at the rounding that makes the parts most alike."""
    corners = product(interval.lower.ends, interval.estimate.ends, interval.upper.ends)
    return min(_lopsided(*corner) for corner in corners)


def _lopsided(lower: float, ratio: float, upper: float) -> float:
    """Return the longer part of an interval over the shorter one, on the log scale; at least 1."""
    if not 0 < lower < ratio < upper:
        return math.inf
    above, below = math.log(upper / ratio), math.log(ratio / lower)
    return max(above, below) / min(above, below)


#: Below this log ratio a standard error from |log ratio|/z is unstable.
_NEAR_ONE = 0.1


def recover_reported_ratio(subject: Subject) -> list[Effect]:
    """Return a recovery, or a refusal, for every ratio that the source prints between the two arms."""
    ratios = statistics_feeding("printed_ratio")
    printed = [figure for figure in subject.comparison.figures if figure.statistic in ratios]
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
    working = printed_ratio(subject.measure.symbol, ratio.value.value, ratio.sign) + spread.working
    limits = _limits_as_printed(ratio)
    estimate = Estimate(working, ratio.rounding, printed=limits)
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
    if p.at_least or p.value == 1 or ratio.log == 0:
        reason = f"{ratio.figure.as_reported} with {p.text} leaves its standard error undefined"
        return build_refusal(subject, measure, reason, grounds, stage)
    if p.at_most:
        return _inequality(subject, ratio, p, grounds, stage)
    if abs(ratio.log) < _NEAR_ONE:
        grounds += Grounds(flags=("unstable_near_one",))
    if not p.is_wald:
        grounds += assuming(f"{p.text} is the two-sided test of this ratio against one")
    working = printed_ratio(subject.measure.symbol, ratio.value.value, ratio.sign) + error_from_p_value(
        p.value
    )
    grounds += rounding_told("p-value", working.rounding({"p": _printed(p)}, "standard_error"))
    grade: Grade = "A" if p.is_wald and p.is_precise else "B"
    estimate = Estimate(working, ratio.rounding)
    return build_point(subject, f"{measure}_with_p_value", grade, estimate, grounds, stage)


def _printed(p: PValue) -> Printed:
    # Half of the way to 0 and to 1 keep a deviate where the print is coarse.
    return Printed(p.value, p.half_unit, least=p.value / 2, most=1 - (1 - p.value) / 2)


def _inequality(subject: Subject, ratio: PrintedRatio, p: PValue, grounds: Grounds, stage: Stage) -> Effect:
    measure, level = subject.question.effect_measure, subject.question.level
    working = limits_from_p_inequality(subject.measure.symbol, ratio.value.value, ratio.sign, p.value, level)
    largest = working.value("SE")
    reason = f"the p-value is only an inequality: the standard error is below {largest:.3f}, not known"
    limits = Limits(working, rounding=ratio.rounding)
    told = f"the limits hold the {percent_text(level)} interval, whatever the p-value was"
    recovery = f"{measure}_with_p_inequality"
    return build_bound(subject, recovery, limits, grounds + assuming(told), stage, reason)
