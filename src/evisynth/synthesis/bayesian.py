"""Bayesian random effects by numeric integration: for few studies, where tau cannot be estimated.

The same data under several priors on tau show how much of an answer is the prior's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evisynth.arithmetic import chi_squared_tail
from evisynth.errors import InvalidDataError
from evisynth.synthesis.marginals import LogPanels, NormalMixture
from evisynth.synthesis.priors import NormalPrior, Priors, TauPrior, read_mu_prior, read_tau_prior
from evisynth.synthesis.result import PooledResult, short_repr
from evisynth.synthesis.tau_integration import Model, TauPosterior, integrate_over_tau, study_shares
from evisynth.synthesis.validation import checked_effects, checked_level, row_name

Array = NDArray[np.float64]

# components with less mass than this change no probability in its last digit
NEGLIGIBLE = 1e-17
# of a standard deviation: a step this small is rounding
SAME_COMPONENT = 2e-16
LARGEST_EFFECT, SMALLEST_VARIANCE = 1e100, 1e-200


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """The posterior distributions: the mean effect, the effect in a new study, and tau.

    Each answers ``probability_below(x)``, ``density(x)``, ``quantile(p)``, ``central_interval(level)`` and
    ``shortest_interval(level)``.
    """

    effect: NormalMixture
    prediction: NormalMixture
    tau: LogPanels

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, eq=False, kw_only=True, repr=False)
class BayesianResult(PooledResult):
    """A pooled result from a posterior.

    ``estimate`` is the posterior median of mu and ``standard_error`` its posterior standard deviation
    (infinite where the posterior has none); the confidence and prediction limits are shortest intervals;
    ``tau`` is the posterior median and ``tau_squared`` its square; ``p_value`` is twice the smaller
    posterior probability of an effect below or above 0. ``i_squared`` and ``h_squared`` compare
    ``tau_squared`` with the typical sampling variance; ``weights`` are the studies' shares, averaged over
    the posterior of tau, without the share of the prior on mu.
    """

    prior: Priors
    posterior: Posterior
    tau: float
    tau_ci_lower: float
    tau_ci_upper: float


def pool_bayesian(
    y: ArrayLike,
    v: ArrayLike,
    *,
    tau_prior: TauPrior | str,
    mu_prior: NormalPrior | str | None = None,
    level: float = 0.95,
    labels: Sequence[str] | None = None,
    effect_measure: str | None = None,
) -> BayesianResult:
    r"""Pool effects in the normal-normal hierarchical model, integrating over tau and mu.

    .. math::
        y_i \sim N(\mu, v_i + \tau^2), \qquad \tau \sim p(\tau), \qquad \mu \sim N(m_0, s_0^2)
        \text{ or flat}

    Parameters
    ----------
    y : shape (k,), k >= 1
        Effect estimates, on the scale on which they are pooled (log for ratios).
    v : shape (k,)
        Sampling variances of ``y``, in squared units of ``y``; all > 0.
    tau_prior : TauPrior or str
        A proper prior on tau, in units of ``y``: ``HalfNormal(0.5)`` or ``"half-normal(0.5)"``.
    mu_prior : NormalPrior or str, optional
        A normal prior on mu; flat when left out. With one study, a flat prior on mu leaves the interval
        to the prior on tau alone: give a proper one.
    level : float
        Mass of the intervals.
    labels : sequence of str, optional
        One for each study, handed on to figures.
    effect_measure : str, optional
        Handed on to figures.

    Returns
    -------
    BayesianResult
        With ``method`` ``"bayesian"`` and ``interval`` ``"shortest"``.

    Raises
    ------
    InvalidDataError
        For estimates or variances that no formula can take (row and value are named), or a flat prior on tau.
    ConvergenceError
        When the integral over tau does not settle.

    References
    ----------
    Röver 2020, Journal of Statistical Software 93(6):1-51.
    """
    estimates, variances, names = checked_effects(y, v, labels)
    _check_range(estimates, variances, names)
    level = checked_level(level)
    model = Model(estimates, variances, read_tau_prior(tau_prior), read_mu_prior(mu_prior))
    return _summarise(model, integrate_over_tau(model), level, names, effect_measure)


def _summarise(
    model: Model,
    over_tau: TauPosterior,
    level: float,
    labels: tuple[str, ...] | None,
    effect_measure: str | None,
) -> BayesianResult:
    posterior = _collect(over_tau)
    ci_lower, ci_upper = posterior.effect.shortest_interval(level)
    prediction_lower, prediction_upper = posterior.prediction.shortest_interval(level)
    tau_ci_lower, tau_ci_upper = posterior.tau.shortest_interval(level)
    tau = float(posterior.tau.quantile(0.5))
    q_statistic, typical_variance = _heterogeneity(model.y, model.v)
    return BayesianResult(
        estimate=float(posterior.effect.quantile(0.5)),
        standard_error=_standard_deviation(model, over_tau),
        ci_lower=ci_lower,
        ci_upper=ci_upper,
        p_value=_two_sided(posterior.effect),
        tau_squared=tau**2,
        i_squared=tau**2 / (tau**2 + typical_variance),
        h_squared=1 + tau**2 / typical_variance,
        q_statistic=q_statistic,
        q_p_value=_chi_squared_tail(q_statistic, len(model.y) - 1),
        prediction_lower=prediction_lower,
        prediction_upper=prediction_upper,
        row_count=len(model.y),
        weights=study_shares(model, over_tau),
        method="bayesian",
        interval="shortest",
        level=level,
        y=model.y,
        v=model.v,
        labels=labels,
        effect_measure=effect_measure,
        prior=Priors(model.tau_prior, model.mu_prior),
        posterior=posterior,
        tau=tau,
        tau_ci_lower=tau_ci_lower,
        tau_ci_upper=tau_ci_upper,
    )


def _collect(over_tau: TauPosterior) -> Posterior:
    heavy = over_tau.mass > NEGLIGIBLE
    mass, mean = over_tau.mass[heavy], over_tau.mean[heavy]
    mass = mass / np.sum(mass)
    variance = over_tau.variance[heavy]
    return Posterior(
        effect=_mixture(mass, mean, np.sqrt(variance)),
        prediction=_mixture(mass, mean, np.sqrt(variance + over_tau.tau[heavy] ** 2)),
        tau=over_tau.marginal,
    )


def _mixture(mass: Array, mean: Array, deviation: Array) -> NormalMixture:
    """Put neighbouring components together that a float cannot tell apart: half of all, near tau = 0."""
    alike = SAME_COMPONENT * deviation[1:]
    differs = (np.abs(np.diff(mean)) > alike) | (np.abs(np.diff(deviation)) > alike)
    starts = np.concatenate([[0], np.flatnonzero(differs) + 1])
    return NormalMixture(np.add.reduceat(mass, starts), mean[starts], deviation[starts])


def _standard_deviation(model: Model, over_tau: TauPosterior) -> float:
    # with mu flat, its variance grows as tau squared; the density of tau falls as tau to the minus (a + k)
    if model.mu_prior is None and model.tau_prior.tail_index + len(model.y) <= 3:
        return math.inf
    mass = over_tau.mass
    mean = float(mass @ over_tau.mean)
    return math.sqrt(float(mass @ (over_tau.variance + (over_tau.mean - mean) ** 2)))


def _two_sided(effect: NormalMixture) -> float:
    mirrored = NormalMixture(effect.weights, -effect.means, effect.standard_deviations)
    return min(1.0, 2 * min(float(effect.probability_below(0.0)), float(mirrored.probability_below(0.0))))


def _heterogeneity(y: Array, v: Array) -> tuple[float, float]:
    """Return Q, and the typical sampling variance of Higgins & Thompson (the one variance when k = 1)."""
    w = 1 / v
    centred = y - np.mean(y)
    residual = centred - np.sum(w * centred) / np.sum(w)
    with np.errstate(over="ignore"):
        q_statistic = float(np.sum(w * residual**2))
    if len(y) == 1:
        return q_statistic, float(v[0])
    # the weight of the others; for the heaviest study as a sum, because a difference would cancel
    others = np.sum(w) - w
    heaviest = int(np.argmax(w))
    others[heaviest] = np.sum(np.delete(w, heaviest))
    return q_statistic, float((len(y) - 1) / np.sum(w / np.sum(w) * others))


def _chi_squared_tail(q_statistic: float, degrees_of_freedom: int) -> float:
    return chi_squared_tail(q_statistic, degrees_of_freedom) if degrees_of_freedom else 1.0


def _check_range(y: Array, v: Array, labels: tuple[str, ...] | None) -> None:
    """Refuse what overflows in the likelihood: squares of y, inverses of v."""
    for row in np.flatnonzero((np.abs(y) > LARGEST_EFFECT) | (v < SMALLEST_VARIANCE))[:1]:
        raise InvalidDataError(
            f"{row_name(int(row), labels)}: estimate {y[row]} and variance {v[row]} are beyond what a float "
            "can square or invert; change the unit"
        )


SENSITIVITY_PRIORS = (
    "half-normal(0.25)",
    "half-normal(0.5)",
    "half-normal(1)",
    "half-t(0.5, 4)",
    "half-cauchy(0.5)",
)


@dataclass(frozen=True, slots=True)
class SensitivityRow:
    """What one prior makes of the data; the intervals are shortest ones."""

    prior: str
    estimate: float
    ci_lower: float
    ci_upper: float
    prediction_lower: float
    prediction_upper: float
    tau: float
    tau_ci_lower: float
    tau_ci_upper: float
    probability_below_zero: float


def prior_sensitivity(
    y: ArrayLike,
    v: ArrayLike,
    *,
    tau_priors: Sequence[TauPrior | str] = SENSITIVITY_PRIORS,
    mu_prior: NormalPrior | str | None = None,
    level: float = 0.95,
) -> tuple[SensitivityRow, ...]:
    """Pool with each prior on tau in turn: how much of the answer is the prior's.

    The priors left to the default are those for log ratios. Parameters and errors as in
    :func:`pool_bayesian`.
    """
    return tuple(
        _sensitivity_row(pool_bayesian(y, v, tau_prior=prior, mu_prior=mu_prior, level=level))
        for prior in tau_priors
    )


def _sensitivity_row(result: BayesianResult) -> SensitivityRow:
    assert result.prediction_lower is not None and result.prediction_upper is not None
    return SensitivityRow(
        prior=str(result.prior),
        estimate=result.estimate,
        ci_lower=result.ci_lower,
        ci_upper=result.ci_upper,
        prediction_lower=result.prediction_lower,
        prediction_upper=result.prediction_upper,
        tau=result.tau,
        tau_ci_lower=result.tau_ci_lower,
        tau_ci_upper=result.tau_ci_upper,
        probability_below_zero=float(result.posterior.effect.probability_below(0.0)),
    )
