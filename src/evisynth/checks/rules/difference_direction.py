"""Checks that a printed difference goes the way of its groups' figures, and of the ratios beside it.

A difference speaks of the event of its outcome: 21 % beside survival of 62 % and 41 % is that of those alive,
and is read as 21 % more deaths. It is not used before the reader says of which of the two it is. Months are
compared as they are: a difference of 4 months is that of longer medians or means.
"""

from __future__ import annotations

from collections.abc import Iterator

from evisynth.arithmetic import critical_z
from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.rules.effect_direction import (
    AVERAGES,
    Pair,
    PrintedRatio,
    check_hazard_ratio_direction,
    check_risk_direction,
    pairs_of,
    printed_ratios,
    risk_of,
    turned_fix,
)
from evisynth.checks.rules.p_values import p_example
from evisynth.checks.study_view import Reported, StudyView, high, is_point, low
from evisynth.printed_statistics import STATISTICS
from evisynth.quantities import Quantity
from evisynth.studies import ComparisonBlock, Figure, StatisticFigure
from evisynth.wording import listed, term_words


def more_events(comparison: ComparisonBlock, one: StatisticFigure) -> bool | None:
    """Return whether a printed effect says more events in the index group; None where it says neither."""
    quantity = one.figure.quantity
    if not STATISTICS[one.statistic].is_effect or not is_point(quantity):
        return None
    null = 1.0 if STATISTICS[one.statistic].is_ratio else 0.0
    if low(quantity) <= null <= high(quantity):
        return None
    # Months that one group lives longer are of those without the event, as medians are.
    absent = comparison.of_event == "absence" or quantity.unit not in ("ratio", "proportion")
    return (low(quantity) > null) != absent


def goes_against_figures(view: StudyView, figure: Figure) -> bool:
    """Say whether a printed ratio or difference goes against all figures of its own groups."""
    place = figure.line, figure.column
    checks = (check_hazard_ratio_direction, check_risk_direction, check_difference_direction)
    found = (found for check in checks for found in check(view))
    return any(one is not None and (one.line, one.column) == place for one in found)


def _printed_differences(view: StudyView) -> Iterator[tuple[ComparisonBlock, StatisticFigure]]:
    """Yield the differences of two groups that are not 0 within their rounding."""
    for comparison in view.study.comparisons:
        for one in comparison.figures:
            of_two = len(comparison.of) == 2 and STATISTICS[one.statistic].kind == "difference"
            if of_two and more_events(comparison, one) is not None:
                yield comparison, one


def check_difference_direction(view: StudyView) -> Outcomes:
    """Look for differences against which all figures of their groups speak, none of them for it."""
    for comparison, one in _printed_differences(view):
        if one.figure.quantity.unit == "proportion":
            found = _of_shares(view, comparison, one)
        else:
            found = _of_averages(view, comparison, one)
        if found is not None:
            signs_differ, gaps, words = found
            against = signs_differ and _out_of_reach(comparison, one.figure.quantity, gaps)
            yield _found(view, comparison, one, words) if against else FINE


def _of_shares(
    view: StudyView, comparison: ComparisonBlock, one: StatisticFigure
) -> tuple[bool, list[float], str] | None:
    """Say whether all figures go against a difference of shares, by how much, and which they are."""
    more = more_events(comparison, one)
    pairs = list(pairs_of(view, comparison, "risk_ratio"))
    gaps = [_gap(view, pair) for pair in pairs if pair.one.statistic not in AVERAGES]
    if not gaps:
        return None
    if comparison.of_event == "absence":
        gaps = [-gap for gap in gaps]
    words = listed(pair.words for pair in pairs)
    return all((pair.implied > 1) != more for pair in pairs), gaps, words


def _gap(view: StudyView, pair: Pair) -> float:
    """Return the difference of the event that two shares give, as printed."""
    return risk_of(view, pair.one)[1] - risk_of(view, pair.other)[1]


def _of_averages(
    view: StudyView, comparison: ComparisonBlock, one: StatisticFigure
) -> tuple[bool, list[float], str] | None:
    """Say whether all medians and means go against a difference of them, by how much, and which they are."""
    pairs = [pair for pair in _averages(view, comparison) if _apart(*pair)]
    if not pairs:
        return None
    gaps = [(index.quantity.value or 0.0) - (reference.quantity.value or 0.0) for index, reference in pairs]
    words = listed(
        f"{index.statistic}s {index.quantity.as_reported} against {reference.quantity.as_reported}"
        for index, reference in pairs
    )
    upwards = low(one.figure.quantity) > 0
    return all((gap > 0) != upwards for gap in gaps), gaps, words


def _averages(view: StudyView, comparison: ComparisonBlock) -> Iterator[tuple[Reported, Reported]]:
    for statistic in AVERAGES:
        for index in view.figures_of(comparison.outcome, comparison.of[0]):
            if index.statistic != statistic or index.time != comparison.time_months:
                continue
            reference = view.find(comparison.outcome, comparison.of[1], statistic, index.time)
            if reference is not None and index.block.starts == reference.block.starts:
                yield index, reference


def _apart(index: Reported, reference: Reported) -> bool:
    one, other = index.quantity, reference.quantity
    points = is_point(one) and is_point(other)
    return points and (low(one) > high(other) or high(one) < low(other))


def _out_of_reach(comparison: ComparisonBlock, difference: Quantity, gaps: list[float]) -> bool:
    """Say whether some gap lies beyond the interval; without one, unless an adjustment may explain it."""
    least, most = _interval(difference)
    if least is None or most is None:
        return not comparison.adjusted_for
    return min(gaps) < least or max(gaps) > most


def _interval(printed: Quantity) -> tuple[float | None, float | None]:
    """Return the printed limits, or those that a printed standard error gives."""
    if printed.spread == "se" and printed.sd:
        reach = critical_z(0.95) * printed.sd
        return low(printed) - reach, high(printed) + reach
    return printed.ci_lower, printed.ci_upper


def _found(view: StudyView, comparison: ComparisonBlock, one: StatisticFigure, words: str) -> Found:
    quantity, (index, reference) = one.figure.quantity, comparison.of
    unless = ", unless the adjustment turns it" if comparison.adjusted_for else ""
    if quantity.unit == "proportion":
        more, fewer = ("more", "fewer") if more_events(comparison, one) else ("fewer", "more")
        says = f"{more} events than '{reference}', and its figures say {fewer}"
        fix = turned_fix(view, comparison, "difference")
    else:
        more, fewer = ("more", "less") if low(quantity) > 0 else ("less", "more")
        says = f"{more} than '{reference}', and its figures say {fewer}"
        fix = (
            f"turned round? type of: [{reference}, {index}] if the source's difference is '{reference}' less "
            f"'{index}'; else compare it and the figures with the source"
        )
    message = f"the difference {quantity.as_reported} says that '{index}' has {says}{unless}: {words}"
    about = f"difference of {index}, {reference}: {quantity.as_reported}, {words}"
    place = one.figure.line, one.figure.column
    return Found(*place, message, about, fix, unsettles=(place,) if comparison.of_event is None else ())


def check_ratio_against_difference(view: StudyView) -> Outcomes:
    """Compare ratios with the differences of the same two groups: both may say fewer events, or neither.

    Where the figures of both groups tell which of the two is wrong, the check of that one tells it.
    """
    differences = list(_printed_differences(view))
    for ratio in printed_ratios(view):
        for comparison, one in differences:
            same = comparison.outcome == ratio.comparison.outcome
            if not same or set(comparison.of) != set(ratio.comparison.of) or ratio.more is None:
                continue
            turned = comparison.of != ratio.comparison.of
            against = (more_events(comparison, one) != turned) != ratio.more
            if not against or _either_reaches_equality(ratio, one.figure.quantity):
                yield FINE
            elif not any(goes_against_figures(view, each.figure) for each in (ratio.one, one)):
                yield _found_against(view, ratio, comparison, one)


def _either_reaches_equality(ratio: PrintedRatio, difference: Quantity) -> bool:
    """Say whether the interval of either has no difference inside."""
    least, most = _interval(difference)
    of_ratio = ratio.lower is not None and ratio.upper is not None and ratio.lower < 1 < ratio.upper
    return of_ratio or (least is not None and most is not None and least < 0 < most)


def _found_against(
    view: StudyView, ratio: PrintedRatio, comparison: ComparisonBlock, one: StatisticFigure
) -> Found:
    printed, difference = ratio.one.figure.quantity, one.figure.quantity
    index, reference = ratio.comparison.of
    more, fewer = ("more", "fewer") if ratio.more else ("fewer", "more")
    message = (
        f"the {term_words(ratio.measure)} {printed.as_reported} says that '{index}' has {more} events than "
        f"'{reference}', and the difference {difference.as_reported} of '{comparison.of[0]}' says {fewer}"
    )
    about = (
        f"{term_words(ratio.one.statistic)} of {index}, {reference}: {printed.as_reported}, "
        f"difference {difference.as_reported}"
    )
    places = (
        *((ratio.place,) if ratio.comparison.of_event is None else ()),
        *(((one.figure.line, one.figure.column),) if comparison.of_event is None else ()),
    )
    fix = turned_fix(view, ratio.comparison)
    return Found(*ratio.place, message, about, fix, unsettles=places)


_ALIVE = ("OS", "survival at 5 years: 62%", "survival at 5 years: 41%")
_UNKNOWN = ("OS", "median: 98 months", "median: not reported")
CHECKS: tuple[Check, ...] = (
    Check(
        code="difference-turned-round",
        level="warning",
        title="A printed difference against the figures of its own groups",
        applies_when="a difference of two groups stands beside rates, shares, medians or means of both",
        test="Some figure goes its way, or its interval reaches what they give. Else it is that of the other "
        "group, or of those without the event, and is not used before it is settled. Without an interval, "
        "one called adjusted is not told.",
        formula="d = p1 - p0 of the event, p = 1 - S; months and measurements: m1 - m0",
        fix="look at which group and which event the source's difference is of, and type of: or of_event:",
        failing=p_example(*_ALIVE, "difference: 21% (95% CI 6 to 36), time: 5 years"),
        passing=p_example(*_ALIVE, "difference: 21% (95% CI 6 to 36), time: 5 years, of_event: survival"),
        run=check_difference_direction,
        unsettles=True,
    ),
    Check(
        code="ratio-against-difference",
        level="warning",
        title="A ratio that goes against a difference of the same groups",
        applies_when="a ratio and a difference of the same two groups and outcome are printed",
        test="Both say more events in the same group, or the interval of one reaches equality; a longer time "
        "to the event is fewer events. Neither is used before it is settled.",
        formula="HR > 1 and m1 - m0 > 0, or HR < 1 and m1 - m0 < 0",
        fix="look at which group and which event each of the two is of, and type of: or of_event:",
        failing=p_example(*_UNKNOWN, "hazard_ratio: 1.8 (95% CI 1.1 to 2.9), difference: 4 months"),
        passing=p_example(*_UNKNOWN, "hazard_ratio: 0.6 (95% CI 0.4 to 0.9), difference: 4 months"),
        run=check_ratio_against_difference,
        unsettles=True,
    ),
)
