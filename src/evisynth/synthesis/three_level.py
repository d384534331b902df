"""The three-level model: rows in units, units in clusters, one variance for each level, by REML."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evisynth.arithmetic import chi_squared_tail
from evisynth.errors import InvalidDataError
from evisynth.synthesis.correlated_effects import checked_covariance, cluster_codes
from evisynth.synthesis.intervals import confidence_interval
from evisynth.synthesis.result import short_repr
from evisynth.synthesis.three_level_likelihood import ClusteredEffects, maximise_likelihood
from evisynth.synthesis.validation import (
    checked_effects,
    checked_level,
    checked_name,
    make_arrays_read_only,
    row_name,
)

Blocks = list[tuple[NDArray[np.intp], NDArray[np.float64]]]


@dataclass(frozen=True, slots=True, eq=False)
class MultilevelResult:
    """A pooled estimate of clustered effects, on the analysis scale.

    ``sigma_squared_between`` is the variance between clusters, ``sigma_squared_within`` between units of one
    cluster; ``i_squared_between`` and ``i_squared_within`` are their shares (0 to 1) of the variance of a
    typical row. ``cluster`` and ``unit`` number the rows' clusters and units from 0; ``covariance`` is the
    sampling covariance, of shape (k,) where rows are independent, else (k, k).
    """

    estimate: float
    standard_error: float
    ci_lower: float
    ci_upper: float
    p_value: float
    sigma_squared_between: float
    sigma_squared_within: float
    i_squared_between: float
    i_squared_within: float
    q_statistic: float
    q_p_value: float
    log_likelihood: float
    row_count: int
    cluster_count: int
    interval: str
    level: float
    y: NDArray[np.float64]
    covariance: NDArray[np.float64]
    cluster: NDArray[np.intp]
    unit: NDArray[np.intp]
    labels: tuple[str, ...] | None = None

    __repr__ = short_repr

    def __post_init__(self) -> None:
        make_arrays_read_only(self)


def pool_multilevel(
    y: ArrayLike,
    v: ArrayLike,
    cluster: Sequence[Hashable],
    *,
    unit: Sequence[Hashable] | None = None,
    interval: str = "wald",
    level: float = 0.95,
    labels: Sequence[str] | None = None,
) -> MultilevelResult:
    r"""Pool effects that are nested in clusters, by restricted maximum likelihood.

    .. math::
        y_{ij} = \mu + b_i + u_{ij} + e_{ij}, \qquad b_i \sim N(0, \sigma_1^2), \quad
        u_{ij} \sim N(0, \sigma_2^2), \quad e \sim N(0, V)

    Parameters
    ----------
    y : shape (k,)
        Effect estimates on the analysis scale.
    v : shape (k,) or (k, k)
        Sampling variances; or covariances, positive definite, zero between clusters.
    cluster : sequence of k names
        What the rows are nested in (an institution, a set of overlapping reports); at least two, of any size.
    unit : sequence of k names, optional
        Units within a cluster; names may recur in other clusters. Without it every row is its own unit.
    interval : {"wald", "t"}
        Normal quantile, or that of t with k - 1 degrees of freedom.
    level : float
        Of the confidence interval.
    labels : sequence of k names, optional
        How errors name the rows.

    Raises
    ------
    InvalidDataError
        For rows that no formula can take, and for a nesting that cannot tell the two variances apart.
    ConvergenceError
        When the search for the maximum does not settle.

    References
    ----------
    Konstantopoulos 2011, Research Synthesis Methods 2:61-76; Van den Noortgate et al 2013, Behavior Research
    Methods 45:576-594.
    """
    checked_name("interval", interval, ("wald", "t"))
    level = checked_level(level)
    covariance = _checked_sampling_covariance(v, labels)
    estimates, variances, names = checked_effects(y, _diagonal(covariance), labels)
    cluster_code, unit_code = _checked_nesting(cluster, unit, len(estimates))
    blocks = sampling_blocks(covariance, cluster_code, names)
    effects = ClusteredEffects(estimates, blocks, unit_code)
    scaled = maximise_likelihood(effects)
    fit = effects.fit(scaled)
    square = effects.unit * effects.unit
    between, within = (float(sigma) * square for sigma in scaled)
    estimate = effects.origin + effects.unit * fit.mean
    error = effects.unit / math.sqrt(fit.total_weight)
    ci = confidence_interval(interval, estimate, error, 1.0, len(estimates) - 1, level)
    q, typical = _heterogeneity(estimates - effects.origin, blocks)
    total = between + within + typical
    variances.flags.writeable = False
    return MultilevelResult(
        estimate=estimate,
        standard_error=error,
        ci_lower=ci.lower,
        ci_upper=ci.upper,
        p_value=ci.p_value,
        sigma_squared_between=between,
        sigma_squared_within=within,
        i_squared_between=between / total,
        i_squared_within=within / total,
        q_statistic=q,
        q_p_value=chi_squared_tail(q, len(estimates) - 1),
        log_likelihood=_full_log_likelihood(fit.log_likelihood, effects.unit, len(estimates)),
        row_count=len(estimates),
        cluster_count=len(blocks),
        interval=interval,
        level=level,
        y=estimates,
        covariance=covariance,
        cluster=cluster_code,
        unit=unit_code,
        labels=names,
    )


def sampling_blocks(
    covariance: NDArray[np.float64], cluster_code: NDArray[np.intp], names: tuple[str, ...] | None
) -> Blocks:
    """Cut a covariance, of shape (k,) or (k, k), into one block a cluster: its rows and their covariances.

    Raises
    ------
    InvalidDataError
        Naming two rows of different clusters that are correlated.
    """
    order = np.argsort(cluster_code, kind="stable")
    members = np.split(order, np.flatnonzero(np.diff(cluster_code[order])) + 1)
    if covariance.ndim == 1:
        return [(rows, np.diag(covariance[rows])) for rows in members]
    across = np.argwhere((covariance != 0) & (cluster_code[:, None] != cluster_code[None, :]))
    if len(across):
        first, second = (int(row) for row in across[0])
        raise InvalidDataError(
            f"{row_name(first, names)} and {row_name(second, names)} are correlated but stand in different "
            "clusters; put rows that share patients into one cluster"
        )
    return [(rows, covariance[np.ix_(rows, rows)]) for rows in members]


def _checked_sampling_covariance(v: ArrayLike, labels: Sequence[str] | None) -> NDArray[np.float64]:
    if np.ndim(v) == 2:
        return checked_covariance(v, labels=labels)
    return checked_effects(np.zeros(np.size(v)), v, labels)[1]


def _diagonal(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    return covariance if covariance.ndim == 1 else np.diag(covariance)


def _checked_nesting(
    cluster: Sequence[Hashable], unit: Sequence[Hashable] | None, row_count: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    for name, given in (("cluster", cluster), ("unit", unit)):
        if given is not None and len(given) != row_count:
            raise InvalidDataError(f"{name} has {len(given)} names for {row_count} rows; give one a row")
    cluster_code = cluster_codes(cluster)
    within = np.arange(row_count) if unit is None else cluster_codes(unit)
    unit_code = cluster_codes(zip(cluster_code.tolist(), within.tolist(), strict=True))
    clusters, units = int(cluster_code.max()) + 1, int(unit_code.max()) + 1
    if clusters < 2:
        raise InvalidDataError(
            "all rows stand in one cluster; a variance between clusters needs at least two"
        )
    if units == clusters:
        raise InvalidDataError(
            "no cluster holds two units, so that the variance within clusters cannot be told from the one "
            "between them; pool the rows with two levels"
        )
    return cluster_code, unit_code


def _heterogeneity(y: NDArray[np.float64], blocks: Blocks) -> tuple[float, float]:
    """Compute Q without either variance, and the sampling variance of a typical row, (k - 1) / tr P."""
    inverses = [(rows, np.linalg.inv(block)) for rows, block in blocks]
    t = np.empty(len(y))
    for rows, inverse in inverses:
        t[rows] = inverse.sum(axis=1)
    residual = y - float(t @ y) / float(t.sum())
    q = sum(float(residual[rows] @ inverse @ residual[rows]) for rows, inverse in inverses)
    trace = sum(float(np.trace(inverse)) for _, inverse in inverses) - float(t @ t) / float(t.sum())
    return q, (len(y) - 1) / trace


def _full_log_likelihood(scaled: float, unit: float, row_count: int) -> float:
    """Add the constants, and take the restricted likelihood back to the unit of the data."""
    df = row_count - 1
    return scaled + 0.5 * math.log(row_count) - df * (0.5 * math.log(2 * math.pi) + math.log(unit))
