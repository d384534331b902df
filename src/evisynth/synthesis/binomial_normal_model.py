r"""The binomial-normal model for proportions: few events and empty rows, without continuity correction.

.. math::
    x_i \sim \text{Bin}(n_i, p_i), \qquad \operatorname{logit} p_i = \mu + \tau u_i, \qquad u_i \sim N(0, 1)

The likelihood is summed up by adaptive Gauss-Hermite quadrature: for each study the nodes are centred at the
mode of the integrand over u and scaled by its curvature there; one node is the Laplace approximation. The
gradient is that of the approximated likelihood itself, with mode and scale moving along, so that a maximum is
exact for any number of nodes (Pinheiro & Bates 1995, Journal of Computational and Graphical Statistics
4:12-35).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evisynth.arithmetic import (
    check_events,
    clopper_pearson,
    clopper_pearson_one_sided,
    read_columns,
    refuse_rows,
)
from evisynth.errors import ConvergenceError, InvalidDataError
from evisynth.synthesis.result import short_repr
from evisynth.synthesis.validation import checked_level, make_arrays_read_only

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


# where the likelihood is still rising at a tau of 50 on the logit scale, it rises for ever
LARGEST_TAU = 50.0


@dataclass(frozen=True, slots=True, eq=False)
class BinomialNormalResult:
    """A pooled proportion on the logit scale.

    ``heterogeneity_*`` is the likelihood-ratio test of one common proportion against a proportion for each
    study, with k - 1 degrees of freedom. ``tau_squared_*`` is the one of tau squared = 0 against the fitted
    model; zero lies on the border, so its p-value is half of that of chi-squared with 1 degree of freedom.
    The prediction limits are those of a normal distribution with variance tau squared plus the squared
    standard error.
    """

    estimate: float
    standard_error: float
    ci_lower: float
    ci_upper: float
    tau_squared: float
    prediction_lower: float
    prediction_upper: float
    log_likelihood: float
    heterogeneity_statistic: float
    heterogeneity_p_value: float
    tau_squared_statistic: float
    tau_squared_p_value: float
    row_count: int
    events: Array
    n: Array
    nodes: int
    level: float
    method: str = "binomial-normal"
    effect_measure: str = "PLO"
    labels: tuple[str, ...] | None = None

    __repr__ = short_repr

    def __post_init__(self) -> None:
        make_arrays_read_only(self)


@dataclass(frozen=True, slots=True)
class ExactLimit:
    """What can be said when no study (or every patient) had the event: a limit, and no estimate.

    ``limit`` is the exact limit of the two-sided interval of the pooled proportion (0 to 1), with
    (1 - level) / 2 in the tail; ``one_sided_limit`` has the whole of 1 - level there. Both hold if one
    proportion is common to all studies, which such data can neither show nor refute.
    """

    side: Literal["upper", "lower"]
    limit: float
    one_sided_limit: float
    events: int
    n: int
    row_count: int
    level: float
    reason: str


def pool_binomial_normal(
    events: ArrayLike,
    n: ArrayLike,
    *,
    nodes: int = 21,
    common: bool = False,
    level: float = 0.95,
    labels: Sequence[str] | None = None,
) -> BinomialNormalResult | ExactLimit:
    r"""Pool proportions by maximum likelihood in the random-intercept binomial-normal model.

    .. math::
        x_i \sim \text{Bin}\big(n_i, \operatorname{logit}^{-1}(\mu + u_i)\big), \qquad u_i \sim N(0, \tau^2)

    Parameters
    ----------
    events, n : shape (k,), k >= 1
        Patients with the event and all patients; whole numbers.
    nodes : int
        Nodes of the adaptive quadrature; 1 is the Laplace approximation.
    common : bool
        Whether one proportion is common to all rows (tau is 0), as for strata of one study.
    level : float
        Level of the intervals.
    labels : sequence of str, optional
        One for each study, handed on to figures.

    Returns
    -------
    BinomialNormalResult or ExactLimit
        The estimate of mu on the logit scale, its standard error from the observed information of mu and
        tau; or an exact limit, when events are 0 (or n) in every row.

    Raises
    ------
    InvalidDataError
        For impossible counts; the message names the row and the value.
    ConvergenceError
        When the likelihood has no maximum: every row is empty or full, and there are both kinds.

    References
    ----------
    Stijnen, Hamza & Özdemir 2010, Statistics in Medicine 29:3046-3067.
    """
    columns = read_columns({"events": events, "n": n})
    check_events(columns, "events", "n")
    for name, column in columns.items():
        refuse_rows(column != np.floor(column), columns, (name,), f"{name} must be a whole number")
    if not isinstance(nodes, int | np.integer) or not 1 <= nodes <= 100:
        raise InvalidDataError(f"nodes = {nodes!r}: give a whole number from 1 to 100")
    level = checked_level(level)
    names = None if labels is None else tuple(labels)
    if names is not None and len(names) != len(columns["n"]):
        raise InvalidDataError(f"{len(names)} labels for {len(columns['n'])} rows; give one for each row")
    if not np.any(columns["events"]) or np.all(columns["events"] == columns["n"]):
        return _exact_limit(columns["events"], columns["n"], level)
    likelihood = BinomialLikelihood(columns["events"], columns["n"], Quadrature.of_size(int(nodes)))
    return _summarise(likelihood, *_fit(likelihood, common=common), level, names)


def _exact_limit(events: Array, n: Array, level: float) -> ExactLimit:
    total, size = int(np.sum(events)), int(np.sum(n))
    side: Literal["upper", "lower"] = "lower" if total else "upper"
    return ExactLimit(
        side=side,
        limit=clopper_pearson(total, size, level)[side == "upper"],
        one_sided_limit=clopper_pearson_one_sided(total, size, side, level),
        events=total,
        n=size,
        row_count=len(n),
        level=level,
        reason=f"{total} of {size} patients in all studies together had the event: only a limit can be given",
    )


def _fit(likelihood: BinomialLikelihood, *, common: bool) -> tuple[float, float, float]:
    """Return mu, tau and the log likelihood at the highest maximum found from several starts."""
    events, size = float(np.sum(likelihood.events)), float(np.sum(likelihood.n))
    middle = math.log(events / (size - events))
    at_common, _ = likelihood.value_and_gradient(middle, 0.0)
    best = (middle, 0.0, at_common)
    # single patients say nothing of a spread between studies
    starts = (0.1, 0.5, 1.5, 4.0) if np.any(likelihood.n > 1) and not common else ()
    for start in starts:
        found = _climb(likelihood, middle, start)
        # a gain within the likelihood's rounding is none: the common proportion stands
        if found[2] > best[2] + 1e-12 * (1 + abs(best[2])):
            best = found
    if best[1] > LARGEST_TAU:
        raise ConvergenceError(
            "the likelihood rises with tau without end: nearly every row is empty or full, and there are "
            "both kinds; show the rows without a pooled proportion"
        )
    return best


def _climb(likelihood: BinomialLikelihood, mu: float, tau: float) -> tuple[float, float, float]:
    """Climb to a maximum by Newton's steps, shortened where the likelihood curves up or does not rise."""
    at = np.array([mu, tau])
    value, gradient = likelihood.value_and_gradient(*at)
    damping, polished = 0.0, 0
    for _ in range(300):
        if abs(at[1]) > LARGEST_TAU:
            return float(at[0]), abs(float(at[1])), value
        information = -likelihood.rough_hessian(*at)
        size = float(np.abs(information).max())
        least = float(np.linalg.eigvalsh(information)[0])
        newton = np.linalg.solve(information, gradient) if least > 1e-10 * size else None
        if newton is not None and gradient @ newton <= 1e-9:
            # the likelihood can no longer tell the points apart; its gradient still can
            at, polished = at + newton, polished + 1
            value, gradient = likelihood.value_and_gradient(*at)
            if polished == 4:
                return float(at[0]), abs(float(at[1])), value
            continue
        if float(np.abs(gradient).max()) <= 1e-11:
            # flat: nowhere to go from here
            return float(at[0]), abs(float(at[1])), value
        lift = damping + max(0.0, 0.01 * size - least)
        step = newton if newton is not None and not damping else _solve(information, lift, gradient)
        new_value, new_gradient = likelihood.value_and_gradient(*(at + step))
        if new_value > value:
            at, value, gradient, damping = at + step, new_value, new_gradient, damping / 10
            damping = damping if damping > 1e-6 * size else 0.0
        else:
            damping = max(10 * damping, 0.01 * size)
    raise ConvergenceError("the binomial-normal model did not converge in 300 steps")


def _solve(information: Array, lift: float, gradient: Array) -> Array:
    return np.asarray(np.linalg.solve(information + lift * np.eye(2), gradient), dtype=np.float64)


def _summarise(
    likelihood: BinomialLikelihood,
    mu: float,
    tau: float,
    log_likelihood: float,
    level: float,
    labels: tuple[str, ...] | None,
) -> BinomialNormalResult:
    from scipy.special import chdtrc, ndtri

    information = -likelihood.hessian(mu, tau)
    # at tau = 0 nothing is learned of tau, and nothing is lost of mu
    variance = float(np.linalg.inv(information)[0, 0]) if tau > 0 else 1 / float(information[0, 0])
    standard_error, z = math.sqrt(variance), float(ndtri((1 + level) / 2))
    predictive = math.sqrt(tau**2 + variance)
    events, size = float(np.sum(likelihood.events)), float(np.sum(likelihood.n))
    at_common, _ = likelihood.value_and_gradient(math.log(events / (size - events)), 0.0)
    heterogeneity = max(0.0, 2 * (likelihood.saturated - at_common))
    of_tau = max(0.0, 2 * (log_likelihood - at_common)) if tau > 0 else 0.0
    degrees_of_freedom = len(likelihood.n) - 1
    return BinomialNormalResult(
        estimate=mu,
        standard_error=standard_error,
        ci_lower=mu - z * standard_error,
        ci_upper=mu + z * standard_error,
        tau_squared=tau**2,
        prediction_lower=mu - z * predictive,
        prediction_upper=mu + z * predictive,
        log_likelihood=log_likelihood,
        heterogeneity_statistic=heterogeneity,
        heterogeneity_p_value=float(chdtrc(degrees_of_freedom, heterogeneity)) if degrees_of_freedom else 1.0,
        tau_squared_statistic=of_tau,
        tau_squared_p_value=0.5 * float(chdtrc(1, of_tau)) if of_tau > 0 else 1.0,
        row_count=len(likelihood.n),
        events=likelihood.events,
        n=likelihood.n,
        nodes=len(likelihood.quadrature.nodes),
        level=level,
        labels=labels,
    )
