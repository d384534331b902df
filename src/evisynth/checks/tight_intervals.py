"""Whether the interval of a median is wider than the patients behind it allow."""

from __future__ import annotations

import math

from evisynth.arithmetic.median_precision import standard_error_log_median
from evisynth.arithmetic.p_values import critical_z
from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.intervals import printed_interval
from evisynth.checks.study_view import StudyView
from evisynth.checks.words import short, span

#: Weibull shape of the steepest curve that patients are taken to have: a hazard that rises as time cubed.
_STEEPEST = 4.0


def check_tight_interval(view: StudyView) -> Outcomes:
    """Compare the width of each median's interval with the narrowest that so many patients can give."""
    for one in view.figures:
        interval = printed_interval(one.quantity)
        if one.statistic != "median" or one.outcome.type != "time_to_event" or interval is None:
            continue
        size = view.denominator(one)
        lower, upper = min(interval.lower.ends), max(interval.upper.ends)
        if not size or lower <= 0:
            continue
        z, text = critical_z(interval.level), one.quantity.as_reported
        printed = math.log(upper / lower) / (2 * z)
        least = standard_error_log_median(size) / _STEEPEST
        if printed >= least:
            yield FINE
            continue
        reach = math.exp(z * _STEEPEST * least)
        ends = [span(end, text) for end in (interval.estimate.value / reach, interval.estimate.value * reach)]
        message = (
            f"the interval of {text} in '{one.group}' is too narrow for {size} patients: "
            f"at constant hazard, everybody followed, it would be about {ends[0]} to {ends[1]}, "
            f"{short(_STEEPEST * least / printed)} times as wide"
        )
        yield Found(one.figure.line, one.figure.column, message, f"{one.about}, n {size}")


_EXAMPLE = """\
groups:
  all: {{label: All, n: 70, at: line 1}}
outcomes:
  - outcome: OS
    starts: operation
    at: line 2
    values:
      all: {{median: {median}}}
"""

CHECKS = (
    Check(
        code="interval-too-narrow",
        level="warning",
        title="An interval of a median too narrow for its patients",
        applies_when="a median of a group of known size is printed with its confidence interval",
        test="Its standard error is no smaller than that of a Weibull curve of shape "
        f"{_STEEPEST:g} with every patient followed to the event. A smaller one is mostly no confidence "
        "interval, or misprinted.",
        formula="(log U - log L)/(2 z) >= 1/(k ln 2 sqrt n), k = " + f"{_STEEPEST:g}",
        source="Brookmeyer & Crowley 1982, doi:10.2307/2530286",
        fix="compare median, interval and n with the source; type (range ...) or (IQR ...) if it is none",
        failing=_EXAMPLE.format(median="98 months (95% CI 95 to 101)"),
        passing=_EXAMPLE.format(median="98 months (95% CI 70 to 137)"),
        run=check_tight_interval,
    ),
)
