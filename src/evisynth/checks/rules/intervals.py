"""Checks of printed intervals and ranges: on some scale an interval is centred on its estimate.

What was counted in patients (lesions, nodes) has a mean within its possible range.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from evisynth.arithmetic import (
    LOG_ASYMMETRY_LIMIT,
    Printed,
    PrintedInterval,
    Symmetry,
    centred_in_plain_numbers,
    critical_z,
    detect_scale,
    log_asymmetry,
    lopsidedness,
    symmetry_on,
)
from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.study_view import StudyView, is_point
from evisynth.errors import InvalidDataError
from evisynth.quantities import Quantity
from evisynth.studies import Figure
from evisynth.wording import plural, short_number, term_words, time_as_printed

#: A survival interval may be built in more ways than are tried; only what misses all of them by far is told.
_FAR_OFF = 3.0
_SCALES = {"ratio": ("log",), "months": ("identity", "log"), "proportion": ("identity", "log", "log(-log)")}


@dataclass(frozen=True)
class _Estimate:
    """An estimate with both limits, and what it is of."""

    name: str
    figure: Figure
    interval: PrintedInterval
    unit: str

    @property
    def about(self) -> str:
        return f"{self.name}: {self.figure.quantity.as_reported}"

    @cached_property
    def on_plain_scale(self) -> Symmetry:
        return symmetry_on("identity", self.interval)

    @property
    def symmetric_in_time(self) -> bool:
        return self.unit == "months" and self.on_plain_scale.symmetric


def _estimates(view: StudyView) -> tuple[_Estimate, ...]:
    """Return every estimate with an interval; both checks of a study look at the same ones."""
    found: tuple[_Estimate, ...] = view.remembered("estimates", lambda: tuple(_find_estimates(view)))
    return found


def _find_estimates(view: StudyView) -> Iterator[_Estimate]:
    for one in view.figures:
        interval = printed_interval(one.quantity)
        if interval is not None and one.statistic in ("median", "survival", "mean"):
            yield _Estimate(f"{one.outcome.label} of {one.group}", one.figure, interval, one.quantity.unit)
    for comparison in view.study.comparisons:
        for part in comparison.figures:
            interval = printed_interval(part.figure.quantity)
            if interval is not None and part.figure.quantity.unit == "ratio":
                name = f"{term_words(part.statistic)} of {', '.join(comparison.of)}"
                yield _Estimate(name, part.figure, interval, "ratio")


def printed_interval(quantity: Quantity) -> PrintedInterval | None:
    """Return the estimate with its interval when all three numbers are printed."""
    value, lower, upper = quantity.value, quantity.ci_lower, quantity.ci_upper
    if value is None or lower is None or upper is None or not lower < upper or quantity.qualifier != "=":
        return None
    # Times, shares and ratios cannot be negative; a measurement, or a difference, can.
    least = 0.0 if quantity.unit in _SCALES and lower >= 0 else -math.inf
    return PrintedInterval(
        Printed(value, quantity.half_unit, least),
        Printed(lower, quantity.ci_lower_half_unit, least),
        Printed(upper, quantity.ci_upper_half_unit, least),
        quantity.level or 0.95,
    )


def _best(estimate: _Estimate) -> Symmetry | None:
    try:
        return detect_scale(estimate.interval, _SCALES.get(estimate.unit, ("identity",)))
    except (InvalidDataError, ValueError):
        return None


def _fits(estimate: _Estimate) -> bool:
    if estimate.symmetric_in_time:
        return True
    if estimate.unit == "ratio":
        return lopsidedness(estimate.interval) == 1
    best = _best(estimate)
    if best is None or best.symmetric:
        return True
    if estimate.unit == "months":
        if estimate.interval.lower.value <= 0:
            return True
        asymmetry = log_asymmetry(estimate.interval)
        return 1 / LOG_ASYMMETRY_LIMIT <= asymmetry <= LOG_ASYMMETRY_LIMIT
    return estimate.unit == "proportion" and best.excess <= _FAR_OFF


def check_off_centre(view: StudyView) -> Outcomes:
    """Look for intervals that no scale centres on their estimate."""
    estimates = _estimates(view)
    plain = [one for one in estimates if one.symmetric_in_time]
    for one in estimates:
        if _fits(one):
            yield FINE
            continue
        lower, upper = one.interval.lower.value, one.interval.upper.value
        centre = (lower + upper) / 2 if one.unit != "ratio" else math.sqrt(lower * upper)
        scale = "log scale" if one.unit == "ratio" else "plain scale"
        told = short_number(centre)
        if one.unit == "months":
            told = time_as_printed(centre, one.figure.quantity.as_reported)
        elif one.unit == "proportion":
            told = f"{short_number(100 * centre)}%"
        message = (
            f"{one.figure.quantity.as_reported} is off the centre of its interval, {told} "
            "on the "
            f"{scale}, further than rounding explains"
        )
        if one.unit == "ratio" and centred_in_plain_numbers(one.interval):
            message += "; it is the ratio plus and minus the same, which is no interval of its logarithm"
        if one.unit == "months" and plain:
            others = "the other interval" if len(plain) == 1 else f"{len(plain)} other intervals"
            message += f"; {others} of months here {plural('is', len(plain))} centred: is it a misprint?"
        yield Found(one.figure.line, one.figure.column, message, one.about)


def check_plain_interval(view: StudyView) -> Outcomes:
    """Tell which intervals of times are the estimate plus and minus the same."""
    for one in _estimates(view):
        if one.unit != "months":
            continue
        symmetry = one.on_plain_scale
        if not symmetry.symmetric or symmetry_on_log(one.interval):
            yield FINE
            continue
        middle = short_number((one.interval.lower.value + one.interval.upper.value) / 2)
        how = "exactly" if abs(symmetry.offset) < 1e-9 else "within rounding"
        if how != "exactly" and abs(abs(symmetry.offset) - symmetry.tolerance) < 1e-9:
            how = "at the edge of rounding"
        message = (
            f"the interval of {one.figure.quantity.as_reported} is symmetric in months, {how} (centre "
            f"{middle}): "
            f"its standard error comes from the plain width, {short_number(symmetry.standard_error)} months"
        )
        yield Found(one.figure.line, one.figure.column, message, one.about)


def check_interval_from_zero(view: StudyView) -> Outcomes:
    """Tell which intervals of times begin at zero, where no time can: they were cut off there."""
    for one in _estimates(view):
        if one.unit != "months":
            continue
        upper_side = one.interval.upper.value - one.interval.estimate.value
        if one.interval.lower.value > 0 or upper_side <= 0:
            yield FINE
            continue
        error = upper_side / critical_z(one.interval.level)
        message = (
            f"the interval of {one.figure.quantity.as_reported} begins at zero: it was cut off there, or "
            f"says nothing; its upper side alone gives a standard error, "
            f"{time_as_printed(error, one.figure.quantity.as_reported)}"
        )
        yield Found(one.figure.line, one.figure.column, message, one.about)


def symmetry_on_log(interval: PrintedInterval) -> bool:
    """Say whether rounding alone also makes the interval symmetric on the log scale."""
    return interval.lower.value > 0 and symmetry_on("log", interval).symmetric


_EXAMPLE = """\
groups:
  all: {{label: All, n: 80, at: line 1}}
outcomes:
  - outcome: OS
    starts: operation
    at: line 2
    values:
      all: {{median: {median}}}
"""

_INTERVALS_CHECKS = (
    Check(
        code="interval-off-centre",
        level="warning",
        title="An estimate off the centre of its interval",
        applies_when="a ratio, a median or a survival rate is printed with its confidence interval",
        test="A ratio is centred on the log scale. A median is centred in time, or its two sides on the "
        "log scale "
        "differ at most twofold (Brookmeyer and Crowley). A rate is near the centre on the plain, log or "
        "log(-log) "
        "scale.",
        formula="|g(L)/2 + g(U)/2 - g(x)| <= what rounding of the three explains",
        source="Brookmeyer & Crowley 1982, doi:10.2307/2530286",
        fix="compare all three numbers with the source; when it prints them so, keep them",
        failing=_EXAMPLE.format(median="31 months (95% CI 15 to 137)"),
        passing=_EXAMPLE.format(median="76 months (95% CI 15 to 137)"),
        run=check_off_centre,
    ),
    Check(
        code="interval-symmetric-in-time",
        level="note",
        title="An interval of a median that is symmetric in time",
        applies_when="a time is printed with its confidence interval",
        test="Says when the interval is the estimate plus and minus the same number of months, so that its "
        "standard "
        "error comes from the plain width, not from that of the logarithms.",
        formula="(L + U)/2 = m within rounding; SE(m) = (U - L)/(2 z), SE(log m) = SE(m)/m",
        fix="nothing to mend",
        failing=_EXAMPLE.format(median="87 months (95% CI 10 to 164)"),
        passing=_EXAMPLE.format(median="70 months (95% CI 50 to 98)"),
        run=check_plain_interval,
    ),
    Check(
        code="interval-from-zero",
        level="note",
        title="An interval of a time that begins at zero",
        applies_when="a time is printed with its confidence interval",
        test="The lower limit is above zero. One at zero was cut off there, or says that everybody may have "
        "had the event at once: it has no logarithm and gives no width.",
        formula="SE(m) = (U - m)/z",
        fix="nothing to mend; no effect is recovered from such an interval",
        failing=_EXAMPLE.format(median="101 months (95% CI 0.0 to 210.2)"),
        passing=_EXAMPLE.format(median="87 months (95% CI 10 to 164)"),
        run=check_interval_from_zero,
    ),
)


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


_EXAMPLE_OF_COUNTS = """\
groups:
  all: {{label: All, n: 20, intervention: PSD, at: line 1}}
outcomes:
  - {{outcome: lesions treated, at: line 2, values: {{all: {{{figure}}}}}}}
"""

_MEASUREMENTS_CHECKS = (
    Check(
        code="range-from-zero",
        level="note",
        title="Treated patients with nothing treated",
        applies_when="the range of something counted is printed for a treated group",
        test="The range does not begin at zero.",
        fix="nothing to mend; the group is of all who were operated on, not of all who had it",
        failing=_EXAMPLE_OF_COUNTS.format(figure="median: 6.0 (range 0 to 36)"),
        passing=_EXAMPLE_OF_COUNTS.format(figure="median: 6.0 (range 1 to 36)"),
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
        failing=_EXAMPLE_OF_COUNTS.format(figure="mean: 5.27"),
        passing=_EXAMPLE_OF_COUNTS.format(figure="mean: 5.25"),
        run=check_mean_of_counts,
    ),
)


CHECKS: tuple[Check, ...] = (*_INTERVALS_CHECKS, *_MEASUREMENTS_CHECKS)
