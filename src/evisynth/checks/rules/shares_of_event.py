"""Check of shares that may be of the dead or of the living: a percentage of overall survival, no more said.

It is taken as the share of those with the event. Where other figures of the same groups say that it is of
those without it, it is not used before the reader says which.
"""

from __future__ import annotations

from collections.abc import Iterator

from evisynth.checks.check import FINE, Check, Found, Outcomes, about_words
from evisynth.checks.rules.difference_direction import more_events
from evisynth.checks.rules.favours import figure_worse_than
from evisynth.checks.study_view import Reported, StudyView, high, is_point, low
from evisynth.studies import ComparisonBlock
from evisynth.wording import listed, plural

_BESIDE = ("median", "survival")


def check_share_of_what(view: StudyView) -> Outcomes:
    """Look for shares of a time to an event that do not say whether they are of those with the event."""
    asked: dict[tuple[int, bool], list[Reported]] = {}
    for one in view.figures:
        if not one.of_either or not is_point(one.quantity) or _asked_as_count(view, one):
            continue
        said = set(_other_figures_say(view, one))
        if said == {True}:
            yield FINE
        else:
            asked.setdefault((one.block.line, said == {False}), []).append(one)
    yield from (_found(figures, against) for (_, against), figures in asked.items())


def _found(figures: list[Reported], against: bool) -> Found:
    """Ask once for the figures of a block; ``against``: other figures say that they are of those without."""
    event = figures[0].outcome.speaks_of
    either = f"{event.words} or {event.absence_words}"
    printed = listed(f"{one.quantity.as_reported} of '{one.group}'" for one in figures)
    taken = "other figures say the latter" if against else "it is taken as the former"
    message = f"whether {printed} {plural('is', len(figures))} of {either} is not said: {taken}"
    fix = f"type of_event: {event.words}, or of_event: {event.absence_words}, in its outcome block"
    places = tuple((one.figure.line, one.figure.column) for one in figures)
    about = about_words(one.about for one in figures)
    return Found(*places[0], message, about, fix, unsettles=places if against else ())


def _asked_as_count(view: StudyView, one: Reported) -> bool:
    """Whether it is a number beside a median or a survival rate, of which another check asks."""
    if one.statistic != "count" or one.time is not None:
        return False
    return any(each.statistic in _BESIDE for each in view.figures_of(one.outcome.id, one.group))


def _other_figures_say(view: StudyView, one: Reported) -> Iterator[bool]:
    """Yield for each figure that tells whether the share is of those with the event."""
    rate = view.find(one.outcome.id, one.group, "survival", one.time)
    if rate is not None and is_point(rate.quantity) and one.quantity.unit == "proportion":
        survival, share = rate.quantity.value or 0.0, one.quantity.value or 0.0
        if abs(share - survival) != abs(share - (1 - survival)):
            yield abs(share - (1 - survival)) < abs(share - survival)
    for comparison in view.study.comparisons:
        if comparison.outcome == one.outcome.id and len(comparison.of) == 2 and one.group in comparison.of:
            higher = _higher_in_index(view, comparison, one)
            if higher is not None:
                yield from (more == higher for more in _more_events(view, comparison))


def _higher_in_index(view: StudyView, comparison: ComparisonBlock, one: Reported) -> bool | None:
    """Return whether such a share is higher in the index group; None where that is not known."""
    index, reference = (view.find(one.outcome.id, group, one.statistic, one.time) for group in comparison.of)
    if index is None or reference is None or not (is_point(index.quantity) and is_point(reference.quantity)):
        return None
    ends = [_ends(view, each) for each in (index, reference)]
    if ends[0] is None or ends[1] is None:
        return None
    (low_one, high_one), (low_other, high_other) = ends[0], ends[1]
    return True if low_one > high_other else False if high_one < low_other else None


def _ends(view: StudyView, one: Reported) -> tuple[float, float] | None:
    """Return the least and the greatest share that a figure stands for."""
    if one.quantity.unit == "proportion":
        return low(one.quantity), high(one.quantity)
    whole = view.denominator(one)
    share = None if not whole else (one.quantity.value or 0.0) / whole
    return None if share is None else (share, share)


def _more_events(view: StudyView, comparison: ComparisonBlock) -> Iterator[bool]:
    """Yield what other figures say of more events in the index group: whom it favours, effects, rates."""
    wanted = view.vocabulary.outcomes[comparison.outcome].speaks_of.wanted
    index, reference = comparison.of
    if comparison.favours is not None and wanted is not None:
        yield (comparison.favours == index) == wanted
    for one in comparison.figures:
        more = more_events(comparison, one)
        if more is not None:
            yield more
    for winner, loser in ((index, reference), (reference, index)):
        worse = figure_worse_than(view, comparison.outcome, winner, loser, comparison.time_months)
        if worse is not None and wanted is not None:
            yield (winner == index) != wanted


_EXAMPLE = """\
groups:
  all: {{label: All, n: 80, at: line 1}}
outcomes:
  - outcome: OS
    starts: operation
    {said}at: line 2
    values:
      all: {{proportion within 5 years: 61%}}
"""

CHECKS: tuple[Check, ...] = (
    Check(
        code="share-of-what",
        level="warning",
        title="A share that may be of the dead or of the living",
        applies_when="a share or a number of patients of overall survival, or another outcome called after "
        "those without its event, is printed",
        test="The block says of which event it is (of_event:), or a survival rate, a ratio or whom the "
        "source favours does. It is taken as of those with the event, unless all of these say otherwise: "
        "then it is not used.",
        fix="type of_event: death, or of_event: survival, in its outcome block",
        failing=_EXAMPLE.format(said=""),
        passing=_EXAMPLE.format(said="of_event: survival\n    "),
        run=check_share_of_what,
        unsettles=True,
    ),
)
