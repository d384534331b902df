"""The highest point of the restricted likelihood of the three-level model over two variances."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evisynth.errors import ConvergenceError
from evisynth.synthesis.multilevel_likelihood import ClusteredEffects, Curvature

Array = NDArray[np.float64]

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
