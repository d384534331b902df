"""The numbers of every universe: one line a universe, one column a row of the plot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evisynth.answers.multiverse.choices import OverlapSetChoices, Reading, RowChoices
from evisynth.answers.multiverse.grid import Universes
from evisynth.answers.shared_control_groups import shared_controls
from evisynth.outcomes import Question
from evisynth.synthesis import SetReadings, weigh_set

Floats = NDArray[np.float64]

#: So many entries of covariance matrices are held at once (32 MB).
_MOST_ENTRIES = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class ReadingTable:
    """Estimates, standard errors and the control group's part of the variance; NaN where a row is not in.

    ``unsettled`` are the universes in which rows that share a control cannot be put together: a weight would
    not be above zero. ``torn`` are those in which overlapping studies cannot.
    """

    estimate: Floats
    standard_error: Floats
    control_variance: Floats
    index_patients: Floats
    reference_patients: Floats
    unsettled: NDArray[np.bool_]
    torn: NDArray[np.bool_]

    @property
    def row_count(self) -> NDArray[np.int64]:
        """The rows of disjoint patients in each universe (k)."""
        return np.asarray((~np.isnan(self.estimate)).sum(axis=1))

    def put_together(self, clusters: Sequence[tuple[int, ...]]) -> ReadingTable:
        """Put rows that share a control into the first of them, wherever more than one is in.

        The weights are those of :func:`evisynth.answers.inverse_covariance_sums`, for all
        universes at once.
        """
        estimate, standard_error = self.estimate.copy(), self.standard_error.copy()
        of_control, patients = self.control_variance.copy(), self.index_patients.copy()
        reference = self.reference_patients.copy()
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
                both = ((weights * spread).sum(axis=1) / total) ** 2
            together = np.where(inside, self.index_patients[:, places], 0.0).sum(axis=1)
            estimate[np.ix_(several, places)] = standard_error[np.ix_(several, places)] = np.nan
            estimate[several, places[0]] = mean[several]
            standard_error[several, places[0]] = total[several] ** -0.5
            of_control[several, places[0]] = both[several]
            patients[several, places[0]] = together[several]
            # Whichever rows are in have the same control group.
            known = np.where(inside, self.reference_patients[:, places], -np.inf).max(axis=1)
            reference[several, places[0]] = known[several]
        return replace(
            self,
            estimate=estimate,
            standard_error=standard_error,
            control_variance=of_control,
            index_patients=patients,
            reference_patients=reference,
            unsettled=unsettled,
        )

    def put_overlaps_together(
        self, sets: Sequence[OverlapSetChoices], ways: Universes, rows: Sequence[RowChoices]
    ) -> ReadingTable:
        """Put overlapping studies into the first row of their set, wherever they are counted by covariance.

        The weights are those of :func:`evisynth.synthesis.overlap_weights.weigh_set`.
        """
        estimate, standard_error, torn = self.estimate.copy(), self.standard_error.copy(), self.torn.copy()
        for column, one in enumerate(sets):
            places = np.array(one.places)
            numbers = tuple(one.numbers[rows[place].comparison.study] for place in one.places)
            for way, shared in one.shared.items():
                for chosen in _in_parts(np.flatnonzero(ways[:, column] == way), len(places)):
                    block = np.ix_(chosen, places)
                    weights = weigh_set(self._readings(numbers, block), shared)
                    estimate[block] = standard_error[block] = np.nan
                    estimate[chosen, places[0]] = weights.estimate
                    standard_error[chosen, places[0]] = np.sqrt(weights.variance)
                    torn[chosen] |= weights.reason != ""
        return replace(self, estimate=estimate, standard_error=standard_error, torn=torn)

    def _readings(self, numbers: tuple[int, ...], block: tuple[NDArray[np.intp], ...]) -> SetReadings:
        return SetReadings(
            numbers,
            self.estimate[block],
            self.standard_error[block] ** 2,
            self.index_patients[block],
            self.reference_patients[block],
            self.control_variance[block],
        )


def _in_parts(universes: NDArray[np.intp], width: int) -> list[NDArray[np.intp]]:
    """Cut universes into parts whose covariance matrices fit into memory together."""
    if not len(universes):
        return []
    return np.array_split(universes, 1 + len(universes) * width**2 // _MOST_ENTRIES)


def reading_table(rows: Sequence[RowChoices], universes: Universes) -> ReadingTable:
    """Look up what every universe reads for every row."""
    return ReadingTable(
        _looked_up(rows, universes, lambda reading: reading.estimate),
        _looked_up(rows, universes, lambda reading: reading.standard_error),
        _looked_up(rows, universes, lambda reading: reading.control_variance),
        _looked_up(rows, universes, lambda reading: reading.patients[0]),
        _looked_up(rows, universes, lambda reading: reading.patients[1]),
        unsettled=np.zeros(len(universes), dtype=np.bool_),
        torn=np.zeros(len(universes), dtype=np.bool_),
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
