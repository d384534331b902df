"""Checks of printed numbers at risk: against each other, the size of the group, and the survival rates."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from evisynth.arithmetic import FEWEST_AT_RISK
from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.study_view import Reported, StudyView, high, is_point
from evisynth.quantities import Quantity
from evisynth.studies import Figure
from evisynth.wording import counted, time_words

_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class _AtRisk:
    """A survival rate with the number of patients at risk at its time, exact or bounded."""

    rate: Reported
    figure: Figure
    least: float
    most: float

    @property
    def when(self) -> str:
        return time_words(self.rate.time or 0.0)

    @property
    def printed(self) -> str:
        return f"{self.figure.quantity.as_reported} at risk"

    @property
    def about(self) -> str:
        return f"{self.rate.about}, {self.printed}"

    def found(self, message: str, about: str | None = None) -> Found:
        return Found(self.figure.line, self.figure.column, message, about or self.about)


def _all_at_risk(view: StudyView) -> tuple[_AtRisk, ...]:
    """Return every number at risk that is a number; several checks look at the same ones."""
    found: tuple[_AtRisk, ...] = view.remembered("at risk", lambda: tuple(_find_at_risk(view)))
    return found


def _find_at_risk(view: StudyView) -> Iterator[_AtRisk]:
    for one in view.figures:
        figure = one.figure.at_risk
        bounds = _bounds(figure.quantity) if figure is not None else None
        if figure is not None and bounds is not None:
            yield _AtRisk(one, figure, *bounds)


def _bounds(quantity: Quantity) -> tuple[float, float] | None:
    value = quantity.value
    if value is None or quantity.state != "reported":
        return None
    return {
        "=": (value, value),
        "<": (0.0, value - 1),
        "<=": (0.0, value),
        ">": (value + 1, math.inf),
        ">=": (value, math.inf),
    }.get(quantity.qualifier or "")


def check_at_risk_rises(view: StudyView) -> Outcomes:
    """Compare each number at risk with the one before it."""
    rows: dict[tuple[str, str], list[_AtRisk]] = {}
    for one in _all_at_risk(view):
        rows.setdefault((one.rate.outcome.id, one.rate.group), []).append(one)
    for numbers in rows.values():
        numbers.sort(key=lambda one: one.rate.time or 0.0)
        for earlier, later in pairwise(numbers):
            if earlier.rate.time == later.rate.time or later.least <= earlier.most:
                yield FINE
                continue
            message = (
                f"the number at risk in '{later.rate.group}' rises with time: {earlier.printed} at "
                f"{earlier.when}, {later.printed} at {later.when}"
            )
            yield later.found(message, f"{earlier.about}, {later.about}")


def _patients(view: StudyView, one: _AtRisk) -> int | None:
    """Return of how many patients a rate is: its own denominator, or all of its group."""
    if one.rate.figure.n is not None:
        return one.rate.figure.n.count
    return view.exact_size(one.rate.group)


def check_at_risk_above_group(view: StudyView) -> Outcomes:
    """Compare each number at risk with the patients there are."""
    for one in _all_at_risk(view):
        patients = _patients(view, one)
        if patients is None:
            continue
        if one.least <= patients:
            yield FINE
            continue
        has = f"which has {counted(patients, 'patient')}"
        message = f"{one.printed} at {one.when} in '{one.rate.group}', {has}"
        yield one.found(message, f"{one.about} of {patients}")


def check_at_risk_above_survivors(view: StudyView) -> Outcomes:
    """Compare each number at risk with the survivors that the rate leaves."""
    for one in _all_at_risk(view):
        patients = _patients(view, one)
        if patients is None or one.least > patients or not is_point(one.rate.quantity):
            continue
        survivors = patients * min(1.0, high(one.rate.quantity))
        # A patient who has the event on that very day is at risk, and no survivor.
        if one.least <= survivors + 1 + _SLACK:
            yield FINE
            continue
        message = (
            f"{one.printed} at {one.when} in '{one.rate.group}', but survival of "
            f"{one.rate.quantity.as_reported} leaves at most {int(survivors + _SLACK)} of {patients}"
        )
        yield one.found(message, f"{one.about} of {patients}")


def check_few_at_risk(view: StudyView) -> Outcomes:
    """Look for rates that rest on a handful of patients."""
    for one in _all_at_risk(view):
        if one.most >= FEWEST_AT_RISK:
            yield FINE
            continue
        message = (
            f"{one.rate.quantity.as_reported} at {one.when} in '{one.rate.group}' rests on few patients: "
            f"{one.printed}"
        )
        yield one.found(message)


_HEAD = """\
groups:
  operated: {{label: All who were operated on, n: 160, at: line 1}}
  all: {{label: All with a curve, n: 50%, of: operated, by: follow-up, at: line 1}}
outcomes:
  - outcome: OS
    starts: operation
    at: line 2
    values:
      all:
        survival at 5 years: {{value: 70%, at_risk: {five}}}
        survival at 10 years: {{value: 60%, at_risk: {ten}}}
"""
_FINE = _HEAD.format(five=41, ten=12)

CHECKS = (
    Check(
        code="at-risk-rises",
        level="warning",
        title="A number at risk that rises with time",
        applies_when="numbers at risk are printed beside survival rates at two times",
        test="Who is at risk at a time was at risk at every time before.",
        formula="r(t1) >= r(t2) for t1 < t2",
        fix="compare both numbers and both times with the source",
        failing=_HEAD.format(five=12, ten=41),
        passing=_FINE,
        run=check_at_risk_rises,
        contradiction=True,
    ),
    Check(
        code="at-risk-above-group",
        level="warning",
        title="More at risk than there are patients",
        applies_when="a number at risk is printed, and the number of patients is known",
        test="No more are at risk than the rate is of.",
        formula="r(t) <= n",
        fix="compare the number at risk and the size of the group with the source",
        failing=_HEAD.format(five=82, ten=12),
        passing=_FINE,
        run=check_at_risk_above_group,
        contradiction=True,
    ),
    Check(
        code="at-risk-above-survivors",
        level="warning",
        title="More at risk than have survived",
        applies_when="a number at risk is printed beside a survival rate of a known number of patients",
        test="Of those who survive to a time some were censored before it, so that no more are at risk than "
        "survivors, rounding and one patient with the event on that day allowed for.",
        formula="r(t) <= n S(t) + 1",
        fix="compare the number at risk, the rate and the size of the group with the source",
        failing=_HEAD.format(five=66, ten=12),
        passing=_FINE,
        run=check_at_risk_above_survivors,
        contradiction=True,
    ),
    Check(
        code="few-at-risk",
        level="warning",
        title="A rate that a handful of patients is left for",
        applies_when="a number at risk is printed beside a survival rate",
        test=f"At least {FEWEST_AT_RISK} patients are at risk at that time.",
        formula=f"r(t) >= {FEWEST_AT_RISK}",
        fix="nothing to mend unless the number was misread; the rate is shown, and not pooled",
        failing=_HEAD.format(five=41, ten=4),
        passing=_FINE,
        run=check_few_at_risk,
    ),
)
