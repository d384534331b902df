"""Checks of whom a comparison is said to favour: against its groups' figures, and against its own effects."""

from __future__ import annotations

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.rules.difference_direction import goes_against_figures, more_events
from evisynth.checks.rules.p_values import p_example
from evisynth.checks.study_view import Reported, StudyView, high, is_point, low
from evisynth.studies import ComparisonBlock, StatisticFigure
from evisynth.wording import term_words

#: Figures of two groups that say which of them does better.
_LIKE_FIGURES = ("median", "survival", "cumulative_incidence", "proportion")


def check_favours(view: StudyView) -> Outcomes:
    """Compare the side that a comparison is said to favour with the figures of both sides."""
    for comparison in view.study.comparisons:
        if comparison.favours is None or len(comparison.of) != 2:
            continue
        winner = comparison.favours
        loser = comparison.of[1] if winner == comparison.of[0] else comparison.of[0]
        worse = figure_worse_than(view, comparison.outcome, winner, loser, comparison.time_months)
        if worse is None:
            yield FINE
            continue
        one, other = worse
        message = (
            f"the comparison is in favour of '{winner}', but its {one.statistic} is "
            f"{one.quantity.as_reported} "
            f"against {other.quantity.as_reported}"
        )
        about = f"{one.about}, {other.quantity.as_reported}"
        # Whom a p-value favours is all the direction that it has.
        unsettled = [
            each
            for each in comparison.figures
            if each.statistic == "p_value" or _is_against(view, comparison, each)
        ]
        places = tuple((each.figure.line, each.figure.column) for each in unsettled)
        yield Found(comparison.line, comparison.column, message, about, unsettles=places)


def figure_worse_than(
    view: StudyView, outcome: str, winner: str, loser: str, time: float | None = None
) -> tuple[Reported, Reported] | None:
    """Return like figures in which the first group does worse, unless others show it doing better."""
    worse: tuple[Reported, Reported] | None = None
    for one in view.figures_of(outcome, winner):
        more_is_better = one.higher_is_better
        if one.statistic not in _LIKE_FIGURES or more_is_better is None or one.of_either:
            continue
        if time is not None and one.time != time:
            continue
        other = view.find(outcome, loser, one.statistic, one.time)
        if other is None or not is_point(other.quantity) or other.speaks_of != one.speaks_of:
            continue
        if not is_point(one.quantity):
            return None
        # A higher share of deaths is worse, a longer time to them better.
        higher = low(one.quantity) > high(other.quantity)
        lower = high(one.quantity) < low(other.quantity)
        if (higher and more_is_better) or (lower and not more_is_better):
            return None
        if higher or lower:
            worse = worse or (one, other)
    return worse


def check_effect_against_favours(view: StudyView) -> Outcomes:
    """Compare whom a comparison is said to favour with the ratios and differences that it prints.

    Where the figures of both groups tell which of the two is wrong, the check of that one tells it.
    """
    for comparison in view.study.comparisons:
        for one in comparison.figures:
            if comparison.favours is None or len(comparison.of) != 2:
                continue
            if more_events(comparison, one) is None:
                continue
            if not _is_against(view, comparison, one):
                yield FINE
            elif not _told_by_figures(view, comparison, one):
                yield _found_favours(view, comparison, one)


def _is_against(view: StudyView, comparison: ComparisonBlock, one: StatisticFigure) -> bool:
    """Say whether a printed effect favours the other group than the comparison is said to."""
    wanted = view.vocabulary.outcomes[comparison.outcome].speaks_of.wanted
    more = more_events(comparison, one)
    if wanted is None or more is None:
        return False
    return more == ((comparison.favours == comparison.of[0]) != wanted)


def _told_by_figures(view: StudyView, comparison: ComparisonBlock, one: StatisticFigure) -> bool:
    winner = comparison.favours or ""
    loser = next((group for group in comparison.of if group != winner), winner)
    time = comparison.time_months
    turned = comparison.of_event is None and goes_against_figures(view, one.figure)
    return turned or (figure_worse_than(view, comparison.outcome, winner, loser, time) is not None)


def _found_favours(view: StudyView, comparison: ComparisonBlock, one: StatisticFigure) -> Found:
    index = comparison.of[0]
    event = view.vocabulary.outcomes[comparison.outcome].speaks_of
    speaks_of = event.words_of(comparison.of_event or "occurrence")
    quantity, name = one.figure.quantity, term_words(one.statistic)
    message = (
        f"the {name} {quantity.as_reported} of {speaks_of} in '{index}' does not go with favours: "
        f"{comparison.favours}"
    )
    other = event.words_of("occurrence" if comparison.of_event == "absence" else "absence")
    loser = next(group for group in comparison.of if group != comparison.favours)
    fix = (
        f"type of_event: {other} if the {name} is of that, favours: {loser} if '{loser}' did better, or "
        f"of: [{comparison.of[1]}, {index}] if it is that of '{comparison.of[1]}' against '{index}'"
    )
    about = f"{name} of {', '.join(comparison.of)}: {quantity.as_reported}, favours {comparison.favours}"
    place = one.figure.line, one.figure.column
    return Found(*place, message, about, fix, unsettles=(place,))


_LONGER = ("OS", "median: 98 months", "median: 60 months")
_ALONE = ("OS", "median: 98 months", "median: not reported")
CHECKS: tuple[Check, ...] = (
    Check(
        code="favours-against-figures",
        level="warning",
        title="A winner with the worse figures",
        applies_when="a comparison says which of two groups did better, and both have figures",
        test="Some figure of the favoured group is better than the other's, or none is worse.",
        fix="look at favours:, at both figures, and at which group is which",
        failing=p_example(*_LONGER, "p: 0.01, favours: no"),
        passing=p_example(*_LONGER, "p: 0.01, favours: yes"),
        run=check_favours,
        unsettles=True,
    ),
    Check(
        code="effect-against-favours",
        level="warning",
        title="A ratio or a difference that favours the other group",
        applies_when="a comparison says which of two groups did better, and prints a ratio or a difference",
        test="Fewer of an event that nobody wants, or more of a wanted one, are in the favoured group. An "
        "effect that says otherwise is not used before it is settled.",
        fix="look at which group and which event the effect is of, and at favours:",
        failing=p_example(*_ALONE, "hazard_ratio: 1.61, favours: yes"),
        passing=p_example(*_ALONE, "hazard_ratio: 0.62, favours: yes"),
        run=check_effect_against_favours,
        unsettles=True,
    ),
)
