"""Whether a count beside survival figures says what it counts: patients who died, or patients who live."""

from __future__ import annotations

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.study_view import Reported, StudyView
from evisynth.studies.event_words import counts_events, is_death_alone

_BESIDE = ("median", "survival")


def is_event_count(one: Reported) -> bool:
    """Say whether a figure is a number of events that says so."""
    return one.statistic == "count" and counts_events(one.quantity.unit, one.quantity.as_reported)


def check_count_of_what(view: StudyView) -> Outcomes:
    """Look for counts beside medians and survival rates that may be of the dead or of the living."""
    for one in view.figures:
        if one.statistic != "count" or one.outcome.type != "time_to_event" or one.time is not None:
            continue
        if is_event_count(one):
            yield FINE
            continue
        beside = [each for each in view.figures_of(one.outcome.id, one.group) if each.statistic in _BESIDE]
        if not beside or one.quantity.count is None:
            continue
        name = "deaths" if is_death_alone(one.outcome.event) else "events"
        printed = one.quantity.as_reported
        message = (
            f"whether '{printed}' counts the {name} in '{one.group}' is not said: it gives no precision "
            f"to the {beside[0].statistic} of {beside[0].quantity.as_reported}"
        )
        fix = f"type {name}: {printed} if the source says so; else say in a note: what it counts"
        yield Found(one.figure.line, one.figure.column, message, one.about, fix)


_EXAMPLE = """\
groups:
  all: {{label: All, n: 80, at: line 1}}
outcomes:
  - outcome: OS
    starts: operation
    at: line 2
    values:
      all: {{median: 122 months, {count}}}
"""

CHECKS = (
    Check(
        code="count-of-what",
        level="note",
        title="A count that may be of the dead or of the living",
        applies_when="a number of patients stands beside a median or a survival rate of the same group",
        test="It is named as what it counts: deaths: 40, events: 40, or count: 40 deaths.",
        fix="type deaths: or events: if the source says so; else say in a note: what it counts",
        failing=_EXAMPLE.format(count="count: 40"),
        passing=_EXAMPLE.format(count="deaths: 40"),
        run=check_count_of_what,
    ),
)
