"""Checks of printed precision: no interval, error or p-value is more precise than its patients allow.

What is narrower is mostly another thing: a ratio per unit typed as one of two groups, a standard deviation
and a standard error taken for each other, other patients, another level.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from evisynth.arithmetic import (
    ALLOWANCE,
    STEEPEST,
    Behind,
    PrintedInterval,
    critical_z,
    greatest_error_from_p,
    greatest_log_error,
    is_too_precise,
    least_error,
    least_error_log_median,
    least_error_of_mean,
    least_error_of_share,
    precision_of_share,
)
from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.rules.implausible_ratios import is_implausible, is_printed_ratio
from evisynth.checks.rules.intervals import printed_interval
from evisynth.checks.rules.p_value_of_counts import MOST_TABLES, events_by_group, events_of, tables_of
from evisynth.checks.rules.p_values import p_interval, p_text, tests_of_difference
from evisynth.checks.study_view import Reported, StudyView, compared, high, is_point, low
from evisynth.measures import EffectMeasure, question_measures
from evisynth.named_tests import read_test
from evisynth.quantities import Quantity
from evisynth.studies import ComparisonBlock, StatisticFigure
from evisynth.wording import counted, term_words, time_as_printed, too_precise_words

_SHARES = ("survival", "cumulative_incidence", "proportion", "rate")
#: A ratio this near to 1, on the log scale, and this precise, is one per unit where nothing else is known:
#: as one of two groups it would take 10,000 events.
_PER_UNIT, _OF_MANY = math.log(1.25), 0.02


class _Precision(NamedTuple):
    """A printed standard error at its largest, and the smallest that is possible, with whom it rests on."""

    greatest: float
    least: float
    who: str
    hint: str = ""


def check_possible_precision(view: StudyView) -> Outcomes:
    """Set each printed precision against the patients, the events and the counts that there are."""
    for one in view.figures:
        found = _of_figure(view, one)
        if found is None:
            continue
        if not is_too_precise(found.greatest, found.least):
            yield FINE
            continue
        printed = f"{one.quantity.as_reported} in '{one.group}'"
        narrow = one.quantity.ci_lower is not None
        words = too_precise_words(printed, found.who, found.greatest, found.least, interval=narrow)
        about = f"{one.about}, {found.who}"
        yield Found(one.figure.line, one.figure.column, words + found.hint, about)
    yield from _of_ratios(view)


def _of_figure(view: StudyView, one: Reported) -> _Precision | None:
    """Return the precision printed with a figure of one group, None where nothing is to be compared."""
    size, quantity = _most_patients(view, one), one.quantity
    if not size or not is_point(quantity) or not quantity.value:
        return None
    if one.statistic in _SHARES:
        return _of_share(quantity, size)
    if one.statistic == "median" and one.outcome.type == "time_to_event":
        return _of_median(quantity, size)
    return _of_mean(quantity, size) if one.statistic == "mean" else None


def _most_patients(view: StudyView, one: Reported) -> int | None:
    """Return how many patients there are at most behind a figure."""
    stated = view.denominator(one)
    if stated is not None or one.figure.n is not None:
        return stated
    size = view.size(one.group)
    return size.most if size is not None and size.known else None


def _of_share(quantity: Quantity, size: int) -> _Precision | None:
    value, who = quantity.value or 0.0, counted(size, "patient")
    if not 0 < value < 1:
        return None
    ends = [end for end in (low(quantity), value, high(quantity)) if 0 < end < 1]
    least = min(least_error_of_share(end, size) for end in ends)
    interval = printed_interval(quantity)
    if interval is not None:
        reach = precision_of_share(interval, size) * least
        return _Precision(reach, least, who, _of_one_error(reach, least, interval.level))
    if quantity.spread != "se" or not quantity.sd:
        return None
    error = _most(quantity.sd, quantity.sd_half_unit)
    is_fraction = quantity.as_reported.count("%") < 2 and not is_too_precise(100 * error, least)
    return _Precision(error, least, who, "; if it is a fraction, type it in percent" if is_fraction else "")


def _of_median(quantity: Quantity, size: int) -> _Precision | None:
    least, who = least_error_log_median(size), counted(size, "patient")
    interval = printed_interval(quantity)
    if interval is not None:
        error = greatest_log_error(interval)
        return _Precision(error, least, who, _usual_interval(quantity, interval, size))
    if quantity.spread == "se" and quantity.sd and low(quantity) > 0:
        return _Precision(_most(quantity.sd, quantity.sd_half_unit) / low(quantity), least, who)
    return None


def _usual_interval(quantity: Quantity, interval: PrintedInterval, size: int) -> str:
    """Say how wide the interval of a median is at constant hazard."""
    reach = math.exp(critical_z(interval.level) * STEEPEST * least_error_log_median(size))
    ends = [
        time_as_printed(end, quantity.as_reported)
        for end in (interval.estimate.value / reach, interval.estimate.value * reach)
    ]
    return f"; at constant hazard, everybody followed, the interval would be about {ends[0]} to {ends[1]}"


def _of_mean(quantity: Quantity, size: int) -> _Precision | None:
    """Compare the interval of a mean with the standard deviation beside it."""
    interval = printed_interval(quantity)
    if interval is None or quantity.spread != "sd" or not quantity.sd:
        return None
    error = (max(interval.upper.ends) - min(interval.lower.ends)) / (2 * critical_z(interval.level))
    least = least_error_of_mean(quantity.sd - (quantity.sd_half_unit or 0.0), size)
    return _Precision(error, least, f"{counted(size, 'patient')} of that standard deviation")


def _most(number: float, half_unit: float | None) -> float:
    return number + (half_unit or 0.0)


def _of_one_error(greatest: float, least: float, level: float) -> str:
    """Say of an interval that would be possible as the estimate and one standard error either way."""
    if is_too_precise(greatest * critical_z(level), least):
        return ""
    return "; its limits may be one standard error either way: type (68% CI ...) if the source says so"


def _of_ratios(view: StudyView) -> Outcomes:
    for comparison in view.study.comparisons:
        for one in comparison.figures:
            measure = _measure_of(comparison, one)
            if measure is not None and len(comparison.of) == 2 and comparison.per is None:
                yield _of_ratio(view, comparison, one, measure)


def _measure_of(comparison: ComparisonBlock, one: StatisticFigure) -> EffectMeasure | None:
    """Return what a printed ratio or difference is; a ratio of a Cox model is one of hazards."""
    if one.statistic == "difference" and one.figure.quantity.unit == "proportion":
        return next(record for record in question_measures().values() if record.risk_scale == "identity")
    if not is_printed_ratio(one):
        return None
    if "cox" in (comparison.test or "").lower():
        return next(record for record in question_measures().values() if record.proportional_hazards)
    return question_measures().get(comparison.read_as or one.statistic)


def _of_ratio(
    view: StudyView, comparison: ComparisonBlock, one: StatisticFigure, measure: EffectMeasure
) -> Found | None:
    """Judge the precision of one ratio of two groups."""
    quantity = one.figure.quantity
    of_ratio = measure.null == 1
    error = _error_of_ratio if of_ratio else _error_of_difference
    greatest, printed = error(view, comparison, quantity)
    if greatest is None or not is_point(quantity):
        return FINE
    behind = _behind(view, comparison, one, measure)
    least = least_error(measure, behind, _nearest(quantity, measure.null or 0.0))
    near = of_ratio and abs(math.log(quantity.value or 1.0)) < _PER_UNIT
    who = behind.words
    if least is None and near and greatest < _OF_MANY:
        least, who = _OF_MANY, "10,000 events"
    if least is None or not is_too_precise(greatest, least):
        return FINE
    hint = ""
    if quantity.level is not None and not is_implausible(quantity):
        hint = _of_one_error(greatest, least, quantity.level)
    if near:
        hint = "; is it per unit of something, such as a year of age? Then type within:, by: and per: 1 year"
    words = too_precise_words(printed, who, greatest, least, interval=quantity.ci_lower is not None)
    message = f"{term_words(one.statistic)} of {compared(comparison)}: {words}{hint}"
    about = f"{term_words(one.statistic)} of {', '.join(comparison.of)}: {quantity.as_reported}, {who}"
    return Found(one.figure.line, one.figure.column, message, about)


def _nearest(quantity: Quantity, null: float) -> float:
    """Return the end of the rounding that is nearest to no effect."""
    ends = low(quantity), high(quantity)
    return null if ends[0] <= null <= ends[1] else min(ends, key=lambda end: abs(end - null))


def _error_of_difference(
    view: StudyView, comparison: ComparisonBlock, quantity: Quantity
) -> tuple[float | None, str]:
    """Return the largest standard error of a difference that its print allows."""
    interval = printed_interval(quantity)
    if interval is not None:
        width = max(interval.upper.ends) - min(interval.lower.ends)
        return width / (2 * critical_z(interval.level)), quantity.as_reported
    if quantity.spread == "se" and quantity.sd:
        return _most(quantity.sd, quantity.sd_half_unit), quantity.as_reported
    return None, quantity.as_reported


def _error_of_ratio(
    view: StudyView, comparison: ComparisonBlock, quantity: Quantity
) -> tuple[float | None, str]:
    """Return the largest standard error of the log ratio that its print allows, and what says so."""
    text, interval = quantity.as_reported, printed_interval(quantity)
    if interval is not None:
        return greatest_log_error(interval), text
    if quantity.spread == "log_se" and quantity.sd:
        return _most(quantity.sd, quantity.sd_half_unit), text
    if quantity.spread == "se" and quantity.sd and low(quantity) > 0:
        return _most(quantity.sd, quantity.sd_half_unit) / low(quantity), text
    beside = [p for other, p in tests_of_difference(view) if other is comparison]
    test = read_test(comparison.test)
    if len(beside) != 1 or low(quantity) <= 0 or test.of_other_weights:
        return None, text
    p = beside[0].figure.quantity
    log_most = max(abs(math.log(low(quantity))), abs(math.log(high(quantity))))
    greatest = greatest_error_from_p(log_most, p_interval(p)[1], is_wald=test.is_wald)
    return (greatest if p.qualifier in ("=", "<", "<=") else None), f"{text} with {p_text(p)}"


def _behind(
    view: StudyView, comparison: ComparisonBlock, one: StatisticFigure, measure: EffectMeasure
) -> Behind:
    """Return who stands behind a ratio of two groups, at the most that the file allows."""
    sizes = [view.size(group) for group in comparison.of]
    known = [size.most for size in sizes if size is not None and size.known and size.most]
    stated = one.figure.n.count if one.figure.n is not None else None
    by_group = (known[0], known[1]) if len(known) == 2 and stated is None else None
    of_events = measure.proportional_hazards
    tables = () if of_events else tuple(tables_of(view, comparison))
    return Behind(
        patients=stated if stated is not None else _of_whole(view, comparison),
        by_group=by_group,
        events=events_of(view, comparison) if of_events else None,
        events_by_group=events_by_group(view, comparison) if of_events else None,
        tables=tables if len(tables) <= MOST_TABLES else (),
        adjusted=bool(comparison.adjusted_for),
    )


def _of_whole(view: StudyView, comparison: ComparisonBlock) -> int | None:
    """Return the patients of the smallest group that holds both, at most."""
    index, reference = comparison.of
    for whole in view.within(index):
        if view.is_part_of(reference, whole):
            size = view.size(whole)
            return size.most if size is not None and size.known else None
    return None


_EXAMPLE = """\
groups:
  all: {{label: All, n: 70, at: line 1}}
outcomes:
  - outcome: OS
    starts: operation
    at: line 2
    values:
      all: {{{figure}}}
"""

CHECKS: tuple[Check, ...] = (
    Check(
        code="interval-too-narrow",
        level="warning",
        title="A precision that its patients, events or counts cannot give",
        applies_when="a ratio of two groups, a rate, a share, a median survival or a mean with its deviation "
        "is printed with an interval, a standard error or a p-value, and patients, events or counts "
        "are known",
        test="Its standard error, at the largest that the rounding of every number allows, is no smaller "
        f"than the smallest possible; {ALLOWANCE:.0%} is let pass for how programs compute it. A median may "
        f"be that of a Weibull curve of shape {STEEPEST:g}.",
        formula="SE(log HR) >= sqrt(D/(d1 d0)) >= 2/sqrt(D) >= 2/sqrt(N); SE(log OR)^2 >= 1/a + 1/b + 1/c + "
        "1/d >= 16/N; SE(S)^2 >= S(1 - S)/n; SE(log m) >= 1/(k ln 2 sqrt n), k = "
        f"{STEEPEST:g}; SE(mean) >= SD/sqrt n",
        source="Parmar, Torri & Stewart 1998, Stat Med 17:2815-2834; Brookmeyer & Crowley 1982, "
        "doi:10.2307/2530286",
        fix="compare figure, n and level with the source: a standard error may stand for a deviation, a "
        "ratio be per unit (type per:), an interval be a range or quartiles",
        failing=_EXAMPLE.format(figure="median: 98 months (95% CI 95 to 101)"),
        passing=_EXAMPLE.format(figure="median: 98 months (95% CI 70 to 137)"),
        run=check_possible_precision,
    ),
)
