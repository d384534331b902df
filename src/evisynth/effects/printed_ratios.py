"""A ratio that the source prints itself: with its interval (grade A) or with its own p-value (grade B).

A printed standard error serves as well. Whatever the precision comes from, it is refused where the patients,
the events or the counts cannot give it.
"""

from __future__ import annotations

import math

from evisynth.arithmetic import Printed, greatest_error_from_p
from evisynth.effects.build_effect import (
    Estimate,
    Limits,
    PrintedLimits,
    Stage,
    build_bound,
    build_point,
    build_refusal,
)
from evisynth.effects.effect import Effect, Grounds, Subject, assuming, coarse_error
from evisynth.effects.log_rank_p_values import PValue, read_p_values
from evisynth.effects.possible_precision import contrast_too_precise
from evisynth.effects.proportional_hazards import ONE_TIME_FLAG
from evisynth.effects.ratio_intervals import PrintedRatio, read_spread, rounding_told
from evisynth.effects.ratio_working import (
    error_as_printed,
    error_from_p_value,
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
from evisynth.outcomes import Grade, ReportedOutcome, is_same_time
from evisynth.printed_statistics import statistics_feeding
from evisynth.wording import percent_text, term_words, time_words, with_article


def read_ratio(subject: Subject, reading: Reading) -> PrintedRatio | str:
    """Return the ratio of the event with its direction, or the reason why it is none."""
    figure = reading.figure
    refused = _no_such_ratio(subject, figure) or unsettled(reading) or _refused_as_inferred(subject, figure)
    if refused is not None:
        return refused
    sign = ratio_sign(subject.comparison, figure)
    if sign is None and len(figure.compared_with or ()) > 1:
        return f"{figure.as_reported} is a ratio of two groups, and its comparison names more"
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
    if figure.per_unit:
        return f"{figure.as_reported} is per {figure.per_unit}, and no comparison of two groups"
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
    if figure.spread in ("se", "log_se") and figure.sd:
        return _with_standard_error(subject, read, figure.sd)
    p_value = _own_p_value(subject, figure)
    if p_value is None:
        reason = f"{figure.as_reported} is printed without an interval and without a p-value of its own"
        refused = [p.refused for p in read_p_values(subject) if p.refused is not None]
        reason = "; ".join((reason, *refused[:1]))
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
    impossible = contrast_too_precise(subject, figure, spread.greatest, ratio.nearest_to_one)
    if impossible is not None:
        return build_refusal(subject, measure, impossible, grounds + spread.grounds)
    working = printed_ratio(subject.measure.symbol, ratio.value.value, ratio.sign) + spread.working
    limits = _limits_as_printed(ratio)
    estimate = Estimate(working, ratio.rounding, printed=limits)
    return build_point(
        subject, recovery, spread.grade, estimate, grounds + spread.grounds, Stage(figure.time_months)
    )


def _with_standard_error(subject: Subject, ratio: PrintedRatio, error: float) -> Effect:
    """Take the printed standard error: that of the logarithm, or of the ratio by the delta method (B)."""
    measure, figure, of_log = subject.question.effect_measure, ratio.figure, ratio.figure.spread == "log_se"
    plain = printed_ratio(subject.measure.symbol, ratio.value.value, ratio.sign)
    working = plain + error_as_printed(error, of_log=of_log)
    printed = {"s": Printed(error, figure.sd_half_unit, least=error / 2), "R": ratio.value}
    ends = working.rounding(printed, "standard_error")
    of = "logarithm" if of_log else "ratio"
    grounds = ratio.grounds + assuming(f"the printed standard error is taken as that of the {of}")
    grounds += rounding_told("print", ends) + coarse_error(error, ends)
    impossible = contrast_too_precise(subject, figure, ends[1], ratio.nearest_to_one)
    if impossible is not None:
        return build_refusal(subject, measure, impossible, grounds)
    recovery = f"{measure}_with_standard_error"
    grade: Grade = "A" if of_log else "B"
    return build_point(
        subject, recovery, grade, Estimate(working, ratio.rounding), grounds, Stage(figure.time_months)
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
        and not p.is_of_means
        and not (p.is_of_tables and subject.measure.proportional_hazards)
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
    ends = working.rounding({"p": _printed(p), "R": ratio.value}, "standard_error")
    error = working.value("standard_error")
    grounds += rounding_told("ratio and the p-value", ends) + coarse_error(error, ends)
    furthest = max(map(abs, ratio.rounding))
    greatest = greatest_error_from_p(furthest, _printed(p).ends[-1], is_wald=p.is_wald)
    impossible = contrast_too_precise(subject, ratio.figure, greatest, ratio.nearest_to_one)
    if impossible is not None:
        return build_refusal(subject, measure, impossible, grounds, stage)
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
