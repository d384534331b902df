"""Whether outcomes that contain each other come in their order: nobody dies before progression or death."""

from __future__ import annotations

from evisynth.arithmetic.time_words import time_words
from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.study_view import Reported, StudyView, high, is_point, low

#: Outcomes whose event comes no later than that of the second: every death ends both.
_EARLIER_THAN = (
    ("progression_free_survival", "overall_survival"),
    ("disease_free_survival", "overall_survival"),
    ("recurrence_free_survival", "overall_survival"),
    ("event_free_survival", "overall_survival"),
    ("overall_survival", "disease_specific_survival"),
    ("overall_survival", "cancer_specific_survival"),
)


def check_outcome_order(view: StudyView) -> Outcomes:
    """Compare medians and rates of outcomes of which one ends no later than the other."""
    for first, second in _EARLIER_THAN:
        for one in view.figures:
            if one.outcome.id != first or one.statistic not in ("median", "survival"):
                continue
            other = view.find(second, one.group, one.statistic, one.time)
            if other is None:
                continue
            if not _exceeds(one, other):
                yield FINE
                continue
            when = f" at {time_words(one.time)}" if one.time is not None else ""
            message = (
                f"{one.outcome.label.lower()} of '{one.group}'{when} ({one.quantity.as_reported}) is above "
                f"{other.outcome.label.lower()} ({other.quantity.as_reported})"
            )
            about = f"{one.about}, {other.quantity.as_reported}"
            yield Found(one.figure.line, one.figure.column, message, about)


def _exceeds(one: Reported, other: Reported) -> bool:
    if one.quantity.state == "not_reached":
        return is_point(other.quantity)
    return is_point(one.quantity) and is_point(other.quantity) and low(one.quantity) > high(other.quantity)


_EXAMPLE = """\
groups:
  all: {{label: All, n: 80, at: line 1}}
outcomes:
  - {{outcome: PFS, starts: operation, at: line 2, values: {{all: {{median: {pfs} months}}}}}}
  - {{outcome: OS, starts: operation, at: line 2, values: {{all: {{median: {os} months}}}}}}
"""

CHECKS = (
    Check(
        code="outcomes-out-of-order",
        level="warning",
        title="Progression-free survival above overall survival",
        applies_when="a group has the same figure of two outcomes, one of which ends no later than the other",
        test="Progression-free survival is at most overall survival, which is at most disease-specific "
        "survival.",
        formula="PFS(t) <= OS(t) <= DSS(t); median PFS <= median OS",
        fix="compare both numbers, their units and their outcomes with the source",
        failing=_EXAMPLE.format(pfs=60, os=40),
        passing=_EXAMPLE.format(pfs=17, os=122),
        run=check_outcome_order,
    ),
)
