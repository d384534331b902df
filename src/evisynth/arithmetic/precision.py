"""Rounding of printed numbers, the scale on which a printed interval is symmetric, and the error of a median.

An interval of a ratio is symmetric on the log scale; one of a survival rate on the identity, the log
(default of R) or the log(-log) scale (default of SAS); one of a median either on the time scale (estimate ±
1.96 SE) or not at all (Brookmeyer and Crowley). The wrong scale gives a wrong standard error: 10 to 164
months around 87 looks wild on a log axis and is exactly symmetric in months.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from evisynth.arithmetic.distributions import critical_z, normal_quantile
from evisynth.arithmetic.expression import Expression, Term, constant, natural_log, root
from evisynth.arithmetic.survival_curves import log_minus_log
from evisynth.errors import InvalidDataError


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed number: before rounding it lay in ``value ± half_unit``, and inside ``least`` to ``most``."""

    value: float
    half_unit: float | None = None
    least: float = -math.inf
    most: float = math.inf

    @property
    def ends(self) -> tuple[float, ...]:
        """The ends of the rounding interval, clipped to what the number can be."""
        if not self.half_unit:
            return (self.value,)
        lower = max(self.least, self.value - self.half_unit)
        return (lower, min(self.most, self.value + self.half_unit))


def rounding_interval(formula: Callable[..., float], printed: Sequence[Printed]) -> tuple[float, float]:
    """Recompute ``formula`` at every corner of the rounding intervals; return its least and greatest value.

    Exact for formulas that are monotone in each number, as all in this package are between the ends. An end
    where the formula has no finite value (a rate of 100 %) opens the interval: the caller sees an infinity
    when the formula returns one.
    """
    results = [formula(*corner) for corner in itertools.product(*(number.ends for number in printed))]
    results.append(formula(*(number.value for number in printed)))
    return min(results), max(results)


def significant_figures(value: float, half_unit: float | None) -> int | None:
    """Return how many significant figures were printed (0.018 has two), None when unknown."""
    if not half_unit or value <= 0:
        return None
    # The nudge keeps 0.10 ± 0.005 at two figures in binary arithmetic.
    return max(0, math.floor(math.log10(value / (2 * half_unit)) + 1e-9) + 1)


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


def lopsidedness(interval: PrintedInterval) -> float:
    """Return how many times as long the longer part of an interval is on the log scale, at the least.

    The three numbers move inside their rounding until the parts are most alike: 1 where some numbers that
    round to the print make them equal, infinite where the estimate lies outside whatever they were.
    """
    lower, upper, estimate = interval.lower.ends, interval.upper.ends, interval.estimate.ends
    squares = min(lower) * min(upper), max(lower) * max(upper)
    if squares[0] <= max(estimate) ** 2 * (1 + _SLACK) and squares[1] >= min(estimate) ** 2 * (1 - _SLACK):
        return 1.0
    return min(_longer_part(*corner) for corner in itertools.product(lower, estimate, upper))


def centred_in_plain_numbers(interval: PrintedInterval) -> bool:
    """Say whether a ratio is the centre of its interval in plain numbers, and by no rounding on the log one.

    Such an interval is the ratio plus and minus the same; the usual one is that of the logarithm.
    """
    return lopsidedness(interval) > 1 and symmetry_on("identity", interval).symmetric


def _longer_part(lower: float, estimate: float, upper: float) -> float:
    if not 0 < lower < estimate < upper:
        return math.inf
    above, below = math.log(upper / estimate), math.log(estimate / lower)
    return max(above, below) / min(above, below)


#: Shares of the patients that may effectively stand behind a median when follow-up is not reported.
EFFECTIVE_SHARES: tuple[float, ...] = (1.0, 0.75, 0.5, 0.25)


def standard_error_log_median(effective_size: Term) -> Term:
    r"""Return the standard error of the log of a Kaplan-Meier median under an exponential curve.

    .. math::
        \mathrm{SE}(\log m) = \frac{1}{\ln 2 \, \sqrt{n}}

    which is S(1-S)/(n [m f(m)]²) at S = ½. It is 44 % larger than the textbook 1/sqrt(d), which belongs to
    the maximum-likelihood estimate; papers report the Kaplan-Meier quantile. A Weibull shape k divides it by
    k.

    Parameters
    ----------
    effective_size : float
        Effective number of patients, between n G(m) and n; or the events, for the conservative form.
    """
    if isinstance(effective_size, float | int) and effective_size <= 0:
        raise InvalidDataError(f"the number of patients must be positive, not {effective_size:g}")
    two = constant(2.0) if isinstance(effective_size, Expression) else 2.0
    return 1.0 / (natural_log(two) * root(effective_size))


def standard_error_log_median_exponential(events: float) -> float:
    """Return 1/sqrt(d), for a median computed from person-time; too small for a Kaplan-Meier median."""
    if events <= 0:
        raise InvalidDataError(f"the number of events must be positive, not {events:g}")
    return 1 / math.sqrt(events)


def expected_spread(spread: str, size: int) -> float:
    r"""Return how many standard deviations a spread of ``size`` normal values is expected to span.

    .. math::
        2\,\Phi^{-1}\!\left(\frac{0.75 n - 0.125}{n + 0.25}\right) \text{ (quartiles)}, \qquad
        2\,\Phi^{-1}\!\left(\frac{n - 0.375}{n + 0.25}\right) \text{ (range)}

    so that the standard deviation is the printed width over it (Wan et al. 2014, BMC Med Res Methodol
    14:135).
    """
    if size < 2:
        raise InvalidDataError(f"a spread needs at least two values, not {size}")
    below = (0.75 * size - 0.125 if spread == "iqr" else size - 0.375) / (size + 0.25)
    return 2 * normal_quantile(below)
