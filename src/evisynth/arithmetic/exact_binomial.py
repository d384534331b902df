"""Intervals for x of n patients, exact at 0 of n and n of n too, where no standard error exists."""

from __future__ import annotations

import math
from typing import Literal

from evisynth.arithmetic.p_values import critical_z
from evisynth.errors import InvalidDataError


def _require_count(count: float, size: float) -> None:
    if size <= 0 or not 0 <= count <= size:
        raise InvalidDataError(f"{count:g} of {size:g} patients is not a proportion")


def clopper_pearson(count: int, size: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact two-sided interval of a proportion (Clopper & Pearson 1934, Biometrika 26:404-413).

    Parameters
    ----------
    count, size : int
        x of n patients.
    level : float
        Two-sided confidence level; each tail takes half of the rest, also at 0 of n and n of n.
    """
    _require_count(count, size)
    tail = (1 - level) / 2
    return _exact_lower(count, size, tail), 1 - _exact_lower(size - count, size, tail)


def clopper_pearson_one_sided(
    count: int, size: int, side: Literal["lower", "upper"], level: float = 0.95
) -> float:
    """Return the exact one-sided limit of a proportion, with the whole of ``1 - level`` in one tail."""
    _require_count(count, size)
    if side == "lower":
        return _exact_lower(count, size, 1 - level)
    return 1 - _exact_lower(size - count, size, 1 - level)


def _exact_lower(count: int, size: int, tail: float) -> float:
    if count == 0:
        return 0.0
    if count == size:
        return float(tail ** (1 / size))
    # scipy is paid for only between the extremes, which have closed forms.
    from scipy.special import betaincinv

    return float(betaincinv(count, size - count + 1, tail))


def jeffreys_interval(count: int, size: int, level: float = 0.95) -> tuple[float, float]:
    """Return the equal-tailed interval of a Beta(x + ½, n - x + ½), Jeffreys' prior."""
    _require_count(count, size)
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    a, b = count + 0.5, size - count + 0.5
    return float(betaincinv(a, b, tail)), float(betaincinv(a, b, 1 - tail))


def wilson_interval(share: float, size: float, level: float = 0.95) -> tuple[float, float]:
    """Return Wilson's score interval of a share of ``size`` patients (1927, JASA 22:209-212)."""
    _require_count(share * size, size)
    z = critical_z(level)
    centre = share + z**2 / (2 * size)
    reach = z * math.sqrt(share * (1 - share) / size + z**2 / (4 * size**2))
    scale = 1 + z**2 / size
    return (centre - reach) / scale, (centre + reach) / scale


def newcombe_interval(
    index: tuple[float, float], reference: tuple[float, float], level: float = 0.95
) -> tuple[float, float]:
    """Return Newcombe's interval of the difference of two shares, defined at 0 and 1 too.

    Each argument is (share, size). Method 10 of Newcombe 1998, Stat Med 17:873-890: the Wilson limits of both
    shares, combined by squares.
    """
    (p1, n1), (p0, n0) = index, reference
    lower1, upper1 = wilson_interval(p1, n1, level)
    lower0, upper0 = wilson_interval(p0, n0, level)
    difference = p1 - p0
    below = math.hypot(p1 - lower1, upper0 - p0)
    above = math.hypot(upper1 - p1, p0 - lower0)
    return difference - below, difference + above
