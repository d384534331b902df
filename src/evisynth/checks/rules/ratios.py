"""Checks of printed ratios: their direction against medians and rates, their size against the counts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.rules.p_value_of_counts import MOST_TABLES, tables_of
from evisynth.checks.rules.p_values import p_example
from evisynth.checks.study_view import Reported, StudyView, compared, high, is_point, low
from evisynth.quantities import Quantity
from evisynth.studies import ComparisonBlock, StatisticFigure
from evisynth.wording import listed, short_number, term_words, time_words

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
    implied = [short_number(pair.central) for pair in pairs if 0 < pair.implied < math.inf]
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
    about = f"{term_words(one.statistic)} of {index}, {reference}: {quantity.as_reported}, {figures}"
    return Found(one.figure.line, one.figure.column, message, about, fix)


_RATIO_DIRECTION_CHECKS = (
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


Table = tuple[float, float, float, float]

#: Tests that adjust, or may.
_ADJUSTING = ("regression", "multivari", "adjusted", "cox", "propensity", "mantel")
#: So often is the range of log odds ratios halved: to less than any print shows.
_HALVINGS = 40
_SLACK = 1e-9


def odds_ratio(table: Table) -> float:
    """Return ad/(bc) of events and others in the index, then in the reference group."""
    a, b, c, d = table
    return a * d / (b * c)


def risk_ratio(table: Table) -> float:
    """Return [a/(a+b)]/[c/(c+d)]."""
    a, b, c, d = table
    return a / (a + b) * (c + d) / c


_RATIOS: dict[str, Callable[[Table], float]] = {"odds_ratio": odds_ratio, "risk_ratio": risk_ratio}


def check_ratio_against_counts(view: StudyView) -> Outcomes:
    """Recompute unadjusted odds and risk ratios from every count behind the shares beside them."""
    for comparison in view.study.comparisons:
        test = (comparison.test or "").lower()
        unadjusted = not comparison.adjusted_for and (
            "univari" in test or not any(w in test for w in _ADJUSTING)
        )
        if len(comparison.of) != 2 or not unadjusted:
            continue
        for one in comparison.figures:
            name = comparison.read_as or one.statistic
            if name not in _RATIOS or not is_point(one.figure.quantity):
                continue
            tables = list(tables_of(view, comparison))
            if not tables or len(tables) > MOST_TABLES:
                continue
            ends = _ends(_RATIOS[name], tables)
            if ends is None or _meets(one.figure.quantity, ends):
                yield FINE
            else:
                yield _found_against_counts(comparison, one, name, tables)


def exact_odds_ratio(table: tuple[int, int, int, int]) -> float:
    """Return the odds ratio that R's fisher.test prints: nearer to 1 than ad/(bc).

    The conditional maximum-likelihood estimate, at which the expected first cell, all margins given, is the
    observed one: E[a | psi] = a with weights C(a + b, x) C(c + d, a + c - x) psi^x. No cell may be 0.
    Source: Cornfield 1956, Proc Third Berkeley Symp 4:135-148.
    """
    a, b, c, d = table
    cells = range(max(0, a - d), min(a + b, a + c) + 1)
    weights = [_log_choose(a + b, x) + _log_choose(c + d, a + c - x) for x in cells]

    def expected(log_psi: float) -> float:
        tilted = [weight + x * log_psi for x, weight in zip(cells, weights, strict=True)]
        most = max(tilted)
        shares = [math.exp(one - most) for one in tilted]
        return math.fsum(x * share for x, share in zip(cells, shares, strict=True)) / math.fsum(shares)

    # It lies between 1 and the odds ratio of the counts.
    lower, upper = sorted((0.0, math.log(odds_ratio(table))))
    for _ in range(_HALVINGS):
        middle = (lower + upper) / 2
        lower, upper = (middle, upper) if expected(middle) < a else (lower, middle)
    return math.exp((lower + upper) / 2)


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _ends(
    ratio: Callable[[Table], float], tables: Sequence[tuple[int, int, int, int]]
) -> tuple[float, float] | None:
    """Return the least and the greatest ratio, by every common way; None where a cell is empty."""
    if any(0 in table for table in tables):
        return None
    least, most = min(tables, key=ratio), max(tables, key=ratio)
    halves = [tuple(cell + 0.5 for cell in table) for table in (least, most)]
    values = [ratio(least), ratio(most), *(ratio((a, b, c, d)) for a, b, c, d in halves)]
    if ratio is odds_ratio:
        values += [exact_odds_ratio(table) for table in {least, most}]
    return min(values), max(values)


def _meets(printed: Quantity, ends: tuple[float, float]) -> bool:
    return low(printed) <= ends[1] + _SLACK and high(printed) >= ends[0] - _SLACK


def _found_against_counts(
    comparison: ComparisonBlock, one: StatisticFigure, name: str, tables: list[tuple[int, int, int, int]]
) -> Found:
    quantity, words = one.figure.quantity, term_words(name)
    values = [_RATIOS[name](table) for table in tables]
    gives = (
        short_number(values[0])
        if len(tables) == 1
        else f"{short_number(min(values))} to {short_number(max(values))}"
    )
    counts = _printed(tables[0]) if len(tables) == 1 else "the shares beside it"
    message = (
        f"the {words} {quantity.as_reported} of {compared(comparison)} does not follow from {counts}, which "
        f"give {gives}{_explained(quantity, name, tables, comparison)}"
    )
    about = f"{words} of {', '.join(comparison.of)}: {quantity.as_reported}, {gives}"
    return Found(one.figure.line, one.figure.column, message, about)


def _printed(table: tuple[int, int, int, int]) -> str:
    a, b, c, d = table
    return f"{a}/{a + b} and {c}/{c + d}"


def _explained(
    quantity: Quantity, name: str, tables: list[tuple[int, int, int, int]], comparison: ComparisonBlock
) -> str:
    """Say which other ratio of the same counts the printed one is."""
    index, reference = comparison.of
    turned = [(c, d, a, b) for a, b, c, d in tables]
    without = [(b, a, d, c) for a, b, c, d in tables]
    other = "risk_ratio" if name == "odds_ratio" else "odds_ratio"
    explanations = (
        (name, turned, f"; it is that of '{reference}' against '{index}': type of: [{reference}, {index}]"),
        (other, tables, f"; it is their {term_words(other)}: type read_as: {term_words(other)}"),
        (name, without, "; it is that of the patients without the event"),
    )
    for ratio, of_tables, words in explanations:
        values = [_RATIOS[ratio](table) for table in of_tables]
        if min(values) - _SLACK <= high(quantity) and low(quantity) <= max(values) + _SLACK:
            return words if math.isfinite(max(values)) else ""
    return ""


_RATIO_AGAINST_COUNTS_CHECKS = (
    Check(
        code="ratio-against-counts",
        level="warning",
        title="A ratio that the counts beside it do not give",
        applies_when="an odds or risk ratio, not called adjusted, stands beside the shares of both groups",
        test="Some counts behind the shares give the ratio as printed; half a patient added to each cell, "
        "and Fisher's exact odds ratio, are tried too. Where a cell is empty nothing is compared.",
        formula="OR = ad/(bc), RR = [a/(a + b)]/[c/(c + d)], over all candidate counts",
        fix="compare ratio, counts and sizes with the source; where it is adjusted, type adjusted_for:",
        failing=p_example(
            "major complications", "count: 12", "count: 6", "odds_ratio: 3.4 (95% CI 1.2 to 9.6)"
        ),
        passing=p_example(
            "major complications", "count: 12", "count: 6", "odds_ratio: 2.25 (95% CI 0.8 to 6.4)"
        ),
        run=check_ratio_against_counts,
    ),
)


CHECKS: tuple[Check, ...] = (*_RATIO_DIRECTION_CHECKS, *_RATIO_AGAINST_COUNTS_CHECKS)
