"""Whether a figure that a file gives twice is the same both times."""

from __future__ import annotations

from evisynth.arithmetic.time_words import time_words
from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.study_view import Reported, StudyView, high, low


def check_repeated(view: StudyView) -> Outcomes:
    """Compare figures of one kind, of one group, that stand in two outcome blocks."""
    first: dict[tuple[str, str, str, float | None], Reported] = {}
    for one in view.figures:
        before = first.setdefault((one.outcome.id, one.group, one.statistic, one.time), one)
        if before is one or set(before.block.adjusted_for) != set(one.block.adjusted_for):
            continue
        if before.block.starts != one.block.starts:
            continue
        if _agree(before, one):
            yield FINE
            continue
        when = f" at {time_words(one.time)}" if one.time is not None else ""
        message = (
            f"{one.statistic} of {one.outcome.label.lower()}{when} in '{one.group}' is printed as "
            f"{before.quantity.as_reported} ({before.figure.source_location}) and as "
            f"{one.quantity.as_reported} ({one.figure.source_location})"
        )
        about = f"{before.about}, {one.quantity.as_reported}"
        doubtful = not _of_one_kind(before, one)
        yield Found(one.figure.line, one.figure.column, message, about, doubtful=doubtful)


def _of_one_kind(one: Reported, other: Reported) -> bool:
    """Say whether two figures bear one name, come from one method, and are of the same patients."""
    return (one.block.method, one.block.label, one.figure.n) == (
        other.block.method,
        other.block.label,
        other.figure.n,
    )


def _agree(one: Reported, other: Reported) -> bool:
    if one.quantity.state != other.quantity.state:
        return False
    return (
        low(one.quantity) <= high(other.quantity) + 1e-9 and low(other.quantity) <= high(one.quantity) + 1e-9
    )


_EXAMPLE = """\
groups:
  all: {{label: All, n: 80, at: line 1}}
outcomes:
  - {{outcome: OS, starts: operation, at: line 2, values: {{all: {{median: 151 months}}}}}}
  - {{outcome: OS, starts: operation, at: table 1, values: {{all: {{median: {second}}}}}}}
"""

CHECKS = (
    Check(
        code="printed-two-ways",
        level="warning",
        title="One figure printed in two ways",
        applies_when="a file gives the same figure of the same group in two outcome blocks",
        test="Both are the same number, within their rounding.",
        fix="compare both with the source; a figure of other patients belongs to another group",
        failing=_EXAMPLE.format(second="115 months"),
        passing=_EXAMPLE.format(second="12.6 years"),
        run=check_repeated,
        contradiction=True,
    ),
)
