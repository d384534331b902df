"""The events of a comparison, where the source counts them."""

from __future__ import annotations

from dataclasses import dataclass

from evisynth.effects.grounds import Grounds
from evisynth.effects.readings import distinct, printed_as_point
from evisynth.effects.subject import Subject
from evisynth.outcomes.comparison import Arm
from evisynth.outcomes.reported_outcome import ReportedOutcome
from evisynth.studies.event_words import counts_events


@dataclass(frozen=True, slots=True)
class EventCounts:
    """Events in both arms together, and in each where the source divides them."""

    total: int
    index: int | None
    reference: int | None
    grounds: Grounds


def read_events(subject: Subject) -> EventCounts | None:
    """Return the events of the two arms, None when the source does not count them (or not without doubt)."""
    comparison = subject.comparison
    if comparison.reference is None:
        return None
    one, other = arm_events(comparison.index), arm_events(comparison.reference)
    if one is not None and other is not None:
        grounds = one[1] + other[1]
        return EventCounts(one[0] + other[0], one[0], other[0], grounds)
    together = _single_count(comparison.figures)
    return None if together is None else EventCounts(together[0], None, None, together[1])


def arm_events(arm: Arm) -> tuple[int, Grounds] | None:
    """Return the events of one arm, None when the source does not count them."""
    return _single_count(arm.figures)


def _single_count(figures: tuple[ReportedOutcome, ...]) -> tuple[int, Grounds] | None:
    counted = distinct(
        figure
        for figure in figures
        if figure.statistic == "count"
        and counts_events(figure.unit, figure.as_reported)
        and figure.time_months is None
    )
    if len(counted) != 1 or not printed_as_point(counted[0].figure):
        return None
    value = counted[0].figure.value
    if value is None or value <= 0 or value != round(value):
        return None
    return round(value), counted[0].grounds
