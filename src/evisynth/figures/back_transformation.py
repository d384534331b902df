"""From the analysis scale to the scale people read: ratios, months, survival and shares.

Pooling happens on the analysis scale; only what is shown goes through here. ``log(-log)`` is decreasing:
the lower limit of survival comes from the upper limit of its transform, so limits are put in order again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from evisynth.errors import UnknownNameError


def survival_from_log_minus_log(g: float) -> float:
    """Return S = exp(-exp(g)); a g beyond 700 is survival 0, not an overflow."""
    return math.exp(-math.exp(min(g, 700.0)))


def ratio_from_log(g: float) -> float:
    """Return exp(g); beyond 700 infinity, not an overflow."""
    return math.exp(g) if g < 700.0 else math.inf


def share_from_logit(g: float) -> float:
    """Return 1 / (1 + exp(-g))."""
    return 1 / (1 + math.exp(-g)) if g > -700.0 else 0.0


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


@dataclass(frozen=True, slots=True)
class NaturalInterval:
    """An estimate with its limits on the natural scale; None where there is none (open on that side)."""

    estimate: float | None
    lower: float | None
    upper: float | None

    @property
    def values(self) -> tuple[float, ...]:
        """What is given, without the gaps."""
        return tuple(v for v in (self.estimate, self.lower, self.upper) if v is not None)


def to_natural_scale(
    scale: str, estimate: float | None, lower: float | None, upper: float | None
) -> NaturalInterval:
    """Take an estimate and its limits from an analysis scale to the natural one.

    Parameters
    ----------
    scale
        Analysis scale: a key of `TO_NATURAL`.
    estimate, lower, upper
        On the analysis scale; None where there is none.

    Returns
    -------
    NaturalInterval
        With ``lower`` below ``upper`` on the natural scale, also where the scale is decreasing.

    Raises
    ------
    UnknownNameError
        The scale is not one of `TO_NATURAL`.
    """
    if scale not in TO_NATURAL:
        raise UnknownNameError("analysis scale", scale, list(TO_NATURAL))
    function = TO_NATURAL[scale]
    back = [None if value is None else function(value) for value in (estimate, lower, upper)]
    if scale == "log(-log)":
        back[1], back[2] = back[2], back[1]
    return NaturalInterval(*back)
