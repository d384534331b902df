"""Effects that share patients: their covariance matrix, and one estimate by generalised least squares."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evisynth.arithmetic import chi_squared_tail
from evisynth.errors import InvalidDataError
from evisynth.synthesis.intervals import confidence_interval
from evisynth.synthesis.result import short_repr
from evisynth.synthesis.validation import checked_effects, checked_level, checked_name, row_name
from evisynth.wording import number_text

# Relative to the largest eigenvalue of the correlations: what the smallest one may be by rounding alone.
SMALLEST_EIGENVALUE = 1e-12


def overlap_correlation(shared: float, n1: float, n2: float) -> float:
    r"""Compute the correlation of two means, or two log-odds, that rest partly on the same patients.

    .. math::
        r = \frac{n_{12}}{\sqrt{n_1 n_2}}

    For two log hazard ratios of the same contrast, give shared and own numbers of events instead of patients.

    Parameters
    ----------
    shared : float
        Patients that stand in both samples, from 0 to the size of the smaller one.
    n1, n2 : float
        Patients of either sample, > 0.

    Returns
    -------
    float
        From 0 (disjoint) to 1 (the same patients).

    Raises
    ------
    InvalidDataError
        When the three numbers cannot be the sizes of two samples and their intersection.

    References
    ----------
    Lin & Sullivan 2009, American Journal of Human Genetics 85:862-872; Bom & Rachinger 2020, Research
    Synthesis Methods 11:811-832.
    """
    if not (0 < n1 < math.inf and 0 < n2 < math.inf):
        raise InvalidDataError(f"samples of {n1!r} and {n2!r} patients: both sizes must be above 0")
    if not 0 <= shared <= min(n1, n2):
        raise InvalidDataError(
            f"{shared!r} shared patients of samples of {n1!r} and {n2!r}: the overlap must lie between 0 and "
            "the size of the smaller sample"
        )
    return shared / math.sqrt(n1 * n2)


def covariance_from_shared_patients(
    v: ArrayLike,
    n: ArrayLike,
    shared: Mapping[tuple[int, int], float],
    *,
    labels: Sequence[str] | None = None,
) -> NDArray[np.float64]:
    r"""Build the covariance matrix of effects from the numbers of patients that pairs of rows share.

    .. math::
        V_{ij} = \frac{n_{ij}}{\sqrt{n_i n_j}} \sqrt{v_i v_j}

    Parameters
    ----------
    v : shape (k,)
        Sampling variances, > 0.
    n : shape (k,)
        Patients (or events) behind each row, > 0.
    shared : mapping
        From a pair of rows, counted from 0, to the patients they share; pairs not named share none.
    labels : sequence of k names, optional
        How errors name the rows.

    Returns
    -------
    shape (k, k)
        Symmetric and positive definite, in the units of ``v``.

    Raises
    ------
    InvalidDataError
        For a pair that is not two rows or is given twice, an impossible overlap, or overlaps that cannot all
        be true together.

    References
    ----------
    As for :func:`overlap_correlation`.
    """
    _, variances, names = checked_effects(np.zeros(np.size(v)), v, labels)
    sizes = _checked_sizes(n, len(variances), names)
    correlation = np.eye(len(variances))
    named: set[frozenset[int]] = set()
    for (first, second), count in shared.items():
        if first == second or not (0 <= first < len(sizes) and 0 <= second < len(sizes)):
            raise InvalidDataError(
                f"({first}, {second}) is not a pair of rows; rows count from 0 to {len(sizes) - 1}"
            )
        if frozenset((first, second)) in named:
            raise InvalidDataError(f"the pair ({first}, {second}) is given twice; give each pair once")
        named.add(frozenset((first, second)))
        r = overlap_correlation(count, float(sizes[first]), float(sizes[second]))
        correlation[first, second] = correlation[second, first] = r
    error = np.sqrt(variances)
    covariance: NDArray[np.float64] = correlation * np.outer(error, error)
    return checked_covariance(covariance, labels=names)


def covariance_from_clusters(
    v: ArrayLike, cluster: Sequence[Hashable], rho: float, *, labels: Sequence[str] | None = None
) -> NDArray[np.float64]:
    r"""Build the covariance matrix of effects with one correlation within clusters and none between them.

    .. math::
        V_{ij} = \rho \sqrt{v_i v_j} \quad \text{for rows } i \ne j \text{ of one cluster}

    Parameters
    ----------
    v : shape (k,)
        Sampling variances, > 0.
    cluster : sequence of k names
        Rows of one name may share patients.
    rho : float
        Assumed correlation, at least 0 and below 1.
    labels : sequence of k names, optional
        How errors name the rows.

    Returns
    -------
    shape (k, k)
        Symmetric and positive definite, in the units of ``v``.

    Raises
    ------
    InvalidDataError
        When rho is out of range, or the lengths differ.
    """
    _, variances, names = checked_effects(np.zeros(np.size(v)), v, labels)
    if not 0 <= rho < 1:
        raise InvalidDataError(f"rho is {rho!r}; a correlation by overlap lies at 0 or more and below 1")
    if len(cluster) != len(variances):
        raise InvalidDataError(f"cluster has {len(cluster)} names for {len(variances)} rows; give one a row")
    code = cluster_codes(cluster)
    correlation = np.where(code[:, None] == code[None, :], rho, 0.0)
    np.fill_diagonal(correlation, 1.0)
    error = np.sqrt(variances)
    covariance: NDArray[np.float64] = correlation * np.outer(error, error)
    return checked_covariance(covariance, labels=names)


def _checked_sizes(n: ArrayLike, row_count: int, names: tuple[str, ...] | None) -> NDArray[np.float64]:
    try:
        sizes = np.array(n, dtype=np.float64)
    except (TypeError, ValueError) as mistake:
        raise InvalidDataError(f"n must hold numbers only: {mistake}") from mistake
    if sizes.shape != (row_count,):
        raise InvalidDataError(f"n has shape {sizes.shape} for {row_count} rows; give one size a row")
    wrong = np.flatnonzero(~(np.isfinite(sizes) & (sizes > 0)))
    if wrong.size:
        row = int(wrong[0])
        raise InvalidDataError(f"{row_name(row, names)}: n is {float(sizes[row])!r}; it must be above 0")
    return sizes


def cluster_codes(cluster: Iterable[Hashable]) -> NDArray[np.intp]:
    """Number the clusters from 0 in the order in which they first appear.

    Raises
    ------
    InvalidDataError
        For a row without a cluster (None or NaN).
    """
    codes: dict[Hashable, int] = {}
    numbers = []
    for row, name in enumerate(cluster):
        if name is None or name != name:
            raise InvalidDataError(f"row {row + 1}: the cluster is {name!r}; every row needs one")
        numbers.append(codes.setdefault(name, len(codes)))
    return np.array(numbers, np.intp)


def checked_covariance(covariance: ArrayLike, *, labels: Sequence[str] | None = None) -> NDArray[np.float64]:
    """Copy a covariance matrix into a read-only array when it is symmetric and positive definite.

    Eigenvalues are those of the correlation matrix, so that the units of the rows do not matter.

    Raises
    ------
    InvalidDataError
        Naming the row or the pair of rows, or the smallest eigenvalue and the rows that bring it about.
    """
    try:
        matrix = np.array(covariance, dtype=np.float64)
    except (TypeError, ValueError) as mistake:
        raise InvalidDataError(f"the covariance matrix must hold numbers only: {mistake}") from mistake
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.size == 0:
        raise InvalidDataError(f"a covariance matrix has as many rows as columns, not shape {matrix.shape}")
    diagonal = np.diag(matrix)
    wrong = np.flatnonzero(~(np.isfinite(diagonal) & (diagonal > 0)))
    if wrong.size:
        row = int(wrong[0])
        raise InvalidDataError(
            f"{row_name(row, labels)}: the variance is {float(diagonal[row])!r}; it must be above 0"
        )
    error = np.sqrt(diagonal)
    correlation = matrix / error[:, None] / error[None, :]
    # Half a dozen roundings may part two halves that were computed separately.
    uneven = np.argwhere(~(np.abs(correlation - correlation.T) <= 1e-14))
    if len(uneven):
        first, second = (int(row) for row in uneven[0])
        raise InvalidDataError(
            f"{row_name(first, labels)} and {row_name(second, labels)}: their covariances are "
            f"{float(matrix[first, second])!r} and {float(matrix[second, first])!r}; they must be one number"
        )
    _check_positive_definite(correlation, labels)
    matrix.flags.writeable = False
    return matrix


def _check_positive_definite(correlation: NDArray[np.float64], labels: Sequence[str] | None) -> None:
    values, vectors = np.linalg.eigh(correlation)
    if values[0] > SMALLEST_EIGENVALUE * values[-1]:
        return
    # The rows with the largest shares in the offending direction are those that contradict each other.
    rows = np.flatnonzero(np.abs(vectors[:, 0]) >= 0.5 * np.abs(vectors[:, 0]).max())
    named = ", ".join(row_name(int(row), labels) for row in rows[:6])
    raise InvalidDataError(
        "the covariance matrix is not positive definite (smallest eigenvalue of the correlations "
        f"{number_text(float(values[0]), 3)}): the overlaps of {named} cannot all be true, or two rows are "
        "the same patients; keep one report of them"
    )


# A weight this far below zero is meant; nearer to it lies rounding, where r is just smaller SE / larger SE.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class GeneralisedResult:
    """A common effect pooled from correlated rows, on the analysis scale, with a Wald interval.

    ``weights`` sum to 1 in the order of ``y``; ``negative_weights`` are the rows, counted from 0, that pull
    the estimate away from themselves. ``q_statistic`` tests that all rows estimate one effect.
    """

    estimate: float
    standard_error: float
    ci_lower: float
    ci_upper: float
    p_value: float
    q_statistic: float
    q_p_value: float
    row_count: int
    weights: NDArray[np.float64]
    negative_weights: tuple[int, ...]
    level: float
    y: NDArray[np.float64]
    covariance: NDArray[np.float64]
    labels: tuple[str, ...] | None = None

    __repr__ = short_repr


def pool_correlated(
    y: ArrayLike,
    covariance: ArrayLike,
    *,
    negative_weights: Literal["refuse", "allow"] = "refuse",
    level: float = 0.95,
    labels: Sequence[str] | None = None,
) -> GeneralisedResult:
    r"""Pool correlated effects by generalised least squares.

    .. math::
        \hat\mu = \frac{1'V^{-1}y}{1'V^{-1}1}, \qquad SE = \frac{1}{\sqrt{1'V^{-1}1}}, \qquad
        Q = (y - \hat\mu 1)'V^{-1}(y - \hat\mu 1)

    Of two rows, the less precise one has a negative weight when their correlation exceeds the smaller
    standard error divided by the larger: it then says more about the error of the other row than about the
    effect. That rests entirely on the assumed overlap, and is refused unless asked for.

    Parameters
    ----------
    y : shape (k,)
        Effect estimates on the analysis scale.
    covariance : shape (k, k)
        Their sampling covariances, positive definite; see
        :mod:`evisynth.synthesis.correlated_effects`.
    negative_weights : {"refuse", "allow"}
        Whether rows of negative weight raise an error or are only named in the result.
    level : float
        Of the confidence interval.
    labels : sequence of k names, optional
        How errors name the rows.

    Raises
    ------
    InvalidDataError
        For rows or matrices that no formula can take, and for negative weights where they are refused.

    References
    ----------
    Aitken 1936, Proceedings of the Royal Society of Edinburgh 55:42-48; Lin & Sullivan 2009, American Journal
    of Human Genetics 85:862-872.
    """
    checked_name("rule for negative weights", negative_weights, ("refuse", "allow"))
    matrix = checked_covariance(covariance, labels=labels)
    estimates, variances, names = checked_effects(y, np.diag(matrix), labels)
    level = checked_level(level)
    row_count = len(estimates)
    weights, total, origin = _weights(matrix, variances)
    # Measured from the most precise row, so that a large common value does not cancel.
    shifted = estimates - estimates[origin]
    mean = float(weights @ shifted)
    negative = tuple(int(row) for row in np.flatnonzero(weights < -_ROUNDING))
    if negative and negative_weights == "refuse":
        raise _refusal(negative, weights, names)
    residual = shifted - mean
    q = max(0.0, float(residual @ np.linalg.solve(matrix, residual))) if row_count > 1 else 0.0
    estimate = float(estimates[origin]) + mean
    ci = confidence_interval("wald", estimate, total**-0.5, 1.0, max(row_count - 1, 1), level)
    weights.flags.writeable = False
    return GeneralisedResult(
        estimate=estimate,
        standard_error=ci.standard_error,
        ci_lower=ci.lower,
        ci_upper=ci.upper,
        p_value=ci.p_value,
        q_statistic=q,
        q_p_value=chi_squared_tail(q, row_count - 1) if row_count > 1 else 1.0,
        row_count=row_count,
        weights=weights,
        negative_weights=negative,
        level=level,
        y=estimates,
        covariance=matrix,
        labels=names,
    )


def _weights(
    matrix: NDArray[np.float64], variances: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float, int]:
    """Compute the weights, their sum before scaling, and the most precise row."""
    error = np.sqrt(variances)
    correlation = matrix / error[:, None] / error[None, :]
    raw = np.linalg.solve(correlation, 1 / error) / error
    total = float(raw.sum())
    return raw / total, total, int(variances.argmin())


def _refusal(
    negative: tuple[int, ...], weights: NDArray[np.float64], names: tuple[str, ...] | None
) -> InvalidDataError:
    shown = ", ".join(f"{row_name(row, names)} {float(weights[row]):.4f}" for row in negative)
    return InvalidDataError(
        f"negative weights ({shown}): a correlation exceeds smaller divided by larger standard error, "
        "so that the answer rests on the assumed overlap alone; keep one report of each overlap set, or pass "
        "negative_weights='allow'"
    )
