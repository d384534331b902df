"""From the analysis scale back to the scale people read: ratios, shares, months.

``log`` and ``logit`` rise with the natural value; ``log(-log)`` falls with it, so that the limits of an
interval change places.
"""

from __future__ import annotations

import math

from evisynth.effects.effect import Scale


def to_natural_scale(value: float, scale: Scale) -> float:
    r"""Take one number from the analysis scale to the natural scale.

    .. math::
        \log: e^x \qquad \log(-\log): e^{-e^x} \qquad \mathrm{logit}: \frac{1}{1 + e^{-x}}

    Parameters
    ----------
    value
        On ``scale``; infinite values are taken to the end of the natural scale.
    scale
        ``log`` (ratios, months), ``log(-log)`` (survival), ``logit`` (shares) or ``identity``.
    """
    if scale == "log":
        return _exponential(value)
    if scale == "log(-log)":
        return math.exp(-_exponential(value))
    if scale == "logit":
        return _logistic(value)
    return value


def to_natural_interval(
    lower: float | None, upper: float | None, scale: Scale
) -> tuple[float | None, float | None]:
    """Take the limits of an interval to the natural scale, the lower one first; None stays open."""
    natural_lower = None if lower is None else to_natural_scale(lower, scale)
    natural_upper = None if upper is None else to_natural_scale(upper, scale)
    if scale == "log(-log)":
        return natural_upper, natural_lower
    return natural_lower, natural_upper


def _exponential(value: float) -> float:
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


def _logistic(value: float) -> float:
    # The two forms keep the exponent negative, so that neither overflows.
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    odds = math.exp(value)
    return odds / (1 + odds)
