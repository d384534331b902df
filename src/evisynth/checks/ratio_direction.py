"""Whether a hazard ratio goes the way that the medians and rates of its own groups go."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from evisynth.arithmetic.time_words import time_words
from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.p_findings import p_example
from evisynth.checks.study_view import Reported, StudyView, high, is_point, low
from evisynth.checks.words import listed, short
from evisynth.quantities import Quantity
from evisynth.studies.study import ComparisonBlock, StatisticFigure

#: Without an interval, a ratio contradicts figures that are this many times off it.
_FAR = 1.5
#: Rates are kept so far from 0 and 1, where they have no logarithm of the hazard.
_EDGE = 1e-6


class _Pair(NamedTuple):
    """Like figures of both groups, and the hazard ratio nearest to 1 that rounds to them.

    ``implied`` has no number where one of two medians was not reached: then it is 0 or infinite.
    """

    one: Reported
    other: Reported
    implied: float

    @property
    def words(self) -> str:
        printed = f"{self.one.quantity.as_reported} against {self.other.quantity.as_reported}"
        if self.one.statistic == "median":
            return f"medians {printed}"
        return f"{printed} at {time_words(self.one.time or 0)}"

    @property
    def central(self) -> float:
        """The ratio that the figures give as they are printed."""
        first, second = (one.quantity.value or 0.0 for one in (self.one, self.other))
        if self.one.statistic == "median":
            return second / first
        first, second = (min(1 - _EDGE, max(_EDGE, rate)) for rate in (first, second))
        return math.log(first) / math.log(second)


def check_ratio_direction(view: StudyView) -> Outcomes:
    """Look for hazard ratios against which all figures of their groups speak, none of them for it."""
    for comparison in view.study.comparisons:
        for one in comparison.figures:
            quantity = one.figure.quantity
            read = comparison.read_as or one.statistic
            if read != "hazard_ratio" or len(comparison.of) != 2 or not is_point(quantity):
                continue
            pairs = list(_pairs(view, comparison)) if (quantity.value or 0.0) > 0 else []
            if not pairs:
                continue
            if _contradicts(quantity, pairs):
                yield _found(comparison, one, pairs)
            else:
                yield FINE


def _pairs(view: StudyView, comparison: ComparisonBlock) -> Iterator[_Pair]:
    """Yield the medians, and the rates at each common time, that differ by more than rounding."""
    index, reference = comparison.of
    medians = [view.find(comparison.outcome, group, "median") for group in comparison.of]
    if medians[0] is not None and medians[1] is not None and _of_one_clock(medians[0], medians[1]):
        yield from _if_different(medians[0], medians[1], _ratio_of_medians(medians[0], medians[1]))
    for one in view.curve(comparison.outcome, index):
        other = view.find(comparison.outcome, reference, "survival", one.time)
        if other is not None and is_point(other.quantity) and _of_one_clock(one, other):
            yield from _if_different(one, other, _ratio_of_rates(one.quantity, other.quantity))


def _of_one_clock(one: Reported, other: Reported) -> bool:
    same = one.block.starts == other.block.starts and one.block.adjusted_for == other.block.adjusted_for
    return same and one.outcome.type == "time_to_event"


def _if_different(one: Reported, other: Reported, implied: float | None) -> Iterator[_Pair]:
    if implied is not None and implied != 1:
        yield _Pair(one, other, implied)


def _ratio_of_medians(one: Reported, other: Reported) -> float | None:
    states = one.quantity.state, other.quantity.state
    if states == ("not_reached", "reported"):
        return 0.0 if is_point(other.quantity) else None
    if states == ("reported", "not_reached"):
        return math.inf if is_point(one.quantity) else None
    if not (is_point(one.quantity) and is_point(other.quantity)):
        return None
    if low(one.quantity) <= 0 or low(other.quantity) <= 0:
        return None
    ends = low(other.quantity) / high(one.quantity), high(other.quantity) / low(one.quantity)
    return _nearest_to_one(*ends)


def _ratio_of_rates(one: Quantity, other: Quantity) -> float:
    (low_one, high_one), (low_other, high_other) = (
        (min(1 - _EDGE, max(_EDGE, low(each))), min(1 - _EDGE, max(_EDGE, high(each))))
        for each in (one, other)
    )
    return _nearest_to_one(math.log(high_one) / math.log(low_other), math.log(low_one) / math.log(high_other))


def _nearest_to_one(least: float, most: float) -> float:
    if least <= 1 <= most:
        return 1.0
    return least if least > 1 else most


def _contradicts(ratio: Quantity, pairs: list[_Pair]) -> bool:
    """Say whether every pair lies on the other side of 1, and one further off than the interval reaches."""
    above = low(ratio) > 1
    if not above and not high(ratio) < 1:
        return False
    if any((pair.implied > 1) == above for pair in pairs):
        return False
    furthest = min(pair.implied for pair in pairs) if above else max(pair.implied for pair in pairs)
    if above:
        reach = ratio.ci_lower if ratio.ci_lower is not None else (ratio.value or 0.0) / _FAR
        return furthest < reach
    reach = ratio.ci_upper if ratio.ci_upper is not None else (ratio.value or 0.0) * _FAR
    return furthest > reach


def _found(comparison: ComparisonBlock, one: StatisticFigure, pairs: list[_Pair]) -> Found:
    index, reference = comparison.of
    quantity = one.figure.quantity
    more, fewer = ("more", "fewer") if low(quantity) > 1 else ("fewer", "more")
    figures = listed(pair.words for pair in pairs)
    implied = [short(pair.central) for pair in pairs if 0 < pair.implied < math.inf]
    gives = f" (a ratio of about {' or '.join(dict.fromkeys(implied))})" if implied else ""
    adjusted = ", unless the adjustment turns it" if comparison.adjusted_for else ""
    message = (
        f"the hazard ratio {quantity.as_reported} says that '{index}' has {more} events than '{reference}'"
        f", and its figures say {fewer}{adjusted}: {figures}{gives}"
    )
    fix = (
        f"turned round? type of: [{reference}, {index}] if the source's ratio is that of "
        f"'{reference}' against '{index}'; else nothing to mend"
    )
    about = f"{one.statistic.replace('_', ' ')} of {index}, {reference}: {quantity.as_reported}, {figures}"
    return Found(one.figure.line, one.figure.column, message, about, fix)


CHECKS = (
    Check(
        code="ratio-turned-round",
        level="warning",
        title="A hazard ratio against the figures of its own groups",
        applies_when="a hazard ratio of two groups stands beside medians or survival rates of both",
        test="Some figure goes its way: fewer events, a longer median, higher rates. It is told only when "
        "all that differ by more than rounding go against it, and the ratio they give lies outside its "
        f"interval (without one, {_FAR:g}-fold off), since hazards need not be proportional.",
        formula="log HR against log(m0/m1) and log(log S1 / log S0)",
        fix="look at which group the source's ratio is of, and type that group first in of:",
        failing=p_example(
            "OS", "median: 98 months", "median: 60 months", "hazard_ratio: 1.8 (95% CI 1.1 to 2.9)"
        ),
        passing=p_example(
            "OS", "median: 60 months", "median: 98 months", "hazard_ratio: 1.8 (95% CI 1.1 to 2.9)"
        ),
        run=check_ratio_direction,
    ),
)
