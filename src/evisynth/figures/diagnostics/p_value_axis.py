"""The axis of p-value functions: they stand at their normal deviates, so that the functions are tents."""

from __future__ import annotations

import math
from dataclasses import dataclass

from evisynth.arithmetic.distributions import normal_quantile
from evisynth.figures.chart.chart import Axis
from evisynth.figures.ticks import Scale, Tick

#: The p-values that are labelled, the least at the foot of the axis.
P_TICKS = (0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1.0)
#: Levels of intervals that are read off the plot, each at the p-value 1 - level.
LEVELS = (0.50, 0.80, 0.90, 0.95, 0.99, 0.999)


def deviate(p: float) -> float:
    """Return the size of the standard normal deviate of a two-sided p-value; infinite for 0."""
    if p <= 0:
        return math.inf
    return -normal_quantile(min(p, 1.0) / 2)


@dataclass(frozen=True, slots=True)
class PValueScale(Scale):
    """Two-sided p-values from ``lower`` (place 0) to 1, equally spaced in normal deviates."""

    def place(self, value: float) -> float:
        """Return where a p-value stands; below 0 when it is smaller than the axis shows."""
        return 1 - deviate(value) / deviate(self.lower)


def p_value_axis(title: str) -> Axis:
    """Return the axis of two-sided p-values."""
    scale = PValueScale(P_TICKS[0], 1.0, logarithmic=False)
    return Axis(title, scale, tuple(Tick(scale.place(p), f"{p:g}") for p in P_TICKS))


def level_axis(title: str) -> Axis:
    """Return the same axis read as levels of intervals: a p-value of 0.05 is the level 95%."""
    scale = PValueScale(P_TICKS[0], 1.0, logarithmic=False)
    ticks = tuple(Tick(scale.place(1 - level), f"{100 * level:g}%") for level in LEVELS)
    return Axis(title, scale, ticks)
