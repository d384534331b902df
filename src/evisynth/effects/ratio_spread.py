"""The standard error of a printed ratio, from the limits printed around it.

The interval is checked for symmetry on the log scale, at the level that is stated. One that does not fit is
put right where the reason is plain (limits exchanged), lowered by a grade where a profile or exact interval
could explain it, and refused where it contradicts its estimate: where the ratio lies outside, where the
interval is that of the inverse, and where it reaches more than twice as far to one side as to the other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

from evisynth.arithmetic.interval_symmetry import (
    LOG_ASYMMETRY_LIMIT,
    PrintedInterval,
    Symmetry,
    symmetry_on,
)
from evisynth.arithmetic.p_values import critical_z
from evisynth.arithmetic.rounding import Printed, rounding_interval
from evisynth.effects.grounds import Grounds, assuming, downgraded
from evisynth.effects.median import log_or_infinite
from evisynth.effects.printed_ratio import PrintedRatio
from evisynth.effects.ratio_working import error_from_limits, error_from_upper_limit
from evisynth.effects.working import Working
from evisynth.outcomes.question import Grade

#: A lower limit rounded by more than this share of itself (0.0x) is unusable; the upper limit stands alone.
_COARSEST_LOWER_LIMIT = 0.05


@dataclass(frozen=True, slots=True)
class Spread:
    """A standard error on the log scale, the grade it deserves, and what it rests on."""

    standard_error: float
    grade: Grade
    grounds: Grounds
    working: Working


def read_spread(ratio: PrintedRatio) -> Spread | str:
    """Return the standard error of the log ratio from its limits, or why there is none."""
    figure, level = ratio.figure, ratio.figure.level or 0.95
    lower, upper = figure.ci_lower, figure.ci_upper
    if lower is not None and upper is not None and lower > upper:
        swapped = assuming("the limits are printed in the wrong order and were exchanged")
        return _between(
            ratio, (upper, figure.ci_upper_half_unit), (lower, figure.ci_lower_half_unit), level, swapped
        )
    if upper is None or (lower is not None and _too_coarse(lower, figure.ci_lower_half_unit)):
        return _from_upper_limit(ratio, upper, level)
    if lower is None:
        return _from_upper_limit(ratio, upper, level)
    return _between(
        ratio, (lower, figure.ci_lower_half_unit), (upper, figure.ci_upper_half_unit), level, Grounds()
    )


def _too_coarse(lower: float, half_unit: float | None) -> bool:
    # The nudge leaves 0.10 ± 0.005 usable in binary arithmetic.
    return lower <= 0 or (half_unit or 0.0) / lower > _COARSEST_LOWER_LIMIT + 1e-9


def _from_upper_limit(ratio: PrintedRatio, upper: float | None, level: float) -> Spread | str:
    value = ratio.value.value
    if upper is None or upper <= value:
        return f"{ratio.figure.as_reported} has no usable interval"
    told = (
        "the lower limit is missing or rounded too coarsely; the upper limit alone gives the standard error"
    )
    standard_error = (math.log(upper) - math.log(value)) / critical_z(level)
    grounds = assuming(told) + downgraded("symmetry_not_checked", told)
    return Spread(standard_error, "A", grounds, error_from_upper_limit(upper, level))


def _between(
    ratio: PrintedRatio,
    lower: tuple[float, float | None],
    upper: tuple[float, float | None],
    level: float,
    grounds: Grounds,
) -> Spread | str:
    if lower[0] <= 0 or lower[0] == upper[0]:
        return f"the interval of {ratio.figure.as_reported} has no width on the log scale"
    interval = PrintedInterval(
        ratio.value, Printed(lower[0], lower[1], least=0.0), Printed(upper[0], upper[1], least=0.0), level
    )
    found = symmetry_on("log", interval)
    twice_z = 2 * critical_z(level)
    range_ = rounding_interval(
        lambda low, high: (log_or_infinite(high) - log_or_infinite(low)) / twice_z,
        [interval.lower, interval.upper],
    )
    told = rounding_told("limits", range_)
    if grounds.assumptions:
        grounds += downgraded("limits_exchanged", "the limits are printed in the wrong order")
    if found.symmetric:
        working = error_from_limits(lower[0], upper[0], level)
        return Spread(found.standard_error, "A", grounds + told, working)
    return _asymmetric(ratio, interval, found, grounds + told)


def rounding_told(what: str, standard_errors: tuple[float, float]) -> Grounds:
    """Say how far the rounding of the print moves a standard error, nothing when it does not."""
    least, most = standard_errors
    if least == most:
        return Grounds()
    return assuming(f"rounding of the {what} leaves the standard error at {least:.4f} to {most:.4f}")


def _asymmetric(
    ratio: PrintedRatio, interval: PrintedInterval, found: Symmetry, grounds: Grounds
) -> Spread | str:
    """Lower the grade of a ratio that is off the centre of its interval, or say why it cannot be used."""
    printed, value = ratio.figure.as_reported, ratio.value.value
    centre = math.log(value) + found.offset
    if abs(centre + math.log(value)) <= found.tolerance + 1e-9:
        return f"the interval of {printed} fits the inverse of the ratio: its direction is not certain"
    if not interval.lower.value <= value <= interval.upper.value:
        return f"the ratio in {printed} lies outside its own interval"
    longer = _longer_part(interval)
    if longer > LOG_ASYMMETRY_LIMIT:
        return (
            f"the interval of {printed} does not fit its ratio: its centre is {math.exp(centre):.3g}, and on "
            f"the log scale one part is {longer:.3g} times as long as the other, rounding allowed for; no "
            "usual interval of a ratio is like that, so one of the three numbers is probably misprinted"
        )
    why = (
        f"the interval of {printed} is not symmetric on the log scale: its centre is {math.exp(centre):.3g}, "
        "more than rounding explains"
    )
    working = error_from_limits(interval.lower.value, interval.upper.value, interval.level)
    return Spread(found.standard_error, "A", grounds + downgraded("asymmetric_interval", why), working)


def _longer_part(interval: PrintedInterval) -> float:
    """Return how many times as long the longer part is, at the rounding that makes the parts most alike."""
    corners = product(interval.lower.ends, interval.estimate.ends, interval.upper.ends)
    return min(_lopsided(*corner) for corner in corners)


def _lopsided(lower: float, ratio: float, upper: float) -> float:
    """Return the longer part of an interval over the shorter one, on the log scale; at least 1."""
    if not 0 < lower < ratio < upper:
        return math.inf
    above, below = math.log(upper / ratio), math.log(ratio / lower)
    return max(above, below) / min(above, below)
