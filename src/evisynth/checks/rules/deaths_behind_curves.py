"""Checks of deaths against survival: fewer than a curve needs, and curves that rest on few of them.

A Kaplan-Meier curve falls only when somebody has the event. How far it falls depends on how many were still
followed: with D events among those of whom R were followed to time t or longer, it is no lower than
R/(R + D) at t, where everybody else was censored before the first of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from evisynth.checks.check import FINE, Check, Found, Outcomes, about_words
from evisynth.checks.rules.cohort import is_event_count
from evisynth.checks.study_view import Reported, StudyView, high, is_point, low
from evisynth.wording import counted, listed, rounded_percent, time_words

_SLACK = 1e-9
_HALF = 0.5
#: A fall of the curve this many times what the events are of the patients rests on few who were followed.
_FEW = 1.5
_SURVIVAL = "overall_survival"
#: Shares of patients with the event, or without it when last seen, beside the survival that they belong to.
_WITH: dict[str, tuple[str, ...]] = {
    _SURVIVAL: ("death",),
    "progression_free_survival": ("progression",),
    "liver_progression_free_survival": ("liver_progression",),
    "disease_free_survival": ("recurrence",),
    "recurrence_free_survival": ("recurrence",),
}
_WITHOUT: dict[str, tuple[str, ...]] = {_SURVIVAL: ("alive_at_last_follow_up",)}


class _Events(NamedTuple):
    """How many patients of a group had the event at most, of whom, and whether others may have had it too.

    ``open`` says that the survival counts more events than these: deaths beside progressions.
    """

    most: int
    words: str
    open: bool = False


def _events(view: StudyView, outcome: str, group: str) -> _Events | None:
    """Return the events of a group; without its own, those of the nearest group around it."""
    for name in view.within(group):
        found = _own_events(view, outcome, name)
        if found is None:
            continue
        if name == group:
            return found
        return found._replace(words=f"{found.words} in all of '{name}'")
    return None


def _own_events(view: StudyView, outcome: str, group: str) -> _Events | None:
    size, deaths = view.exact_size(group), "death" if outcome == _SURVIVAL else "event"
    for one in view.figures_of(outcome, group):
        if is_event_count(one) and one.time is None and one.quantity.count is not None:
            return _Events(one.quantity.count, counted(one.quantity.count, deaths))
    for name in _WITH.get(outcome, ()):
        count = _count(view, name, group, size)
        if count is not None:
            label = view.vocabulary.outcomes[name].label.lower()
            return _Events(count, f"{count} with {label}", outcome != _SURVIVAL)
    for name in _WITHOUT.get(outcome, ()):
        alive = _count(view, name, group, size)
        if alive is not None and size is not None and alive <= size:
            return _Events(size - alive, f"{alive} of {size} alive when last seen")
    return None


def _count(view: StudyView, outcome: str, group: str, size: int | None) -> int | None:
    """Return how many patients of a group a plain share or count is of, where only one number is possible."""
    if outcome not in view.vocabulary.outcomes:
        return None
    for one in view.figures_of(outcome, group):
        if one.time is None and one.quantity.count is not None and view.denominator(one) in (None, size):
            return one.quantity.count
    return None


def _curves(view: StudyView) -> Iterator[tuple[str, str, list[Reported], Reported | None]]:
    """Yield each outcome and own group with its survival rates, and its median where it is a number."""
    keys = {key: None for key, _ in view.curves()}
    keys |= {(one.outcome.id, one.group): None for one in view.figures if one.statistic == "median"}
    for outcome, group in keys:
        if view.vocabulary.outcomes[outcome].type == "time_to_event" and view.is_own(group):
            yield outcome, group, view.curve(outcome, group), view.median(outcome, group)


def check_deaths_against_curve(view: StudyView) -> Outcomes:
    """Look for curves that fall more often, or further, than the events counted allow."""
    for outcome, group, points, median in _curves(view):
        events = _events(view, outcome, group)
        if events is None or events.open or not (points or median):
            continue
        found = _too_often(group, points, events) or _too_far(view, group, points, median, events)
        yield found or FINE


def _too_often(group: str, points: list[Reported], events: _Events) -> Found | None:
    """Compare the number of events with the number of times that the curve falls, beyond rounding."""
    level, falls = 1.0, []
    for one in points:
        if high(one.quantity) < level - _SLACK:
            falls.append(one)
        level = min(level, low(one.quantity))
    if events.most >= len(falls):
        return None
    last = falls[-1]
    rates = [f"{one.quantity.as_reported} at {time_words(one.time or 0.0)}" for one in falls]
    message = (
        f"the curve of {last.outcome.label.lower()} in '{group}' falls {len(falls)} times ({listed(rates)}), "
        f"and there were fewer events: {events.words}"
    )
    about = f"{last.outcome.label} of {group}: {about_words(one.quantity.as_reported for one in falls)}"
    return Found(last.figure.line, last.figure.column, message, f"{about}, {events.words}")


def _too_far(
    view: StudyView, group: str, points: list[Reported], median: Reported | None, events: _Events
) -> Found | None:
    """Compare rates and the median up to the median follow-up with the lowest that the events allow."""
    size, followed = view.exact_size(group), _followed(view, group)
    if size is None or followed is None or events.most > size:
        return None
    # Half of those without the event were followed that long, if not half of all.
    half = math.ceil((size - events.most) / 2)
    least = half / (half + events.most) if half else 0.0
    # Up to that time the curve is no lower, so its median is later.
    seen = [(one, one.time or 0.0, high(one.quantity)) for one in points]
    seen += [(median, high(median.quantity), _HALF)] if median is not None else []
    for one, time, most in seen:
        if time <= followed and most < least - _SLACK:
            at = "" if one.statistic == "median" else f" at {time_words(time)}"
            message = (
                f"{one.statistic} of {one.quantity.as_reported}{at} in '{group}' does not go with "
                f"{events.words} and a median follow-up of {time_words(followed)}: by then the curve is no "
                f"lower than {rounded_percent(least)}; it may be the plain median of the times observed"
            )
            if one.statistic != "median":
                message = message.partition("; it may be")[0]
            return Found(one.figure.line, one.figure.column, message, f"{one.about}, {events.words}")
    return None


def _followed(view: StudyView, group: str) -> float | None:
    """Return the median follow-up of a group, None where it is that of others, or of all as if alive."""
    follow_up = view.study.cohort.follow_up
    if follow_up is not None and "reverse" in (follow_up.method or "").lower():
        return None
    own = view.median("follow_up", group)
    if own is not None:
        return own.quantity.value
    if view.group(group).of is not None or follow_up is None or follow_up.median is None:
        return None
    return follow_up.median.quantity.value if is_point(follow_up.median.quantity) else None


def check_few_deaths(view: StudyView) -> Outcomes:
    """Look for curves that fall much further than the share of patients who had the event."""
    for outcome, group, points, median in _curves(view):
        events, size = _events(view, outcome, group), view.exact_size(group)
        reached = [(median, _HALF)] if median is not None else []
        reached += [(one, one.quantity.value or 0.0) for one in points if (one.quantity.value or 0.0) < 1]
        if events is None or not size or not reached or events.most > size:
            continue
        one, alive = min(reached, key=lambda pair: pair[1])
        if (1 - alive) * size <= _FEW * events.most + _SLACK:
            yield FINE
            continue
        if _too_often(group, points, events) or _too_far(view, group, points, median, events):
            continue  # told as a contradiction
        behind = events.most / (1 - alive)
        at = "" if one.statistic == "median" else f" at {time_words(one.time or 0.0)}"
        message = (
            f"{one.statistic} of {one.quantity.as_reported}{at} in '{group}' ({counted(size, 'patient')}), "
            f"with {events.words}: most were followed for less than that, and it rests on about "
            f"{counted(round(behind), 'patient')}{' at most' if ' in all of ' in events.words else ''}"
            + ("; deaths without it are not counted there" if events.open else "")
        )
        yield Found(one.figure.line, one.figure.column, message, f"{one.about}, {events.words}")


_EXAMPLE = """\
groups:
  all: {{label: All, n: {n}, at: line 1}}
outcomes:
  - outcome: OS
    starts: operation
    at: line 2
    values:
      all: {{{figures}}}
"""


def _example(n: int, figures: str) -> str:
    return _EXAMPLE.format(n=n, figures=figures)


CHECKS: tuple[Check, ...] = (
    Check(
        code="deaths-against-curve",
        level="warning",
        title="Fewer deaths than the curve needs",
        applies_when="a group has a curve or a median, and its deaths, or those alive when last seen, are "
        "counted in it or in a group around it",
        test="The curve falls no more often than there were deaths; and up to the median follow-up, to which "
        "half of the survivors were followed, no further than they allow.",
        formula="falls <= D; S(t) >= R/(R + D) for t <= F, R = (n - D)/2",
        source="Kaplan & Meier 1958, J Am Stat Assoc 53:457-481",
        fix="compare deaths, rates, times and follow-up with the source: a median may be one of observed "
        "times, deaths be of another period",
        failing=_example(19, "survival at 2 years: 94%, survival at 8 years: 79%, deaths: 1"),
        passing=_example(19, "survival at 2 years: 94%, survival at 8 years: 79%, deaths: 3"),
        run=check_deaths_against_curve,
        contradiction=True,
    ),
    Check(
        code="few-deaths-behind-curve",
        level="note",
        title="A curve that falls further than its deaths reach",
        applies_when="a group of known size has a curve or a median, and its events are counted, or those "
        "of a group around it",
        test=f"The lowest point of the curve is of a fall no more than {_FEW:g} times the share of patients "
        "with the event. A steeper one rests on the few who were followed.",
        formula=f"(1 - S) <= {_FEW:g} D/n; patients behind it about D/(1 - S)",
        fix="nothing to mend; read it as the end of a curve that few were followed to",
        failing=_example(52, "median: 72 months, deaths: 15"),
        passing=_example(52, "median: 72 months, deaths: 22"),
        run=check_few_deaths,
    ),
)
