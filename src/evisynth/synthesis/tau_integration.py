r"""The posterior of tau by numeric integration, and the normal posterior of mu at each of its nodes.

.. math::
    p(\tau \mid y) \propto p(\tau) \prod_i (v_i + \tau^2)^{-1/2}\; W^{-1/2}
    \exp\Big\{-\tfrac12\Big[\sum_i w_i (y_i - \tilde\mu)^2 + (\tilde\mu - m_0)^2 / s_0^2\Big]\Big\}, \qquad
    w_i = \frac1{v_i + \tau^2}, \quad W = \sum_i w_i + 1/s_0^2

    \mu \mid \tau, y \sim N(\tilde\mu, 1/W), \qquad \tilde\mu = \Big(\sum_i w_i y_i + m_0/s_0^2\Big) / W

with a normal prior N(m0, s0²) on mu, or 1/s0² = 0 for a flat one (Röver 2020, Journal of Statistical Software
93(6)). The integral is taken over log tau by Gauss-Legendre panels: there the integrand is smooth on any
scale, from zero to a heavy tail. The panels are placed where the mass is, and halved until the polynomial of
each panel has settled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import NDArray

from evisynth.errors import ConvergenceError
from evisynth.synthesis.marginals import LogPanels
from evisynth.synthesis.priors import NormalPrior, TauPrior

Array = NDArray[np.float64]

NODES = 16
# drops in log density beyond which nothing is left: on the left the density of log tau falls as tau, on the
# right it may fall as slowly as 1 / tau, and second moments need more of it
LEFT_DROP, RIGHT_DROP = 40.0, 100.0
# tau squared overflows beyond exp(354)
FARTHEST = 340.0
LARGEST_CHUNK = 2_000_000
# beyond this a log density keeps no decimals
LARGEST_LOG_DENSITY = 1e10


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Effects, their variances, and the priors."""

    y: Array
    v: Array
    tau_prior: TauPrior
    mu_prior: NormalPrior | None

    @property
    def prior_precision(self) -> float:
        """The precision of the prior on mu; 0 when it is flat."""
        return 0.0 if self.mu_prior is None else 1 / self.mu_prior.sd**2

    @property
    def prior_mean(self) -> float:
        """The mean of the prior on mu; 0 when it is flat, where it has no weight."""
        return 0.0 if self.mu_prior is None else self.mu_prior.mean


@dataclass(frozen=True, slots=True, eq=False)
class TauPosterior:
    """The posterior of tau, and at its nodes: mass, and mean and variance of mu."""

    marginal: LogPanels
    tau: Array
    mass: Array
    mean: Array
    variance: Array


def integrate_over_tau(model: Model) -> TauPosterior:
    """Integrate the posterior over tau.

    Raises
    ------
    ConvergenceError
        When the panels do not settle.
    """
    left, right, peak = _find_mass(model)
    panels = max(32, int(np.ceil((right - left) / 0.8)))
    for _ in range(7):
        edges = np.linspace(left, right, panels + 1)
        log_tau, quadrature = _nodes(edges)
        log_density, mean, variance = conditional_posterior(model, log_tau)
        relative = np.exp(log_density - peak)
        mass = relative * quadrature
        total = float(np.sum(mass))
        coefficients = _legendre_coefficients(relative, edges) / total
        unsettled = float(np.max(np.abs(coefficients[:, -2:])))
        # a log density of size L is known to L times the float's precision, no better
        if unsettled <= 1e-11 + min(1e-14 * abs(peak), 1e-7):
            marginal = LogPanels(edges, coefficients)
            return TauPosterior(marginal, np.exp(log_tau), mass / total, mean, variance)
        panels *= 2
    raise ConvergenceError(
        f"the integral over tau did not settle: {unsettled:.1e} left on {panels // 2} panels"
    )


def conditional_posterior(model: Model, log_tau: Array) -> tuple[Array, Array, Array]:
    """Return at each node the log density of log tau (unnormalised), and mean and variance of mu."""
    per_chunk = max(1, LARGEST_CHUNK // len(model.y))
    # where a density underflows to 0 its log is minus infinity, and that is the right answer
    with np.errstate(over="ignore", divide="ignore"):
        parts = [
            _conditional_posterior(model, log_tau[start : start + per_chunk])
            for start in range(0, len(log_tau), per_chunk)
        ]
    log_density, mean, variance = (np.concatenate(part) for part in zip(*parts, strict=True))
    return log_density, mean, variance


def _conditional_posterior(model: Model, log_tau: Array) -> tuple[Array, Array, Array]:
    tau = np.exp(log_tau)
    total_variance = model.v + tau[:, np.newaxis] ** 2
    w = 1 / total_variance
    precision = np.sum(w, axis=1) + model.prior_precision
    # about the mean of y, so that a common offset of the effects costs no digits
    centre = float(np.mean(model.y))
    prior_offset = model.prior_mean - centre if model.mu_prior else 0.0
    offset = (w @ (model.y - centre) + model.prior_precision * prior_offset) / precision
    residual = (model.y - centre) - offset[:, np.newaxis]
    deviance = np.sum(w * residual**2, axis=1) + model.prior_precision * (offset - prior_offset) ** 2
    log_density = (
        model.tau_prior.log_density(tau)
        + log_tau
        - 0.5 * (np.sum(np.log(total_variance), axis=1) + np.log(precision) + deviance)
    )
    return log_density, centre + offset, 1 / precision


def study_shares(model: Model, posterior: TauPosterior) -> Array:
    """Return each study's share in the mean effect, averaged over the posterior of tau; they sum to 1."""
    heavy = posterior.mass > 1e-18
    tau, mass = posterior.tau[heavy], posterior.mass[heavy]
    per_chunk = max(1, LARGEST_CHUNK // len(model.y))
    shares = np.zeros_like(model.y)
    for start in range(0, len(tau), per_chunk):
        chunk = slice(start, start + per_chunk)
        w = 1 / (model.v + tau[chunk, np.newaxis] ** 2)
        shares += (mass[chunk] / np.sum(w, axis=1)) @ w
    return np.asarray(shares / np.sum(shares))


def _find_mass(model: Model) -> tuple[float, float, float]:
    """Return between which values of log tau the mass lies, and the largest log density there."""
    scales = [*np.sqrt([np.min(model.v), np.max(model.v)]), model.tau_prior.scale, np.ptp(model.y)]
    logs = np.log([scale for scale in scales if scale > 0])
    left = max(float(np.min(logs)) - 50, -FARTHEST)
    right = min(float(np.max(logs)) + 110, FARTHEST)
    for points in (2001, *[401] * 40):
        log_tau = np.linspace(left, right, points)
        log_density, _, _ = conditional_posterior(model, log_tau)
        top = int(np.argmax(log_density))
        if not abs(log_density[top]) <= LARGEST_LOG_DENSITY:
            raise ConvergenceError(
                "the posterior of tau cannot be told in a float: the effects differ by many orders of "
                "magnitude more than the prior on tau allows; mend the data, or give a wider prior"
            )
        drop = np.where(np.arange(points) < top, LEFT_DROP, RIGHT_DROP)
        kept = np.flatnonzero(log_density > log_density[top] - drop)
        narrower = log_tau[max(kept[0] - 1, 0)], log_tau[min(kept[-1] + 1, points - 1)]
        settled = narrower[1] - narrower[0] > 0.7 * (right - left)
        left, right = float(narrower[0]), float(narrower[1])
        if settled:
            return left, right, float(log_density[top])
    raise ConvergenceError("the mass of the posterior of tau was not found")


def _nodes(edges: Array) -> tuple[Array, Array]:
    """Return the Gauss-Legendre nodes and weights of all panels, panel by panel."""
    place, weight = legendre.leggauss(NODES)
    half = np.diff(edges)[:, np.newaxis] / 2
    middle = (edges[:-1] + edges[1:])[:, np.newaxis] / 2
    return (middle + half * place).ravel(), (half * weight).ravel()


def _legendre_coefficients(values: Array, edges: Array) -> Array:
    """Return the polynomials through the nodes' values, each scaled by half of its panel's width."""
    place, weight = legendre.leggauss(NODES)
    basis = legendre.legvander(place, NODES - 1)
    orders = np.arange(NODES)
    projection = (weight[:, np.newaxis] * basis) * (2 * orders + 1) / 2
    half = np.diff(edges)[:, np.newaxis] / 2
    return np.asarray((values.reshape(-1, NODES) * half) @ projection)
