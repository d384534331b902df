"""Standard errors that hold when the rows of a cluster are correlated in unknown ways.

They start from what a fitted synthesis assumed of its rows: its design, and the covariance of any set of
them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import singledispatch
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evisynth.arithmetic import student_t_quantile, student_t_two_sided
from evisynth.errors import InvalidDataError
from evisynth.synthesis.correlated_effects import GeneralisedResult, cluster_codes
from evisynth.synthesis.regression import RegressionResult
from evisynth.synthesis.result import PooledResult, short_repr
from evisynth.synthesis.three_level import MultilevelResult
from evisynth.synthesis.validation import checked_level, checked_name, make_arrays_read_only, row_name
from evisynth.wording import type_words

Array = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class WorkingModel:
    """Estimates, design matrix of shape (k, p), and the marginal covariance that the weights rest on.

    ``block`` gives the covariance of the rows asked for; ``partners`` gives for each row the rows that are
    correlated with it.
    """

    y: Array
    design: Array
    names: tuple[str, ...]
    block: Callable[[Rows], Array]
    partners: Callable[[int], Rows]
    labels: tuple[str, ...] | None

    def check_nesting(self, code: Rows) -> None:
        """Refuse clusters between which the model itself has correlations.

        Raises
        ------
        InvalidDataError
            Naming two such rows.
        """
        for row in range(len(self.y)):
            others = self.partners(row)
            apart = others[code[others] != code[row]]
            if apart.size:
                raise InvalidDataError(
                    f"{row_name(row, self.labels)} and {row_name(int(apart[0]), self.labels)} are correlated "
                    "in the model but stand in different clusters; choose clusters that hold both"
                )


@singledispatch
def working_model(fit: object) -> WorkingModel:
    """Describe a fit: the result of ``pool``, ``pool_correlated``, ``pool_multilevel`` or ``regress``.

    Raises
    ------
    InvalidDataError
        For anything else.
    """
    raise InvalidDataError(
        f"{type_words(fit)} has no rows to group; give the result of pool, pool_correlated, "
        "pool_multilevel or regress"
    )


@working_model.register
def _(fit: PooledResult) -> WorkingModel:
    return _independent(fit.y, np.ones((len(fit.y), 1)), ("intercept",), fit.v + fit.tau_squared, fit.labels)


@working_model.register
def _(fit: RegressionResult) -> WorkingModel:
    return _independent(fit.y, fit.design, fit.names, fit.v + fit.tau_squared, fit.labels)


@working_model.register
def _(fit: GeneralisedResult) -> WorkingModel:
    matrix = fit.covariance
    return WorkingModel(
        y=fit.y,
        design=np.ones((len(fit.y), 1)),
        names=("intercept",),
        block=lambda rows: np.array(matrix[np.ix_(rows, rows)]),
        partners=lambda row: np.flatnonzero(matrix[row]),
        labels=fit.labels,
    )


@working_model.register
def _(fit: MultilevelResult) -> WorkingModel:
    def block(rows: Rows) -> Array:
        cluster, unit, sampling = fit.cluster[rows], fit.unit[rows], fit.covariance
        known = np.diag(sampling[rows]) if sampling.ndim == 1 else sampling[np.ix_(rows, rows)]
        between = fit.sigma_squared_between * (cluster[:, None] == cluster[None, :])
        within = fit.sigma_squared_within * (unit[:, None] == unit[None, :])
        return np.asarray(known + between + within)

    return WorkingModel(
        y=fit.y,
        design=np.ones((len(fit.y), 1)),
        names=("intercept",),
        block=block,
        partners=lambda row: np.flatnonzero(fit.cluster == fit.cluster[row]),
        labels=fit.labels,
    )


def _independent(
    y: Array, design: Array, names: tuple[str, ...], variance: Array, labels: tuple[str, ...] | None
) -> WorkingModel:
    return WorkingModel(
        y=y,
        design=design,
        names=names,
        block=lambda rows: np.diag(variance[rows]),
        partners=lambda row: np.array([row]),
        labels=labels,
    )


# Below this the t distribution no longer describes the test (Tipton 2015).
FEWEST_DF = 4.0
# An eigenvalue this small beside the largest belongs to a direction in which a residual is always zero.
_ZERO = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class ClusterRobustResult:
    """Coefficients of a fit with cluster-robust standard errors; one entry a coefficient.

    ``p_value`` is None where the degrees of freedom are below 4, and ``reason`` then says so; the interval is
    still given, at those degrees of freedom, and is no firmer.
    """

    names: tuple[str, ...]
    estimate: Array
    standard_error: Array
    df: Array
    ci_lower: Array
    ci_upper: Array
    p_value: tuple[float | None, ...]
    reason: str | None
    covariance: Array
    cluster_count: int
    kind: str
    level: float

    __repr__ = short_repr

    def __post_init__(self) -> None:
        make_arrays_read_only(self)


@dataclass(frozen=True, slots=True, eq=False)
class _Cluster:
    """One cluster: design, residuals, covariance, and W X, in the orthonormal design."""

    design: Array
    residual: Array
    covariance: Array
    weighted: Array


def cluster_robust(
    fit: PooledResult | GeneralisedResult | MultilevelResult | RegressionResult,
    cluster: Sequence[Hashable],
    *,
    kind: Literal["CR1", "CR2"] = "CR2",
    level: float = 0.95,
) -> ClusterRobustResult:
    r"""Compute cluster-robust standard errors for a fit, with its own weights and estimates.

    .. math::
        V = M \Big(\sum_g X_g' W_g A_g e_g e_g' A_g' W_g X_g\Big) M, \qquad M = (X'WX)^{-1}

    CR1 takes :math:`A = 1` and multiplies by G / (G - p), with t at G - p degrees of freedom. CR2 chooses A
    so that V is unbiased when the working covariance of the fit is right, and takes Satterthwaite's degrees
    of freedom, one for each coefficient.

    Parameters
    ----------
    fit : result of ``pool``, ``pool_correlated``, ``pool_multilevel`` or ``regress``
        Its working covariance gives the weights W.
    cluster : sequence of k names
        Rows of different clusters are taken as independent.
    kind : {"CR1", "CR2"}
        The correction for few clusters.
    level : float
        Of the confidence intervals.

    Raises
    ------
    InvalidDataError
        For fewer clusters than coefficients plus one, or clusters that part rows which the model correlates.

    References
    ----------
    Hedges, Tipton & Johnson 2010, Research Synthesis Methods 1:39-65; Tipton 2015, Psychological Methods
    20:375-393; Pustejovsky & Tipton 2018, Journal of Business & Economic Statistics 36:672-683.
    """
    checked_name("cluster-robust estimator", kind, ("CR1", "CR2"))
    level = checked_level(level)
    model = working_model(fit)
    code = _checked_clusters(model, cluster)
    # An orthonormal design keeps the digits that moderators far from zero would lose.
    basis, triangle = np.linalg.qr(model.design)
    back = np.linalg.inv(triangle)
    clusters, coefficients, bread = _clusters(model, basis, code)
    count, width = len(clusters), basis.shape[1]
    if kind == "CR1":
        scores = np.array([c.weighted.T @ c.residual for c in clusters])
        inner = scores.T @ scores * count / (count - width)
        df = np.full(width, float(count - width))
    else:
        adjusted = [_adjusted(c, bread) for c in clusters]
        scores = np.array([a.T @ c.residual for a, c in zip(adjusted, clusters, strict=True)])
        inner = scores.T @ scores
        df = np.array([_satterthwaite(clusters, adjusted, bread, back[row]) for row in range(width)])
    covariance = back @ bread @ inner @ bread @ back.T
    return _result(model.names, back @ coefficients, covariance, df, (count, kind, level))


def _checked_clusters(model: WorkingModel, cluster: Sequence[Hashable]) -> NDArray[np.intp]:
    if len(cluster) != len(model.y):
        raise InvalidDataError(f"cluster has {len(cluster)} names for {len(model.y)} rows; give one a row")
    code = cluster_codes(cluster)
    count, width = int(code.max()) + 1, model.design.shape[1]
    if count <= width:
        raise InvalidDataError(
            f"clusters: {count}, coefficients: {width}; their errors need at least {width + 1} clusters"
        )
    model.check_nesting(code)
    return code


def _clusters(
    model: WorkingModel, basis: Array, code: NDArray[np.intp]
) -> tuple[list[_Cluster], Array, Array]:
    order = np.argsort(code, kind="stable")
    members = np.split(order, np.flatnonzero(np.diff(code[order])) + 1)
    blocks = [model.block(rows) for rows in members]
    weighted: list[Array] = [
        np.asarray(np.linalg.solve(block, basis[rows]), np.float64)
        for rows, block in zip(members, blocks, strict=True)
    ]
    information = sum(basis[rows].T @ wx for rows, wx in zip(members, weighted, strict=True))
    bread: Array = np.asarray(np.linalg.inv(information), np.float64)
    score = sum(wx.T @ model.y[rows] for rows, wx in zip(members, weighted, strict=True))
    coefficients = bread @ score
    residual = model.y - basis @ coefficients
    # One step of refinement takes out what the inverse lost.
    correction = bread @ sum(wx.T @ residual[rows] for rows, wx in zip(members, weighted, strict=True))
    residual = residual - basis @ correction
    clusters = [
        _Cluster(basis[rows], residual[rows], block, wx)
        for rows, block, wx in zip(members, blocks, weighted, strict=True)
    ]
    return clusters, coefficients + correction, bread


def _adjusted(cluster: _Cluster, bread: Array) -> Array:
    r"""Compute :math:`A_g' W_g X_g` of CR2.

    .. math::
        A = D' B^{-1/2} D, \qquad B = D (\Phi - X M X') D', \qquad D'D = \Phi
    """
    upper = np.linalg.cholesky(cluster.covariance).T
    left = upper @ (cluster.covariance - cluster.design @ bread @ cluster.design.T) @ upper.T
    values, vectors = np.linalg.eigh((left + left.T) / 2)
    # Where the fit leaves no residual there is none to scale up.
    scale = float(np.linalg.eigvalsh(upper @ cluster.covariance @ upper.T)[-1])
    kept = values > _ZERO * scale
    root = (vectors[:, kept] / np.sqrt(values[kept])) @ vectors[:, kept].T
    return np.asarray(upper.T @ root @ upper @ cluster.weighted)


def _satterthwaite(clusters: list[_Cluster], adjusted: list[Array], bread: Array, contrast: Array) -> float:
    r"""Compute :math:`(\sum_g p_{gg})^2 / \sum_{gh} p_{gh}^2`, p the covariance of the cluster scores."""
    direction = bread @ contrast
    scores = [a @ direction for a in adjusted]
    own = np.array([a @ c.covariance @ a for a, c in zip(scores, clusters, strict=True)])
    reach = np.array([c.design.T @ a for a, c in zip(scores, clusters, strict=True)])
    shared = np.einsum("gi,ij,gj->g", reach, bread, reach)
    # p_gh = own_g [g = h] - reach_g' M reach_h; its squares are summed without the G x G matrix
    square = bread @ reach.T @ reach
    total = float(np.sum(own * own - 2 * own * shared) + np.trace(square @ square))
    return float((own - shared).sum()) ** 2 / total


def _result(
    names: tuple[str, ...], estimate: Array, covariance: Array, df: Array, about: tuple[int, str, float]
) -> ClusterRobustResult:
    count, kind, level = about
    error = np.sqrt(np.diag(covariance))
    half_width = np.array([student_t_quantile(0.5 + level / 2, float(d)) for d in df]) * error
    with np.errstate(divide="ignore", invalid="ignore"):
        # A standard error of zero (no residuals at all) agrees with zero alone.
        ratio = np.where(estimate == 0, 0.0, estimate / error)
    p_value = tuple(
        student_t_two_sided(float(t), float(d)) if d >= FEWEST_DF else None
        for t, d in zip(ratio, df, strict=True)
    )
    few = [f"{name} ({d:.2f})" for name, d in zip(names, df.tolist(), strict=True) if d < FEWEST_DF]
    reason = f"degrees of freedom below 4, no p-value: {', '.join(few)}" if few else None
    return ClusterRobustResult(
        names=names,
        estimate=estimate,
        standard_error=error,
        df=df,
        ci_lower=estimate - half_width,
        ci_upper=estimate + half_width,
        p_value=p_value,
        reason=reason,
        covariance=covariance,
        cluster_count=count,
        kind=kind,
        level=level,
    )
