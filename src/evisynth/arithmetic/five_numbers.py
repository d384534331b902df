"""A mean and a standard deviation from a median with its quartiles, its range, or both, and when not to.

All of it takes the values for normal. Whether they are skewed beyond what so many normal values would show,
:func:`skewness` tells, and a mean is then not worked out.

References
----------
Mean: Luo et al. 2018, Statistical Methods in Medical Research 27:1785-1805. Standard deviation: Wan et al.
2014, BMC Medical Research Methodology 14:135; with quartiles and range together Shi et al. 2020, Research
Synthesis Methods 11:641-654. Skewness: Shi et al. 2023, Statistical Methods in Medical Research 32:1338-1360.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from evisynth.arithmetic.expression import Expression, constant, letters
from evisynth.arithmetic.precision import expected_spread

M, a, b, q1, q3 = letters("M a b q1 q3")


@dataclass(frozen=True, slots=True)
class FiveNumbers:
    """A median of n values with the ends of its range, its quartiles, or all four."""

    median: float
    size: int
    range: tuple[float, float] | None = None
    quartiles: tuple[float, float] | None = None

    @property
    def numbers(self) -> tuple[tuple[str, float], ...]:
        """What is put into the formulas, by its letter."""
        ends = (("a", "b", self.range), ("q1", "q3", self.quartiles))
        known = [pair for low, high, both in ends if both for pair in zip((low, high), both, strict=True)]
        return (("M", self.median), *known)

    @property
    def in_order(self) -> bool:
        """Whether the numbers rise from the least value to the greatest, and spread at all."""
        quartiles, ends = self.quartiles or (self.median,) * 2, self.range or ()
        line = [*ends[:1], quartiles[0], self.median, quartiles[1], *ends[1:]]
        return line == sorted(line) and line[0] < line[-1] and quartiles[0] <= quartiles[1]


def mean_of(five: FiveNumbers) -> Expression:
    r"""Return the formula of the mean (Luo 2018).

    .. math::
        \bar x = w \frac{a + b}{2} + (1 - w) m, \quad w = \frac{4}{4 + n^{0.75}} \text{ (range)}, \qquad
        \bar x = w \frac{q_1 + q_3}{2} + (1 - w) m, \quad w = 0.7 + \frac{0.39}{n} \text{ (quartiles)}

    and of both :math:`w_1 \frac{a + b}{2} + w_2 \frac{q_1 + q_3}{2} + (1 - w_1 - w_2) m` with
    :math:`w_1 = 2.2/(2.2 + n^{0.75})` and :math:`w_2 = 0.7 - 0.72/n^{0.55}`.
    """
    n = float(five.size)
    if five.range and five.quartiles:
        w1, w2 = 2.2 / (2.2 + n**0.75), 0.7 - 0.72 / n**0.55
        return constant(w1 / 2) * (a + b) + constant(w2 / 2) * (q1 + q3) + constant(1 - w1 - w2) * M
    if five.range:
        w = 4 / (4 + n**0.75)
        return constant(w / 2) * (a + b) + constant(1 - w) * M
    w = 0.7 + 0.39 / n
    return constant(w / 2) * (q1 + q3) + constant(1 - w) * M


def deviation_of(five: FiveNumbers) -> Expression:
    r"""Return the formula of the standard deviation: the printed width over that expected of n values.

    Of both widths the weighted mean, with :math:`1/(1 + 0.07 n^{0.6})` for the range (Shi 2020).
    """
    of_range = constant(1 / expected_spread("range", five.size)) * (b - a)
    of_quartiles = constant(1 / expected_spread("iqr", five.size)) * (q3 - q1)
    if five.range and five.quartiles:
        w = 1 / (1 + 0.07 * five.size**0.6)
        return constant(w) * of_range + constant(1 - w) * of_quartiles
    return of_range if five.range else of_quartiles


@dataclass(frozen=True, slots=True)
class Skewness:
    """How far the median lies from the middle, as a share of the width, and the most that n allow."""

    statistic: float
    most: float

    @property
    def found(self) -> bool:
        """Whether normal values would be so lopsided in fewer than 5 of 100 samples."""
        return self.statistic >= self.most


def skewness(five: FiveNumbers) -> Skewness:
    r"""Test whether the values are skewed, at 5% (Shi 2023).

    .. math::
        \frac{|a + b - 2m|}{b - a} > \frac{1}{\log(n + 9)} + \frac{2.5}{n + 1}, \qquad
        \frac{|q_1 + q_3 - 2m|}{q_3 - q_1} > \frac{2.65}{\sqrt n} - \frac{6}{n^2}

    With all five numbers the larger of the second and of the first times :math:`2.65 \log(0.6 n)/\sqrt n`
    against :math:`3/\sqrt n - 40/n^3`.
    """
    n, middle = float(five.size), five.median
    of_range = _lopsided(five.range, middle) if five.range else 0.0
    of_quartiles = _lopsided(five.quartiles, middle) if five.quartiles else 0.0
    if five.range and five.quartiles:
        first = 2.65 * math.log(0.6 * n) / math.sqrt(n) * of_range
        return Skewness(max(first, of_quartiles), 3 / math.sqrt(n) - 40 / n**3)
    if five.range:
        return Skewness(of_range, 1 / math.log(n + 9) + 2.5 / (n + 1))
    return Skewness(of_quartiles, 2.65 / math.sqrt(n) - 6 / n**2)


def _lopsided(ends: tuple[float, float], median: float) -> float:
    lower, upper = ends
    return abs(lower + upper - 2 * median) / (upper - lower) if upper > lower else 0.0
