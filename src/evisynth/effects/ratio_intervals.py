"""The interval of a printed ratio: read for its standard error, or refused where it is none of that ratio.

It is checked for symmetry on the log scale, at the level that is stated. One that does not fit is put right
where the reason is plain (limits exchanged), lowered by a grade where a profile or exact interval could
explain it, or where it is the ratio plus and minus the same (its error is then that of the ratio itself), and
refused where it contradicts its estimate: where the ratio lies outside, where the interval is that of the
inverse, and where it reaches more than twice as far to one side as to the other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from evisynth.arithmetic import (
    LOG_ASYMMETRY_LIMIT,
    Printed,
    PrintedInterval,
    Symmetry,
    centred_in_plain_numbers,
    critical_z,
    greatest_log_error,
    log_or_infinite,
    lopsidedness,
    rounding_interval,
    symmetry_on,
)
from evisynth.effects.effect import Grounds, assuming, downgraded
from evisynth.effects.ratio_working import (
    error_from_limits,
    error_from_plain_limits,
    error_from_upper_limit,
)
from evisynth.effects.working import Working
from evisynth.outcomes import Grade, ReportedOutcome
from evisynth.wording import number_text


@dataclass(frozen=True, slots=True)
class PrintedRatio:
    """A printed ratio above zero, its direction, and what it rests on."""

    figure: ReportedOutcome
    value: Printed
    sign: int
    grounds: Grounds

    @property
    def log(self) -> float:
        """The log ratio, index against reference."""
        return self.sign * math.log(self.value.value)

    @property
    def rounding(self) -> tuple[float, float]:
        """The log ratio at the ends of its rounding interval."""
        return rounding_interval(lambda ratio: self.sign * log_or_infinite(ratio), [self.value])

    @property
    def nearest_to_one(self) -> float:
        """The ratio, index against reference, at the end of its rounding that is nearest to 1."""
        least, most = self.rounding
        return 1.0 if least <= 0 <= most else math.exp(least if least > 0 else most)


#: A lower limit rounded by more than this share of itself (0.0x) is unusable; the upper limit stands alone.
_COARSEST_LOWER_LIMIT = 0.05


@dataclass(frozen=True, slots=True)
class Spread:
    """The working of a standard error on the log scale, the grade it deserves, and what it rests on.

    ``greatest`` is the standard error at the largest that rounding allows.
    """

    grade: Grade
    grounds: Grounds
    working: Working
    greatest: float


def read_spread(ratio: PrintedRatio) -> Spread | str:
    """Return the standard error of the log ratio from its limits, or why there is none."""
    figure, level = ratio.figure, ratio.figure.level or 0.95
    lower, upper = figure.ci_lower, figure.ci_upper
    if lower is not None and upper is not None and lower > upper:
        swapped = assuming("the limits are printed in the wrong order and were exchanged")
        return _between(
            ratio, (upper, figure.ci_upper_half_unit), (lower, figure.ci_lower_half_unit), level, swapped
        )
    if upper is None or lower is None:
        return _from_upper_limit(ratio, upper, level)
    if _too_coarse(lower, figure.ci_lower_half_unit):
        return _with_coarse_limit(ratio, lower, upper, level)
    return _between(
        ratio, (lower, figure.ci_lower_half_unit), (upper, figure.ci_upper_half_unit), level, Grounds()
    )


def _too_coarse(lower: float, half_unit: float | None) -> bool:
    # The nudge leaves 0.10 ± 0.005 usable in binary arithmetic.
    return lower <= 0 or (half_unit or 0.0) / lower > _COARSEST_LOWER_LIMIT + 1e-9


def _with_coarse_limit(ratio: PrintedRatio, lower: float, upper: float, level: float) -> Spread | str:
    """Take the upper limit alone where some number that rounds to the lower one fits it and the ratio."""
    if not lower < upper:
        return _from_upper_limit(ratio, upper, level)
    interval = _printed_interval(ratio, (lower, upper), level)
    longer = lopsidedness(interval)
    if longer > LOG_ASYMMETRY_LIMIT:
        return _unlike_any(ratio, interval, longer)
    if centred_in_plain_numbers(interval):
        return _plus_and_minus_the_same(ratio, interval)
    return _from_upper_limit(ratio, upper, level)


def _printed_interval(ratio: PrintedRatio, limits: tuple[float, float], level: float) -> PrintedInterval:
    figure = ratio.figure
    halves = {figure.ci_lower: figure.ci_lower_half_unit, figure.ci_upper: figure.ci_upper_half_unit}
    lower, upper = (Printed(limit, halves.get(limit), least=0.0) for limit in limits)
    return PrintedInterval(ratio.value, lower, upper, level)


def _from_upper_limit(ratio: PrintedRatio, upper: float | None, level: float) -> Spread | str:
    value = ratio.value.value
    if upper is None or upper <= value:
        return f"{ratio.figure.as_reported} has no usable interval"
    told = (
        "the lower limit is missing or rounded too coarsely; the upper limit alone gives the standard error"
    )
    grounds = assuming(told) + downgraded("symmetry_not_checked", told)
    reach = upper + (ratio.figure.ci_upper_half_unit or 0.0), ratio.value.ends[0]
    greatest = math.log(reach[0] / reach[1]) / critical_z(level) if reach[1] > 0 else math.inf
    return Spread("A", grounds, error_from_upper_limit(upper, level), greatest)


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
    working = error_from_limits(lower[0], upper[0], level)
    range_ = working.rounding({"L": interval.lower, "U": interval.upper}, "standard_error")
    told = rounding_told("limits", range_)
    if grounds.assumptions:
        grounds += downgraded("limits_exchanged", "the limits are printed in the wrong order")
    spread = Spread("A", grounds + told, working, greatest_log_error(interval))
    return spread if found.symmetric else _asymmetric(ratio, interval, found, spread)


def rounding_told(what: str, standard_errors: tuple[float, float]) -> Grounds:
    """Say how far the rounding of the print moves a standard error, nothing when it does not."""
    least, most = standard_errors
    if least == most:
        return Grounds()
    return assuming(f"rounding of the {what} leaves the standard error at {least:.4f} to {most:.4f}")


def _asymmetric(
    ratio: PrintedRatio, interval: PrintedInterval, found: Symmetry, spread: Spread
) -> Spread | str:
    """Lower the grade of a ratio that is off the centre of its interval, or say why it cannot be used."""
    printed, value = ratio.figure.as_reported, ratio.value.value
    centre = math.log(value) + found.offset
    if abs(centre + math.log(value)) <= found.tolerance + 1e-9:
        return f"the interval of {printed} fits the inverse of the ratio: its direction is not certain"
    if not interval.lower.value <= value <= interval.upper.value:
        return f"the ratio in {printed} lies outside its own interval"
    longer = lopsidedness(interval)
    if longer > LOG_ASYMMETRY_LIMIT:
        return _unlike_any(ratio, interval, longer)
    if centred_in_plain_numbers(interval):
        return _plus_and_minus_the_same(ratio, interval)
    middle = number_text(math.exp(centre), 3)
    why = (
        f"the interval of {printed} is not symmetric on the log scale: its centre is {middle}, "
        "more than rounding explains"
    )
    return replace(spread, grounds=spread.grounds + downgraded("asymmetric_interval", why))


def _plus_and_minus_the_same(ratio: PrintedRatio, interval: PrintedInterval) -> Spread:
    """Take the error of a ratio that is the centre of its interval in plain numbers from there: grade B.

    Such an interval is that of the ratio itself; by the delta method the log ratio's is its width over it.
    """
    working = error_from_plain_limits(
        ratio.value.value, interval.lower.value, interval.upper.value, interval.level
    )
    printed = {"R": ratio.value, "L": interval.lower, "U": interval.upper}
    range_ = working.rounding(printed, "standard_error")
    why = (
        f"the interval of {ratio.figure.as_reported} is the ratio plus and minus the same, and none of its "
        "logarithm: its width in plain numbers over the ratio gives the standard error"
    )
    told = rounding_told("ratio and the limits", range_) + downgraded("asymmetric_interval", why)
    return Spread("A", told, working, range_[1])


def _unlike_any(ratio: PrintedRatio, interval: PrintedInterval, longer: float) -> str:
    """Say that no usual interval of a ratio is like this one."""
    middle = number_text(math.sqrt(interval.lower.value * interval.upper.value), 3)
    times = f"{number_text(longer, 3)} times as long as the other" if math.isfinite(longer) else "without end"
    return (
        f"the interval of {ratio.figure.as_reported} does not fit its ratio: its centre is {middle}, and on "
        f"the log scale one part is {times}, rounding allowed for; no usual interval of a ratio is like "
        "that, so one of the three numbers is probably misprinted"
    )
