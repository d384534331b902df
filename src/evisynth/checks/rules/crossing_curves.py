"""Checks of survival curves against each other: two that cross, and one of another kind than the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from evisynth.checks.check import FINE, Check, Found, Outcomes, about_words
from evisynth.checks.study_view import Reported, StudyView, high, is_point, low
from evisynth.wording import listed, rounded_percent, time_words


def check_crossing_curves(view: StudyView) -> Outcomes:
    """Look for two groups of which now the one and now the other does better."""
    for outcome, one, other in _compared_curves(view):
        order = [
            (first, second)
            for first in view.curve(outcome, one)
            if (second := view.find(outcome, other, "survival", first.time)) is not None
            and is_point(second.quantity)
            and first.block.starts == second.block.starts
            and _apart(first, second)
        ]
        if len(order) < 2:
            continue
        turns = (pair for pair in pairwise(order) if _first_leads(pair[0]) != _first_leads(pair[1]))
        turn = next(turns, None)
        if turn is None:
            yield FINE
            continue
        told = [
            f"{first.quantity.as_reported} against {second.quantity.as_reported} at "
            f"{time_words(first.time or 0)}"
            for first, second in turn
        ]
        message = f"the curves of '{one}' and '{other}' cross: {listed(told)}; no one ratio describes them"
        place = turn[1][1].figure
        about = f"{turn[0][0].outcome.label} of {one}, {other}: {about_words(told)}"
        yield Found(place.line, place.column, message, about)


def _compared_curves(view: StudyView) -> Iterator[tuple[str, str, str]]:
    """Yield each outcome with two groups that are compared, or are parts of one whole by one split."""
    pairs = [parts for parts in view.splits.values()]
    pairs += [list(block.of) for block in view.study.comparisons]
    seen: set[tuple[str, frozenset[str]]] = set()
    for outcome in dict.fromkeys(outcome for (outcome, _), _ in view.curves()):
        for groups in pairs:
            for one, other in combinations(groups, 2):
                key = outcome, frozenset((one, other))
                if key not in seen:
                    seen.add(key)
                    yield outcome, one, other


def _apart(one: Reported, other: Reported) -> bool:
    return low(one.quantity) > high(other.quantity) or low(other.quantity) > high(one.quantity)


def _first_leads(pair: tuple[Reported, Reported]) -> bool:
    return (pair[0].quantity.value or 0.0) > (pair[1].quantity.value or 0.0)


#: Survival set against that of like people, which is no less than survival itself.
_RELATIVE = "relative"
_HALF = 0.5
#: Of patients operated on, fewer of whose like would live on than this are rare.
_LEAST_EXPECTED = 0.75


def check_relative_survival(view: StudyView) -> Outcomes:
    """Compare a median of overall survival with relative survival, which is that over expected survival."""
    for rate in view.figures:
        median = view.median("overall_survival", rate.group)
        if rate.curve_kind != _RELATIVE or rate.statistic != "survival" or not is_point(rate.quantity):
            continue
        if median is None or median.curve_kind or not rate.time:
            continue
        below = high(median.quantity) < rate.time
        above = low(median.quantity) > rate.time
        expected = _HALF / low(rate.quantity) if low(rate.quantity) > 0 else 1.0
        impossible = above and high(rate.quantity) < _HALF
        if not impossible and not (below and expected < _LEAST_EXPECTED):
            yield FINE
            continue
        when = time_words(rate.time)
        why = (
            "relative survival is never below survival itself"
            if impossible
            else f"they go together only if no more than {rounded_percent(expected, 0)} of like people "
            f"without the disease live {when}"
        )
        message = (
            f"a median of {median.quantity.as_reported} in '{rate.group}' stands beside relative survival of "
            f"{rate.quantity.as_reported} at {when}: {why}"
        )
        about = f"{median.about}, relative {rate.quantity.as_reported}"
        yield Found(rate.figure.line, rate.figure.column, message, about, doubtful=not impossible)


_CURVES = """\
groups:
  all: {{label: All, n: 80, at: line 1}}
  yes: {{label: Resected, n: 40, of: all, by: resection, at: line 1}}
  no: {{label: Not resected, n: 40, of: all, by: resection, at: line 1}}
outcomes:
  - outcome: OS
    starts: operation
    at: line 2
    values:
      yes: {{survival at 1 year: 80%, survival at 5 years: {late}}}
      no: {{survival at 1 year: 95%, survival at 5 years: 40%}}
"""
_RELATIVE_EXAMPLE = """\
groups:
  all: {{label: All, n: 80, at: line 1}}
outcomes:
  - {{outcome: OS, starts: diagnosis, at: line 2, values: {{all: {{median: {median} months}}}}}}
  - {{outcome: OS, label: relative survival, at: line 2, values: {{all: {{survival at 5 years: 72%}}}}}}
"""

CHECKS = (
    Check(
        code="crossing-curves",
        level="note",
        title="Curves that cross",
        applies_when="two groups that are compared, or are parts of one whole, have survival rates at the "
        "same two times",
        test="The group that has the higher rate at one time has it at the other, rounding allowed for.",
        fix="nothing to mend when the source prints it so; read one ratio of the two with care",
        failing=_CURVES.format(late="60%"),
        passing=_CURVES.format(late="30%"),
        run=check_crossing_curves,
    ),
    Check(
        code="median-against-relative",
        level="warning",
        title="A median beside relative survival that hardly goes with it",
        applies_when="a group has a median of overall survival and a rate of relative survival",
        test="Relative survival is survival over that of like people: it is no less than survival, and those "
        "people live on in at least three of four cases.",
        formula="R(t) = S(t)/E(t) >= S(t); S(t) < 0.5 after the median, so that E(t) < 0.5/R(t)",
        fix="look whether the median and the rate are of the same patients, and whether the rate is relative",
        failing=_RELATIVE_EXAMPLE.format(median=41),
        passing=_RELATIVE_EXAMPLE.format(median=70),
        run=check_relative_survival,
    ),
)
