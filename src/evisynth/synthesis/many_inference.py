"""From the between-study variances of many syntheses to their estimates, intervals and tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from evisynth.arithmetic.distributions import normal_quantile, student_t_quantile
from evisynth.synthesis.many_effects import Floats, ManyEffects
from evisynth.synthesis.prediction import resolve_prediction


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of every synthesis; names as for ``pool``."""

    tau_squared: str
    interval: str
    prediction: str | None
    level: float


class Inference(NamedTuple):
    """The columns of the answer, one number a synthesis."""

    estimate: Floats
    standard_error: Floats
    ci_lower: Floats
    ci_upper: Floats
    p_value: Floats
    tau_squared: Floats
    i_squared: Floats
    h_squared: Floats
    q_statistic: Floats
    q_p_value: Floats
    prediction_lower: Floats
    prediction_upper: Floats


def infer(effects: ManyEffects, tau_squared: Floats, request: Request) -> Inference:
    """Compute every column, by the formulas of ``heterogeneity``, ``intervals`` and ``prediction``.

    Syntheses of one batch are all single rows, or none is.
    """
    from scipy import special

    k = effects.row_count
    single = bool(k[0] == 1)
    common = request.tau_squared == "common" or single
    interval = "wald" if single else request.interval
    sums, at_zero = effects.at(tau_squared), effects.at_zero()
    estimate = effects.origin + effects.unit * sums.mean
    error = 1 / np.sqrt(sums.total_weight)
    df = np.maximum(k - 1, 1)
    if interval.startswith("hksj"):
        q = sums.q / df
        error *= np.sqrt(q if interval == "hksj-plain" else np.maximum(1.0, q))
    standard_error = effects.unit * error
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(estimate == 0, 0.0, np.abs(estimate) / standard_error)
    if interval == "wald":
        p_value = special.erfc(ratio / np.sqrt(2))
        half_width = normal_quantile(0.5 + request.level / 2) * standard_error
    else:
        p_value = 2 * special.stdtr(df, -ratio)
        half_width = t_quantiles(0.5 + request.level / 2, df) * standard_error
    i_squared, h_squared = _shares(at_zero.q, at_zero.trace_p, tau_squared, df, common=common)
    spread = effects.unit * np.sqrt(tau_squared + error * error)
    reach = _prediction_quantiles(request, interval, k, common=common) * spread
    return Inference(
        estimate=estimate,
        standard_error=standard_error,
        ci_lower=estimate - half_width,
        ci_upper=estimate + half_width,
        p_value=p_value,
        tau_squared=tau_squared * effects.unit * effects.unit,
        i_squared=np.zeros(len(k)) if single else i_squared,
        h_squared=np.ones(len(k)) if single else h_squared,
        q_statistic=at_zero.q,
        q_p_value=np.ones(len(k)) if single else special.chdtrc(df, at_zero.q),
        prediction_lower=estimate - reach,
        prediction_upper=estimate + reach,
    )


def t_quantiles(probability: float, df: Floats) -> Floats:
    """Compute Student's t quantile, once for each number of degrees of freedom."""
    return once_each(lambda count: student_t_quantile(probability, count), df)


def once_each(function: Callable[[float], float], arguments: Floats) -> Floats:
    """Apply a scalar function to an array with few different numbers."""
    if len(arguments) and arguments.min() == arguments.max():
        return np.full(len(arguments), function(float(arguments[0])))
    different, position = np.unique(arguments, return_inverse=True)
    return np.array([function(float(argument)) for argument in different])[position]


def _shares(
    q: Floats, trace_p: Floats, tau_squared: Floats, df: Floats, *, common: bool
) -> tuple[Floats, Floats]:
    if common:
        excess = np.divide(q - df, q, out=np.zeros_like(q), where=q > 0)
        return np.maximum(0.0, excess), q / df
    share = tau_squared * trace_p / df
    return share / (1 + share), 1 + share


def _prediction_quantiles(request: Request, interval: str, k: Floats, *, common: bool) -> Floats:
    """Compute the quantile of each prediction interval; NaN where there is none."""

    def quantile(row_count: float) -> float:
        name = resolve_prediction(request.prediction, interval, int(row_count), common=common)
        probability = 0.5 + request.level / 2
        if name == "none":
            return np.nan
        if name == "normal":
            return normal_quantile(probability)
        return student_t_quantile(probability, row_count - (1 if name == "t" else 2))

    return once_each(quantile, k)
