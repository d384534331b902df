"""Marginal posterior distributions: tau as a piecewise polynomial density, mu as a mixture of normals.

Both answer the same questions (probability, density, quantile, central and shortest interval), and both are
exact to about the last digits of a float: no sampling, and no table that is interpolated.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from evisynth.errors import InvalidDataError
from evisynth.synthesis.result import short_repr
from evisynth.synthesis.root_finding import find_crossing, invert_distribution

Array = NDArray[np.float64]

#: Components of a rough mixture: enough to tell which of 21 intervals is the shortest.
ROUGH_COMPONENTS = 40


class Marginal(Protocol):
    """What an interval needs of a distribution; ``support_lower`` is where its density begins."""

    @property
    def support_lower(self) -> float:
        """The lower end of the support."""

    def density(self, x: ArrayLike) -> Array:
        """Return the density at ``x``."""

    def quantile(self, probability: ArrayLike) -> Array:
        """Return the values below which the mass ``probability`` lies."""

    def rough(self) -> Marginal:
        """Return nearly the same distribution, quicker to ask: good enough to know where to look."""


def shortest_interval(marginal: Marginal, level: float) -> tuple[float, float]:
    """Return the shortest interval with mass ``level``.

    Where the interval is inside the support, the density is the same at both ends; that is what is solved,
    from the best of 21 intervals, so that of several short intervals the shortest is found.
    """

    def excess(mass_below: float) -> float:
        lower, upper = marginal.density(marginal.quantile([mass_below, mass_below + level]))
        return float(lower - upper)

    rough = marginal.rough()
    least, most = _shortest_of_some(rough, level)
    if rough is not marginal and excess(least) * excess(most) > 0:
        least, most = _shortest_of_some(marginal, level)
    at_the_end = least < 1e-3 * (1 - level)
    if at_the_end and math.isfinite(marginal.support_lower) and excess(least) >= 0:
        return marginal.support_lower, float(marginal.quantile(level)[()])
    mass_below = find_crossing(excess, least, most)
    lower, upper = marginal.quantile([mass_below, mass_below + level])
    return float(lower), float(upper)


def _shortest_of_some(marginal: Marginal, level: float) -> tuple[float, float]:
    """Compare 21 intervals with mass ``level``; return the masses below the shortest one's neighbours."""
    outside = 1 - level
    below = outside * (np.arange(21) + 0.5) / 21
    widths = marginal.quantile(below + level) - marginal.quantile(below)
    best = int(np.argmin(widths))
    least = outside * 1e-12 if best == 0 else float(below[best - 1])
    most = outside * (1 - 1e-12) if best == len(below) - 1 else float(below[best + 1])
    return least, most


def _legendre(place: Array, degree: int) -> Array:
    """Return the Legendre polynomials at ``place``, along a new last axis (legvander lacks scalars)."""
    return np.asarray(legendre.legvander(place, degree).reshape(*np.shape(place), degree + 1))


def _read_probability(probability: ArrayLike) -> Array:
    target = np.asarray(probability, dtype=np.float64)
    if not np.all((target > 0) & (target < 1)):
        raise InvalidDataError(
            f"probability {target}: a quantile is asked for between 0 and 1, both excluded"
        )
    return target


def central_interval(marginal: Marginal, level: float) -> tuple[float, float]:
    """Return the interval that leaves the same mass below and above."""
    lower, upper = marginal.quantile([(1 - level) / 2, (1 + level) / 2])
    return float(lower), float(upper)


@dataclass(frozen=True, slots=True, eq=False)
class NormalMixture:
    """A mixture of normals: the posterior of mu, or of the effect in a new study, over the posterior of tau.

    ``weights`` sum to 1; all three arrays have one entry for each node of the integration over tau.
    """

    weights: Array
    means: Array
    standard_deviations: Array

    __repr__ = short_repr

    @property
    def support_lower(self) -> float:
        """Minus infinity."""
        return -math.inf

    def probability_below(self, threshold: ArrayLike) -> Array:
        """Return the mass below ``threshold`` (P(effect < threshold))."""
        return np.asarray(ndtr(self._standardise(threshold)) @ self.weights)

    def density(self, x: ArrayLike) -> Array:
        """Return the density at ``x``."""
        z = self._standardise(x)
        scaled = self.weights / self.standard_deviations / math.sqrt(2 * math.pi)
        return np.asarray(np.exp(-0.5 * z**2) @ scaled)

    def quantile(self, probability: ArrayLike) -> Array:
        """Return the values below which the mass ``probability`` (above 0, below 1) lies."""
        target = _read_probability(probability)
        z = ndtri(np.atleast_1d(target))
        # a quantile of a mixture lies between those of its components
        components = self.means + np.outer(z, self.standard_deviations)
        middle = int(np.searchsorted(np.cumsum(self.weights), 0.5))
        x = invert_distribution(
            self._probability_and_density,
            np.atleast_1d(target),
            (components.min(axis=1), components.max(axis=1)),
            components[:, min(middle, len(self.weights) - 1)],
        )
        return x.reshape(target.shape)

    def central_interval(self, level: float) -> tuple[float, float]:
        """Return the interval that leaves the same mass below and above."""
        return central_interval(self, level)

    def shortest_interval(self, level: float) -> tuple[float, float]:
        """Return the shortest interval with mass ``level``."""
        return shortest_interval(self, level)

    def rough(self) -> NormalMixture:
        """Put neighbouring components together until few are left, each with their mean and variance."""
        group = len(self.weights) // ROUGH_COMPONENTS
        if group < 2:
            return self
        starts = np.arange(0, len(self.weights), group)
        weights = np.add.reduceat(self.weights, starts)
        middle = float(self.weights @ self.means)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore", under="ignore"):
            offsets = self.means - middle
            means = np.add.reduceat(self.weights * offsets, starts) / weights
            squares = np.add.reduceat(self.weights * (offsets**2 + self.standard_deviations**2), starts)
            deviations = np.sqrt(squares / weights - means**2)
        sound = np.isfinite(means) & (deviations > 0) & np.isfinite(deviations)
        return NormalMixture(weights, middle + means, deviations) if sound.all() else self

    def _probability_and_density(self, x: Array) -> tuple[Array, Array]:
        z = self._standardise(x)
        scaled = self.weights / self.standard_deviations / math.sqrt(2 * math.pi)
        return ndtr(z) @ self.weights, np.exp(-0.5 * z**2) @ scaled

    def _standardise(self, x: ArrayLike) -> Array:
        at = np.asarray(x, dtype=np.float64)[..., np.newaxis]
        return np.asarray((at - self.means) / self.standard_deviations)


@dataclass(frozen=True, slots=True, eq=False)
class LogPanels:
    """The posterior of tau, as a density of log tau: a polynomial on each panel between ``edges``.

    ``coefficients``, shape (panels, degree + 1), are those of Legendre polynomials, scaled so that each
    polynomial integrates over -1 to 1 to the mass of its panel.
    """

    edges: Array
    coefficients: Array

    __repr__ = short_repr

    @property
    def support_lower(self) -> float:
        """Zero."""
        return 0.0

    def probability_below(self, threshold: ArrayLike) -> Array:
        """Return the mass below ``threshold``."""
        panel, place = self._locate(threshold)
        inside = self._mass_within(panel, place)
        return np.where(np.asarray(threshold) > 0, self._mass_before()[panel] + inside, 0.0)

    def density(self, x: ArrayLike) -> Array:
        """Return the density of tau at ``x``; near 0, below the first panel, it is that panel's first."""
        panel, place = self._locate(x)
        half = np.diff(self.edges)[panel] / 2
        degree = self.coefficients.shape[1] - 1
        value = np.sum(_legendre(place, degree) * self.coefficients[panel], axis=-1)
        at, (first, last) = np.asarray(x, dtype=np.float64), np.exp(self.edges[[0, -1]])
        within = (at >= 0) & (at <= last)
        return np.where(within, np.maximum(value, 0.0) / half / np.clip(at, first, last), 0.0)

    def quantile(self, probability: ArrayLike) -> Array:
        """Return the values below which the mass ``probability`` (above 0, below 1) lies."""
        target = _read_probability(probability)
        wanted = np.atleast_1d(target)
        before = self._mass_before()
        panel = np.clip(np.searchsorted(before, wanted, side="right") - 1, 0, len(before) - 2)
        degree = self.coefficients.shape[1] - 1

        def mass_and_density(place: Array) -> tuple[Array, Array]:
            value = np.sum(_legendre(place, degree) * self.coefficients[panel], axis=-1)
            return before[panel] + self._mass_within(panel, place), value

        ones = np.ones_like(wanted)
        place = invert_distribution(mass_and_density, wanted, (-ones, ones), 0 * ones)
        left, right = self.edges[panel], self.edges[panel + 1]
        return np.exp((left + right) / 2 + place * (right - left) / 2).reshape(target.shape)

    def central_interval(self, level: float) -> tuple[float, float]:
        """Return the interval that leaves the same mass below and above."""
        return central_interval(self, level)

    def shortest_interval(self, level: float) -> tuple[float, float]:
        """Return the shortest interval with mass ``level``; it begins at 0 where the density falls from 0."""
        return shortest_interval(self, level)

    def rough(self) -> LogPanels:
        """Return this distribution: a polynomial is quick to ask."""
        return self

    def _mass_before(self) -> Array:
        # only the constant term has an integral over -1 to 1
        return np.concatenate([[0.0], np.cumsum(2 * self.coefficients[:, 0])])

    def _locate(self, x: ArrayLike) -> tuple[NDArray[np.intp], Array]:
        """Return the panel of each value and its place in it (-1 to 1), at the ends for what lies outside."""
        first, last = np.exp(self.edges[[0, -1]])
        log_x = np.clip(np.log(np.clip(np.asarray(x, dtype=np.float64), first, last)), *self.edges[[0, -1]])
        panel = np.clip(np.searchsorted(self.edges, log_x, side="right") - 1, 0, len(self.edges) - 2)
        left, right = self.edges[panel], self.edges[panel + 1]
        return panel, np.clip((2 * log_x - left - right) / (right - left), -1.0, 1.0)

    def _mass_within(self, panel: NDArray[np.intp], place: Array) -> Array:
        """Integrate each panel's polynomial from -1 to ``place``."""
        degree = self.coefficients.shape[1] - 1
        basis = _legendre(place, degree + 1)
        orders = np.arange(1, degree + 1)
        # the integral of P_l from -1 is (P_(l+1) - P_(l-1)) / (2 l + 1)
        rising = (basis[..., 2:] - basis[..., :-2]) / (2 * orders + 1)
        integrals = np.concatenate([(place + 1)[..., np.newaxis], rising], axis=-1)
        return np.asarray(np.sum(integrals * self.coefficients[panel], axis=-1))
