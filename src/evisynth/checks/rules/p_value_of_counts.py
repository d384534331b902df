"""Checks of p-values against counts: recomputed from two shares, or impossible with so few events."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

from evisynth.arithmetic import (
    chi_squared_p,
    events_needed,
    fisher_exact_p,
    log_minus_log,
    z_from_two_sided_p,
)
from evisynth.checks.check import FINE, Check, Outcomes
from evisynth.checks.rules.cohort import is_event_count
from evisynth.checks.rules.p_values import (
    decision_words,
    meets,
    p_example,
    p_found,
    p_interval,
    p_text,
    unadjusted_pairs,
)
from evisynth.checks.study_view import Reported, StudyView, high, low, possible_counts
from evisynth.errors import InvalidDataError
from evisynth.quantities import Quantity
from evisynth.studies import ComparisonBlock
from evisynth.wording import short_number, time_words

_SHARES = ("proportion", "count")


#: Tests that are not of a two-by-two table.
_OTHER_TESTS = ("regression", "cox", "trend", "log-rank", "logrank", "t-test", "wilcoxon", "mann", "anova")


#: Tables are tried for so many pairs of candidate counts at most.
MOST_TABLES = 400


def check_p_against_counts(view: StudyView) -> Outcomes:
    """Recompute p-values of two shares from the counts behind them, by every common test."""
    for comparison, p in unadjusted_pairs(view, called_too=True):
        if any(word in (comparison.test or "").lower() for word in _OTHER_TESTS):
            continue
        tables = list(tables_of(view, comparison))
        if not tables or len(tables) > MOST_TABLES:
            continue
        values = [value for table in tables for value in _p_values_of(table)]
        if not values or meets(p.figure.quantity, min(values), max(values)):
            yield FINE
            continue
        range_text = f"{short_number(min(values))} to {short_number(max(values))}"
        message = (
            f"{p_text(p.figure.quantity)} does not follow from the counts: Pearson, Yates and Fisher give "
            f"{range_text}{decision_words(p.figure.quantity, min(values), max(values))}"
        )
        yield p_found(comparison, p, message, range_text, (min(values), max(values)))


def tables_of(view: StudyView, comparison: ComparisonBlock) -> Iterator[tuple[int, int, int, int]]:
    """Yield every two-by-two table that the shares of two groups can stand for: with the event, without."""
    sides: list[list[tuple[int, int]]] = []
    for group in comparison.of:
        one = _share_in(view, comparison, group)
        whole = view.denominator(one) if one is not None else None
        counts = possible_counts(one.quantity, whole) if one is not None and whole else None
        if one is None or not whole or counts is None or one.quantity.qualifier != "=":
            return
        tables = [(count, whole - count) for count in range(counts[0], counts[1] + 1)]
        sides.append(tables if one.speaks_of == "occurrence" else [(x, y) for y, x in tables])
    for (a, b), (c, d) in itertools.product(*sides):
        yield a, b, c, d


def _share_in(view: StudyView, comparison: ComparisonBlock, group: str) -> Reported | None:
    for statistic in _SHARES:
        for time in (comparison.time_months, None):
            found = view.find(comparison.outcome, group, statistic, time)
            if found is not None and found.outcome.type != "time_to_event":
                return found
    rows = [
        one
        for one in view.figures_of(comparison.outcome, group)
        if one.statistic in _SHARES and one.outcome.type != "time_to_event"
    ]
    return rows[0] if len(rows) == 1 else None


def _p_values_of(table: tuple[int, int, int, int]) -> list[float]:
    try:
        return [
            chi_squared_p(*table),
            chi_squared_p(*table, continuity_correction=True),
            fisher_exact_p(*table),
        ]
    except InvalidDataError:
        return []


_P_AGAINST_COUNTS_CHECKS = (
    Check(
        code="p-against-counts",
        level="warning",
        title="A p-value that the counts do not give",
        applies_when="two shares of known numbers of patients are compared by a p-value",
        test="Pearson's, Yates' or Fisher's test of some counts behind the shares gives the p-value as "
        "printed.",
        formula="the range of the tests over all candidate counts meets [p - h, p + 2h]",
        source="Nuijten et al 2016, doi:10.3758/s13428-015-0664-2",
        fix="compare p-value, shares and sizes with the source; name another test under test:",
        failing=p_example("major complications", "count: 12", "count: 14", "p: 0.002"),
        passing=p_example("major complications", "count: 5", "count: 18", "p: 0.003"),
        run=check_p_against_counts,
        contradiction=True,
    ),
)


#: Rates may be equal late and differ early, so that more than a misprint explains them.
_FIX_RATES = "compare p-value and rates with the source; else nothing to mend: curves may differ elsewhere"
#: Rates are kept so far from 0 and 1, where they have no logarithm of the hazard.
_EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class _Contrast:
    """Two like figures, index and reference, their log hazard ratio, and the steepest that rounds so."""

    index: Reported
    reference: Reported
    log_ratio: float
    steepest: float

    @property
    def printed(self) -> str:
        return f"{self.index.quantity.as_reported} and {self.reference.quantity.as_reported}"

    @property
    def words(self) -> str:
        equal = "" if self.log_ratio else "equal "
        if self.index.statistic == "median":
            return f"{equal}medians {self.printed}"
        return f"{equal}survival rates {self.printed} at {time_words(self.index.time or 0)}"


def check_events_needed(view: StudyView) -> Outcomes:
    """Compare the events a p-value would need for its medians or rates with the patients there are."""
    for comparison, p in unadjusted_pairs(view):
        contrast = _steepest(view, comparison)
        sizes = [view.size(group) for group in comparison.of]
        if contrast is None or p.figure.quantity.qualifier not in ("=", "<", "<="):
            continue
        if not all(size is not None and size.most > 0 for size in sizes):
            continue
        most = [size.most for size in sizes if size is not None]
        deaths = events_of(view, comparison)
        patients = view.most_together(*comparison.of) or sum(most)
        there_are = patients if deaths is None else deaths
        weakest_p = p_interval(p.figure.quantity)[1]
        if not 0 < weakest_p < 1 or not p.figure.quantity.value:
            continue
        # Any allocation needs at least four times (z / log ratio)^2 events, that of 1:1.
        enough = there_are * contrast.steepest**2 >= 4 * z_from_two_sided_p(weakest_p) ** 2
        if enough:
            yield FINE
            continue
        message = _message(p.figure.quantity, contrast, most, patients, deaths)
        found = p_found(comparison, p, message, contrast.printed)
        yield found if contrast.index.statistic == "median" else found._replace(fix=_FIX_RATES)


def events_of(view: StudyView, comparison: ComparisonBlock) -> int | None:
    """Return how many events the source counts in both groups together, None where it does not."""
    counted = [_counted(view, comparison.outcome, group) for group in comparison.of]
    known = [events for events in counted if events is not None]
    if len(known) == len(comparison.of):
        return sum(known)
    whole, split = view.group(comparison.of[0]).of, view.group(comparison.of[0]).by
    if whole is None or split is None or sorted(view.splits[whole, split]) != sorted(comparison.of):
        return None
    return _counted(view, comparison.outcome, whole)


def events_by_group(view: StudyView, comparison: ComparisonBlock) -> tuple[int, int] | None:
    """Return the events that the source counts in each of two groups, None where it does not."""
    index, reference = (_counted(view, comparison.outcome, group) for group in comparison.of)
    return None if index is None or reference is None else (index, reference)


def _counted(view: StudyView, outcome: str, group: str) -> int | None:
    counts = {
        one.quantity.count
        for one in view.figures_of(outcome, group)
        if is_event_count(one) and one.time is None
    }
    return counts.pop() if len(counts) == 1 else None


def two_medians(view: StudyView, comparison: ComparisonBlock) -> tuple[Reported, Reported] | None:
    """Return the medians of the two groups of a comparison when both are numbers above zero."""
    index, reference = (view.median(comparison.outcome, group) for group in comparison.of)
    if index is None or reference is None or index.outcome.type != "time_to_event":
        return None
    if not low(index.quantity) > 0 or not low(reference.quantity) > 0:
        return None
    return index, reference


def _steepest(view: StudyView, comparison: ComparisonBlock) -> _Contrast | None:
    """Return the contrast of the medians; without them, that of the rates that differ most."""
    medians = two_medians(view, comparison)
    if medians is not None:
        ends = [(math.log(low(one.quantity)), math.log(high(one.quantity))) for one in medians]
        values = [math.log(one.quantity.value or 1.0) for one in medians]
        return _Contrast(*medians, values[1] - values[0], _widest(ends))
    # At a stated time the rates themselves give a p-value, which is compared with the printed one.
    if comparison.time_months is not None:
        return None
    contrasts = list(_of_rates(view, comparison))
    return max(contrasts, key=lambda one: one.steepest, default=None)


def _of_rates(view: StudyView, comparison: ComparisonBlock) -> Iterator[_Contrast]:
    index, reference = comparison.of
    for one in view.curve(comparison.outcome, index):
        other = view.find(comparison.outcome, reference, "survival", one.time)
        if other is None or other.quantity.qualifier != "=":
            continue
        pair = (one, other)
        ends = [
            (
                log_minus_log(min(1 - _EDGE, high(each.quantity))),
                log_minus_log(max(_EDGE, low(each.quantity))),
            )
            for each in pair
        ]
        values = [log_minus_log(min(1 - _EDGE, max(_EDGE, each.quantity.value or 0.0))) for each in pair]
        yield _Contrast(one, other, values[0] - values[1], _widest(ends))


def _widest(ends: list[tuple[float, float]]) -> float:
    (low_one, high_one), (low_other, high_other) = ends
    return max(abs(high_one - low_other), abs(low_one - high_other))


def _message(p: Quantity, contrast: _Contrast, sizes: list[int], patients: int, deaths: int | None) -> str:
    if contrast.log_ratio == 0:
        return f"{p_text(p)} cannot belong to the {contrast.words}"
    events = events_needed(contrast.log_ratio, p.value or 0.0, *sizes)
    better = contrast.index.group if contrast.log_ratio < 0 else contrast.reference.group
    at_least = "at least " if p.qualifier != "=" else ""
    what = "medians" if contrast.index.statistic == "median" else "rates"
    there_are = f"at most {patients} patients" if deaths is None else f"{deaths}, as the source counts them"
    return (
        f"{p_text(p)} cannot belong to the {contrast.words}: were hazards constant (ratio "
        f"{math.exp(contrast.log_ratio):.2f}) it would take {at_least}{short_number(events)} events, "
        f"and there are {there_are}; the {what} are in favour of '{better}', the p-value belongs to "
        "something else in the curves, or is adjusted"
    )


_P_NEEDS_EVENTS_CHECKS = (
    Check(
        code="p-needs-more-events",
        level="warning",
        title="A p-value that would need more deaths than patients",
        applies_when="two medians, or survival rates at one time, are compared by an unadjusted p-value, and "
        "the groups' sizes are bounded",
        test="The events that a log-rank test needs for the p-value, were the hazard ratio that of the "
        "medians (or, without them, that of the rates that differ most), are no more than the patients, or "
        "than the events that the source counts. Figures and p-value are taken to the weakest ends of their "
        "rounding.",
        formula="D = (z_p / log(m0/m1))^2 N^2/(n1 n0) <= N; of rates: log(log S1 / log S0) for log(m0/m1)",
        source="Parmar, Torri & Stewart 1998, Stat Med 17:2815-2834",
        fix="nothing to mend unless the p-value compares something else; no ratio is recovered "
        "from the medians and the p-value together",
        failing=p_example("OS", "median: 151 months", "median: 140 months", "p: < 0.0001"),
        passing=p_example("OS", "median: 151 months", "median: 60 months", "p: 0.0005"),
        run=check_events_needed,
    ),
)


CHECKS: tuple[Check, ...] = (*_P_AGAINST_COUNTS_CHECKS, *_P_NEEDS_EVENTS_CHECKS)
