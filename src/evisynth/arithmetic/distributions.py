"""Tails, p-values and quantiles of the normal, Student's t and chi-squared distributions, a number at a time.

The normal ones come from Python's own ``math`` and ``statistics``, as exact as ``scipy.special`` (7e-16 of
the value), so that a command which checks study files need not wait for numpy and scipy to start. Arrays
take the functions of ``scipy.special`` as they are.
"""

from __future__ import annotations

import math
from statistics import NormalDist

from evisynth.errors import InvalidDataError

_STANDARD_NORMAL = NormalDist()
#: In tails smaller than this scipy's ``stdtrit`` loses the quantile of few degrees of freedom.
_FAR_TAIL = 1e-100


def normal_tail(z: float) -> float:
    """Return P(Z > z) of the standard normal distribution, to its full digits however small."""
    return 0.5 * math.erfc(z / math.sqrt(2))


def normal_quantile(probability: float) -> float:
    """Return the point below which the standard normal distribution has the ``probability``, 0 to 1."""
    _check_probability(probability)
    if probability in (0.0, 1.0):
        return math.inf if probability else -math.inf
    return _STANDARD_NORMAL.inv_cdf(probability)


def two_sided_p_from_z(z: float) -> float:
    r"""Return :math:`P(|Z| > |z|) = 2(1 - \Phi(|z|))`."""
    return math.erfc(abs(z) / math.sqrt(2))


def z_from_two_sided_p(p: float) -> float:
    r"""Return :math:`z_p = \Phi^{-1}(1 - p/2)`, zero for ``p`` = 1.

    Taken from the lower tail, so that p-values far below 1e-16 keep their digits.

    Raises
    ------
    InvalidDataError
        When ``p`` is not in (0, 1].
    """
    if not 0 < p <= 1:
        raise InvalidDataError(f"a p-value lies above 0 and up to 1, not {p}")
    return abs(_STANDARD_NORMAL.inv_cdf(p / 2))


def critical_z(level: float = 0.95) -> float:
    """Return the normal deviate of a two-sided interval, 1.959964 for ``level`` 0.95.

    Raises
    ------
    InvalidDataError
        When ``level`` is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise InvalidDataError(f"a confidence level lies between 0 and 1, not {level}")
    return -_STANDARD_NORMAL.inv_cdf((1 - level) / 2)


def student_t_tail(t: float, df: float) -> float:
    """Return P(T > t) of Student's t; infinite degrees of freedom (``df``) give the normal distribution."""
    from scipy.special import stdtr

    _check_df(df)
    return float(stdtr(df, -t)) if math.isfinite(df) else normal_tail(t)


def student_t_two_sided(t: float, df: float) -> float:
    r"""Return the two-sided p-value of Student's t, :math:`P(|T| > |t|)`."""
    return 2 * student_t_tail(abs(t), df)


def student_t_quantile(probability: float, df: float) -> float:
    r"""Return the point below which Student's t has the ``probability``; infinite beyond about 1e150.

    In far tails from the beta distribution of :math:`x = \nu / (\nu + t^2)`, with parameters :math:`\nu / 2`
    and 1/2 (Abramowitz & Stegun 1964, 26.7.1).
    """
    from scipy.special import betaincinv, stdtrit

    _check_probability(probability)
    _check_df(df)
    if math.isinf(df):
        return normal_quantile(probability)
    tail = min(probability, 1 - probability)
    if tail >= _FAR_TAIL:
        return float(stdtrit(df, probability))
    x = float(betaincinv(df / 2, 0.5, 2 * tail))
    # Below 1e-300 the share has run out of digits.
    return math.copysign(math.sqrt(df * (1 - x) / x) if x > 1e-300 else math.inf, probability - 0.5)


def chi_squared_tail(x: float, df: float) -> float:
    """Return P(X > x) of the chi-squared distribution; 1 for an ``x`` that rounding left below 0."""
    from scipy.special import chdtrc

    _check_df(df)
    return float(chdtrc(df, max(0.0, x)))


def chi_squared_quantile(probability: float, df: float) -> float:
    """Return the point below which the chi-squared distribution has the ``probability``."""
    from scipy.special import gammaincinv

    _check_probability(probability)
    _check_df(df)
    return 2 * float(gammaincinv(df / 2, probability))


def _check_probability(probability: float) -> None:
    if not 0 <= probability <= 1:
        raise InvalidDataError(f"a probability lies between 0 and 1, not {probability!r}")


def _check_df(df: float) -> None:
    if not df > 0:
        raise InvalidDataError(f"degrees of freedom must be above 0, not {df!r}")
