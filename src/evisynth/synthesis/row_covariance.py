"""Which rows of a summary are not independent, and their covariance: what another program needs to refit it.

Rows that share a control group, or patients of overlapping studies, are put together by generalised least
squares before anything is pooled, or are pooled by a working model with robust standard errors. Both rest on
a covariance matrix of the rows as they stand in the answer; it is rebuilt here from the same rules.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evisynth.outcomes.question import Question
from evisynth.synthesis.comparability import PooledRow, differences, unexplained
from evisynth.synthesis.one_report import conflicting_pairs
from evisynth.synthesis.overlap_robust import set_names
from evisynth.synthesis.overlap_weights import set_covariance, weigh_set
from evisynth.synthesis.overlaps import overlaps_of, set_readings, shared_shares
from evisynth.synthesis.shared_control import Independent, control_variance, put_together
from evisynth.synthesis.shared_patients import overlap_sets


@dataclass(frozen=True, slots=True, eq=False)
class RowCovariance:
    """Rows that belong together have the same number in ``sets``: the place of the first of them.

    ``covariance`` has shape (k, k); its diagonal holds the sampling variances.
    """

    sets: tuple[int, ...]
    covariance: NDArray[np.float64]

    @property
    def independent(self) -> bool:
        """Whether every row stands for itself."""
        return len(set(self.sets)) == len(self.sets)

    def shared(self) -> list[tuple[int, int, float]]:
        """Give the pairs of rows, counted from 0, whose covariance is not zero."""
        first, second = np.nonzero(np.triu(self.covariance, k=1))
        return [
            (int(one), int(other), float(self.covariance[one, other]))
            for one, other in zip(first, second, strict=True)
        ]


def row_covariance(question: Question, rows: Sequence[PooledRow]) -> RowCovariance | None:
    r"""Rebuild the covariance that the rows of a summary were pooled with.

    Rows that share a control group have :math:`V_{ij} = \sqrt{c_i c_j}`, those of overlapping studies the
    covariance of :func:`evisynth.synthesis.overlap_weights.set_covariance`.

    Parameters
    ----------
    question
        What it does with shared controls and overlapping studies.
    rows
        The rows that count, all of them points.

    Returns
    -------
    RowCovariance or None
        None when rows were put together twice, first those of one control and then those of one overlap set:
        the second covariance belongs to what the first step made of them, not to the rows.
    """
    covariance = np.diag([(row.effect.standard_error or math.nan) ** 2 for row in rows])
    sets = list(range(len(rows)))
    independent = put_together(question, rows)
    for members in independent.members:
        places = [place for place, _ in members]
        control = np.sqrt([control_variance(rows[place]) or 0.0 for place in places])
        block = np.outer(control, control)
        np.fill_diagonal(block, np.diag(covariance)[places])
        covariance[np.ix_(places, places)] = block
        _join(sets, places)
    for level in _overlapping(question, independent):
        block_of_set = _overlap_block(question, independent, level)
        if block_of_set is None:
            continue
        if any(len(independent.members[place]) > 1 for place in level):
            return None
        places = [independent.members[place][0][0] for place in level]
        covariance[np.ix_(places, places)] = block_of_set
        _join(sets, places)
    if overlaps_of(question, independent).robust:
        if len(independent.rows) < len(rows):
            return None
        # The clusters of a working model hold every row of a study, those of disjoint patients too.
        names = set_names(rows)
        sets = [names.index(name) for name in names]
    return RowCovariance(tuple(sets), covariance)


def _overlapping(question: Question, independent: Independent) -> tuple[tuple[int, ...], ...]:
    """Find the overlap sets whose covariance enters, none where one report stands for each."""
    if question.overlap is None or question.overlap.choice == "one_report":
        return ()
    return overlap_sets([row.comparison for row in independent.rows])


def _join(sets: list[int], places: Sequence[int]) -> None:
    for place in places:
        sets[place] = places[0]


def _overlap_block(
    question: Question, independent: Independent, level: Sequence[int]
) -> NDArray[np.float64] | None:
    """Give the covariance of an overlap set, None where its rows stand for themselves."""
    members = [independent.rows[place] for place in level]
    robust = question.overlap is not None and question.overlap.choice == "robust"
    if not robust and unexplained(question, differences(question, members)):
        return None
    pairs = conflicting_pairs(members, range(len(members)))
    numbers = {study: at for at, study in enumerate(dict.fromkeys(r.comparison.study for r in members))}
    readings, shared = set_readings(members, numbers), shared_shares(pairs, numbers, unknown=1.0)
    if not weigh_set(readings, shared).reason[0]:
        return np.asarray(set_covariance(readings, shared)[0][0], np.float64)
    # A working model takes such rows as independent; its clusters hold them together all the same.
    return np.diag([(row.effect.standard_error or math.nan) ** 2 for row in members]) if robust else None
