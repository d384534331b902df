"""Survival rates with their variances, several points of one curve, and medians implied by a shape.

Throughout, ``survival`` is S(t) strictly between 0 and 1 and ``variance`` the sampling variance of its
estimate on the identity scale. ``log(-log S)`` is the log cumulative hazard: the difference of two is the log
hazard ratio under proportional hazards. It falls as S rises, so that limits change places. It is the
complementary log-log of the *death* proportion; log(-log(1 - S)) would be another quantity. Points of one
curve come from the same patients, and so are correlated.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from evisynth.arithmetic.expression import (
    Term,
    log_odds,
    log_of_minus_log,
    magnitude,
    natural_log,
    root,
    square,
)
from evisynth.arithmetic.scales import survival_from_log_minus_log
from evisynth.errors import InvalidDataError

#: With fewer patients left at risk a survival rate is not pooled, whatever its standard error.
FEWEST_AT_RISK = 5


def _require_inside(share: object) -> None:
    if isinstance(share, float | int) and not 0 < share < 1:
        raise InvalidDataError(
            f"a rate of {share:g} has no finite value on this scale: it must lie inside 0 and 1"
        )


def _require_above_zero(what: str, number: object) -> None:
    if isinstance(number, float | int) and number <= 0:
        raise InvalidDataError(f"the number {what} must be positive, not {number:g}")


def log_minus_log(survival: Term) -> Term:
    """Return log(-log S), the log cumulative hazard."""
    _require_inside(survival)
    return log_of_minus_log(survival)


def logit(share: Term) -> Term:
    """Return log(p / (1 - p))."""
    _require_inside(share)
    return log_odds(share)


def binomial_variance(survival: Term, effective_size: Term) -> Term:
    """Return S(1 - S)/n: with ``effective_size`` = n a lower limit of Greenwood's variance.

    Greenwood's variance lies between S(1-S)/n and S(1-S)/(n G(t)), where G(t) is the share of patients still
    under observation at t; the second equals Peto's with nSG at risk.
    """
    _require_above_zero("of patients", effective_size)
    return survival * (1.0 - survival) / effective_size


def peto_variance(survival: Term, at_risk: Term) -> Term:
    """Return S²(1 - S)/r(t), from the number still at risk at t (Peto et al 1977, Br J Cancer 35:1-39)."""
    _require_above_zero("at risk", at_risk)
    return square(survival) * (1.0 - survival) / at_risk


def effective_sample_size(survival: float, variance: float) -> float:
    """Return S(1 - S)/variance: the patients a plain binomial rate would need for this variance."""
    if variance <= 0:
        raise InvalidDataError("a variance of zero would give infinite weight")
    return survival * (1 - survival) / variance


def standard_error_log_minus_log(survival: Term, variance: Term) -> Term:
    """Return the standard error of log(-log S), sqrt(variance)/(S |log S|)."""
    _require_inside(survival)
    return root(variance) / (survival * magnitude(natural_log(survival)))


def survival_interval(survival: float, variance: float, z: float) -> tuple[float, float]:
    """Return the limits of S from its interval on the log(-log) scale, lower limit first."""
    centre = log_minus_log(survival)
    reach = z * standard_error_log_minus_log(survival, variance)
    return survival_from_log_minus_log(centre + reach), survival_from_log_minus_log(centre - reach)


def continuity_corrected_share(count: int, size: int) -> float:
    """Return (x + 0.5)/(n + 1), for a sensitivity analysis that says so, never in silence.

    At x = n or x = 0 the correction alone carries the estimate.
    """
    if size <= 0 or not 0 <= count <= size:
        raise InvalidDataError(f"{count} of {size} patients is not a proportion")
    return (count + 0.5) / (size + 1)


def variance_log_survival(survival: float, effective_size: float) -> float:
    """Return Var log S = (1 - S)/(n S), with everyone followed to that time."""
    if effective_size <= 0:
        raise InvalidDataError(f"the number of patients must be positive, not {effective_size:g}")
    return (1 - survival) / (effective_size * survival)


def covariance_log_survival(earlier: float, effective_size: float) -> float:
    """Return Cov(log S(s), log S(t)) for s < t: the variance at the earlier time (independent increments)."""
    return variance_log_survival(earlier, effective_size)


def covariance_log_minus_log(earlier: float, later: float, effective_size: float) -> float:
    """Return the covariance of the two points on the log(-log) scale, Var log S(s)/(log S(s) log S(t))."""
    return covariance_log_survival(earlier, effective_size) / (math.log(earlier) * math.log(later))


def correlation_of_times(earlier: float, later: float, effective_size: float = 1.0) -> float:
    """Return the correlation of two points of one curve; it does not depend on the number of patients."""
    first = variance_log_survival(earlier, effective_size)
    return math.sqrt(first / variance_log_survival(later, effective_size))


def conditional_survival(earlier: float, later: float) -> float:
    """Return S(t)/S(s), the share of those alive at s who are alive at t."""
    if not 0 < later <= earlier <= 1:
        raise InvalidDataError(f"survival cannot rise from {earlier:g} to {later:g}, nor start from 0")
    return later / earlier


def variance_log_conditional_survival(earlier: float, later: float, effective_size: float) -> float:
    """Return Var log(S(t)/S(s)) = Var log S(t) - Var log S(s): only deaths between s and t add to it."""
    return variance_log_survival(later, effective_size) - variance_log_survival(earlier, effective_size)


def weibull_shape(earlier_time: float, earlier: float, later_time: float, later: float) -> float:
    """Return the shape k of the Weibull curve through two points; 1 is a constant hazard.

    k = [log(-log S2) - log(-log S1)] / log(t2/t1).
    """
    if not 0 < earlier_time < later_time:
        raise InvalidDataError("two different times are needed, the earlier first")
    return (log_minus_log(later) - log_minus_log(earlier)) / math.log(later_time / earlier_time)


def weibull_median(time: float, survival: float, shape: float) -> float:
    """Return the median of the Weibull curve of that ``shape`` through one point."""
    if shape <= 0:
        raise InvalidDataError("a curve that does not fall has no median")
    return time * math.pow(math.log(2) / -math.log(survival), 1 / shape)


def mean_hazard(start: float, end: float, duration: float) -> float:
    """Return log(S1/S2)/duration, the mean hazard while survival falls from ``start`` to ``end``."""
    if not 0 < end <= start <= 1 or duration <= 0:
        raise InvalidDataError(f"survival cannot go from {start:g} to {end:g} in {duration:g}")
    return math.log(start / end) / duration


def tail_hazard_ratio(
    earlier: tuple[float, float], later: tuple[float, float], median: float
) -> tuple[float, float, float]:
    r"""Compare the hazard between the last known rate and the median with the hazard before.

    .. math::
        \frac{\log(S_2 / 0.5) / (m - t_2)}{\log(S_1 / S_2) / (t_2 - t_1)}

    Parameters
    ----------
    earlier, later : tuple of float
        Time and survival of two points of the curve; ``later`` is the last one before the median.
    median : float
        Printed median, after the later point, in the same unit of time.

    Returns
    -------
    tuple of float
        The ratio (infinite when the curve does not fall between the points), and the two hazards: that of
        the tail, that before.
    """
    tail = mean_hazard(later[1], 0.5, median - later[0])
    before = mean_hazard(earlier[1], later[1], later[0] - earlier[0])
    return (tail / before if before > 0 else math.inf), tail, before


_STEPS = 200


def exponential_mixture_median(medians: Sequence[float], sizes: Sequence[float]) -> float:
    r"""Solve for the median of a mixture of exponential curves by bisection.

    .. math::
        \sum_i \frac{n_i}{\sum_j n_j} 2^{-m / m_i} = \frac{1}{2}

    Parameters
    ----------
    medians : shape (k,)
        Medians :math:`m_i` > 0 of the parts, in one unit of time.
    sizes : shape (k,)
        Patients :math:`n_i` > 0 of the parts.

    Returns
    -------
    float
        In the unit of the medians; between the least and the greatest of them.
    """
    if not medians or len(medians) != len(sizes) or min(*medians, *sizes) <= 0:
        raise InvalidDataError("a mixture needs a positive median and a positive size for every part")
    whole = sum(sizes)
    low, high = min(medians), max(medians)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if not low < middle < high:
            break  # no float lies between them
        if sum(n / whole * 2 ** (-middle / m) for m, n in zip(medians, sizes, strict=True)) > 0.5:
            low = middle
        else:
            high = middle
    return (low + high) / 2
