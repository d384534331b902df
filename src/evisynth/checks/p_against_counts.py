"""Whether a p-value of two shares follows from the counts behind them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from evisynth.arithmetic.two_by_two_tests import chi_squared_p, fisher_exact_p
from evisynth.checks.check import FINE, Check, Outcomes
from evisynth.checks.p_findings import decision_words, p_example, p_found, unadjusted_pairs
from evisynth.checks.p_ranges import meets, p_text
from evisynth.checks.study_view import Reported, StudyView, possible_counts
from evisynth.checks.words import short
from evisynth.errors import InvalidDataError
from evisynth.studies.study import ComparisonBlock

_SHARES = ("proportion", "count")


#: Tests that are not of a two-by-two table.
_OTHER_TESTS = ("regression", "cox", "trend", "log-rank", "logrank", "t-test", "wilcoxon", "mann", "anova")


#: Tables are tried for so many pairs of candidate counts at most.
MOST_TABLES = 400


def check_p_against_counts(view: StudyView) -> Outcomes:
    """Recompute p-values of two shares from the counts behind them, by every common test."""
    for comparison, p in unadjusted_pairs(view):
        if any(word in (comparison.test or "").lower() for word in _OTHER_TESTS):
            continue
        tables = list(tables_of(view, comparison))
        if not tables or len(tables) > MOST_TABLES:
            continue
        values = [value for table in tables for value in _p_values_of(table)]
        if not values or meets(p.figure.quantity, min(values), max(values)):
            yield FINE
            continue
        range_text = f"{short(min(values))} to {short(max(values))}"
        message = (
            f"{p_text(p.figure.quantity)} does not follow from the counts: Pearson, Yates and Fisher give "
            f"{range_text}{decision_words(p.figure.quantity, min(values), max(values))}"
        )
        yield p_found(comparison, p, message, range_text, (min(values), max(values)))


def tables_of(view: StudyView, comparison: ComparisonBlock) -> Iterator[tuple[int, int, int, int]]:
    """Yield every two-by-two table that the shares of two groups can stand for: with, without."""
    sides: list[list[tuple[int, int]]] = []
    for group in comparison.of:
        one = _share_in(view, comparison, group)
        whole = view.denominator(one) if one is not None else None
        counts = possible_counts(one.quantity, whole) if one is not None and whole else None
        if one is None or not whole or counts is None or one.quantity.qualifier != "=":
            return
        sides.append([(count, whole - count) for count in range(counts[0], counts[1] + 1)])
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


CHECKS = (
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
