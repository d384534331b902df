"""Confidence and prediction intervals of a pooled estimate, by name, and p-values against any effect.

Each kind of interval has its own standard error and p-value. A prediction interval holds the effect of a new
setting; the same distribution gives the share of settings beyond a threshold.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evisynth.arithmetic import (
    normal_quantile,
    student_t_quantile,
    student_t_tail,
    student_t_two_sided,
    two_sided_p_from_z,
)
from evisynth.errors import InvalidDataError
from evisynth.synthesis.result import PooledResult
from evisynth.synthesis.validation import checked_name

INTERVALS = ("wald", "t", "hksj", "hksj-plain")


class ConfidenceInterval(NamedTuple):
    """Limits with the standard error, degrees of freedom and two-sided p-value that belong to them."""

    lower: float
    upper: float
    standard_error: float
    p_value: float
    df: float


def confidence_interval(
    name: str, estimate: float, standard_error: float, q_ratio: float, df: int, level: float
) -> ConfidenceInterval:
    r"""Compute the confidence interval of a pooled estimate.

    .. math::
        \hat\mu \pm c \cdot SE, \qquad SE_{wald} = 1 / \sqrt{\textstyle\sum w_i}, \qquad
        q = \frac{\sum_i w_i (y_i - \hat\mu)^2}{k - 1}

    ``"wald"``: normal quantile. ``"t"``: quantile of t with k - 1 degrees of freedom. ``"hksj-plain"``: the
    same quantile with :math:`SE = \sqrt{q}\, SE_{wald}` (Hartung, Knapp, Sidik, Jonkman). ``"hksj"``: with
    :math:`q^* = \max(1, q)`, which cannot be narrower than ``"t"``.

    Parameters
    ----------
    name : str
        One of ``INTERVALS``.
    estimate, standard_error : float
        The pooled estimate and its Wald standard error, in one unit.
    q_ratio : float
        q above.
    df : int
        k - 1, at least 1.
    level : float
        Between 0 and 1.

    Raises
    ------
    InvalidDataError
        When the name is unknown.

    References
    ----------
    Hartung & Knapp 2001, Statistics in Medicine 20:3875-3889; Knapp & Hartung 2003, Statistics in Medicine
    22:2693-2710; Röver, Knapp & Friede 2015, BMC Medical Research Methodology 15:99.
    """
    if checked_name("interval", name, INTERVALS) == "wald":
        p = two_sided_p_from_z(_ratio(estimate, standard_error))
        return _symmetric(estimate, standard_error, normal_quantile(0.5 + level / 2), p, math.inf)
    if name == "hksj":
        q_ratio = max(1.0, q_ratio)
    if name != "t":
        standard_error *= math.sqrt(q_ratio)
    p = student_t_two_sided(_ratio(estimate, standard_error), df)
    return _symmetric(estimate, standard_error, student_t_quantile(0.5 + level / 2, df), p, df)


def _symmetric(
    estimate: float, standard_error: float, quantile: float, p_value: float, df: float
) -> ConfidenceInterval:
    half_width = quantile * standard_error
    return ConfidenceInterval(estimate - half_width, estimate + half_width, standard_error, p_value, df)


def _ratio(estimate: float, standard_error: float) -> float:
    """Divide; a standard error of zero (equal estimates, plain HKSJ) agrees with zero alone."""
    if standard_error > 0:
        return estimate / standard_error
    return 0.0 if estimate == 0 else math.copysign(math.inf, estimate)


PREDICTIONS = ("normal", "t", "hts", "none")


def resolve_prediction(name: str | None, interval: str, row_count: int, *, common: bool) -> str:
    """Decide which prediction interval belongs to a synthesis.

    None asks for the one that matches the confidence interval: normal for Wald, t with k - 1 degrees of
    freedom else; nothing below three rows, where it says nothing. The common-effect model has none by
    definition, nor has a distribution without degrees of freedom.

    Returns
    -------
    str
        One of ``PREDICTIONS``.

    Raises
    ------
    InvalidDataError
        When the name is unknown.
    """
    if name is not None:
        checked_name("prediction interval", name, PREDICTIONS)
    if common or row_count < 2 or (name is None and row_count < 3) or (name == "hts" and row_count < 3):
        return "none"
    if name is None:
        return "normal" if interval == "wald" else "t"
    return name


def prediction_interval(
    name: str, estimate: float, prediction_error: float, row_count: int, level: float
) -> tuple[float, float] | tuple[None, None]:
    r"""Compute the interval in which the true effect of a new setting lies.

    .. math::
        \hat\mu \pm c \sqrt{\hat\tau^2 + SE^2}

    ``"normal"`` takes the normal quantile, ``"t"`` that of t with k - 1 degrees of freedom, ``"hts"`` with
    k - 2. SE is the one of the confidence interval shown. All are approximate with few rows.

    Parameters
    ----------
    name : str
        One of ``PREDICTIONS``, as resolved.
    estimate : float
        The pooled estimate.
    prediction_error : float
        The root above, in the same unit.
    row_count : int
        k.
    level : float
        Between 0 and 1.

    References
    ----------
    Higgins, Thompson & Spiegelhalter 2009, JRSS A 172:137-159, doi:10.1111/j.1467-985X.2008.00552.x;
    Veroniki et al 2019, Research Synthesis Methods 10:23-43, doi:10.1002/jrsm.1319.
    """
    if name == "none":
        return None, None
    half_width = _quantile(0.5 + level / 2, name, row_count) * prediction_error
    return estimate - half_width, estimate + half_width


def share_beyond(
    result: PooledResult, threshold: float, *, side: Literal["above", "below"] = "above"
) -> float:
    r"""Compute the share of settings whose true effect lies beyond a threshold.

    .. math::
        P(\theta_{new} > c) = 1 - F\left(\frac{c - \hat\mu}{\sqrt{\hat\tau^2 + SE^2}}\right)

    with F the distribution of the prediction interval of the result.

    Parameters
    ----------
    result : PooledResult
        With a prediction interval, or from a Bayesian model, whose predictive distribution is used.
    threshold : float
        On the analysis scale (the log of a ratio).
    side : {"above", "below"}
        Which side of the threshold counts.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    InvalidDataError
        When the result has no predictive distribution, the threshold is not a number, or the side is unknown.
    """
    checked_name("side", side, ("above", "below"))
    if math.isnan(threshold):
        raise InvalidDataError(f"the threshold must be a number, not {threshold!r}")
    posterior = getattr(result, "posterior", None)
    if posterior is not None:  # a Bayesian result has its own predictive distribution
        below = float(posterior.prediction.probability_below(threshold))
        return 1 - below if side == "above" else below
    if result.prediction == "none":
        raise InvalidDataError(
            "this synthesis has no predictive distribution (common-effect model, fewer than three rows, or "
            "prediction='none'); pool with a random-effects model and name a prediction interval"
        )
    error = prediction_error(result)
    distance = threshold - result.estimate
    if error == 0:
        # Equal estimates under plain HKSJ: the predictive distribution is a point.
        above = 1.0 if distance < 0 else 0.0
        return above if side == "above" or distance == 0 else 1 - above
    z = distance / error
    return student_t_tail(z if side == "above" else -z, _df(result.prediction, result.row_count))


def p_value_function(
    result: PooledResult, effects: NDArray[np.float64], *, prediction: bool = False
) -> NDArray[np.float64]:
    r"""Compute with which two-sided p-value a pooled estimate contradicts each of some effects.

    .. math::
        p(\theta) = P\left(|T| > \frac{|\hat\mu - \theta|}{s}\right)

    with s the standard error of the estimate and T of the distribution of its interval or, for a new study,
    :math:`s = \sqrt{SE^2 + \hat\tau^2}` and the distribution of the prediction interval. Of a Bayesian result
    it is twice the smaller posterior probability.

    Parameters
    ----------
    result : PooledResult
        With a prediction interval where its function is asked for.
    effects : shape (n,)
        On the analysis scale.
    prediction : bool
        Whether the function is that of the effect in a new study.

    Returns
    -------
    shape (n,)
        Between 0 and 1.
    """
    posterior = getattr(result, "posterior", None)
    if posterior is not None:
        below = (posterior.prediction if prediction else posterior.effect).probability_below(effects)
        return np.asarray(2 * np.minimum(below, 1 - below))
    error = prediction_error(result) if prediction else result.standard_error
    kind = result.prediction if prediction else result.interval
    df = {"wald": math.inf, "normal": math.inf, "hts": result.row_count - 2.0}.get(
        kind, result.row_count - 1.0
    )
    if error == 0:
        return np.where(effects == result.estimate, 1.0, 0.0)
    return np.array(
        [student_t_two_sided((result.estimate - effect) / error, df) for effect in effects.tolist()]
    )


def prediction_error(result: PooledResult) -> float:
    """Compute the standard error of a new study's effect, ``sqrt(tau^2 + SE^2)``."""
    return math.hypot(math.sqrt(result.tau_squared), result.standard_error)


def _df(name: str, row_count: int) -> float:
    return {"normal": math.inf, "t": row_count - 1.0, "hts": row_count - 2.0}[name]


def _quantile(probability: float, name: str, row_count: int) -> float:
    if name == "normal":
        return normal_quantile(probability)
    return student_t_quantile(probability, _df(name, row_count))
