r"""The weighted sums of a meta-regression, at a trial residual between-study variance.

With :math:`P = W - W X (X'WX)^{-1} X'W` every estimator of the variance needs the same sums as without
moderators. Digits are kept as there: p rows of high precision are taken apart (without moderators: the most
precise row), and the others are measured from the plane through them. With L the rest of the design in terms
of those rows, :math:`C = W_B + L'W_R L` and :math:`G = L'W_R L`,

.. math::
    P_{RR} = W_R - W_R L C^{-1} L' W_R, \qquad P_{BR} = -W_B C^{-1} L' W_R, \qquad P_{BB} = W_B C^{-1} G,

where a dominant weight in :math:`W_B` no longer cancels. Matrices are k x p and p x p only.

The residual between-study variance of a meta-regression, by the names of the estimators.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evisynth.synthesis.tau_squared import TAU_SQUARED_ESTIMATORS
from evisynth.synthesis.weighted_sums import ScaledEffects, Sums

Array = NDArray[np.float64]


class Coefficients(NamedTuple):
    """Regression coefficients in the units of the data, their Wald covariance, and y'Py."""

    estimate: Array
    covariance: Array
    q: float


class ModeratedEffects(ScaledEffects):
    """Estimates and variances with a design matrix; stands in for ``ScaledEffects`` in every estimator.

    The k - p contrasts that are free of the coefficients behave like that many rows measured around their
    mean. So ``row_count`` is k - p + 1, and ``v_mean`` is not below the mean variance of rows or contrasts.
    """

    __slots__ = (
        "_basis_rows",
        "_pivot",
        "_rest",
        "_rest_design",
        "_triangle",
        "_y_pivot",
        "actual_rows",
        "basis",
        "v_contrasts",
    )

    def __init__(self, y: Array, v: Array, design: Array, labels: tuple[str, ...] | None = None) -> None:
        super().__init__(y, v, labels)
        # Without an intercept a shift of the estimates is no change of origin.
        self.y, self.origin = y / self.unit, 0.0
        self._check_range(self.y, v, labels)
        self.basis, self._triangle = np.linalg.qr(design)
        self.actual_rows = len(y)
        self.row_count = len(y) - design.shape[1] + 1
        residual_share = 1 - np.einsum("ij,ij->i", self.basis, self.basis)
        self.v_contrasts = float(self.v @ residual_share) / (self.row_count - 1)
        self.v_mean = max(float(self.v.mean()), self.v_contrasts)
        self._pivot = _pivot_rows(self.basis / np.sqrt(self.v)[:, None])
        self._rest = np.setdiff1d(np.arange(len(y)), self._pivot)
        self._basis_rows = self.basis[self._pivot]
        self._y_pivot = self.y[self._pivot]
        # L of the module docstring, and the estimates measured from the plane through the pivot rows.
        self._rest_design = np.linalg.solve(self._basis_rows.T, self.basis[self._rest].T).T
        self._rest_y = self.y[self._rest] - self._rest_design @ self._y_pivot

    def at(self, tau_squared: float) -> Sums[float]:
        """Compute all sums at a (scaled) between-study variance >= 0; mean and its weight are NaN."""
        design = self._rest_design
        w0, w = 1 / (self.v[self._pivot] + tau_squared), 1 / (self.v[self._rest] + tau_squared)
        weighted = w[:, None] * design
        gram = design.T @ weighted
        inverse = _inverse(np.diag(w0) + gram)
        theta = inverse @ (weighted.T @ self._rest_y)
        residual = self._rest_y - design @ theta
        p0, p = -w0 * theta, w * residual
        pull = weighted.T @ p
        phi = inverse @ (w0 * p0 + pull)
        pp0, pp = w0 * (inverse @ (gram @ p0 - pull)), w * (p - design @ phi)
        squares = weighted.T @ weighted
        cubes = weighted.T @ (w[:, None] * weighted)
        leverage = np.einsum("ij,jk,ik->i", weighted, inverse, design)
        corner = w0[:, None] * (inverse @ gram)
        edge = w0[:, None] * inverse
        reach = inverse @ squares
        return Sums(
            total_weight=math.nan,
            mean=math.nan,
            q=float(p @ residual - p0 @ theta),
            ppy=float(p @ p + p0 @ p0),
            pppy=float(p @ pp + p0 @ pp0),
            trace_w=float(w.sum() + w0.sum()),
            trace_ww=float(w @ w + w0 @ w0),
            trace_p=float(w @ (1 - leverage) + np.trace(corner)),
            trace_pp=float(
                w @ w
                - 2 * np.trace(inverse @ cubes)
                + np.trace(reach @ reach)
                + 2 * np.trace(edge @ squares @ edge.T)
                + np.trace(corner @ corner)
            ),
        )

    def sum_of_squares(self) -> float:
        """Compute the sum of squared residuals from the unweighted regression (scaled)."""
        residual = self.y - self.basis @ (self.basis.T @ self.y)
        residual = residual - self.basis @ (self.basis.T @ residual)
        return float(residual @ residual)

    def log_likelihood(self, tau_squared: float, *, restricted: bool) -> float:
        """Compute the log-likelihood, up to a constant, profiled over the coefficients."""
        spread = math.fsum(np.log(self.v + tau_squared).tolist())
        if restricted:
            spread += float(np.linalg.slogdet(self._information(tau_squared))[1])
        return -0.5 * (spread + self.at(tau_squared).q)

    def coefficients(self, tau_squared: float) -> Coefficients:
        """Compute the coefficients and their covariance, in the units of the data."""
        w = 1 / (self.v[self._rest] + tau_squared)
        inverse = _inverse(self._information(tau_squared))
        theta = inverse @ (self._rest_design.T @ (w * self._rest_y))
        back = np.linalg.inv(self._basis_rows @ self._triangle)
        covariance = back @ inverse @ back.T
        return Coefficients(
            estimate=self.unit * (back @ (self._y_pivot + theta)),
            covariance=self.unit**2 * (covariance + covariance.T) / 2,
            q=self.at(tau_squared).q,
        )

    def leverage(self, tau_squared: float) -> Array:
        """Compute the diagonal of X (X'WX)^-1 X'W: the share of its own estimate in each fitted value."""
        design = np.linalg.solve(self._basis_rows.T, self.basis.T).T
        inverse = _inverse(self._information(tau_squared))
        share: Array = np.einsum("ij,jk,ik->i", design, inverse, design) / (self.v + tau_squared)
        return share

    def _information(self, tau_squared: float) -> Array:
        w0, w = 1 / (self.v[self._pivot] + tau_squared), 1 / (self.v[self._rest] + tau_squared)
        information: Array = np.diag(w0) + self._rest_design.T @ (w[:, None] * self._rest_design)
        return information


def _pivot_rows(weighted: Array) -> NDArray[np.intp]:
    """Choose p rows, each time the one that is longest once those chosen before are taken out."""
    remaining = weighted.copy()
    chosen: list[int] = []
    for _ in range(weighted.shape[1]):
        length = np.einsum("ij,ij->i", remaining, remaining)
        length[chosen] = -1.0
        row = int(length.argmax())
        chosen.append(row)
        direction = remaining[row] / math.sqrt(float(length[row]))
        remaining -= np.outer(remaining @ direction, direction)
    return np.array(chosen, dtype=np.intp)


def _inverse(matrix: Array) -> Array:
    """Invert a symmetric positive definite matrix whose diagonal may span many orders of magnitude."""
    scale = 1 / np.sqrt(np.diag(matrix))
    inverse: Array = scale[:, None] * np.linalg.inv(matrix * np.outer(scale, scale)) * scale
    return inverse


def tau_squared_hedges(effects: ModeratedEffects) -> float:
    r"""Estimate the residual variance from the unweighted regression (HE).

    .. math::
        \hat\tau^2 = \max\left(0, \frac{RSS - \sum_i v_i (1 - h_i)}{k - p}\right)

    with RSS and leverages h of the unweighted regression.

    References
    ----------
    Raudenbush 2009, in Cooper, Hedges & Valentine, The Handbook of Research Synthesis, chapter 16.
    """
    return max(0.0, effects.sum_of_squares() / (effects.row_count - 1) - effects.v_contrasts)


def tau_squared_hunter_schmidt(effects: ModeratedEffects) -> float:
    r"""Estimate the residual variance by Hunter and Schmidt's method: (QE - k) / sum(w), at least 0 (HS)."""
    sums = effects.at(0.0)
    return max(0.0, (sums.q - effects.actual_rows) / sums.trace_w)


def tau_squared_hunter_schmidt_small_sample(effects: ModeratedEffects) -> float:
    r"""Estimate the residual variance as (QE k / (k - p) - k) / sum(w), at least 0 (HSk)."""
    sums = effects.at(0.0)
    k = effects.actual_rows
    return max(0.0, (sums.q * k / (effects.row_count - 1) - k) / sums.trace_w)


def tau_squared_sidik_jonkman(effects: ModeratedEffects) -> float:
    r"""Estimate the residual variance from a crude first value, in one step (SJ).

    .. math::
        \tau_0^2 = \frac{1}{k} \sum_i (y_i - \bar y)^2, \qquad
        \hat\tau^2 = \frac{\tau_0^2}{k - p}\, y' P(\tau_0^2)\, y

    The crude value is the one without moderators.

    References
    ----------
    Sidik & Jonkman 2005, Journal of Biopharmaceutical Statistics 15:823-838.
    """
    deviations = effects.y - effects.y.mean()
    crude = float(deviations @ deviations) / effects.actual_rows
    if crude == 0:
        return 0.0
    return crude * effects.at(crude).q / (effects.row_count - 1)


# The others ask for nothing but the sums, and hold for contrasts as they do for rows around a mean.
MODERATED_ESTIMATORS: MappingProxyType[str, Callable[[ModeratedEffects], float]] = MappingProxyType(
    {
        **TAU_SQUARED_ESTIMATORS,
        "HE": tau_squared_hedges,
        "HS": tau_squared_hunter_schmidt,
        "HSk": tau_squared_hunter_schmidt_small_sample,
        "SJ": tau_squared_sidik_jonkman,
    }
)
