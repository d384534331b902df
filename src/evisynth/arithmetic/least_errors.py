"""The smallest standard errors that so many patients, events or counts allow.

A printed interval, standard error or p-value that is more precise belongs to something else: a standard
deviation taken for a standard error, a ratio per unit, other patients, another level. Checks and recoveries
ask the functions of this file, and let every printed number move by its rounding before they say so.

At the maximum of a Cox or logistic likelihood the fitted chances p of the index group add up to its events.
The information about the log ratio is at most the sum of p(1 - p), adjusted or not, and p(1 - p) is concave:
it is largest when every p is the share of the index group among the events.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

from evisynth.arithmetic.distributions import critical_z, z_from_two_sided_p
from evisynth.arithmetic.precision import (
    SCALES,
    PrintedInterval,
    centred_in_plain_numbers,
    standard_error_log_median,
)
from evisynth.arithmetic.scales import logit_or_infinite
from evisynth.measures import EffectMeasure
from evisynth.wording import counted

#: A printed error may fall short of the bound by so much: programs differ in ties, in expected and observed
#: information, in n and n - 1.
ALLOWANCE = 0.1
#: A test other than the one recomputed gives a p-value within this factor; statistical practice, not theory.
NEAR = 1.5
#: Weibull shape of the steepest curve that patients are taken to have: a hazard that rises as time cubed.
STEEPEST = 4.0
#: A risk ratio is adjusted by covariates that may tell most of the outcome: half of the error is allowed.
_ADJUSTED_RISK = 0.5
#: Groups whose sizes are this unequal are told beside their sum.
_UNEQUAL = 3
#: Harmonic numbers are added up to here; beyond it log n + Euler's constant + 1/(2n) is exact to 1e-8.
_ADDED_UP = 1_000
_EULER = 0.5772156649015329

#: With and without the outcome, in the index and in the reference group.
FourCells = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Behind:
    """How many patients and events there are at most behind a contrast of two groups; None: not known.

    ``tables`` are all two-by-two tables that the print allows. ``adjusted`` ratios are not those of the
    tables and of the groups' sizes.
    """

    patients: int | None = None
    by_group: tuple[int, int] | None = None
    events: int | None = None
    events_by_group: tuple[int, int] | None = None
    tables: tuple[FourCells, ...] = ()
    adjusted: bool = False

    @property
    def total(self) -> int | None:
        """All patients, at most."""
        return sum(self.by_group) if self.by_group is not None else self.patients

    @property
    def words(self) -> str:
        """What the bound rests on; the sizes of the groups where they are unequal enough to matter."""
        if self.tables:
            return "the counts beside it"
        if self.events is not None:
            return counted(self.events, "event")
        patients = counted(self.total or 0, "patient")
        if self.by_group is None or max(self.by_group) <= _UNEQUAL * min(self.by_group):
            return patients
        return f"{patients} ({self.by_group[0]:,} and {self.by_group[1]:,})"


def least_error(measure: EffectMeasure, behind: Behind, nearest: float | None = None) -> float | None:
    """Return the smallest standard error of a contrast on its analysis scale, None where nothing bounds it.

    Parameters
    ----------
    measure
        A measure of hazards or of risks of two groups.
    behind
        Who stands behind it.
    nearest
        The contrast at the end of its rounding that is nearest to no effect, which extreme ones are less
        precise than; without it, no effect.
    """
    contrast = measure.null if nearest is None else nearest
    if contrast is None:
        return None
    if measure.proportional_hazards:
        return least_error_log_hazard_ratio(behind, contrast)
    formula = _OF_RISKS.get(measure.risk_scale or "")
    return None if formula is None else formula(behind, contrast)


def least_error_log_hazard_ratio(behind: Behind, ratio: float = 1.0) -> float | None:
    r"""Return the smallest standard error of a log hazard ratio.

    .. math::
        SE \ge \sqrt{\frac{D}{d_1 d_0}} \ge \sqrt{\frac{1}{n_1} + \frac{1}{n_0}} \ge \frac{2}{\sqrt{N}},
        \quad SE \ge \frac{2}{\sqrt{D}}, \qquad
        SE^{-2} \le \frac{2 n_0}{\phi} \sum_{k=1}^{d_1} \frac{1}{k}

    with D events, d1 and d0 of them in the two groups, which are no more than its patients: where only D is
    known, it is divided as evenly as the sizes allow. The last bound holds for an unadjusted ratio phi
    above 1: while k of the index group are at risk, a death is one of the reference group with a chance of
    at most n0/(phi k). Below 1 the groups change places.
    """
    events = behind.events if behind.events is not None else behind.total
    if behind.events_by_group is not None:
        d1, d0 = behind.events_by_group
        information = d1 * d0 / (d1 + d0) if d1 and d0 else 0.0
    else:
        information = _information_of(events or 0, behind.by_group)
    if ratio != 1 and ratio > 0 and not behind.adjusted and behind.total is not None:
        n1, n0 = behind.by_group or (behind.total, behind.total)
        faster, slower = (n1, n0) if ratio > 1 else (n0, n1)
        if behind.events_by_group is not None:
            faster = behind.events_by_group[0 if ratio > 1 else 1]
        information = min(information, 2 * slower / max(ratio, 1 / ratio) * _harmonic(faster))
    return 1 / math.sqrt(information) if information > 0 else None


def _information_of(events: float, by_group: tuple[int, int] | None) -> float:
    """Return d1 d0/D at the division of D events between groups of these sizes that makes it largest."""
    if by_group is None or not events:
        return events / 4
    n1, n0 = by_group
    events = min(events, n1 + n0)
    d1 = min(max(events / 2, events - n0), n1)
    return d1 * (events - d1) / events if events else 0.0


def _harmonic(n: int) -> float:
    if n <= _ADDED_UP:
        return math.fsum(1 / k for k in range(1, n + 1))
    return math.log(n) + _EULER + 1 / (2 * n)


def least_error_log_odds_ratio(behind: Behind, ratio: float = 1.0) -> float | None:
    r"""Return the smallest standard error of a log odds ratio.

    .. math::
        SE^2 \ge \frac1a + \frac1b + \frac1c + \frac1d \ge \frac{2}{n_1} + \frac{2}{n_0} +
        2\sqrt{\frac{1}{n_1^2} + \frac{1}{n_0^2} + \frac{2\cosh\theta}{n_1 n_0}} \ge \frac{16}{N}

    with the counts where they are known, else at the risks that make a log odds ratio theta most precise.
    """
    least: list[float] = [
        math.fsum(1 / cell for cell in table) for table in behind.tables if all(cell > 0 for cell in table)
    ]
    if least and len(least) == len(behind.tables):
        return math.sqrt(min(least))
    if behind.total is None:
        return None
    n1, n0 = behind.by_group or (behind.total / 2, behind.total / 2)
    if not (n1 > 0 and n0 > 0 and ratio > 0):
        return None
    ratio = 1.0 if behind.adjusted else ratio
    both = 1 / n1**2 + 1 / n0**2 + (ratio + 1 / ratio) / (n1 * n0)
    return math.sqrt(2 / n1 + 2 / n0 + 2 * math.sqrt(both))


def least_error_log_risk_ratio(behind: Behind, ratio: float = 1.0) -> float | None:
    r"""Return the smallest standard error of a log risk ratio.

    .. math::
        SE^2 \ge \frac1a - \frac1{n_1} + \frac1c - \frac1{n_0}, \qquad
        SE^2 \ge \frac{1 - m}{m n}

    with the counts where they are known; else m is the smaller of the ratio and its inverse, which the risk
    of the group of n patients that has it cannot exceed. An adjusted ratio may have half of that.
    """
    bounds: list[float] = []
    if behind.tables and all(a > 0 and c > 0 for a, _, c, _ in behind.tables):
        bounds.append(min(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d) for a, b, c, d in behind.tables))
    if behind.total is not None:
        n1, n0 = behind.by_group or (behind.total, behind.total)
        smaller, size = min(ratio, 1 / max(ratio, 1e-300)), n1 if ratio < 1 else n0
        if size > 0 and smaller > 0:
            bounds.append((1 - smaller) / (smaller * size))
    allowed = _ADJUSTED_RISK if behind.adjusted else 1.0
    return allowed * math.sqrt(max(bounds)) if bounds and max(bounds) > 0 else None


def least_error_risk_difference(behind: Behind, difference: float = 0.0) -> float | None:
    r"""Return the smallest standard error of a difference of risks, or of survival rates.

    .. math::
        SE^2 \ge \frac{ab}{(a + b)^3} + \frac{cd}{(c + d)^3}, \qquad
        SE^2 \ge \frac{|\delta| (1 - |\delta|)}{\max(n_1, n_0)}

    with the counts where they are known; else the variance, concave in the risks, is least where one of them
    is 0 or 1 and the other a difference delta away.
    """
    if behind.tables and not behind.adjusted:
        least = min(a * b / (a + b) ** 3 + c * d / (c + d) ** 3 for a, b, c, d in behind.tables)
        return math.sqrt(least) if least > 0 else None
    size = max(behind.by_group) if behind.by_group is not None else behind.patients
    variance = abs(difference) * (1 - abs(difference)) / size if size else 0.0
    return math.sqrt(variance) if variance > 0 else None


#: By the scale on which a measure sets two risks against each other.
_OF_RISKS: dict[str, Callable[[Behind, float], float | None]] = {
    "logit": least_error_log_odds_ratio,
    "log": least_error_log_risk_ratio,
    "identity": least_error_risk_difference,
}


def least_error_of_share(share: float, size: int, z: float = math.inf) -> float:
    r"""Return the smallest standard error of a share or of a survival rate.

    .. math:: SE \ge \sqrt{S (1 - S) / n}

    or, where it is smaller, half of Wilson's score interval of that deviate over ``z``. Censoring only widens
    it: Greenwood's variance is never below the binomial one of all patients.
    """
    plain = share * (1 - share) / size
    if math.isinf(z):
        return math.sqrt(plain)
    score = math.sqrt(plain + z * z / (4 * size * size)) / (1 + z * z / size)
    return min(math.sqrt(plain), score)


def least_error_log_median(size: int) -> float:
    r"""Return the smallest standard error of the log of a median, :math:`1 / (k \ln 2 \sqrt{n})`, k = 4.

    That of a Weibull curve of shape k, steeper than those of patients, with everyone followed to the event.
    """
    return float(standard_error_log_median(size)) / STEEPEST


def least_error_of_mean(deviation: float, size: int) -> float:
    r"""Return the standard error of a mean, :math:`SD / \sqrt{n}`; intervals by Student's t are wider."""
    return deviation / math.sqrt(size)


def is_too_precise(printed: float, least: float | None) -> bool:
    """Say whether a printed standard error, at its largest by rounding, is below the smallest possible."""
    return least is not None and printed * (1 + ALLOWANCE) < least


def greatest_log_error(interval: PrintedInterval) -> float:
    """Return the largest standard error on the log scale that the rounding of an interval allows.

    An interval that is the ratio plus and minus the same has its width in plain numbers over the ratio.
    """
    lower, upper = min(interval.lower.ends), max(interval.upper.ends)
    if centred_in_plain_numbers(interval):
        least = min(interval.estimate.ends)
        return (upper - lower) / (2 * critical_z(interval.level) * least) if least > 0 else math.inf
    if lower <= 0:
        return math.inf
    return math.log(upper / lower) / (2 * critical_z(interval.level))


def greatest_error_from_p(log_ratio: float, p_value: float, *, is_wald: bool) -> float:
    """Return the largest standard error of a log ratio that a two-sided p-value allows; infinite at p = 1.

    The z-value of a test other than Wald's may be smaller by the allowance.
    """
    if not 0 < p_value < 1:
        return math.inf
    return abs(log_ratio) / (z_from_two_sided_p(p_value) * (1.0 if is_wald else 1.0 - ALLOWANCE))


def precision_of_share(interval: PrintedInterval, size: int) -> float:
    """Return an interval's standard error over the smallest of so many patients, at its largest.

    Every scale on which programs make such intervals is tried, and every end of the rounding of the three
    numbers. Where a limit lies at 0 or 1 its side has no width on some scales, and the other side stands.
    """
    z = critical_z(interval.level)
    corners = product(interval.estimate.ends, interval.lower.ends, interval.upper.ends)
    return max(
        (
            error / least_error_of_share(share, size, z)
            for share, lower, upper in corners
            if 0 < share < 1
            for error in _errors_of_share(share, lower, upper, z)
        ),
        default=math.inf,
    )


def _errors_of_share(share: float, lower: float, upper: float, z: float) -> Iterator[float]:
    """Yield the standard error of a share as each scale gives it."""
    slopes = {
        "identity": 1.0,
        "log": 1 / share,
        "log(-log)": 1 / abs(share * math.log(share)),
        "logit": 1 / (share * (1 - share)),
    }
    for scale, slope in slopes.items():
        transform = logit_or_infinite if scale == "logit" else SCALES[scale]
        sides = [
            abs(transform(limit) - transform(share))
            for limit in (lower, upper)
            if 0 < limit < 1 and limit != share
        ]
        if sides:
            yield sum(sides) / len(sides) / z / slope
