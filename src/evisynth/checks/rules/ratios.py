"""Checks of printed ratios against the counts beside them: every common way to work them out is tried."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.rules.p_value_of_counts import MOST_TABLES, tables_of
from evisynth.checks.rules.p_values import p_example
from evisynth.checks.study_view import StudyView, compared, high, is_point, low
from evisynth.quantities import Quantity
from evisynth.studies import ComparisonBlock, StatisticFigure
from evisynth.wording import short_number, term_words

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


def is_unadjusted(comparison: ComparisonBlock) -> bool:
    """Say whether nothing of a comparison tells that it is adjusted."""
    test = (comparison.test or "").lower()
    return not comparison.adjusted_for and ("univari" in test or not any(w in test for w in _ADJUSTING))


def check_ratio_against_counts(view: StudyView) -> Outcomes:
    """Recompute unadjusted odds and risk ratios from every count behind the shares beside them."""
    for comparison in view.study.comparisons:
        if len(comparison.of) != 2 or not is_unadjusted(comparison):
            continue
        for one in comparison.figures:
            name = comparison.read_as or one.statistic
            if name not in _RATIOS or not is_point(one.figure.quantity):
                continue
            tables = list(tables_of(view, comparison))
            if not tables or len(tables) > MOST_TABLES:
                continue
            if comparison.of_event == "absence":
                tables = [(b, a, d, c) for a, b, c, d in tables]
            ends = _ends(_RATIOS[name], tables)
            if ends is None or _meets(one.figure.quantity, ends):
                yield FINE
            else:
                yield _found_against_counts(view, comparison, one, name, tables)


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
    view: StudyView,
    comparison: ComparisonBlock,
    one: StatisticFigure,
    name: str,
    tables: list[tuple[int, int, int, int]],
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
        f"give {gives}{_explained(view, quantity, name, tables, comparison)}"
    )
    about = f"{words} of {', '.join(comparison.of)}: {quantity.as_reported}, {gives}"
    place = one.figure.line, one.figure.column
    unsettles = (place,) if comparison.of_event is None else ()
    return Found(*place, message, about, unsettles=unsettles)


def _printed(table: tuple[int, int, int, int]) -> str:
    a, b, c, d = table
    return f"{a}/{a + b} and {c}/{c + d}"


def _explained(
    view: StudyView,
    quantity: Quantity,
    name: str,
    tables: list[tuple[int, int, int, int]],
    comparison: ComparisonBlock,
) -> str:
    """Say which other ratio of the same counts the printed one is."""
    index, reference = comparison.of
    event = view.vocabulary.outcomes[comparison.outcome].speaks_of
    absence = event.words_of("absence" if comparison.of_event != "absence" else "occurrence")
    turned = [(c, d, a, b) for a, b, c, d in tables]
    without = [(b, a, d, c) for a, b, c, d in tables]
    other = "risk_ratio" if name == "odds_ratio" else "odds_ratio"
    explanations = (
        (name, turned, f"; it is that of '{reference}' against '{index}': type of: [{reference}, {index}]"),
        (other, tables, f"; it is their {term_words(other)}: type read_as: {term_words(other)}"),
        (name, without, f"; it is that of the patients without the event: type of_event: {absence}"),
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
        unsettles=True,
    ),
)


CHECKS = _RATIO_AGAINST_COUNTS_CHECKS
