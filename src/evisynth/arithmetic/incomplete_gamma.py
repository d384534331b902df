"""The regularised incomplete gamma functions, in plain floats, for one argument at a time.

They carry the chi-squared tails. ``math`` alone is imported, so that a command that needs one p-value does
not pay for the start of a scientific library.
"""

from __future__ import annotations

import math

from evisynth.errors import ConvergenceError

_LARGE_SHAPE = 15.0
_EPSILON = 1e-17
_MOST_TERMS = 200_000
# Stirling's series of log Gamma: B(2j) / (2j (2j - 1)); Abramowitz & Stegun 6.1.41.
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)


def regularised_gamma(shape: float, x: float) -> tuple[float, float]:
    r"""Compute both tails of the gamma distribution with unit scale.

    .. math::
        P(a, x) = \frac{1}{\Gamma(a)} \int_0^x t^{a-1} e^{-t} dt, \qquad Q(a, x) = 1 - P(a, x)

    Parameters
    ----------
    shape : float
        ``a`` > 0.
    x : float
        At least 0.

    Returns
    -------
    tuple of float
        ``(P, Q)``; the smaller of the two keeps its relative accuracy.

    Raises
    ------
    ConvergenceError
        When neither expansion settles (not seen for shapes up to 1e7).

    References
    ----------
    Abramowitz & Stegun 1964, 6.5.29 (series) and 6.5.31 (continued fraction).
    """
    if x <= 0:
        return 0.0, 1.0
    if math.isinf(x):
        return 1.0, 0.0
    density = _poisson_mass(shape, x)
    if x < shape + 1:
        lower = density * _series(shape, x)
        return lower, 1 - lower
    upper = density * shape * _continued_fraction(shape, x)
    return 1 - upper, upper


def _poisson_mass(shape: float, x: float) -> float:
    """Compute x^a e^-x / Gamma(a + 1) without the cancellation of large logarithms.

    For a large shape this is the saddle-point form of Loader 2000, "Fast and accurate computation of
    binomial probabilities".
    """
    if shape < _LARGE_SHAPE:
        return math.exp(shape * math.log(x) - x - math.lgamma(shape + 1))
    deviance = shape * _deviance(x, shape)
    return math.exp(-deviance - stirling_error(shape)) / math.sqrt(2 * math.pi * shape)


def _deviance(x: float, mean: float) -> float:
    """Compute d - log(1 + d) for d = x / mean - 1, which cancels to d^2 / 2 near zero."""
    d = (x - mean) / mean
    if abs(d) > 0.4:
        return d - math.log(x / mean)
    s = d / (2 + d)
    square = s * s
    power, total, odd = s * square, 0.0, 3
    while abs(power) > abs(total) * _EPSILON:
        total += power / odd
        power *= square
        odd += 2
    return d * s - 2 * total


def stirling_error(x: float) -> float:
    """Compute log Gamma(x + 1) minus Stirling's (x + 1/2) log x - x + log(2 pi) / 2, for x of 15 or more."""
    inverse_square = 1 / (x * x)
    total = 0.0
    for coefficient in reversed(_STIRLING):
        total = total * inverse_square + coefficient
    return total / x


def _series(shape: float, x: float) -> float:
    term = total = 1.0
    for n in range(1, _MOST_TERMS):
        term *= x / (shape + n)
        total += term
        if term < total * _EPSILON:
            return total
    raise ConvergenceError(f"the incomplete gamma series did not settle (shape {shape!r}, x {x!r})")


def _continued_fraction(shape: float, x: float) -> float:
    """Evaluate 1/(x+1-a- 1(1-a)/(x+3-a- 2(2-a)/(x+5-a- ...))) by Lentz's method."""
    b = x + 1 - shape
    d = 1 / b
    c = math.inf
    value = d
    for n in range(1, _MOST_TERMS):
        a = n * (shape - n)
        b += 2
        d = 1 / (a * d + b)
        c = b + a / c
        step = c * d
        value *= step
        if abs(step - 1) < 4e-16:
            return value
    raise ConvergenceError(f"the incomplete gamma fraction did not settle (shape {shape!r}, x {x!r})")
