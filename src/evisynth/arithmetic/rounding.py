"""How far a result moves when the printed figures are taken to the ends of their rounding intervals."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass


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
