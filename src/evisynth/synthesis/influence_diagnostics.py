"""Deletion diagnostics of single rows, and the coordinates of Baujat's plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evisynth.arithmetic import chi_squared_quantile
from evisynth.errors import InvalidDataError
from evisynth.synthesis.pooling import pool
from evisynth.synthesis.result import short_repr
from evisynth.synthesis.row_subsets import leave_one_out
from evisynth.synthesis.validation import checked_effects, make_arrays_read_only

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class InfluenceResult:
    """One entry a row, in the order of ``y``.

    ``studentised_residual`` is external: from the synthesis without the row. ``hat`` sums to 1.
    ``influential`` marks the rows that pass one of Viechtbauer and Cheung's cut-offs: absolute DFFITS above
    3 / sqrt(k - 1), Cook's distance above the median of chi-squared with one degree of freedom, hat above
    3 / k, absolute DFBETAS above 1.
    """

    studentised_residual: Array
    dffits: Array
    dfbetas: Array
    cooks_distance: Array
    covariance_ratio: Array
    tau_squared_deleted: Array
    q_deleted: Array
    hat: Array
    influential: NDArray[np.bool_]
    method: str
    labels: tuple[str, ...] | None

    __repr__ = short_repr

    def __post_init__(self) -> None:
        make_arrays_read_only(self)


def compute_influence(
    y: ArrayLike, v: ArrayLike, *, tau_squared: str = "REML", labels: Sequence[str] | None = None
) -> InfluenceResult:
    r"""Compute deletion diagnostics of each row; (i) marks the synthesis without row i.

    .. math::
        t_i = \frac{y_i - \hat\mu_{(i)}}{\sqrt{v_i + \hat\tau^2_{(i)} + SE_{(i)}^2}}, \qquad
        DFFITS_i = \frac{\hat\mu - \hat\mu_{(i)}}{\sqrt{h_i (v_i + \hat\tau^2_{(i)})}}, \qquad
        D_i = \frac{(\hat\mu - \hat\mu_{(i)})^2}{SE^2}, \qquad
        DFBETAS_i = (\hat\mu - \hat\mu_{(i)}) \Big(\sum_j \frac{1}{v_j + \hat\tau^2_{(i)}}\Big)^{1/2}, \qquad
        COVRATIO_i = \frac{SE_{(i)}^2}{SE^2}, \qquad h_i = \frac{w_i}{\sum_j w_j}

    with Wald standard errors.

    Parameters
    ----------
    y : shape (k,), k >= 3
        Effect estimates on the analysis scale.
    v : shape (k,)
        Sampling variances of ``y``; all > 0.
    tau_squared : str
        As for :func:`evisynth.synthesis.pooling.pool`.
    labels : sequence of k names, optional
        How errors name the rows.

    Raises
    ------
    InvalidDataError
        With fewer than three rows, and for rows that no formula can take.

    References
    ----------
    Viechtbauer & Cheung 2010, Research Synthesis Methods 1:112-125, doi:10.1002/jrsm.11.
    """
    estimates, variances, names = checked_effects(y, v, labels)
    row_count = len(estimates)
    if row_count < 3:
        raise InvalidDataError(f"the influence of single rows needs at least three of them, not {row_count}")
    full = pool(estimates, variances, tau_squared=tau_squared, interval="wald", labels=names)
    without = leave_one_out(estimates, variances, tau_squared=tau_squared, interval="wald").without
    change = full.estimate - without.estimate
    spread = variances + without.tau_squared
    residual = (estimates - without.estimate) / np.sqrt(spread + without.standard_error**2)
    dffits = change / np.sqrt(full.weights * spread)
    # One sum over all rows for each row left out; a k x k array would not be O(k).
    weight = [float((1 / (variances + t)).sum()) for t in without.tau_squared.tolist()]
    dfbetas = change * np.sqrt(weight)
    distance = (change / full.standard_error) ** 2
    return InfluenceResult(
        studentised_residual=residual,
        dffits=dffits,
        dfbetas=dfbetas,
        cooks_distance=distance,
        covariance_ratio=(without.standard_error / full.standard_error) ** 2,
        tau_squared_deleted=without.tau_squared,
        q_deleted=without.q_statistic,
        hat=full.weights,
        influential=_influential(dffits, dfbetas, distance, full.weights),
        method=tau_squared,
        labels=names,
    )


def _influential(dffits: Array, dfbetas: Array, distance: Array, hat: Array) -> NDArray[np.bool_]:
    k = len(hat)
    marked: NDArray[np.bool_] = np.abs(dffits) > 3 * np.sqrt(1 / (k - 1))
    marked |= distance > chi_squared_quantile(0.5, 1)
    marked |= hat > 3 / k
    marked |= np.abs(dfbetas) > 1
    return marked


@dataclass(frozen=True, slots=True, eq=False)
class BaujatResult:
    """``contribution`` (x) to Q and ``influence`` (y) on the pooled estimate, one entry a row."""

    contribution: Array
    influence: Array
    method: str
    labels: tuple[str, ...] | None

    __repr__ = short_repr

    def __post_init__(self) -> None:
        make_arrays_read_only(self)


def compute_baujat(
    y: ArrayLike, v: ArrayLike, *, tau_squared: str = "common", labels: Sequence[str] | None = None
) -> BaujatResult:
    r"""Compute the coordinates of Baujat's plot.

    .. math::
        x_i = \frac{(y_i - \hat\mu)^2}{v_i + \hat\tau^2}, \qquad
        y_i = \frac{(\hat\mu - \hat\mu_{(i)})^2}{SE_{(i)}^2}

    where (i) marks the synthesis without row i. In the common-effect model the x sum to Cochran's Q.

    Parameters
    ----------
    y : shape (k,), k >= 3
        Effect estimates on the analysis scale.
    v : shape (k,)
        Sampling variances of ``y``; all > 0.
    tau_squared : str
        As for :func:`evisynth.synthesis.pooling.pool`; Baujat's own plot is that of ``"common"``.
    labels : sequence of k names, optional
        How errors name the rows.

    Raises
    ------
    InvalidDataError
        With fewer than three rows, and for rows that no formula can take.

    References
    ----------
    Baujat, Mahé, Pignon & Hill 2002, Statistics in Medicine 21:2641-2652.
    """
    estimates, variances, names = checked_effects(y, v, labels)
    if len(estimates) < 3:
        raise InvalidDataError(f"Baujat's plot needs at least three rows, not {len(estimates)}")
    full = pool(estimates, variances, tau_squared=tau_squared, interval="wald", labels=names)
    without = leave_one_out(estimates, variances, tau_squared=tau_squared, interval="wald").without
    return BaujatResult(
        contribution=(estimates - full.estimate) ** 2 / (variances + full.tau_squared),
        influence=((full.estimate - without.estimate) / without.standard_error) ** 2,
        method=tau_squared,
        labels=names,
    )
