r"""The likelihood of the binomial-normal model by adaptive Gauss-Hermite quadrature, with its gradient.

.. math::
    x_i \sim \text{Bin}(n_i, p_i), \qquad \operatorname{logit} p_i = \mu + \tau u_i, \qquad u_i \sim N(0, 1)

For each study the nodes are centred at the mode of the integrand over u and scaled by its curvature there;
one node is the Laplace approximation. The gradient is that of the approximated likelihood itself, with mode
and scale moving along, so that a maximum is exact for any number of nodes (Pinheiro & Bates 1995, Journal of
Computational and Graphical Statistics 4:12-35).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evisynth.errors import ConvergenceError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Quadrature:
    """Nodes z and the logs of their weights, for an integral over u of exp(h), u = mode + sqrt(2) scale z."""

    nodes: Array
    log_weights: Array

    @classmethod
    def of_size(cls, size: int) -> Quadrature:
        """Return the Gauss-Hermite rule with ``size`` nodes, for integrands relative to a standard normal."""
        nodes, weights = np.polynomial.hermite.hermgauss(size)
        return cls(nodes, np.log(weights) + nodes**2 - 0.5 * np.log(np.pi))


@dataclass(frozen=True, slots=True, eq=False)
class BinomialLikelihood:
    """The log likelihood of mu and tau given events of patients, with the binomial coefficients."""

    events: Array
    n: Array
    quadrature: Quadrature

    def value_and_gradient(self, mu: float, tau: float) -> tuple[float, Array]:
        """Return the log likelihood, and its derivatives by mu and by tau."""
        x, n = self.events, self.n
        mode = self._modes(mu, tau)
        p, free = _probabilities(mu + tau * mode)
        r, s = x - n * p, n * p * free
        s_slope = s * (free - p)
        scale = (tau**2 * s + 1) ** -0.5
        # derivatives of mode and scale by mu and tau, as rows
        mode_slope = scale**2 * np.array([-tau * s, r - tau * mode * s])
        curvature_slope = np.array([-(tau**2) * s_slope, -2 * tau * s - tau**2 * s_slope * mode])
        scale_slope = 0.5 * scale**3 * (curvature_slope - tau**3 * s_slope * mode_slope)

        z = np.sqrt(2) * self.quadrature.nodes[:, np.newaxis]
        u = mode + scale * z
        eta = mu + tau * u
        exponent = (
            x * eta - n * np.logaddexp(0, eta) - 0.5 * u**2 + self.quadrature.log_weights[:, np.newaxis]
        )
        largest = np.max(exponent, axis=0)
        mass = np.exp(exponent - largest)
        total = np.sum(mass, axis=0)
        mass = mass / total
        residual = x - n * _probabilities(eta)[0]
        along_u = tau * residual - u
        moving = [mode_slope[j] + z * scale_slope[j] for j in (0, 1)]
        by_mu = np.sum(mass * (residual + along_u * moving[0]), axis=0) + scale_slope[0] / scale
        by_tau = np.sum(mass * (residual * u + along_u * moving[1]), axis=0) + scale_slope[1] / scale
        value = np.sum(largest + np.log(total) + np.log(scale)) + self.log_coefficients
        return float(value), np.array([np.sum(by_mu), np.sum(by_tau)])

    def hessian(self, mu: float, tau: float) -> Array:
        """Return the second derivatives, by central differences of fourth order of the exact gradient."""
        near, far = self._gradient_slopes(mu, tau, 1e-3), self._gradient_slopes(mu, tau, 2e-3)
        return (4 * near - far) / 3

    def rough_hessian(self, mu: float, tau: float) -> Array:
        """Return the second derivatives to about six digits, at half the price."""
        return self._gradient_slopes(mu, tau, 1e-3)

    def _gradient_slopes(self, mu: float, tau: float, step: float) -> Array:
        slopes = np.empty((2, 2))
        for j, (by_mu, by_tau) in enumerate(((step, 0.0), (0.0, step))):
            _, ahead = self.value_and_gradient(mu + by_mu, tau + by_tau)
            _, behind = self.value_and_gradient(mu - by_mu, tau - by_tau)
            slopes[j] = (ahead - behind) / (2 * step)
        return np.asarray((slopes + slopes.T) / 2)

    @property
    def log_coefficients(self) -> float:
        """The sum of the logs of the binomial coefficients."""
        from scipy.special import betaln

        return float(-np.sum(np.log(self.n + 1) + betaln(self.events + 1, self.n - self.events + 1)))

    @property
    def saturated(self) -> float:
        """The largest log likelihood there can be: every study with its own proportion."""
        from scipy.special import xlogy

        x, n = self.events, self.n
        return float(np.sum(xlogy(x, x / n) + xlogy(n - x, 1 - x / n))) + self.log_coefficients

    def _modes(self, mu: float, tau: float) -> Array:
        """Return where each study's integrand is largest: the root of tau (x - n p) - u, which falls in u."""
        x, n = self.events, self.n
        ends = np.sort([tau * (x - n), tau * x], axis=0)
        lower, upper = ends[0], ends[1]
        u, moved = np.zeros_like(x), upper - lower
        for _ in range(200):
            p, free = _probabilities(mu + tau * u)
            slope = tau * (x - n * p) - u
            lower, upper = np.where(slope >= 0, u, lower), np.where(slope <= 0, u, upper)
            curvature = tau**2 * n * p * free + 1
            newton = u + slope / curvature
            # a step that is not half of the last one may be going in circles: halve the bracket instead
            sound = (newton >= lower) & (newton <= upper) & (2 * np.abs(newton - u) <= np.abs(moved))
            step = np.where(sound, newton, (lower + upper) / 2)
            # x - n p is a difference of patients, known to the last digit of n
            rounding = 1e-14 * (1 + np.abs(u)) + 1e-15 * np.abs(tau) * n / curvature
            if np.all((np.abs(newton - u) <= rounding) | (upper - lower <= rounding)):
                return np.clip(newton, lower, upper)
            moved, u = step - u, step
        raise ConvergenceError(
            f"the modes of the random effects were not found at mu = {mu:g}, tau = {tau:g}"
        )


def _probabilities(eta: Array) -> tuple[Array, Array]:
    """Return p and 1 - p, each without loss of digits where it is small."""
    return np.exp(-np.logaddexp(0, -eta)), np.exp(-np.logaddexp(0, eta))
