"""From the analysis scale back to the scale people read: ratios, months, survival and shares.

Pooling happens on the analysis scale; only what is shown goes through here. ``log(-log)`` is decreasing:
the lower limit of survival comes from the upper limit of its transform, so limits are put in order again.

The scale on which each effect measure is pooled; everything else about a scale follows from its name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Literal

from evisynth.errors import UnknownNameError

Scale = Literal["log", "log(-log)", "logit", "identity"]

#: The scale on which each measure of a question is recovered and pooled.
ANALYSIS_SCALES: Mapping[str, Scale] = {
    "hazard_ratio": "log",
    "odds_ratio": "log",
    "risk_ratio": "log",
    "median": "log",
    "risk_difference": "identity",
    "survival": "log(-log)",
    "proportion": "logit",
}

#: The same for metafor's codes; what is not listed is pooled as it stands.
CODE_SCALES: Mapping[str, str] = {
    "HR": "log",
    "OR": "log",
    "PETO": "log",
    "RR": "log",
    "IRR": "log",
    "ROM": "log",
    "PLN": "log",
    "IRLN": "log",
    "PLO": "logit",
    "PAS": "arcsine",
    "ZCOR": "fisher z",
    "IRS": "square root",
}


def scale_of_measure(effect_measure: str | None) -> str:
    """Return the analysis scale of a measure; ``identity`` for one that nobody listed, or for none."""
    name = effect_measure or ""
    return ANALYSIS_SCALES.get(name) or CODE_SCALES.get(name, "identity")


def ratio_from_log(g: float) -> float:
    """Return exp(g); beyond 700 infinity, not an overflow."""
    return math.exp(g) if g < 700.0 else math.inf


def survival_from_log_minus_log(g: float) -> float:
    """Return S = exp(-exp(g))."""
    return math.exp(-ratio_from_log(g))


def share_from_logit(g: float) -> float:
    """Return 1 / (1 + exp(-g))."""
    # The two forms keep the exponent negative, so that neither overflows.
    if g >= 0:
        return 1 / (1 + math.exp(-g))
    odds = math.exp(g)
    return odds / (1 + odds)


def share_from_arcsine(g: float) -> float:
    """Return sin(g) squared for the arcsine of the square root of a share, held within 0 to pi/2."""
    return math.sin(min(max(g, 0.0), math.pi / 2)) ** 2


def square_of_root(g: float) -> float:
    """Return g squared for the square root of a rate; a limit below 0 is a rate of 0."""
    return max(g, 0.0) ** 2


#: Analysis scale -> function to the natural scale. Only ``log(-log)`` decreases.
TO_NATURAL: Mapping[str, Callable[[float], float]] = {
    "log": ratio_from_log,
    "log(-log)": survival_from_log_minus_log,
    "logit": share_from_logit,
    "identity": float,
    "arcsine": share_from_arcsine,
    "fisher z": math.tanh,
    "square root": square_of_root,
}


def to_natural_scale(value: float, scale: str) -> float:
    r"""Take one number from the analysis scale to the natural scale.

    .. math::
        \log: e^x \qquad \log(-\log): e^{-e^x} \qquad \mathrm{logit}: \frac{1}{1 + e^{-x}}

    Parameters
    ----------
    value
        On ``scale``; infinite values are taken to the end of the natural scale.
    scale
        A key of `TO_NATURAL`: ``log`` (ratios, months), ``log(-log)`` (survival), ``logit`` (shares), ...

    Raises
    ------
    UnknownNameError
        The scale is not one of `TO_NATURAL`.
    """
    if scale not in TO_NATURAL:
        raise UnknownNameError("analysis scale", scale, list(TO_NATURAL))
    return TO_NATURAL[scale](value)


def to_natural_interval(
    lower: float | None, upper: float | None, scale: str
) -> tuple[float | None, float | None]:
    """Take the limits of an interval to the natural scale, the lower one first; None stays open."""
    natural_lower = None if lower is None else to_natural_scale(lower, scale)
    natural_upper = None if upper is None else to_natural_scale(upper, scale)
    if scale == "log(-log)":
        return natural_upper, natural_lower
    return natural_lower, natural_upper
