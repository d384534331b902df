"""The numbers of every universe: one line a universe, one column a row of the plot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evisynth.outcomes.question import Question
from evisynth.synthesis.multiverse_choices import Reading, RowChoices
from evisynth.synthesis.multiverse_grid import Universes
from evisynth.synthesis.shared_control import shared_controls

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ReadingTable:
    """Estimates, standard errors and the control group's part of the variance; NaN where a row is not in.

    ``unsettled`` are the universes in which rows that share a control cannot be put together: a weight would
    not be above zero.
    """

    estimate: Floats
    standard_error: Floats
    control_variance: Floats
    unsettled: NDArray[np.bool_]

    @property
    def row_count(self) -> NDArray[np.int64]:
        """The rows of disjoint patients in each universe (k)."""
        return np.asarray((~np.isnan(self.estimate)).sum(axis=1))

    def put_together(self, clusters: Sequence[tuple[int, ...]]) -> ReadingTable:
        """Put rows that share a control into the first of them, wherever more than one is in.

        The weights are those of :func:`evisynth.synthesis.shared_control.inverse_covariance_sums`, for all
        universes at once.
        """
        estimate, standard_error = self.estimate.copy(), self.standard_error.copy()
        unsettled = self.unsettled.copy()
        for cluster in clusters:
            places = list(cluster)
            y, v = self.estimate[:, places], self.standard_error[:, places] ** 2
            control = self.control_variance[:, places]
            inside = ~np.isnan(y)
            several = inside.sum(axis=1) > 1
            own = np.where(inside, 1 / (v - control), 0.0)
            spread = np.where(inside, np.sqrt(control), 0.0)
            pull = (spread * own).sum(axis=1) / (1 + (spread**2 * own).sum(axis=1))
            weights = own - spread * own * pull[:, None]
            unsettled |= (inside & (weights <= 0)).any(axis=1)
            several &= ~unsettled
            total = weights.sum(axis=1)
            with np.errstate(divide="ignore", invalid="ignore"):
                mean = (weights * np.where(inside, y, 0.0)).sum(axis=1) / total
            estimate[np.ix_(several, places)] = standard_error[np.ix_(several, places)] = np.nan
            estimate[several, places[0]] = mean[several]
            standard_error[several, places[0]] = total[several] ** -0.5
        return ReadingTable(estimate, standard_error, self.control_variance, unsettled)


def reading_table(rows: Sequence[RowChoices], universes: Universes) -> ReadingTable:
    """Look up what every universe reads for every row."""
    return ReadingTable(
        _looked_up(rows, universes, lambda reading: reading.estimate),
        _looked_up(rows, universes, lambda reading: reading.standard_error),
        _looked_up(rows, universes, lambda reading: reading.control_variance),
        unsettled=np.zeros(len(universes), dtype=np.bool_),
    )


def _looked_up(
    rows: Sequence[RowChoices], universes: Universes, number: Callable[[Reading], float | None]
) -> Floats:
    found = np.full(universes.shape, np.nan)
    for place, row in enumerate(rows):
        # The last entry is what OUT, -1, finds; a None becomes NaN too.
        values = np.array([*map(number, row.readings), None], dtype=np.float64)
        found[:, place] = values[universes[:, place]]
    return found


def clusters_to_put_together(question: Question, rows: Sequence[RowChoices]) -> list[tuple[int, ...]]:
    """Find the rows whose shared control is counted once by its covariance, as the question asks."""
    if question.shared_control != "covariance":
        return []
    known = [all(reading.control_variance is not None for reading in row.readings) for row in rows]
    return [
        cluster
        for cluster in shared_controls([row.comparison for row in rows])
        if all(known[place] for place in cluster)
    ]
