"""Tails and quantiles of the normal, Student's t and chi-squared distributions, one number at a time.

``math`` alone is imported: a cold command needs a handful of these and cannot wait for a scientific
library to start. All functions answer to about 1e-13, relative to the tail they return.
"""

from __future__ import annotations

import math
from functools import lru_cache

from evisynth.arithmetic.incomplete_gamma import regularised_gamma, stirling_error
from evisynth.errors import ConvergenceError, InvalidDataError

_MOST_STEPS = 200


def normal_tail(z: float) -> float:
    """Compute P(Z > z) of the standard normal distribution, as erfc(z / sqrt 2) / 2."""
    return 0.5 * math.erfc(z / math.sqrt(2))


def normal_two_sided(z: float) -> float:
    r"""Compute P(\|Z\| > \|z\|) of the standard normal distribution, as erfc(\|z\| / sqrt 2)."""
    return math.erfc(abs(z) / math.sqrt(2))


@lru_cache(maxsize=256)
def normal_quantile(probability: float) -> float:
    """Compute the point below which the standard normal distribution has the ``probability``.

    References
    ----------
    Wichura 1988, algorithm AS 241, Applied Statistics 37:477-484 (as in Python's ``statistics``).
    """
    _check_probability(probability)
    if probability == 0.0:
        return -math.inf
    if probability == 1.0:
        return math.inf
    from statistics import NormalDist

    return NormalDist().inv_cdf(probability)


def student_t_two_sided(t: float, df: float) -> float:
    r"""Compute P(\|T\| > \|t\|) of Student's t distribution.

    .. math::
        P(|T| > |t|) = I_x(\nu / 2, 1 / 2), \qquad x = \nu / (\nu + t^2)

    Parameters
    ----------
    t : float
        Any real number, or an infinity.
    df : float
        Degrees of freedom, > 0; infinity gives the normal distribution.

    References
    ----------
    Abramowitz & Stegun 1964, 26.7.1 and 26.5.4 (series); DiDonato & Morris 1992, ACM TOMS 18:360-373
    (continued fraction).
    """
    _check_df(df)
    t = abs(t)
    if math.isinf(df):
        return normal_two_sided(t)
    if t == 0:
        return 1.0
    if math.isinf(t):
        return 0.0
    ratio = (t / df) * t
    y = ratio / (1 + ratio) if ratio < 1e300 else 1.0
    log_x = -math.log1p(ratio) if ratio < 1e300 else math.log(df) - 2 * math.log(t)
    # x^(df/2) sqrt(y) / B(df/2, 1/2)
    front = math.exp(df / 2 * log_x) * math.sqrt(y / math.pi) * _gamma_ratio(df / 2)
    if ratio * df < 1.5:
        return 1 - 2 * front * _half_beta_series(df / 2, y)
    return front * _half_beta_fraction(df / 2, math.exp(log_x), y)


def student_t_tail(t: float, df: float) -> float:
    """Compute P(T > t) of Student's t distribution with ``df`` > 0 degrees of freedom."""
    half = 0.5 * student_t_two_sided(t, df)
    return half if t >= 0 else 1 - half


@lru_cache(maxsize=256)
def student_t_quantile(probability: float, df: float) -> float:
    """Compute the point below which Student's t distribution has the ``probability``.

    Newton's method on the logarithm of the tail, from Wallace's approximation.

    Parameters
    ----------
    probability : float
        Between 0 and 1.
    df : float
        Degrees of freedom, > 0.

    References
    ----------
    Wallace 1959, Annals of Mathematical Statistics 30:1121-1130 (start value).
    """
    _check_probability(probability)
    _check_df(df)
    if math.isinf(df):
        return normal_quantile(probability)
    if probability == 0.5:
        return 0.0
    sign, tail = (-1.0, probability) if probability < 0.5 else (1.0, 1 - probability)
    if tail == 0:
        return sign * math.inf
    return sign * _positive_t_quantile(2 * tail, df)


def chi_squared_tail(x: float, df: float) -> float:
    """Compute P(X > x) of the chi-squared distribution: Q(df / 2, x / 2)."""
    _check_df(df)
    if df == 1:
        return math.erfc(math.sqrt(x / 2)) if x > 0 else 1.0
    return regularised_gamma(df / 2, x / 2)[1]


@lru_cache(maxsize=256)
def chi_squared_quantile(probability: float, df: float) -> float:
    """Compute the point below which the chi-squared distribution has the ``probability``.

    Newton's method on the logarithm of the smaller tail, from Wilson and Hilferty's cube.

    References
    ----------
    Wilson & Hilferty 1931, PNAS 17:684-688 (start value).
    """
    _check_probability(probability)
    _check_df(df)
    if probability == 0:
        return 0.0
    if probability == 1:
        return math.inf
    spread = 2 / (9 * df)
    cube = 1 - spread + normal_quantile(probability) * math.sqrt(spread)
    # Deep in the lower tail the cube fails; there P(x) is near (x/2)^(df/2) / Gamma(df/2 + 1).
    small = 2 * math.exp((math.log(probability) + math.lgamma(df / 2 + 1)) / (df / 2))
    x = df * cube**3 if cube > 0.2 else small
    if x < 1e-300:
        return x
    return _refine_chi_squared(x, probability, df)


def _refine_chi_squared(x: float, probability: float, df: float) -> float:
    lower_side = probability <= 0.5
    log_target = math.log(probability) if lower_side else math.log1p(-probability)
    for _ in range(_MOST_STEPS):
        lower, upper = regularised_gamma(df / 2, x / 2)
        tail = lower if lower_side else upper
        # x f(x), the density on the log scale
        log_density = df / 2 * math.log(x / 2) - x / 2 - math.lgamma(df / 2)
        slope = math.exp(log_density) / tail if tail > 0 else 0.0
        if slope == 0:
            break
        step = (log_target - math.log(tail)) / (slope if lower_side else -slope)
        step = min(max(step, -2.0), 2.0)
        x *= math.exp(step)
        if abs(step) < 1e-9:
            return x
    raise ConvergenceError(f"no chi-squared quantile found (probability {probability!r}, df {df!r})")


def _positive_t_quantile(two_sided: float, df: float) -> float:
    """Find t with P(|T| > t) = ``two_sided``, by Newton steps in log t on the log of the tail."""
    t = _start(two_sided, df)
    log_target = math.log(two_sided)
    log_front = math.log(2 * _gamma_ratio(df / 2) / math.sqrt(math.pi * df))
    for _ in range(_MOST_STEPS):
        tail = student_t_two_sided(t, df)
        if tail <= 0:
            t /= 2
            continue
        if t > 1e150:
            return _far_t_quantile(t, log_target, df)
        log_tail = math.log(tail)
        slope = math.exp(log_front + math.log(t) - (df + 1) / 2 * math.log1p((t / df) * t) - log_tail)
        step = min(max((log_tail - log_target) / slope, -2.0), 2.0)
        t *= math.exp(step)
        if abs(step) < 1e-8:
            return t
    raise ConvergenceError(f"no t quantile found (two-sided tail {two_sided!r}, df {df!r})")


def _far_t_quantile(t: float, log_target: float, df: float) -> float:
    """Follow the exact power law of the far tail, where t squared would overflow."""
    log_t = math.log(t) + (math.log(student_t_two_sided(t, df)) - log_target) / df
    return math.exp(log_t) if log_t < 709 else math.inf


def _start(two_sided: float, df: float) -> float:
    """Start from the exact answers at 1 and 2 degrees of freedom, else from z^2 = df log(1 + t^2 / df)."""
    if df < 1.5:
        return max(1 / math.tan(two_sided * math.pi / 2), 1e-300)
    if df < 2.5:
        return math.sqrt(max(2 / (two_sided * (2 - two_sided)) - 2, 1e-300))
    z = normal_quantile(two_sided / 2)
    return math.sqrt(df * math.expm1(min(z * z / df, 700.0))) or 1e-300


def _gamma_ratio(a: float) -> float:
    """Compute Gamma(a + 1/2) / Gamma(a); by Stirling's series where the factors would overflow."""
    if a < 15:
        return math.gamma(a + 0.5) / math.gamma(a)
    # Gamma(x) = Gamma(x + 1) / x, and Gamma(x + 1) by Stirling at x = a - 1/2 and x = a - 1
    upper, lower = a - 0.5, a - 1
    exponent = upper * math.log1p(0.5 / lower) - 0.5 + stirling_error(upper) - stirling_error(lower)
    return math.sqrt(lower) * math.exp(exponent) * math.sqrt(upper / lower)


def _half_beta_series(a: float, y: float) -> float:
    """Sum 2F1(a + 1/2, 1; 3/2; y), all terms positive; for I_y(1/2, a)."""
    term = total = 1.0
    n = 0
    while term > total * 1e-17:
        term *= (a + 0.5 + n) * y / (1.5 + n)
        total += term
        n += 1
    return total


def _half_beta_fraction(a: float, x: float, y: float) -> float:
    """Evaluate DiDonato and Morris's continued fraction for I_x(a, 1/2) by Lentz's method."""
    value = c = a * (a * y - 0.5 * x + 1) / (a + 1)
    d = 0.0
    for n in range(1, 100_000):
        width = a + 2 * n - 1
        alpha = (a + n - 1) * (a + n - 0.5) * n * (0.5 - n) * (x / width) ** 2
        beta = n + n * (0.5 - n) * x / width + (a + n) * (a * y - 0.5 * x + 1 + n * (1 + y)) / (width + 2)
        d = 1 / (beta + alpha * d)
        c = beta + alpha / c
        step = c * d
        value *= step
        if abs(step - 1) < 4e-16:
            return 1 / value
    raise ConvergenceError(f"the incomplete beta fraction did not settle (a {a!r}, x {x!r})")


def _check_probability(probability: float) -> None:
    if not 0 <= probability <= 1:
        raise InvalidDataError(f"a probability lies between 0 and 1, not {probability!r}")


def _check_df(df: float) -> None:
    if not df > 0:
        raise InvalidDataError(f"degrees of freedom must be above 0, not {df!r}")
