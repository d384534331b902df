r"""The restricted likelihood of the three-level model, cluster by cluster, and its highest point.

With :math:`K = V_c + \sigma_2^2 U_c` (:math:`U_c` is one where two rows belong to one unit),
:math:`u = K^{-1} 1`, :math:`\kappa = 1'u`, the cluster's own mean :math:`m = u'y / \kappa` and
:math:`d = y - m`,

.. math::
    \Sigma_c = K + \sigma_1^2 11', \qquad t_c = \Sigma_c^{-1} 1 = \frac{u}{1 + \sigma_1^2 \kappa}, \qquad
    \Sigma_c^{-1} (y - \mu) = K^{-1} d + t_c (m - \mu), \qquad P = \Sigma^{-1} - t (1't)^{-1} t'

so that a large variance between clusters cancels nowhere. Nothing larger than the block of a cluster is
formed; blocks of one size are handled together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evisynth.errors import ConvergenceError

Array = NDArray[np.float64]


class Curvature(NamedTuple):
    """The restricted log-likelihood at a point, up to a constant, with two derivatives.

    ``expected`` is the expected information, ``observed`` the negative of the second derivatives.
    """

    log_likelihood: float
    gradient: Array
    observed: Array
    expected: Array


@dataclass(frozen=True, slots=True, eq=False)
class _Batch:
    """Clusters of one size: arrays of shape (m, n) and (m, n, n)."""

    y: Array
    covariance: Array
    same_unit: Array


class _Pieces(NamedTuple):
    """Clusters of one size at two variances; names as in the module docstring."""

    inverse: Array
    t: Array
    weight: Array
    mean: Array
    within: Array
    square: Array
    log_determinant: Array


class Fit(NamedTuple):
    """The pooled mean, the sum of the weights and the log-likelihood up to a constant (scaled)."""

    mean: float
    total_weight: float
    log_likelihood: float


class ClusteredEffects:
    """Estimates in clusters, in units that suit floating point: y = origin + unit * scaled."""

    __slots__ = ("_batches", "origin", "row_count", "smallest_variance", "spread", "unit")

    def __init__(
        self, y: Array, blocks: list[tuple[NDArray[np.intp], Array]], unit_code: NDArray[np.intp]
    ) -> None:
        variances = np.concatenate([np.diag(block) for _, block in blocks])
        rows = np.concatenate([rows for rows, _ in blocks])
        exponent = (math.frexp(float(variances.max()))[1] - 1) // 2
        self.unit = math.ldexp(1.0, exponent)
        self.origin = float(y[rows[variances.argmin()]])
        self.row_count = len(y)
        scaled = np.ldexp(y - self.origin, -exponent)
        self.spread = float(((scaled - scaled.mean()) ** 2).sum()) / max(len(y) - 1, 1)
        self.smallest_variance = float(np.ldexp(variances.min(), -2 * exponent))
        by_size: dict[int, list[tuple[NDArray[np.intp], Array]]] = {}
        for block in blocks:
            by_size.setdefault(len(block[0]), []).append(block)
        self._batches = []
        for members in by_size.values():
            index = np.stack([rows for rows, _ in members])
            code = unit_code[index]
            self._batches.append(
                _Batch(
                    y=scaled[index],
                    covariance=np.ldexp(np.stack([block for _, block in members]), -2 * exponent),
                    same_unit=(code[:, :, None] == code[:, None, :]).astype(np.float64),
                )
            )

    def fit(self, sigma_squared: Array) -> Fit:
        """Compute the mean, the sum of the weights and the log-likelihood (REML) at two variances."""
        return _fit([_pieces(batch, sigma_squared) for batch in self._batches])

    def curvature(self, sigma_squared: Array) -> Curvature:
        """Compute the log-likelihood with its gradient and second derivatives at two variances."""
        pieces = [_pieces(batch, sigma_squared) for batch in self._batches]
        fit = _fit(pieces)
        # Sums over clusters, one entry for each variance: traces of S^-1 Z, t'Zt, p'Zp, t'Zp; then of pairs.
        trace, reach, quadratic, pull = np.zeros(2), np.zeros(2), np.zeros(2), np.zeros(2)
        double_trace, mixed, double_quadratic = np.zeros((2, 2)), np.zeros((2, 2)), np.zeros((2, 2))
        for batch, piece in zip(self._batches, pieces, strict=True):
            gap = piece.mean - fit.mean
            p = piece.within + piece.t * gap[:, None]
            total = piece.weight * gap
            ut = np.einsum("mab,mb->ma", batch.same_unit, piece.t)
            up = np.einsum("mab,mb->ma", batch.same_unit, p)
            tut, tup = (piece.t * ut).sum(axis=1), (piece.t * up).sum(axis=1)
            product = piece.inverse @ batch.same_unit
            trace += [piece.weight.sum(), np.einsum("maa->", product)]
            reach += [(piece.weight**2).sum(), tut.sum()]
            quadratic += [(total**2).sum(), (p * up).sum()]
            pull += [(piece.weight * total).sum(), tup.sum()]
            double_trace += _symmetric(
                (piece.weight**2).sum(), tut.sum(), np.einsum("mab,mba->", product, product)
            )
            mixed += _symmetric(
                (piece.weight**3).sum(),
                (piece.weight * tut).sum(),
                np.einsum("ma,mab,mb->", ut, piece.inverse, ut),
            )
            double_quadratic += _symmetric(
                (total**2 * piece.weight).sum(),
                (total * tup).sum(),
                np.einsum("ma,mab,mb->", up, piece.inverse, up),
            )
        a = fit.total_weight
        gradient = -0.5 * (trace - reach / a) + 0.5 * quadratic
        expected = 0.5 * (double_trace - 2 * mixed / a + np.outer(reach, reach) / a**2)
        observed = double_quadratic - np.outer(pull, pull) / a - expected
        return Curvature(fit.log_likelihood, gradient, observed, expected)


def _pieces(batch: _Batch, sigma_squared: Array) -> _Pieces:
    between, within = sigma_squared.tolist()
    inner = batch.covariance + within * batch.same_unit
    inverse = np.asarray(np.linalg.inv(inner), np.float64)
    u = inverse.sum(axis=2)
    kappa = u.sum(axis=1)
    growth = 1 + between * kappa
    mean = (u * batch.y).sum(axis=1) / kappa
    deviation = batch.y - mean[:, None]
    weighted = np.einsum("mab,mb->ma", inverse, deviation)
    # K^-1 - u u' / kappa is what is left of a cluster once its mean is known: nothing, of a single row.
    own = inverse - u[:, :, None] * u[:, None, :] / kappa[:, None, None]
    if batch.y.shape[1] == 1:
        own, weighted = np.zeros_like(own), np.zeros_like(weighted)
    rest = u[:, :, None] * u[:, None, :] / (kappa * growth)[:, None, None]
    return _Pieces(
        inverse=own + rest,
        t=u / growth[:, None],
        weight=kappa / growth,
        mean=mean,
        within=weighted,
        square=(deviation * weighted).sum(axis=1),
        log_determinant=np.asarray(np.linalg.slogdet(inner)[1], np.float64) + np.log1p(between * kappa),
    )


def _fit(pieces: list[_Pieces]) -> Fit:
    total = sum(float(piece.weight.sum()) for piece in pieces)
    mean = sum(float(piece.weight @ piece.mean) for piece in pieces) / total
    spread = math.log(total)
    for piece in pieces:
        spread += float(piece.square.sum() + piece.weight @ (piece.mean - mean) ** 2)
        spread += float(piece.log_determinant.sum())
    return Fit(mean, total, -0.5 * spread)


def _symmetric(first: float, between: float, second: float) -> Array:
    return np.array([[first, between], [between, second]])


# Relative to the variances. Newton's steps shrink quadratically, and the last one is applied.
_LAST_STEP = 1e-7
_MOST_STEPS = 200
# Variances at which the search begins, as multiples of the spread of the estimates.
_START = np.concatenate(([0.0], np.geomspace(1e-4, 10.0, 11)))


def maximise_likelihood(effects: ClusteredEffects) -> Array:
    """Find the two variances of highest restricted likelihood, both at least 0.

    The likelihood may have several maxima. It is looked at on a grid that spans five orders of magnitude and
    zero; every point of the grid that is not lower than its neighbours is followed to the maximum above it.

    Returns
    -------
    shape (2,)
        Variance between clusters, and between units within clusters, in scaled units.

    Raises
    ------
    ConvergenceError
        When neither Newton's steps nor the search that follows them settle.
    """
    if effects.spread == 0:
        return np.zeros(2)
    start = _START * effects.spread
    height = np.array([[effects.fit(np.array([b, w])).log_likelihood for w in start] for b in start])
    maxima = [_summit(effects, np.array([start[row], start[column]])) for row, column in _grid_maxima(height)]
    return max(maxima, key=lambda point: effects.fit(point).log_likelihood)


def _grid_maxima(height: Array) -> list[tuple[int, int]]:
    padded = np.pad(height, 1, constant_values=-np.inf)
    rows, columns = height.shape
    neighbours = [
        padded[1 + i : 1 + i + rows, 1 + j : 1 + j + columns]
        for i in (-1, 0, 1)
        for j in (-1, 0, 1)
        if (i, j) != (0, 0)
    ]
    highest = height >= np.max(neighbours, axis=0)
    return [(int(row), int(column)) for row, column in np.argwhere(highest)]


def _summit(effects: ClusteredEffects, point: Array) -> Array:
    """Climb from a point; where Newton's steps creep along a ridge, search between bounds and climb on."""
    try:
        return _climb(effects, point)
    except ConvergenceError:
        found = _search(effects, point)
        # A ridge that ends at zero is followed ever more slowly: the end itself is tried too.
        ends = [found, *(np.where(np.arange(2) == place, 0.0, found) for place in range(2))]
        return _climb(effects, max(ends, key=lambda end: effects.fit(end).log_likelihood))


def _search(effects: ClusteredEffects, point: Array) -> Array:
    """Maximise by L-BFGS-B with both variances at least 0."""
    from scipy.optimize import minimize

    def downhill(variances: Array) -> tuple[float, Array]:
        here = effects.curvature(variances)
        return -here.log_likelihood, -here.gradient

    found = minimize(
        downhill, point, jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * 2,
        options={"maxiter": 2000, "ftol": 1e-15, "gtol": 1e-10},
    )  # fmt: skip
    return np.maximum(np.asarray(found.x, dtype=np.float64), 0.0)


def _climb(effects: ClusteredEffects, point: Array) -> Array:
    """Climb by Newton's steps; a variance at zero stays there while the likelihood falls away from it."""
    here = effects.curvature(point)
    for _ in range(_MOST_STEPS):
        step = _step(here, (point > 0) | (here.gradient > 0))
        backwards = (point == 0) & (step < 0)
        if backwards.any():
            step = _step(here, (point > 0) & ~backwards)
        moved = np.maximum(point + step, 0.0)
        if np.all(np.abs(moved - point) <= _LAST_STEP * (point + effects.smallest_variance)):
            return moved
        point, here = _rise(effects, point, here, step)
    raise ConvergenceError("the three-level model did not converge: the data do not determine its variances")


def _step(here: Curvature, free: NDArray[np.bool_]) -> Array:
    """Solve for Newton's step, by the expected information where the likelihood is not concave."""
    index = np.flatnonzero(free)
    step = np.zeros(2)
    if not index.size:
        return step
    information = here.observed[np.ix_(index, index)]
    if np.linalg.eigvalsh(information)[0] <= 0:
        information = here.expected[np.ix_(index, index)]
    step[index] = np.linalg.solve(information, here.gradient[index])
    return step


def _rise(effects: ClusteredEffects, point: Array, here: Curvature, step: Array) -> tuple[Array, Curvature]:
    """Halve the step until the likelihood does not fall; variances below zero are put at zero."""
    # Near the top a good step gains less than the likelihood's own rounding.
    lowest = here.log_likelihood - 1e-13 * (1 + abs(here.log_likelihood))
    for halving in range(40):
        candidate = np.maximum(point + step * 0.5**halving, 0.0)
        there = effects.curvature(candidate)
        if there.log_likelihood >= lowest:
            return candidate, there
    raise ConvergenceError("the three-level model did not converge: its likelihood rises in no direction")
