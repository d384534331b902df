"""Whether what was counted in patients (lesions, nodes) has possible means and ranges."""

from __future__ import annotations

import math

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.study_view import StudyView, is_point

#: Units in which a measurement need not be a whole number.
_CONTINUOUS = frozenset(
    {"", "cm", "mm", "months", "years", "weeks", "days", "hours", "minutes", "ml", "l", "kg", "g", "%"}
)


def check_range_from_zero(view: StudyView) -> Outcomes:
    """Look for numbers of things treated that begin at none."""
    for one in view.figures:
        if one.outcome.type != "measurement" or one.quantity.lower is None:
            continue
        treated = view.group(one.group).intervention
        if one.quantity.lower > 0 or treated is None or one.quantity.unit in _CONTINUOUS:
            yield FINE
            continue
        message = (
            f"{one.outcome.label.lower()} in '{one.group}' range from 0 ({one.quantity.as_reported}): some "
            "patients "
            "counted as treated had none"
        )
        yield Found(one.figure.line, one.figure.column, message, one.about)


def check_mean_of_counts(view: StudyView) -> Outcomes:
    """Look for means of whole numbers that no total over the patients gives."""
    for one in view.figures:
        if one.statistic != "mean" or one.outcome.type != "measurement" or not is_point(one.quantity):
            continue
        whole, quantity = view.denominator(one), one.quantity
        if not whole or quantity.unit in _CONTINUOUS or not quantity.half_unit or quantity.value is None:
            continue
        total = quantity.value * whole
        reach = quantity.half_unit * whole + 1e-9
        if math.floor(total + reach) >= math.ceil(total - reach):
            yield FINE
            continue
        message = f"no total over {whole} patients gives a mean of {quantity.as_reported}"
        yield Found(one.figure.line, one.figure.column, message, f"{one.about} of {whole}")


_EXAMPLE = """\
groups:
  all: {{label: All, n: 20, intervention: PSD, at: line 1}}
outcomes:
  - {{outcome: lesions treated, at: line 2, values: {{all: {{{figure}}}}}}}
"""

CHECKS = (
    Check(
        code="range-from-zero",
        level="note",
        title="Treated patients with nothing treated",
        applies_when="the range of something counted is printed for a treated group",
        test="The range does not begin at zero.",
        fix="nothing to mend; the group is of all who were operated on, not of all who had it",
        failing=_EXAMPLE.format(figure="median: 6.0 (range 0 to 36)"),
        passing=_EXAMPLE.format(figure="median: 6.0 (range 1 to 36)"),
        run=check_range_from_zero,
    ),
    Check(
        code="mean-of-nothing",
        level="warning",
        title="A mean of whole numbers that no total gives",
        applies_when="the mean of something counted is printed for a group of known size",
        test="Some whole total over the patients rounds to the mean.",
        formula="a whole number lies in [n (x - h), n (x + h)]",
        source="Brown & Heathers 2017, doi:10.1177/1948550616673876",
        fix="compare mean and number of patients with the source",
        failing=_EXAMPLE.format(figure="mean: 5.27"),
        passing=_EXAMPLE.format(figure="mean: 5.25"),
        run=check_mean_of_counts,
    ),
)
