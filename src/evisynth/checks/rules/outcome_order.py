"""Checks of outcomes that contain or exclude each other, at one time in one group.

Nobody dies before progression or death, and nobody whose disease has come back is still free of it.
"""

from __future__ import annotations

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.study_view import Reported, StudyView, high, is_point, low
from evisynth.wording import time_words

#: Outcomes whose event comes no later than that of the others: every death ends them all.
_NO_LATER_THAN = {
    "progression_free_survival": ("overall_survival",),
    "disease_free_survival": ("overall_survival",),
    "recurrence_free_survival": ("overall_survival",),
    "event_free_survival": ("overall_survival",),
    "overall_survival": ("disease_specific_survival", "cancer_specific_survival", "relative_survival"),
}


def check_outcome_order(view: StudyView) -> Outcomes:
    """Compare medians and rates of outcomes of which one ends no later than the other."""
    for one in view.figures:
        if one.statistic not in ("median", "survival"):
            continue
        for later in _NO_LATER_THAN.get(one.outcome.id, ()):
            other = view.find(later, one.group, one.statistic, one.time)
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


#: What has happened, against survival without it; a share of those to whom it happened counts as well.
_EXCLUDED_BY = {
    "progression_free_survival": ("progression", "recurrence", "recurrence_or_progression"),
    "disease_free_survival": ("recurrence", "recurrence_or_progression"),
    "recurrence_free_survival": ("recurrence", "recurrence_or_progression"),
    "event_free_survival": ("progression", "recurrence", "recurrence_or_progression"),
    "overall_survival": ("death", "mortality", "perioperative_mortality"),
}
_HAPPENED = ("cumulative_incidence", "proportion")


def check_survival_and_incidence(view: StudyView) -> Outcomes:
    """Add survival without an event to the share of patients in whom it has happened."""
    for _, points in view.curves():
        for one in points:
            for event in (one.outcome.id, *_EXCLUDED_BY.get(one.outcome.id, ())):
                for statistic in _HAPPENED:
                    other = view.find(event, one.group, statistic, one.time)
                    if other is None or not is_point(other.quantity) or one.figure.n != other.figure.n:
                        continue  # of other patients
                    if low(one.quantity) + low(other.quantity) <= 1 + 1e-9:
                        yield FINE
                        continue
                    message = (
                        f"{one.outcome.label.lower()} of {one.quantity.as_reported} at "
                        f"{time_words(one.time or 0.0)} in '{one.group}' and "
                        f"{other.outcome.label.lower()} of {other.quantity.as_reported} by then "
                        "are more than all patients together"
                    )
                    about = f"{one.about}, {other.quantity.as_reported}"
                    yield Found(other.figure.line, other.figure.column, message, about)


_EXAMPLE = """\
groups:
  all: {{label: All, n: 80, at: line 1}}
outcomes:
  - {{outcome: PFS, starts: operation, at: line 2, values: {{all: {{median: {pfs} months}}}}}}
  - {{outcome: OS, starts: operation, at: line 2, values: {{all: {{median: {os} months}}}}}}
"""

_BOTH = """\
groups:
  all: {{label: All, n: 80, at: line 1}}
outcomes:
  - {{outcome: PFS, starts: operation, at: line 2, values: {{all: {{survival at 5 years: {free}}}}}}}
  - {{outcome: recurrence, at: line 2, values: {{all: {{proportion within 5 years: {recurred}}}}}}}
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
        contradiction=True,
    ),
    Check(
        code="survival-and-incidence",
        level="warning",
        title="More free of an event, and with it, than there are patients",
        applies_when="a group has survival without an event, and a share of those with it, at one time",
        test="The two together are at most all patients: those censored or dead of something else are in "
        "neither. It holds for cumulative incidence, for one less Kaplan-Meier, and for plain shares.",
        formula="S(t) + F(t) <= 100%, rounding allowed for",
        fix="compare both figures, their times and their groups with the source",
        failing=_BOTH.format(free="40%", recurred="94%"),
        passing=_BOTH.format(free="6%", recurred="91%"),
        run=check_survival_and_incidence,
        contradiction=True,
    ),
)
