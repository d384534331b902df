"""How much of a Bayesian answer is the prior's: the same data under several priors on tau."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from numpy.typing import ArrayLike

from evisynth.synthesis.bayesian import BayesianResult, pool_bayesian
from evisynth.synthesis.priors import NormalPrior, TauPrior

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
