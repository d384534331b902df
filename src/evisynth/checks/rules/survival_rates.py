"""Checks of survival rates over time: survival falls, what has happened stays, hazards keep their ratio."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

from evisynth.arithmetic import (
    clopper_pearson,
    clopper_pearson_one_sided,
    conditional_survival,
    covariance_log_minus_log,
    critical_z,
    log_minus_log,
    recover_counts,
    variance_log_survival,
)
from evisynth.checks.check import FINE, Check, Found, Outcomes, about_words
from evisynth.checks.study_view import Reported, StudyView, high, is_point, low
from evisynth.wording import counted, listed, plural, rounded_percent, time_words

_SLACK = 1e-9


def check_survival_rises(view: StudyView) -> Outcomes:
    """Compare each survival rate with the one before it."""
    for _, points in view.curves():
        for earlier, later in pairwise(points):
            if low(later.quantity) < high(earlier.quantity) - _SLACK:
                yield FINE
            else:
                yield _against_time(earlier, later, "rises")


def check_share_falls(view: StudyView) -> Outcomes:
    """Compare shares and counts of what has happened by a time with those by an earlier time."""
    rows: dict[tuple[str, str, str], list[Reported]] = {}
    for one in view.figures:
        if one.statistic in ("cumulative_incidence", "proportion", "count") and one.time is not None:
            if is_point(one.quantity):
                rows.setdefault((one.outcome.id, one.group, one.statistic), []).append(one)
    for points in rows.values():
        points.sort(key=lambda point: point.time or 0.0)
        for earlier, later in pairwise(points):
            if earlier.time == later.time:
                continue
            if high(later.quantity) > low(earlier.quantity) - _SLACK:
                yield FINE
            else:
                yield _against_time(earlier, later, "falls")


def _against_time(earlier: Reported, later: Reported, moves: str) -> Found:
    message = (
        f"{later.outcome.label.lower()} in '{later.group}' {moves} with time: "
        f"{earlier.quantity.as_reported} at "
        f"{time_words(earlier.time or 0)}, {later.quantity.as_reported} at {time_words(later.time or 0)}"
    )
    about = f"{earlier.about}, {later.quantity.as_reported}"
    return Found(later.figure.line, later.figure.column, message, about)


def check_rate_not_a_fraction(view: StudyView) -> Outcomes:
    """List survival rates that no whole number of the group's patients gives."""
    for (_, group), points in view.curves():
        whole = view.exact_size(group)
        if not whole or not view.is_own(group):
            continue
        tested = [one for one in points if one.figure.n is None and one.quantity.half_unit]
        misfits = [
            one
            for one in tested
            if not recover_counts(one.quantity.value or 0.0, one.quantity.half_unit or 0.0, whole).rounded
        ]
        if tested and not misfits:
            yield FINE
        if misfits:
            rates = [f"{one.quantity.as_reported} at {time_words(one.time or 0)}" for one in misfits]
            are = plural("is", len(rates))
            message = (
                f"{listed(rates)} in '{group}' {are} no whole number of its {whole} patients: as "
                "Kaplan-Meier "
                f"rates may be when patients are censored before; fewer than {whole} stand behind them"
                f"{_cut_off(misfits, whole)}"
            )
            first = misfits[0]
            printed = about_words(one.quantity.as_reported for one in misfits)
            about = f"{first.outcome.label} of {group}: {printed} of {whole}"
            yield Found(first.figure.line, first.figure.column, message, about)


def _cut_off(rates: list[Reported], whole: int) -> str:
    """Say which rates are whole numbers of the patients after all, if their digits were cut off."""
    fitting = [
        one.quantity.as_reported
        for one in rates
        if recover_counts(one.quantity.value or 0.0, one.quantity.half_unit or 0.0, whole).truncated
    ]
    return f", unless digits were cut off instead of rounded ({listed(fitting)})" if fitting else ""


def check_rate_at_the_edge(view: StudyView) -> Outcomes:
    """Say what a rate of 0% or 100% of a known group is compatible with."""
    for (_, group), points in view.curves():
        whole = view.exact_size(group)
        for one in points:
            if one.quantity.value not in (0.0, 1.0):
                yield FINE
                continue
            if not whole:
                continue
            everyone = one.quantity.value == 1.0
            count = whole if everyone else 0
            two_sided = clopper_pearson(count, whole)[0 if everyone else 1]
            one_sided = clopper_pearson_one_sided(count, whole, "lower" if everyone else "upper")
            message = (
                f"{one.quantity.as_reported} of {counted(whole, 'patient')} has no standard error and no "
                "place on "
                f"the log(-log) scale; were all followed to {time_words(one.time or 0)}, anything "
                f"{'down' if everyone else 'up'} to {rounded_percent(two_sided)} fits (one-sided "
                f"{rounded_percent(one_sided)})"
            )
            yield Found(one.figure.line, one.figure.column, message, f"{one.about} of {whole}")


_HEAD = """\
groups:
  all: {{label: All, n: {n}, at: line 1}}
outcomes:
  - outcome: {outcome}
    starts: operation
    at: line 2
    values:
      all: {{{figures}}}
"""


def _example(n: int, figures: str, outcome: str = "OS") -> str:
    return _HEAD.format(n=n, figures=figures, outcome=outcome)


_SURVIVAL_RATES_CHECKS = (
    Check(
        code="survival-rises",
        level="warning",
        title="Survival that rises with time",
        applies_when="a group has survival rates at two times",
        test="The later rate is not above the earlier one, rounding allowed for.",
        formula="S(t1) >= S(t2) for t1 < t2",
        fix="compare both rates and both times with the source",
        failing=_example(80, "survival at 5 years: 60%, survival at 10 years: 70%"),
        passing=_example(80, "survival at 5 years: 70%, survival at 10 years: 60%"),
        run=check_survival_rises,
        contradiction=True,
    ),
    Check(
        code="share-falls",
        level="warning",
        title="A cumulative share that falls with time",
        applies_when="a share or count by a time is printed for two times",
        test="What has happened within a time has happened within any longer one.",
        formula="F(t1) <= F(t2) for t1 < t2",
        fix="compare both shares and both times with the source",
        failing=_example(
            100, "proportion within 30 days: 5%, proportion within 90 days: 3%", "perioperative mortality"
        ),
        passing=_example(
            100, "proportion within 30 days: 3%, proportion within 90 days: 5%", "perioperative mortality"
        ),
        run=check_share_falls,
        contradiction=True,
    ),
    Check(
        code="rate-not-a-fraction",
        level="note",
        title="Survival rates that are no fraction of the group",
        applies_when="a group of known size has survival rates",
        test="Lists rates that no whole number of the patients rounds to. Kaplan-Meier rates need not be "
        "fractions: with patients censored before that time they rest on fewer than the group has.",
        formula="{x : |x/n - S| <= h} is empty",
        fix="nothing to mend; the number of patients overstates the precision of the rate",
        failing=_example(37, "survival at 5 years: 88%"),
        passing=_example(80, "survival at 5 years: 88%"),
        run=check_rate_not_a_fraction,
    ),
    Check(
        code="rate-at-the-edge",
        level="note",
        title="A survival rate of 0% or 100%",
        applies_when="a group of known size has a survival rate of 0% or 100%",
        test="Says which rates are still compatible with it; it has no standard error.",
        formula="(a/2)^(1/n), a = 0.05",
        source="Clopper & Pearson 1934, Biometrika 26:404-413",
        fix="nothing to mend",
        failing=_example(6, "survival at 5 years: 100%"),
        passing=_example(6, "survival at 5 years: 83%"),
        run=check_rate_at_the_edge,
    ),
)


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
    names = listed(one.group for one in earlier)
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

_PROPORTIONAL_HAZARDS_CHECKS = (
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


CHECKS: tuple[Check, ...] = (*_SURVIVAL_RATES_CHECKS, *_PROPORTIONAL_HAZARDS_CHECKS)
