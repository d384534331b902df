"""Checks that a printed ratio goes the way of the figures of its own groups.

A ratio of death below 1 says fewer deaths in the index group, and so do longer medians, higher survival and
fewer deaths counted there. Where all of that goes against a printed ratio, its groups are
exchanged, or it is of survival and not of death. Which of them it is the figures cannot tell: the effect is
not used before the reader says.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.rules.p_value_of_counts import tables_of
from evisynth.checks.rules.p_values import p_example
from evisynth.checks.rules.ratios import is_unadjusted
from evisynth.checks.study_view import Reported, StudyView, high, is_point, low
from evisynth.studies import ComparisonBlock, StatisticFigure
from evisynth.wording import listed, short_number, term_words, time_words

#: Without an interval, a ratio contradicts figures that are this many times off it.
_FAR = 1.5
#: Shares are kept so far from 0 and 1, where they have no logarithm of the hazard.
_EDGE = 1e-6
#: Times to an event that are longer where there are fewer events.
AVERAGES = ("median", "mean")
_RATIOS = ("hazard_ratio", "odds_ratio", "risk_ratio")


class Pair(NamedTuple):
    """Like figures of both groups, and the ratio of the event nearest to 1 that rounds to them.

    ``implied`` has no number where one of two medians was not reached: then it is 0 or infinite. ``central``
    is what the figures give as they are printed.
    """

    one: Reported
    other: Reported
    implied: float
    central: float

    @property
    def words(self) -> str:
        """Both as printed, with their time."""
        printed = f"{self.one.quantity.as_reported} against {self.other.quantity.as_reported}"
        if self.one.statistic in AVERAGES:
            return f"{self.one.statistic}s {printed}"
        return printed if self.one.time is None else f"{printed} at {time_words(self.one.time)}"


class PrintedRatio(NamedTuple):
    """A printed ratio of a comparison of two groups, as one of the event of its outcome.

    ``low`` and ``high`` are the ends of its rounding interval, ``lower`` and ``upper`` its printed limits.
    """

    comparison: ComparisonBlock
    one: StatisticFigure
    measure: str
    low: float
    high: float
    lower: float | None
    upper: float | None

    @property
    def more(self) -> bool | None:
        """Whether it says more events in the index group; None where it rounds to no difference."""
        return True if self.low > 1 else False if self.high < 1 else None

    @property
    def place(self) -> tuple[int, int]:
        """Line and column of the figure."""
        return self.one.figure.line, self.one.figure.column


def printed_ratios(view: StudyView) -> Iterator[PrintedRatio]:
    """Yield the ratios of two groups; one of those without the event is turned round."""
    for comparison in view.study.comparisons:
        for one in comparison.figures:
            quantity, measure = one.figure.quantity, comparison.read_as or one.statistic
            if measure not in _RATIOS or len(comparison.of) != 2:
                continue
            if not is_point(quantity) or (quantity.value or 0.0) <= 0:
                continue
            ends = max(low(quantity), 1e-9), high(quantity)
            limits = quantity.ci_lower, quantity.ci_upper
            if comparison.of_event == "absence":
                # Of risk ratios only the side is turned round: fewer survivors are more deaths.
                ends, limits = (1 / ends[1], 1 / ends[0]), (_inverse(limits[1]), _inverse(limits[0]))
            yield PrintedRatio(comparison, one, measure, *ends, *limits)


def _inverse(limit: float | None) -> float | None:
    return None if limit is None else 1 / limit if limit > 0 else math.inf


def check_hazard_ratio_direction(view: StudyView) -> Outcomes:
    """Look for hazard ratios against which all figures of their groups speak, none of them for it."""
    yield from (_judged(view, one) for one in _with_pairs(view, ("hazard_ratio",)))


def check_risk_direction(view: StudyView) -> Outcomes:
    """Look for odds and risk ratios against which all figures of their groups speak, none of them for it.

    Those whose counts are compared to the last patient are left to that check.
    """
    for printed, pairs in _with_pairs(view, ("odds_ratio", "risk_ratio")):
        of_share = view.vocabulary.outcomes[printed.comparison.outcome].type == "share"
        by_counts = of_share and is_unadjusted(printed.comparison)
        if not (by_counts and any(True for _ in tables_of(view, printed.comparison))):
            yield _judged(view, (printed, pairs))


def _with_pairs(view: StudyView, measures: tuple[str, ...]) -> Iterator[tuple[PrintedRatio, list[Pair]]]:
    for printed in printed_ratios(view):
        if printed.measure in measures:
            pairs = list(pairs_of(view, printed.comparison, printed.measure))
            if pairs:
                yield printed, pairs


def _judged(view: StudyView, judged: tuple[PrintedRatio, list[Pair]]) -> Found | None:
    return _found(view, *judged) if _contradicts(*judged) else FINE


def pairs_of(view: StudyView, comparison: ComparisonBlock, measure: str) -> Iterator[Pair]:
    """Yield medians, means, and rates and shares of a common time, that differ by more than rounding."""
    outcome, (index, reference) = comparison.outcome, comparison.of
    time = None if measure == "hazard_ratio" else comparison.time_months
    for statistic in AVERAGES if time is None else ():
        averages = [view.find(outcome, group, statistic) for group in (index, reference)]
        if averages[0] is not None and averages[1] is not None:
            yield from _if_different(averages[0], averages[1], _of_averages(averages[0], averages[1]))
    shares = [one for one in view.figures_of(outcome, index) if _is_share(view, one)]
    for one in shares:
        other = view.find(outcome, reference, one.statistic, one.time)
        if other is None or not _is_share(view, other) or (time is not None and one.time != time):
            continue
        yield from _if_different(one, other, _of_shares(view, measure, one, other))


def _is_share(view: StudyView, one: Reported) -> bool:
    """Whether a figure is the share of patients with or without the event: a rate, or a count of a known n.

    One that may be of either is asked about by itself.
    """
    if one.of_either or not is_point(one.quantity) or one.outcome.type in ("duration", "measurement"):
        return False
    if one.statistic in ("survival", "cumulative_incidence"):
        return True
    if one.statistic not in ("proportion", "count"):
        return False
    return one.quantity.unit == "proportion" or view.denominator(one) is not None


def _if_different(one: Reported, other: Reported, implied: tuple[float, float] | None) -> Iterator[Pair]:
    same_clock = (
        one.block.starts == other.block.starts
        and one.block.adjusted_for == other.block.adjusted_for
        and one.speaks_of == other.speaks_of
    )
    if implied is not None and implied[0] != 1 and same_clock:
        yield Pair(one, other, *implied)


def _of_averages(one: Reported, other: Reported) -> tuple[float, float] | None:
    """Return the ratio of hazards of two medians or means, nearest to 1 and as printed."""
    if one.outcome.type != "time_to_event":
        return None
    states = one.quantity.state, other.quantity.state
    if states == ("not_reached", "reported"):
        return (0.0, 0.0) if is_point(other.quantity) else None
    if states == ("reported", "not_reached"):
        return (math.inf, math.inf) if is_point(one.quantity) else None
    if not (is_point(one.quantity) and is_point(other.quantity)):
        return None
    if low(one.quantity) <= 0 or low(other.quantity) <= 0:
        return None
    ends = low(other.quantity) / high(one.quantity), high(other.quantity) / low(one.quantity)
    return _nearest_to_one(*ends), (other.quantity.value or 0.0) / (one.quantity.value or 1.0)


def _of_shares(view: StudyView, measure: str, one: Reported, other: Reported) -> tuple[float, float]:
    """Return the ratio of the event that two shares give, nearest to 1 and as printed."""
    (low_one, one_central, high_one), (low_other, other_central, high_other) = (
        risk_of(view, one),
        risk_of(view, other),
    )
    ends = _ratio(measure, low_one, high_other), _ratio(measure, high_one, low_other)
    return _nearest_to_one(*ends), _ratio(measure, one_central, other_central)


def risk_of(view: StudyView, one: Reported) -> tuple[float, float, float]:
    """Return the share with the event: the least that rounds so, as printed, the greatest."""
    whole = 1.0 if one.quantity.unit == "proportion" else float(view.denominator(one) or 1)
    printed = low(one.quantity), one.quantity.value or 0.0, high(one.quantity)
    least, middle, most = (min(1 - _EDGE, max(_EDGE, value / whole)) for value in printed)
    return (least, middle, most) if one.speaks_of == "occurrence" else (1 - most, 1 - middle, 1 - least)


def _ratio(measure: str, index: float, reference: float) -> float:
    """Return the ratio of two risks; of hazards, were they constant and everybody followed as long."""
    if measure == "risk_ratio":
        return index / reference
    if measure == "odds_ratio":
        return index / (1 - index) * (1 - reference) / reference
    return math.log1p(-index) / math.log1p(-reference)


def _nearest_to_one(least: float, most: float) -> float:
    if least <= 1 <= most:
        return 1.0
    return least if least > 1 else most


def _contradicts(printed: PrintedRatio, pairs: list[Pair]) -> bool:
    """Say whether every pair lies on the other side of 1, and one further off than the interval reaches."""
    above = printed.more
    if above is None or any((pair.implied > 1) == above for pair in pairs):
        return False
    if above:
        reach = printed.lower if printed.lower is not None else printed.low / _FAR
        return min(pair.implied for pair in pairs) < reach
    reach = printed.upper if printed.upper is not None else printed.high * _FAR
    return max(pair.implied for pair in pairs) > reach


def _found(view: StudyView, printed: PrintedRatio, pairs: list[Pair]) -> Found:
    comparison, quantity = printed.comparison, printed.one.figure.quantity
    index, reference = comparison.of
    more, fewer = ("more", "fewer") if printed.more else ("fewer", "more")
    figures = listed(pair.words for pair in pairs)
    implied = [short_number(pair.central) for pair in pairs if 0 < pair.central < math.inf]
    gives = f" (a ratio of about {' or '.join(dict.fromkeys(implied))})" if implied else ""
    unless = ", unless the adjustment turns it" if comparison.adjusted_for else ""
    message = (
        f"the {term_words(printed.measure)} {quantity.as_reported} says that '{index}' has {more} events "
        f"than '{reference}', and its figures say {fewer}{unless}: {figures}{gives}"
    )
    about = f"{term_words(printed.one.statistic)} of {index}, {reference}: {quantity.as_reported}, {figures}"
    unsettles = (printed.place,) if comparison.of_event is None else ()
    return Found(*printed.place, message, about, turned_fix(view, comparison), unsettles=unsettles)


def turned_fix(view: StudyView, comparison: ComparisonBlock, name: str = "ratio") -> str:
    """Say how a reader settles of which group, and of which event, an effect is."""
    index, reference = comparison.of
    event = view.vocabulary.outcomes[comparison.outcome].speaks_of
    other = event.words_of("occurrence" if comparison.of_event == "absence" else "absence")
    return (
        f"turned round? type of: [{reference}, {index}] if the source's {name} is that of '{reference}' "
        f"against '{index}'; of_event: {other} if it is of that; of_event: {event.words} if it is right"
    )


_LONGER = ("OS", "median: 98 months", "median: 60 months")
CHECKS: tuple[Check, ...] = (
    Check(
        code="ratio-turned-round",
        level="warning",
        title="A hazard ratio against the figures of its own groups",
        applies_when="a hazard ratio of two groups stands beside medians, means, rates or shares of both",
        test="Some figure goes its way: fewer events, a longer median, higher rates. It is told only where "
        "all that differ by more than rounding go against it, and the ratio they give lies outside its "
        f"interval (without one, {_FAR:g}-fold off), since hazards need not be proportional. The ratio is "
        "not used before it is settled.",
        formula="log HR against log(m0/m1) and log(log S1 / log S0)",
        fix="look at which group the source's ratio is of, and type that group first in of:",
        failing=p_example(*_LONGER, "hazard_ratio: 1.8 (95% CI 1.1 to 2.9)"),
        passing=p_example(*_LONGER, "hazard_ratio: 0.6 (95% CI 0.4 to 0.9)"),
        run=check_hazard_ratio_direction,
        unsettles=True,
    ),
    Check(
        code="ratio-of-which-event",
        level="warning",
        title="An odds or risk ratio against the figures of its own groups",
        applies_when="an odds or risk ratio of two groups stands beside medians, rates or shares of both",
        test="Some figure goes its way, or its interval reaches what they give. Else it is that of the other "
        "group, or of those without the event, and is not used before it is settled.",
        formula="OR = [p1/(1 - p1)]/[p0/(1 - p0)], RR = p1/p0 of the event, p = 1 - S",
        fix="look at which group and which event the source's ratio is of, and type of: or of_event:",
        failing=p_example(*_LONGER, "odds_ratio: 1.8 (95% CI 1.1 to 2.9)"),
        passing=p_example(*_LONGER, "odds_ratio: 1.8 (95% CI 1.1 to 2.9), of_event: survival"),
        run=check_risk_direction,
        unsettles=True,
    ),
)
