"""One pooled estimate from independent effects: the common-effect and the random-effects model."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evisynth.synthesis.heterogeneity import compute_heterogeneity
from evisynth.synthesis.intervals import (
    INTERVALS,
    confidence_interval,
    prediction_interval,
    resolve_prediction,
)
from evisynth.synthesis.result import PooledResult
from evisynth.synthesis.tau_squared import tau_squared_estimator
from evisynth.synthesis.validation import checked_effects, checked_level, checked_name
from evisynth.synthesis.weighted_sums import ScaledEffects


def pool(
    y: ArrayLike,
    v: ArrayLike,
    *,
    tau_squared: str = "REML",
    interval: str = "hksj",
    prediction: str | None = None,
    level: float = 0.95,
    labels: Sequence[str] | None = None,
    effect_measure: str | None = None,
) -> PooledResult:
    r"""Pool independent effects by inverse variance.

    .. math::
        \hat\mu = \frac{\sum_i w_i y_i}{\sum_i w_i}, \qquad w_i = \frac{1}{v_i + \hat\tau^2}, \qquad
        SE = \frac{1}{\sqrt{\sum_i w_i}}

    Parameters
    ----------
    y : shape (k,), k >= 1
        Effect estimates on the scale on which they are pooled (log for ratios).
    v : shape (k,)
        Sampling variances of ``y``, in squared units of ``y``; all > 0.
    tau_squared : str
        The estimator of the between-study variance: ``"DL"``, ``"HE"``, ``"HS"``, ``"HSk"``, ``"SJ"``,
        ``"ML"``, ``"REML"``, ``"EB"``, ``"PM"``, ``"PMM"``; or ``"common"`` for the common-effect model.
    interval : str
        ``"wald"``, ``"t"``, ``"hksj"`` (with q* = max(1, q)) or ``"hksj-plain"``; see
        :func:`evisynth.synthesis.intervals.confidence_interval`.
    prediction : str, optional
        ``"normal"``, ``"t"`` (k - 1), ``"hts"`` (k - 2) or ``"none"``; None takes the one that matches
        ``interval``, from three rows on.
    level : float
        Of both intervals.
    labels : sequence of k names, optional
        Names of the rows, for errors and figures.
    effect_measure : str, optional
        Handed on to the result.

    Returns
    -------
    PooledResult
        On the scale of ``y``. A single row is its own answer, with a Wald interval, whatever was asked: it
        says nothing of the variance between studies.

    Raises
    ------
    InvalidDataError
        Naming the row and the value, or the unknown name and the known ones.
    ConvergenceError
        When an iterative estimator found no answer.

    References
    ----------
    Viechtbauer 2005, Journal of Educational and Behavioral Statistics 30:261-293. Each estimator and interval
    names its own.
    """
    estimates, variances, names = checked_effects(y, v, labels)
    estimator = tau_squared_estimator(tau_squared)
    checked_name("interval", interval, INTERVALS)
    level = checked_level(level)
    row_count = len(estimates)
    if row_count == 1:
        tau_squared, interval = "common", "wald"
    common = tau_squared == "common"
    prediction = resolve_prediction(prediction, interval, row_count, common=common)

    effects = ScaledEffects(estimates, variances, names)
    scaled = estimator(effects) if row_count > 1 else 0.0
    sums = effects.at(scaled) if scaled > 0 else effects.at_zero()
    heterogeneity = compute_heterogeneity(effects.at_zero(), scaled, row_count, common=common)
    estimate = effects.origin + effects.unit * sums.mean
    ci = confidence_interval(
        interval,
        estimate,
        effects.unit / math.sqrt(sums.total_weight),
        sums.q / max(row_count - 1, 1),
        row_count - 1,
        level,
    )
    prediction_error = effects.unit * math.hypot(math.sqrt(scaled), ci.standard_error / effects.unit)
    limits = prediction_interval(prediction, estimate, prediction_error, row_count, level)
    return PooledResult(
        estimate=estimate,
        standard_error=ci.standard_error,
        ci_lower=ci.lower,
        ci_upper=ci.upper,
        p_value=ci.p_value,
        tau_squared=scaled * effects.unit * effects.unit,
        i_squared=heterogeneity.i_squared,
        h_squared=heterogeneity.h_squared,
        q_statistic=heterogeneity.q_statistic,
        q_p_value=heterogeneity.q_p_value,
        prediction_lower=limits[0],
        prediction_upper=limits[1],
        row_count=row_count,
        weights=_weights(effects, scaled),
        method=tau_squared,
        interval=interval,
        level=level,
        y=estimates,
        v=variances,
        labels=names,
        effect_measure=effect_measure,
        prediction=prediction,
    )


def _weights(effects: ScaledEffects, tau_squared: float) -> NDArray[np.float64]:
    weights = 1 / (effects.v + tau_squared)
    weights /= weights.sum()
    weights.flags.writeable = False
    return weights
