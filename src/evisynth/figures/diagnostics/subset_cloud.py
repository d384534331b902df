"""Where the subsets of the rows fall: their estimates and I squared, counted in cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evisynth.figures.chart.axes import plain_axis
from evisynth.figures.chart.chart import Axis
from evisynth.figures.chart.effect_axis import EffectAxis, effect_axis
from evisynth.figures.diagnostics.subject import Array
from evisynth.figures.measures import MeasureDisplay
from evisynth.synthesis.gosh import GoshResult

_COLUMNS, _LINES = 48, 32
_MOST_POINTS = 250  # all subsets of seven rows are 120


@dataclass(frozen=True, slots=True, eq=False)
class Cloud:
    """The estimate and I squared of each subset, the axes they stand on, and the cells they are counted in.

    ``whole`` is the place of all rows together, where it is known.
    """

    estimates: Array
    i_squared: Array
    whole: tuple[float, float] | None
    x: EffectAxis
    y: Axis
    null: float | None

    @property
    def is_sparse(self) -> bool:
        """Whether the subsets are so few that each can be shown."""
        return len(self.estimates) <= _MOST_POINTS

    @property
    def x_bins(self) -> Array:
        """The borders of the cells on the analysis scale."""
        return np.linspace(self.x.lower, self.x.upper, _COLUMNS + 1)

    @property
    def y_bins(self) -> Array:
        """The borders of the cells in I squared."""
        return np.linspace(0.0, 1.0, _LINES + 1)

    def counts(self, chosen: NDArray[np.bool_]) -> Array:
        """Count the chosen subsets of each cell, lines from the bottom."""
        x = np.clip(self.estimates[chosen], self.x.lower, self.x.upper)
        counted = np.histogram2d(self.i_squared[chosen], x, bins=(self.y_bins, self.x_bins))[0]
        return np.asarray(counted, dtype=np.float64)


def cloud_of(found: GoshResult, display: MeasureDisplay, whole: tuple[float, float] | None = None) -> Cloud:
    """Take the subsets apart into what a map of them needs.

    ``whole`` is the estimate and I squared of all rows, for a sample that does not hold them.
    """
    estimates = found.subsets.estimate
    for i in np.flatnonzero(found.members.all(axis=1))[:1]:
        whole = float(estimates[i]), float(np.clip(found.subsets.i_squared[i], 0.0, 1.0))
    x = effect_axis(display, [float(estimates.min()), float(estimates.max()), *(whole or ())[:1]])
    y = plain_axis("I², %", [], start=0.0, end=1.0, percent=True)
    i_squared = np.clip(found.subsets.i_squared, 0.0, 1.0)
    return Cloud(estimates, i_squared, whole, x, y, display.null)
