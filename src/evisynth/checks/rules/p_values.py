"""The p-values that checks look at: which figures each belongs to, and which values its print stands for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from evisynth.checks.check import Found
from evisynth.checks.study_view import StudyView
from evisynth.named_tests import read_test, two_sided
from evisynth.quantities import Quantity
from evisynth.studies import ComparisonBlock, StatisticFigure
from evisynth.wording import printed_p_value

_SLACK = 1e-12


def called(p: Quantity) -> bool:
    """Say whether a p-value is only called significant, or not, without a number."""
    return p.state in ("significant", "not_significant")


def p_interval(p: Quantity) -> tuple[float, float]:
    """Return the least and the greatest p-value that a printed one stands for; a cut-off digit counts too."""
    if called(p):
        return (0.0, 0.05) if p.state == "significant" else (0.05, 1.0)
    value = p.value or 0.0
    if p.qualifier in ("<", "<="):
        return 0.0, value
    if p.qualifier in (">", ">="):
        return value, 1.0
    half = p.half_unit or 0.0
    return max(0.0, value - half), min(1.0, value + (2 * half if half else 0.0))


def meets(p: Quantity, least: float, most: float, factor: float = 1.0) -> bool:
    """Say whether recomputed p-values from ``least`` to ``most`` reach the printed one."""
    low, high = p_interval(p)
    return least / factor <= high + _SLACK and most * factor >= low - _SLACK


def decides_otherwise(p: Quantity, least: float, most: float) -> bool:
    """Say whether the printed and the recomputed p-values lie on different sides of 0.05."""
    low, high = p_interval(p)
    return (high <= 0.05 < least) or (most < 0.05 <= low)


def p_text(p: Quantity) -> str:
    """Write a printed p-value: p = 0.04, p < 0.001."""
    return printed_p_value(p.as_reported)


def p_found(
    comparison: ComparisonBlock,
    p: StatisticFigure,
    message: str,
    with_numbers: str,
    recomputed: tuple[float, float] | None = None,
) -> Found:
    """Tell something of a p-value, with the groups and numbers beside it.

    It is beyond doubt only when the source says what is compared, and the recomputed p-values lie on the
    other side of 0.05: short of that another test explains much.
    """
    about = f"{p_text(p.figure.quantity)} of {', '.join(comparison.of)}: {with_numbers}"
    certain = (
        recomputed is not None
        and comparison.basis == "stated"
        and decides_otherwise(p.figure.quantity, *recomputed)
    )
    return Found(p.figure.line, p.figure.column, message, about, doubtful=not certain)


def tests_of_difference(
    view: StudyView, *, called_too: bool = False
) -> Iterator[tuple[ComparisonBlock, StatisticFigure]]:
    """Yield the p-values of tests for a difference of two groups, two-sided: a one-sided one is doubled.

    ``called_too``: those also that are only called significant, or not.
    """
    for comparison, p in view.p_verdicts() if called_too else view.p_values():
        if p.figure.quantity.value is None and not called(p.figure.quantity):
            continue
        test = read_test(comparison.test)
        if not test.of_another_question and comparison.per is None:
            yield comparison, _doubled(p) if test.one_sided and not called(p.figure.quantity) else p


def _doubled(p: StatisticFigure) -> StatisticFigure:
    quantity = p.figure.quantity
    half = None if quantity.half_unit is None else 2 * quantity.half_unit
    both_sides = replace(quantity, value=two_sided(quantity.value or 0.0), half_unit=half)
    return replace(p, figure=replace(p.figure, quantity=both_sides))


def unadjusted_pairs(
    view: StudyView, *, called_too: bool = False
) -> Iterator[tuple[ComparisonBlock, StatisticFigure]]:
    """Yield the unadjusted p-values of two groups."""
    for comparison, p in tests_of_difference(view, called_too=called_too):
        if len(comparison.of) == 2 and not comparison.adjusted_for:
            yield comparison, p


def decision_words(p: Quantity, least: float, most: float) -> str:
    """Say when two p-values lie on different sides of 0.05."""
    return "; the two lie on different sides of 0.05" if decides_otherwise(p, least, most) else ""


TWO_GROUPS = """\
groups:
  all: {label: All, n: 120, at: line 1}
  yes: {label: Resected, n: 60, of: all, by: resection, at: line 1}
  no: {label: Not resected, n: 60, of: all, by: resection, at: line 1}
"""


def p_example(outcome: str, yes: str, no: str, comparison: str) -> str:
    """Write a small study of two groups with one comparison."""
    starts = "\n    starts: operation" if outcome == "OS" else ""
    return (
        f"{TWO_GROUPS}outcomes:\n  - outcome: {outcome}{starts}\n    at: line 2\n    values:\n      yes: "
        f"{{{yes}}}\n"
        f"      no: {{{no}}}\ncomparisons:\n  - {{outcome: {outcome}, of: [yes, no], {comparison}, "
        "basis: stated, at: line 3}\n"
    )
