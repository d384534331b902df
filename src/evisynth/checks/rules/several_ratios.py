"""Check of ratios printed twice for one contrast, unadjusted both times, with values that differ."""

from __future__ import annotations

from collections.abc import Iterator

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.rules.p_values import p_example
from evisynth.checks.study_view import StudyView, compared, high, is_point, low
from evisynth.outcome_events import SpeaksOf
from evisynth.printed_statistics import STATISTICS
from evisynth.studies import ComparisonBlock, StatisticFigure
from evisynth.wording import term_words

#: A ratio with what has to be alike in another of the same, and its rounding interval, index to reference.
_Ratio = tuple[ComparisonBlock, StatisticFigure, float, float]


def check_several_ratios(view: StudyView) -> Outcomes:
    """Look for unadjusted ratios of one contrast that differ by more than rounding."""
    first: dict[tuple[object, ...], _Ratio] = {}
    for block, one in _unadjusted_ratios(view):
        read = block.read_as or one.statistic
        same = block.outcome, frozenset(block.of), read, block.time_months, block.starts, _of_event(block)
        quantity = one.figure.quantity
        known = first.setdefault(same, (block, one, low(quantity), high(quantity)))
        if known[1] is one:
            continue
        ends = low(quantity), high(quantity)
        if block.of != known[0].of:
            ends = 1 / ends[1], 1 / ends[0]
        if ends[0] <= known[3] and known[2] <= ends[1]:
            yield FINE
        else:
            yield _found(known, block, one)


def _of_event(block: ComparisonBlock) -> SpeaksOf:
    return block.of_event or "occurrence"


def _unadjusted_ratios(view: StudyView) -> Iterator[tuple[ComparisonBlock, StatisticFigure]]:
    for block in view.study.comparisons:
        if len(block.of) != 2 or block.adjusted_for or block.per is not None:
            continue
        for one in block.figures:
            if STATISTICS[one.statistic].is_ratio and is_point(one.figure.quantity):
                if low(one.figure.quantity) > 0:
                    yield block, one


def _found(known: _Ratio, block: ComparisonBlock, one: StatisticFigure) -> Found:
    name = term_words(block.read_as or one.statistic)
    both = f"{known[1].figure.quantity.as_reported} and {one.figure.quantity.as_reported}"
    ways = _opposite(known, block, one)
    message = (
        f"two unadjusted values of the {name} of {compared(block)} are printed, {both}{ways}: "
        "the one of the better grade stands, of equal grades that with fewer assumptions, then the one "
        "nearer to no difference, and one grade less"
    )
    about = f"{name} of {', '.join(block.of)}: {both}"
    return Found(one.figure.line, one.figure.column, message, about)


def _opposite(known: _Ratio, block: ComparisonBlock, one: StatisticFigure) -> str:
    """Say in one order of the groups that the two ratios favour different ones, where they do."""
    first, second = known[1].figure.quantity.value or 1.0, one.figure.quantity.value or 1.0
    turned = block.of != known[0].of
    if turned:
        second = 1 / second
    if (first - 1) * (second - 1) >= 0:
        return ""
    index, reference = known[0].of
    said = f" ({first:.2f} and {second:.2f} of '{index}' against '{reference}')" if turned else ""
    return f", which go opposite ways{said}"


_MEDIANS = ("OS", "median: 98 months", "median: 60 months")
_AGAIN = "  - {{outcome: OS, of: [yes, no], hazard_ratio: {}, basis: stated, at: line 9}}\n"

CHECKS: tuple[Check, ...] = (
    Check(
        code="several-ratios",
        level="warning",
        title="Two unadjusted ratios of one contrast",
        applies_when="two ratios of the same two groups, outcome and time are printed, and neither is called "
        "adjusted",
        test="They agree within rounding, whichever group comes first.",
        fix="type adjusted_for: beside one that is, or what else sets them apart (starts:, time:, read_as:)",
        failing=p_example(*_MEDIANS, "hazard_ratio: 0.55") + _AGAIN.format("0.70"),
        passing=p_example(*_MEDIANS, "hazard_ratio: 0.55") + _AGAIN.format("0.55"),
        run=check_several_ratios,
    ),
)
