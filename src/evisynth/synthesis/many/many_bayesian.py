r"""Thousands of Bayesian syntheses in one call: what ``pool_bayesian`` says of the mean effect, in columns.

The posterior of :mod:`evisynth.synthesis.tau_integration`, with mu flat, by the trapezoid rule on log tau:
all groups have the same nodes, and because the integrand is analytic and falls off at both ends the rule
gains digits as fast as a Gauss rule does (Trefethen & Weideman 2014, SIAM Review 56:385-458). Far below the
smallest standard error the likelihood no longer depends on tau, so that the rest of the prior is one node.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from evisynth.errors import InvalidDataError
from evisynth.synthesis.bayesian import pool_bayesian
from evisynth.synthesis.priors import TauPrior, read_tau_prior
from evisynth.synthesis.result import short_repr
from evisynth.synthesis.root_finding import invert_distribution
from evisynth.synthesis.validation import checked_level

Floats = NDArray[np.float64]

#: Of the smallest standard error: a smaller tau changes the likelihood by less than the tenth digit.
_NEGLIGIBLE_TAU = 1e-5
#: Log density below the top at which the tail of tau is cut off.
_DROP = 36.0
#: The same of the variance of mu, which decides no limit; and how far it is followed on log tau.
_VARIANCE_DROP, _FARTHEST = 20.0, 100.0
#: Step on log tau: well below the posterior's spread, also when many rows tell tau, and never so wide that
#: the growth of the integrand off the real line is felt.
_LARGEST_STEP, _STEP_OF_MANY_ROWS = 0.12, 0.3
#: Groups times nodes held at once.
_MOST_ENTRIES = 400_000
_NEWTON_STEPS = 60


@dataclass(frozen=True, slots=True, eq=False)
class BayesianMany:
    """A row a group: posterior median and standard deviation of mu, and its shortest interval.

    The standard deviation is infinite where the posterior has none.
    """

    estimate: Floats
    standard_error: Floats
    ci_lower: Floats
    ci_upper: Floats

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, eq=False)
class _Mixtures:
    """For each group (a line) a mixture of normals over the nodes (columns)."""

    mass: Floats
    mean: Floats
    deviation: Floats

    def below(self, x: Floats) -> tuple[Floats, Floats]:
        """Return for each group the probability below its ``x``, and the density there."""
        z = (x[:, None] - self.mean) / self.deviation
        return (self.mass * ndtr(z)).sum(axis=1), self._density(z)

    def density_and_slope(self, x: Floats) -> tuple[Floats, Floats]:
        """Return for each group the density at its ``x``, and how fast it rises."""
        z = (x[:, None] - self.mean) / self.deviation
        parts = self.mass * np.exp(-0.5 * z**2) / self.deviation / np.sqrt(2 * np.pi)
        return parts.sum(axis=1), (-parts * z / self.deviation).sum(axis=1)

    def quantile(self, probability: float) -> Floats:
        """Return for each group the value below which so much mass lies."""
        # it lies between the quantiles of the components
        ends = self.mean + ndtri(probability) * self.deviation
        bracket = ends.min(axis=1), ends.max(axis=1)
        start = (self.mass * ends).sum(axis=1)
        return invert_distribution(self.below, np.full(len(start), probability), bracket, start)

    def _density(self, z: Floats) -> Floats:
        density = self.mass * np.exp(-0.5 * z**2) / self.deviation
        return np.asarray(density.sum(axis=1) / np.sqrt(2 * np.pi))


def pool_many_bayesian(
    y: Floats, v: Floats, *, tau_prior: TauPrior | str, level: float = 0.95
) -> BayesianMany:
    """Pool each line of a table by itself in the Bayesian model, with a flat prior on mu.

    Parameters
    ----------
    y : shape (groups, rows)
        Effect estimates; NaN where a row is not in a group. At least two rows in each group.
    v : shape (groups, rows)
        Sampling variances, NaN where ``y`` is.
    tau_prior, level
        As for :func:`evisynth.synthesis.bayesian.pool_bayesian`.

    Raises
    ------
    InvalidDataError
        For a group of fewer than two rows, or a flat prior on tau.
    ConvergenceError
        When a quantile is not found.
    """
    prior, level = read_tau_prior(tau_prior), checked_level(level)
    if len(y) and (~np.isnan(y)).sum(axis=1).min() < 2:
        raise InvalidDataError("a group of fewer than two rows is not pooled; leave it out")
    found = BayesianMany(*(np.empty(len(y)) for _ in range(4)))
    if not len(y):
        return found
    tau, log_prior = _nodes(y, v, prior)
    size = max(1, _MOST_ENTRIES // len(tau))
    for start in range(0, len(y), size):
        part = slice(start, start + size)
        of = _mixtures(y[part], v[part], tau, log_prior)
        count = (~np.isnan(y[part])).sum(axis=1)
        found.estimate[part] = of.quantile(0.5)
        found.standard_error[part] = _standard_deviation(of, prior.tail_index + count)
        found.ci_lower[part], found.ci_upper[part] = _shortest(of, level)
    for group in np.flatnonzero(np.isnan(found.ci_lower)):
        inside = ~np.isnan(y[group])
        alone = pool_bayesian(y[group, inside], v[group, inside], tau_prior=prior, level=level)
        found.ci_lower[group], found.ci_upper[group] = alone.ci_lower, alone.ci_upper
    return found


def _standard_deviation(of: _Mixtures, fall: Floats) -> Floats:
    """Return the standard deviation of mu; infinite where tau's tail, falling as power ``fall``, has none."""
    mean = (of.mass * of.mean).sum(axis=1)
    variance = (of.mass * (of.deviation**2 + (of.mean - mean[:, None]) ** 2)).sum(axis=1)
    # with mu flat, its variance grows as tau squared; the density of tau falls as tau to the minus (a + k)
    return np.where(fall <= 3, np.inf, np.sqrt(variance))


def _nodes(y: Floats, v: Floats, prior: TauPrior) -> tuple[Floats, Floats]:
    """Return the nodes of tau that serve all groups, with the log of the prior's mass around each."""
    least, most = float(np.sqrt(np.nanmin(v))), float(np.sqrt(np.nanmax(v)))
    spread = float(np.nanmax(y) - np.nanmin(y))
    rows = y.shape[1]
    step = min(_LARGEST_STEP, _STEP_OF_MANY_ROWS / np.sqrt(rows))
    first = np.log(least * _NEGLIGIBLE_TAU)
    last = np.log(max(most, spread, prior.scale)) + _reach(prior, int((~np.isnan(y)).sum(axis=1).min()))
    grid = np.arange(first, last + step, step)
    below = first - step * np.arange(1, int(2 * _DROP / step))
    # no tau below the first node tells anything, but the prior has mass there
    mass_below = np.logaddexp.reduce(_log_mass(below, prior, step))
    tau = np.exp(np.concatenate([[first], grid]))
    return tau, np.concatenate([[mass_below], _log_mass(grid, prior, step)])


def _reach(prior: TauPrior, rows: int) -> float:
    """Return how far beyond the data and the prior, on log tau, the mass and the variance of mu reach."""
    # there the log density of log tau falls by a + k - 1 a unit, and its product with tau squared by two less
    fall = min(prior.tail_index, 10.0) + rows - 1
    of_mass = max(3.0, _DROP / fall)
    return of_mass if fall <= 2 else max(of_mass, min(_FARTHEST, _VARIANCE_DROP / (fall - 2)))


def _log_mass(log_tau: Floats, prior: TauPrior, step: float) -> Floats:
    return np.asarray(prior.log_density(np.exp(log_tau)) + log_tau + np.log(step))


def _mixtures(y: Floats, v: Floats, tau: Floats, log_prior: Floats) -> _Mixtures:
    # about the mean of each group, so that a common offset of the effects costs no digits
    centre = np.nanmean(y, axis=1)
    shape = len(y), len(tau)
    total, first, second, log_variances = (np.zeros(shape) for _ in range(4))
    for column in range(y.shape[1]):
        inside = ~np.isnan(y[:, column])
        variance = v[inside, column][:, None] + tau**2
        offset = (y[inside, column] - centre[inside])[:, None]
        total[inside] += 1 / variance
        first[inside] += offset / variance
        second[inside] += offset**2 / variance
        log_variances[inside] += np.log(variance)
    mean = first / total
    log_density = log_prior - 0.5 * (log_variances + np.log(total) + second - first * mean)
    mass = np.exp(log_density - log_density.max(axis=1, keepdims=True))
    mass /= mass.sum(axis=1, keepdims=True)
    # Nodes that no group feels, in its mass or its variance, would only cost time.
    used = (mass * np.maximum(1.0, total[:, :1] / total) > 1e-17).any(axis=0)
    return _Mixtures(mass[:, used], centre[:, None] + mean[:, used], total[:, used] ** -0.5)


def _shortest(of: _Mixtures, level: float) -> tuple[Floats, Floats]:
    """Return the intervals with mass ``level`` and the same density at both ends; NaN where none is found."""
    lower, upper = of.quantile((1 - level) / 2), of.quantile((1 + level) / 2)
    settled = np.zeros(len(lower), dtype=np.bool_)
    for _ in range(_NEWTON_STEPS):
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            down, up = _newton_step(of, lower, upper, level)
        # a quarter of the width at most, so that an end stays on its side of the top
        reach = 0.25 * (upper - lower)
        lower, upper = lower + np.clip(down, -reach, reach), upper + np.clip(up, -reach, reach)
        settled = np.maximum(np.abs(down), np.abs(up)) <= 1e-10 * (upper - lower)
        if np.all(settled):
            break
    return np.where(settled, lower, np.nan), np.where(settled, upper, np.nan)


def _newton_step(of: _Mixtures, lower: Floats, upper: Floats, level: float) -> tuple[Floats, Floats]:
    excess = of.below(upper)[0] - of.below(lower)[0] - level
    at_lower, lower_slope = of.density_and_slope(lower)
    at_upper, upper_slope = of.density_and_slope(upper)
    gap = at_lower - at_upper
    determinant = at_lower * upper_slope - at_upper * lower_slope
    down = (excess * upper_slope + at_upper * gap) / determinant
    up = (excess * lower_slope + at_lower * gap) / determinant
    return down, up
