"""Several points of one survival curve: the same patients, hence correlated, and what shape they imply."""

from __future__ import annotations

import math

from evisynth.arithmetic.survival_transforms import log_minus_log
from evisynth.errors import InvalidDataError


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
