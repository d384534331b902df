"""On which scale a printed interval is symmetric, and the standard error it gives there.

An interval of a ratio is symmetric on the log scale; one of a survival rate on the identity, the log
(default of R) or the log(-log) scale (default of SAS); one of a median either on the time scale (estimate ±
1.96 SE) or not at all (Brookmeyer and Crowley). The wrong scale gives a wrong standard error: 10 to 164
months around 87 looks wild on a log axis and is exactly symmetric in months.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from evisynth.arithmetic.p_values import critical_z
from evisynth.arithmetic.rounding import Printed
from evisynth.arithmetic.survival_transforms import log_minus_log
from evisynth.errors import InvalidDataError

#: Beyond this ratio of its two arms on the log scale an interval of a median fits no known construction.
LOG_ASYMMETRY_LIMIT = 2.0
#: Binary arithmetic only; a centre exactly at the edge of the rounding tolerance still counts as symmetric.
_SLACK = 1e-9

SCALES: Mapping[str, Callable[[float], float]] = {
    "identity": lambda value: value,
    "log": math.log,
    "log(-log)": log_minus_log,
}


@dataclass(frozen=True, slots=True)
class PrintedInterval:
    """An estimate and its limits as printed, each with its rounding, at a stated confidence level."""

    estimate: Printed
    lower: Printed
    upper: Printed
    level: float = 0.95

    def __post_init__(self) -> None:
        if not self.lower.value < self.upper.value:
            raise InvalidDataError(
                f"the limits {self.lower.value:g} and {self.upper.value:g} are not in order"
            )


@dataclass(frozen=True, slots=True)
class Symmetry:
    """How well an interval is centred on its estimate on one scale.

    ``offset`` is the distance of the midpoint from the estimate and ``tolerance`` what rounding explains,
    both in units of the scale; ``standard_error`` is the interval's width over twice the normal deviate.
    """

    scale: str
    offset: float
    tolerance: float
    standard_error: float

    @property
    def symmetric(self) -> bool:
        """Whether rounding alone explains the offset."""
        return abs(self.offset) <= self.tolerance + _SLACK

    @property
    def excess(self) -> float:
        """The offset in units of what rounding explains; 1 is the edge."""
        return abs(self.offset) / self.tolerance if self.tolerance > 0 else math.inf


def symmetry_on(scale: str, interval: PrintedInterval) -> Symmetry:
    """Measure the symmetry of ``interval`` on one of :data:`SCALES`.

    The tolerance lets each of the three numbers move by half of its last digit.
    """
    transform = SCALES[scale]
    centre, low, high = (
        transform(number.value) for number in (interval.estimate, interval.lower, interval.upper)
    )
    tolerance = _reach(transform, interval.estimate) + 0.5 * (
        _reach(transform, interval.lower) + _reach(transform, interval.upper)
    )
    width = abs(high - low)
    return Symmetry(scale, (low + high) / 2 - centre, tolerance, width / (2 * critical_z(interval.level)))


def _reach(transform: Callable[[float], float], number: Printed) -> float:
    """Return how far the transformed number can move by rounding, zero where it is printed without."""
    centre = transform(number.value)
    reach = 0.0
    for end in number.ends:
        try:
            reach = max(reach, abs(transform(end) - centre))
        except (ValueError, InvalidDataError):
            # Beyond the end of the scale (a limit of 100 %, or of 0): the finite end alone measures it.
            continue
    return reach


def detect_scale(interval: PrintedInterval, scales: tuple[str, ...]) -> Symmetry:
    """Return the scale whose midpoint is closest to the estimate, measured in rounding.

    Scales on which a limit has no finite value are passed over.

    Raises
    ------
    InvalidDataError
        When no scale can take the limits.
    """
    measured: list[Symmetry] = []
    for scale in scales:
        try:
            measured.append(symmetry_on(scale, interval))
        except (ValueError, InvalidDataError):
            continue
    if not measured:
        raise InvalidDataError("the limits have no finite value on any scale")
    # Without printed rounding every excess is infinite: the relative offset decides.
    return min(measured, key=lambda found: (found.excess, abs(found.offset) / found.standard_error))


def log_asymmetry(interval: PrintedInterval) -> float:
    """Return (log U - log m)/(log m - log L): 1 when symmetric on the log scale."""
    m, low, high = (math.log(number.value) for number in (interval.estimate, interval.lower, interval.upper))
    return math.inf if m <= low else (high - m) / (m - low)
