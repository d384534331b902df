"""Checks of ratios that are no comparison of two groups as they stand: of the size of 62, or per unit.

A ratio of 62 is mostly 0.62, and one per year of age compares no groups, whatever groups it names.
"""

from __future__ import annotations

from collections.abc import Iterator

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.rules.p_values import p_example
from evisynth.checks.study_view import StudyView, compared, is_point
from evisynth.printed_statistics import STATISTICS
from evisynth.quantities import Quantity
from evisynth.studies import ComparisonBlock, StatisticFigure
from evisynth.wording import listed, short_number, term_words

#: An interval that lies wholly beyond this ratio is asked about, and a ratio without one beyond its square.
_IMPLAUSIBLE = 10.0
#: A ratio beyond this is asked about however wide its interval is: a point that is missing widens it too.
_DOUBTFUL = 30.0


def check_implausible_ratio(view: StudyView) -> Outcomes:
    """Look for ratios so far from 1 that a decimal point is more likely to be missing."""
    for comparison, one in _printed_ratios(view):
        quantity = one.figure.quantity
        if not is_implausible(quantity):
            yield FINE
            continue
        message = (
            f"the {term_words(one.statistic)} of {compared(comparison)}, {quantity.as_reported}, would be a "
            f"difference of more than {short_number(_IMPLAUSIBLE)}-fold: is a decimal point missing, or is "
            "it in percent?"
        )
        about = f"{term_words(one.statistic)} of {', '.join(comparison.of)}: {quantity.as_reported}"
        yield Found(one.figure.line, one.figure.column, message, about)


def _printed_ratios(view: StudyView) -> Iterator[tuple[ComparisonBlock, StatisticFigure]]:
    for comparison in view.study.comparisons:
        for one in comparison.figures:
            if is_printed_ratio(one):
                yield comparison, one


def is_implausible(quantity: Quantity) -> bool:
    """Say whether a ratio, or the whole of its interval, is further from 1 than groups differ.

    A wide interval that reaches back to small differences does not make a ratio of 62 likelier.
    """
    value = quantity.value or 1.0
    if quantity.ci_lower is None or quantity.ci_upper is None:
        return not 1 / _IMPLAUSIBLE**2 < value < _IMPLAUSIBLE**2
    if not 1 / _DOUBTFUL < value < _DOUBTFUL:
        return True
    return quantity.ci_lower > _IMPLAUSIBLE or quantity.ci_upper < 1 / _IMPLAUSIBLE


def check_unit_of_groups(view: StudyView) -> Outcomes:
    """Look for ratios per unit that stand as comparisons of named groups."""
    for comparison in view.study.comparisons:
        if comparison.per is None:
            continue
        if not comparison.of:
            yield FINE
            continue
        ratios = list(filter(is_printed_ratio, comparison.figures)) or list(comparison.figures)
        printed = listed(one.figure.quantity.as_reported for one in ratios)
        message = (
            f"{printed} is per {comparison.per}, and compares no groups: it is never pooled as if it did"
        )
        about = f"per {comparison.per} of {', '.join(comparison.of)}: {printed}"
        first = ratios[0].figure
        yield Found(first.line, first.column, message, about)


def is_printed_ratio(one: StatisticFigure) -> bool:
    """Say whether a figure is a ratio that is printed as a number above 0."""
    quantity = one.figure.quantity
    return STATISTICS[one.statistic].is_ratio and is_point(quantity) and bool(quantity.value)


CHECKS: tuple[Check, ...] = (
    Check(
        code="ratio-implausible",
        level="warning",
        title="A ratio that is more likely to lack its decimal point",
        applies_when="a ratio is printed",
        test=f"Its interval reaches to a {_IMPLAUSIBLE:g}-fold difference or less, and the ratio is no "
        f"further from 1 than {_DOUBTFUL:g}-fold; without an interval, no further than "
        f"{_IMPLAUSIBLE**2:g}-fold.",
        fix="compare it with the source; acknowledge it where the source prints it so",
        failing=p_example(
            "OS", "median: 60 months", "median: 70 months", "hazard_ratio: 62 (95% CI 41 to 94)"
        ),
        passing=p_example(
            "OS", "median: 60 months", "median: 70 months", "hazard_ratio: 0.62 (95% CI 0.41 to 0.94)"
        ),
        run=check_implausible_ratio,
    ),
    Check(
        code="unit-of-groups",
        level="warning",
        title="A ratio per unit that names groups",
        applies_when="a comparison has per:",
        test="It names no groups: patients of one group differ in something that is counted or measured.",
        fix="type within: a group, and by: what the unit is of, instead of of:",
        failing=p_example(
            "OS",
            "median: 60 months",
            "median: 70 months",
            "hazard_ratio: 1.02 (95% CI 1.01 to 1.03), per: 1 year",
        ),
        passing=p_example(
            "OS", "median: 60 months", "median: 70 months", "hazard_ratio: 0.9 (95% CI 0.5 to 1.6)"
        )
        + "  - {outcome: OS, within: all, by: age, per: 1 year, hazard_ratio: 1.02 (95% CI 1.01 to 1.03), "
        "basis: stated, at: line 3}\n",
        run=check_unit_of_groups,
    ),
)
