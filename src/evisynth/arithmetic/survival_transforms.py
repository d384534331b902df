"""A survival rate on the scales on which it is pooled, and the standard error it has there.

Throughout, ``survival`` is S(t) strictly between 0 and 1 and ``variance`` the sampling variance of its
estimate on the identity scale. ``log(-log S)`` is the log cumulative hazard: the difference of two is the log
hazard ratio under proportional hazards. It falls as S rises, so that limits change places. It is the
complementary log-log of the *death* proportion; log(-log(1 - S)) would be another quantity.
"""

from __future__ import annotations

import math

from evisynth.errors import InvalidDataError


def _require_inside(share: float) -> None:
    if not 0 < share < 1:
        raise InvalidDataError(
            f"a rate of {share:g} has no finite value on this scale: it must lie inside 0 and 1"
        )


def log_minus_log(survival: float) -> float:
    """Return log(-log S), the log cumulative hazard."""
    _require_inside(survival)
    return math.log(-math.log(survival))


def survival_from_log_minus_log(value: float) -> float:
    """Return S = exp(-exp(value)), the inverse of :func:`log_minus_log`."""
    return math.exp(-math.exp(value))


def logit(share: float) -> float:
    """Return log(p / (1 - p))."""
    _require_inside(share)
    return math.log(share) - math.log1p(-share)


def share_from_logit(value: float) -> float:
    """Return 1 / (1 + exp(-value)), the inverse of :func:`logit`, without overflow."""
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    odds = math.exp(value)
    return odds / (1 + odds)


def arcsine(share: float) -> float:
    """Return asin(sqrt(p)); defined at 0 and 1 too."""
    if not 0 <= share <= 1:
        raise InvalidDataError(f"a rate lies between 0 and 1, not {share}")
    return math.asin(math.sqrt(share))


def binomial_variance(survival: float, effective_size: float) -> float:
    """Return S(1 - S)/n: with ``effective_size`` = n a lower limit of Greenwood's variance.

    Greenwood's variance lies between S(1-S)/n and S(1-S)/(n G(t)), where G(t) is the share of patients still
    under observation at t; the second equals Peto's with nSG at risk.
    """
    if effective_size <= 0:
        raise InvalidDataError(f"the number of patients must be positive, not {effective_size:g}")
    return survival * (1 - survival) / effective_size


def peto_variance(survival: float, at_risk: float) -> float:
    """Return S²(1 - S)/r(t), from the number still at risk at t (Peto et al 1977, Br J Cancer 35:1-39)."""
    if at_risk <= 0:
        raise InvalidDataError(f"the number at risk must be positive, not {at_risk:g}")
    return survival**2 * (1 - survival) / at_risk


def effective_sample_size(survival: float, variance: float) -> float:
    """Return S(1 - S)/variance: the patients a plain binomial rate would need for this variance."""
    if variance <= 0:
        raise InvalidDataError("a variance of zero would give infinite weight")
    return survival * (1 - survival) / variance


def standard_error_log_minus_log(survival: float, variance: float) -> float:
    """Return the standard error of log(-log S), sqrt(variance)/(S |log S|)."""
    _require_inside(survival)
    return math.sqrt(variance) / (survival * abs(math.log(survival)))


def standard_error_logit(share: float, variance: float) -> float:
    """Return the standard error of logit p, sqrt(variance)/(p(1 - p))."""
    _require_inside(share)
    return math.sqrt(variance) / (share * (1 - share))


def standard_error_log(survival: float, variance: float) -> float:
    """Return the standard error of log S, sqrt(variance)/S."""
    _require_inside(survival)
    return math.sqrt(variance) / survival


def standard_error_arcsine(share: float, variance: float) -> float:
    """Return the standard error of asin(sqrt(p)), ½ sqrt(variance/(p(1 - p)))."""
    _require_inside(share)
    return 0.5 * math.sqrt(variance / (share * (1 - share)))


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
