"""The check that says how strong an effect a p-value bounds, where nothing else gives one."""

from __future__ import annotations

import math

from evisynth.arithmetic import log_rank_variance, log_rank_variance_by_events, z_from_two_sided_p
from evisynth.checks.check import Check, Found, Outcomes
from evisynth.checks.rules.p_value_of_counts import events_by_group, events_of
from evisynth.checks.rules.p_values import TWO_GROUPS, p_example, p_interval, p_text, tests_of_difference
from evisynth.checks.study_view import Size, StudyView
from evisynth.named_tests import read_test
from evisynth.printed_statistics import STATISTICS
from evisynth.studies import ComparisonBlock, StatisticFigure
from evisynth.wording import counted


def check_bound_from_p(view: StudyView) -> Outcomes:
    """Say how strong an effect must be for a p-value whose groups lack figures to compare."""
    for comparison, p in tests_of_difference(view):
        if not (_is_of_curves(view, comparison) and _has_direction_alone(view, comparison)):
            continue
        quantity, information = p.figure.quantity, _information(view, comparison, p)
        if information is None:
            continue
        with_events, variance = information
        bound = math.exp(-z_from_two_sided_p(quantity.value or 0.0) / math.sqrt(variance))
        # Whoever does better has fewer events, or more of those that are wanted.
        wanted = view.vocabulary.outcomes[comparison.outcome].higher_is_better("occurrence")
        message = (
            f"{p_text(quantity)} with {with_events} is a hazard ratio of "
            f"{f'{1 / bound:.2f} or more' if wanted else f'{bound:.3f} or less'} in favour of "
            f"'{comparison.favours}', if it is a log-rank test: a bound, not an estimate"
        )
        about = f"{p_text(quantity)} of {', '.join(comparison.of)}: {with_events}"
        yield Found(p.figure.line, p.figure.column, message, about)


def _is_of_curves(view: StudyView, comparison: ComparisonBlock) -> bool:
    """Say whether a p-value may be of a log-rank test of two groups, as they are."""
    outcome = view.vocabulary.outcomes[comparison.outcome]
    if outcome.type != "time_to_event" or len(comparison.of) != 2 or comparison.adjusted_for:
        return False
    test = read_test(comparison.test)
    if test.is_named:
        return test.is_log_rank and not test.of_other_weights
    return not all(view.find(comparison.outcome, group, "mean") for group in comparison.of)


def _has_direction_alone(view: StudyView, comparison: ComparisonBlock) -> bool:
    """Say whether it is said who does better, and neither ratios nor medians nor rates say by how much."""
    outcome = view.vocabulary.outcomes[comparison.outcome]
    if comparison.favours is None or outcome.higher_is_better("occurrence") is None:
        return False
    if any(STATISTICS[one.statistic].is_effect for one in comparison.figures):
        return False
    return not any(
        all(of(comparison.outcome, group) for group in comparison.of) for of in (view.median, view.curve)
    )


def _information(
    view: StudyView, comparison: ComparisonBlock, p: StatisticFigure
) -> tuple[str, float] | None:
    """Return the events behind a p-value in words, with the log-rank variance that they give at most.

    None where there is no bound: with its events a p-value that is a number gives the ratio itself.
    """
    quantity, sizes = p.figure.quantity, [view.size(group) for group in comparison.of]
    upper = p_interval(quantity)[1] if quantity.qualifier == "=" else (quantity.value or 0.0)
    if quantity.qualifier not in ("=", "<", "<=") or not 0 < (quantity.value or 0.0) <= upper < 1:
        return None
    known = [size for size in sizes if size is not None and size.most > 0]
    if len(known) < 2:
        return None
    events = events_of(view, comparison)
    if events is None:
        most, variance = _most_information(known, view.most_together(*comparison.of) or 0)
        return f"at most {counted(most, 'event')}", variance
    if events == 0 or quantity.qualifier == "=":
        return None
    of_each = events_by_group(view, comparison)
    if of_each is not None and min(of_each) > 0:
        return counted(events, "event"), log_rank_variance_by_events(*of_each)
    exact = [size.exact or 1 for size in known]
    return counted(events, "event"), log_rank_variance(events, *exact)


def _most_information(sizes: list[Size], most: int) -> tuple[int, float]:
    """Return the greatest number of events and the greatest log-rank variance that the sizes allow.

    ``most`` is how many patients both groups have together at most.
    """
    first, second = sizes
    whole = (
        min(first.most + second.least, first.least + second.most) if first.known and second.known else None
    )
    if whole is None:
        return most, log_rank_variance(most, 1, 1)
    whole = min(whole, most)
    best = max(
        log_rank_variance(whole, part, whole - part)
        for part in range(max(1, first.least), min(first.most, whole - 1) + 1)
    )
    return whole, best


_COMPARED = """\
comparisons:
  - {outcome: OS, of: [yes, no], p: 0.009, favours: yes, basis: stated, at: line 3}
"""

CHECKS = (
    Check(
        code="p-gives-a-bound",
        level="note",
        title="A p-value that only bounds the effect",
        applies_when="a p-value of a time to an event has a direction, but its groups lack figures to "
        "compare",
        test="Says how strong the effect must at least be, were it a log-rank test, with everybody having "
        "the event, or with the events that the source counts where p is printed as an inequality.",
        formula="|log HR| >= z_p / sqrt(D r1 r0/N^2), D <= N, over all sizes the groups can have",
        source="Parmar, Torri & Stewart 1998, Stat Med 17:2815-2834",
        fix="nothing to mend; it is drawn as a bound",
        failing=f"{TWO_GROUPS}{_COMPARED}",
        passing=p_example("OS", "median: 90 months", "median: 60 months", "p: 0.009, favours: yes"),
        run=check_bound_from_p,
    ),
)
