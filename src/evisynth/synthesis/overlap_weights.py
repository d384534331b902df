"""The weights of rows that share patients, for one set of overlapping studies and many universes at once.

A universe is one reading of every row. How many patients two rows share is not printed: it is taken as a
share of the most that is possible, spread evenly over the rows of either study.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evisynth.arithmetic import chi_squared_quantile
from evisynth.synthesis.correlated_effects import SMALLEST_EIGENVALUE

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

#: Rows of one set that differ by more than their errors allow at this level are not put together.
LEVEL_OF_DISAGREEMENT = 0.05

UNKNOWN_SIZE = "how many patients stand behind each group is not known"
IMPOSSIBLE = "so large an overlap is not possible, or makes one row a copy of another"
EXTREME = "so much of one report stands in the other that it would weigh nothing, or less"
DISAGREE = "their figures differ by more than reports of the same patients can"


@dataclass(frozen=True, slots=True, eq=False)
class SetReadings:
    """The rows of one overlap set: estimates, and for each arm its patients and its part of the variance.

    Arrays have a line for each universe and a column for each row, NaN where a row is not in; ``study``
    numbers the studies of the columns. Single groups have no reference: its patients are 1, its variance 0.
    """

    study: tuple[int, ...]
    estimate: Floats
    variance: Floats
    index_patients: Floats
    reference_patients: Floats
    reference_variance: Floats


@dataclass(frozen=True, slots=True, eq=False)
class SetWeights:
    """Shares of the rows in the estimate of the set (they sum to 1), its variance and its control's part.

    ``reason`` is empty where the rows could be put together.
    """

    shares: Floats
    estimate: Floats
    variance: Floats
    reference_variance: Floats
    reason: NDArray[np.str_]


def set_covariance(rows: SetReadings, shared: Mapping[tuple[int, int], float]) -> tuple[Floats, Floats]:
    r"""Compute the covariance of rows that share patients, in every universe.

    .. math::
        V_{ij} = \sum_{a} r^a_{ij} \sqrt{v^a_i v^a_j}, \qquad r^a_{ij} = \frac{n^a_{ij}}{\sqrt{n^a_i n^a_j}},
        \qquad n^a_{ij} = f_{AB} \min(N^a_A, N^a_B) \frac{n^a_i}{N^a_A} \frac{n^a_j}{N^a_B}

    The sum runs over the arms (index and reference, or the one group): a contrast is the difference of two
    arms, so that the correlation of two contrasts is that of their arms, weighted by how much of the variance
    each arm brings. Nobody is taken to stand in the index group of one study and the reference group of
    another. Rows of one study are of different patients. With the same share of events among shared and other
    patients, shared patients over patients is shared events over events.

    Parameters
    ----------
    rows
        Rows i of study A have :math:`n^a_i` patients, :math:`N^a_A` together, and variances :math:`v^a_i`.
    shared
        :math:`f_{AB}` from 0 to 1 for pairs of studies, the lower number first.

    Returns
    -------
    tuple
        The covariance of the rows and of their reference arms, each of shape (universes, rows, rows); a row
        that is not in has variance 1 and is correlated with none.

    References
    ----------
    Lin & Sullivan 2009, American Journal of Human Genetics 85:862-872; Bom & Rachinger 2020, Research
    Synthesis Methods 11:811-832.
    """
    inside = ~np.isnan(rows.estimate)
    index = _arm_covariance(
        rows, rows.index_patients, rows.variance - rows.reference_variance, inside, shared
    )
    reference = _arm_covariance(rows, rows.reference_patients, rows.reference_variance, inside, shared)
    whole = index + reference
    places = np.arange(whole.shape[1])
    # A variance is known even where its parts are not.
    whole[:, places, places] = np.where(inside, rows.variance, 1.0)
    return whole, reference


def _arm_covariance(
    rows: SetReadings,
    patients: Floats,
    variance: Floats,
    inside: Booleans,
    shared: Mapping[tuple[int, int], float],
) -> Floats:
    count = np.where(inside, patients, 0.0)
    spread = np.where(inside, np.sqrt(np.maximum(variance, 0.0)), 0.0)
    universes, width = count.shape
    covariance = np.zeros((universes, width, width))
    places = np.arange(width)
    covariance[:, places, places] = spread**2
    code = np.array(rows.study)
    totals = {study: count[:, code == study].sum(axis=1) for study in set(rows.study)}
    for first in range(width):
        for second in range(first + 1, width):
            one, other = sorted((rows.study[first], rows.study[second]))
            share = shared.get((one, other), 0.0)
            if one == other or share == 0:
                continue
            mine, theirs = totals[rows.study[first]], totals[rows.study[second]]
            with np.errstate(divide="ignore", invalid="ignore"):
                r = (
                    share
                    * np.minimum(mine, theirs)
                    * np.sqrt(count[:, first] * count[:, second])
                    / (mine * theirs)
                )
            # Where one of the two is not in, nothing is shared.
            r = np.where(inside[:, first] & inside[:, second], r, 0.0)
            covariance[:, first, second] = covariance[:, second, first] = (
                r * spread[:, first] * spread[:, second]
            )
    return covariance


def weigh_set(rows: SetReadings, shared: Mapping[tuple[int, int], float]) -> SetWeights:
    r"""Put the rows of an overlap set together by generalised least squares, in every universe.

    .. math::
        \hat\mu = \frac{1'V^{-1}y}{1'V^{-1}1}, \qquad SE^2 = \frac{1}{1'V^{-1}1}

    A universe with fewer than two of the rows needs no putting together; its only row has share 1. Where the
    covariance is not positive definite, a weight is not above zero, or the rows differ by more than chance
    (Q beyond the 95 % point of its distribution), ``reason`` says so and one report has to stand.

    Parameters
    ----------
    rows, shared
        As in :func:`set_covariance`.
    """
    inside = ~np.isnan(rows.estimate)
    covariance, of_reference = set_covariance(rows, shared)
    reason = np.full(len(inside), "", dtype=f"U{max(map(len, _REASONS))}")
    unknown = np.isnan(covariance).any(axis=(1, 2))
    covariance[unknown] = np.eye(covariance.shape[1])
    error = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    correlation = covariance / error[:, :, None] / error[:, None, :]
    values = np.linalg.eigvalsh(correlation)
    impossible = values[:, 0] <= SMALLEST_EIGENVALUE * values[:, -1]
    correlation[impossible] = np.eye(covariance.shape[1])
    ones = np.where(inside, 1 / error, 0.0)
    raw = np.linalg.solve(correlation, ones[:, :, None])[:, :, 0] / error
    extreme = (inside & (raw <= _LEAST_WEIGHT * np.abs(raw).max(axis=1, keepdims=True))).any(axis=1)
    total = raw.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(inside, raw / total[:, None], 0.0)
        y = np.where(inside, rows.estimate, 0.0)
        mean = (shares * y).sum(axis=1)
        residual = np.where(inside, (y - mean[:, None]) / error, 0.0)
    q = (residual * np.linalg.solve(correlation, residual[:, :, None])[:, :, 0]).sum(axis=1)
    reason[q > _critical(inside.sum(axis=1))] = DISAGREE
    reason[extreme] = EXTREME
    reason[impossible] = IMPOSSIBLE
    reason[unknown] = UNKNOWN_SIZE
    reason[inside.sum(axis=1) < 2] = ""
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.where(inside.any(axis=1), 1 / total, np.nan)
    control = np.einsum("ui,uij,uj->u", shares, of_reference, shares)
    return SetWeights(shares, np.where(inside.any(axis=1), mean, np.nan), variance, control, reason)


# Nearer to zero than this a weight is rounding: the row says nothing beside the others.
_LEAST_WEIGHT = 1e-12
_REASONS: Sequence[str] = (UNKNOWN_SIZE, IMPOSSIBLE, EXTREME, DISAGREE)


def _critical(count: NDArray[np.int64]) -> Floats:
    """Return for each number of rows the value that Q exceeds by chance once in twenty times."""
    known = {
        int(rows): chi_squared_quantile(1 - LEVEL_OF_DISAGREEMENT, int(rows) - 1) if rows > 1 else np.inf
        for rows in np.unique(count)
    }
    return np.array([known[int(rows)] for rows in count])
