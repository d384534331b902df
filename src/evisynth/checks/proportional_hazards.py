"""Whether two survival curves keep the same hazard ratio at both of their printed times."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

from evisynth.arithmetic.p_values import critical_z
from evisynth.arithmetic.survival_curve import (
    conditional_survival,
    covariance_log_minus_log,
    variance_log_survival,
)
from evisynth.arithmetic.survival_transforms import log_minus_log
from evisynth.arithmetic.time_words import time_words
from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.study_view import Reported, StudyView, high, low

Point = tuple[Reported, Reported]


def check_hazards(view: StudyView) -> Outcomes:
    """Look for contrasts that change between two times by more than chance and rounding allow."""
    for group, other, earlier, later in _contrasts(view):
        moved, spread, reach = _movement(view, group, other, (earlier, later))
        if abs(moved) - reach <= critical_z() * spread:
            yield FINE
            continue
        start, end = time_words(earlier[0].time or 0), time_words(later[0].time or 0)
        message = (
            f"hazards of '{group}' and '{other}' are not proportional: the log hazard ratio is "
            f"{_contrast(earlier):.3f} up to {start} and {_contrast(later):.3f} up to "
            f"{end}{_after(earlier, later)}"
        )
        figure = later[0].figure
        yield Found(figure.line, figure.column, message, _about(earlier, later))


def check_contrast_moves(view: StudyView) -> Outcomes:
    """Tell which contrasts change between two times by more than rounding, and no more than chance allows."""
    for group, other, earlier, later in _contrasts(view):
        moved, spread, reach = _movement(view, group, other, (earlier, later))
        if abs(moved) <= reach or abs(moved) - reach > critical_z() * spread:
            yield FINE
            continue
        start, end = time_words(earlier[0].time or 0), time_words(later[0].time or 0)
        message = (
            f"the log hazard ratio of '{group}' to '{other}' is {_contrast(earlier):.3f} up to {start} and "
            f"{_contrast(later):.3f} up to {end}: no more than chance, and two different numbers"
        )
        figure = later[0].figure
        yield Found(figure.line, figure.column, message, _about(earlier, later))


def _contrasts(view: StudyView) -> list[tuple[str, str, Point, Point]]:
    found = []
    pairs = [pair for parts in view.splits.values() for pair in combinations(parts, 2)]
    named = {frozenset(pair) for pair in pairs}
    for comparison in view.study.comparisons:
        if len(comparison.of) == 2 and frozenset(comparison.of) not in named:
            pairs.append((comparison.of[0], comparison.of[1]))
    outcomes = dict.fromkeys(outcome for (outcome, _), _ in view.curves())
    for group, other in pairs:
        for outcome in outcomes:
            mine = {one.time: one for one in view.curve(outcome, group) if _inside(one)}
            theirs = {one.time: one for one in view.curve(outcome, other) if _inside(one)}
            common = [(one, theirs[time]) for time, one in mine.items() if time in theirs]
            if view.exact_size(group) and view.exact_size(other):
                found += [
                    (group, other, earlier, later)
                    for earlier, later in pairwise(common)
                    if not any(_rises(*points) for points in zip(earlier, later, strict=True))
                ]
    return found


def _inside(one: Reported) -> bool:
    return 0 < low(one.quantity) and high(one.quantity) < 1


def _rises(earlier: Reported, later: Reported) -> bool:
    return (later.quantity.value or 0.0) > (earlier.quantity.value or 0.0)


def _contrast(point: Point) -> float:
    index, reference = (one.quantity.value or 0.0 for one in point)
    return log_minus_log(index) - log_minus_log(reference)


def _movement(
    view: StudyView, group: str, other: str, points: tuple[Point, Point]
) -> tuple[float, float, float]:
    """Return how far the contrast moves, its standard error with all followed, and what rounding explains."""
    earlier, later = points
    variance, reach = 0.0, 0.0
    for place, name in enumerate((group, other)):
        size = view.exact_size(name) or 1
        before, after = earlier[place].quantity.value or 0.0, later[place].quantity.value or 0.0
        variance += variance_log_survival(before, size) / math.log(before) ** 2
        variance += variance_log_survival(after, size) / math.log(after) ** 2
        variance -= 2 * covariance_log_minus_log(before, after, size)
        for one in (earlier[place], later[place]):
            ends = (low(one.quantity), high(one.quantity))
            reach += max(abs(log_minus_log(end) - log_minus_log(one.quantity.value or 0.0)) for end in ends)
    return _contrast(later) - _contrast(earlier), math.sqrt(max(0.0, variance)), reach


def _after(earlier: Point, later: Point) -> str:
    """Say the hazard ratio of those alive at the earlier time."""
    survivors = []
    for before, after in zip(earlier, later, strict=True):
        start, end = before.quantity.value or 0.0, after.quantity.value or 0.0
        if not 0 < end < start:
            return ""
        survivors.append(conditional_survival(start, end))
    ratio = math.exp(log_minus_log(survivors[0]) - log_minus_log(survivors[1]))
    return f"; among those alive at the first, {ratio:.3f} (hazard ratio)"


def _about(earlier: Point, later: Point) -> str:
    names = " and ".join(one.group for one in earlier)
    printed = ", ".join(one.quantity.as_reported for one in (*earlier, *later))
    return f"{earlier[0].outcome.label} of {names}: {printed}"


_EXAMPLE = """\
groups:
  all: {{label: All, n: 160, at: line 1}}
  yes: {{label: Resected, n: 80, of: all, by: resection, at: line 1}}
  no: {{label: Not resected, n: 80, of: all, by: resection, at: line 1}}
outcomes:
  - outcome: OS
    starts: operation
    at: line 2
    values:
      yes: {{survival at 5 years: 88%, survival at 10 years: {yes}}}
      no: {{survival at 5 years: {no}, survival at 10 years: 39%}}
"""

CHECKS = (
    Check(
        code="hazards-not-proportional",
        level="warning",
        title="A hazard ratio that changes with time",
        applies_when="two groups of known size, parts of one split or compared, have survival rates at two "
        "times",
        test="The contrast on the log(-log) scale is the same at both times, but for chance (correlated "
        "times, "
        "everybody followed) and rounding.",
        formula="b(t) = log(-log S1(t)) - log(-log S0(t)); |b(t2) - b(t1)| - rounding <= 1.96 SE",
        fix="nothing to mend; no single hazard ratio describes such curves",
        failing=_EXAMPLE.format(yes="79%", no="88%"),
        passing=_EXAMPLE.format(yes="77%", no="66%"),
        run=check_hazards,
    ),
    Check(
        code="contrast-moves-with-time",
        level="note",
        title="A contrast that differs between two times",
        applies_when="two groups of known size, parts of one split or compared, have survival rates at two "
        "times",
        test="Says when the contrast on the log(-log) scale moves by more than rounding explains, and no "
        "more than "
        "chance allows.",
        formula="b(t) = log(-log S1(t)) - log(-log S0(t))",
        fix="nothing to mend; one time is taken for one synthesis",
        failing=_EXAMPLE.format(yes="45%", no="80%").replace("n: 80", "n: 20").replace("n: 160", "n: 40"),
        passing=_EXAMPLE.format(yes="79%", no="88%"),
        run=check_contrast_moves,
    ),
)
