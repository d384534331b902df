"""Confidence intervals of a pooled estimate, by name, each with its own standard error and p-value."""

from __future__ import annotations

import math
from typing import NamedTuple

from evisynth.arithmetic.distributions import (
    normal_quantile,
    normal_two_sided,
    student_t_quantile,
    student_t_two_sided,
)
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
        p = normal_two_sided(_ratio(estimate, standard_error))
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
