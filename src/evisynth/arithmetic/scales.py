"""The scales on which effects are pooled: there and back between them and the numbers that people read.

Pooling happens on an analysis scale; ratios, months, survival and shares are shown on the natural one. The
ends of that are infinite on the other, and infinite values come back to the ends.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from evisynth.errors import UnknownNameError

Function = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Transformation:
    """An analysis scale.

    ``back`` writes how a value of it is taken to the natural scale. ``ends`` is how far the scale reaches
    before its natural number cannot be told from an end (0%, 100%, 1). On a ``falling`` scale the lower limit
    of the natural number comes from the upper one of its transform.
    """

    to_natural: Function
    from_natural: Function
    back: str
    ends: tuple[float, float] = (-60.0, 60.0)
    falling: bool = False


def exponential(g: float) -> float:
    """Return exp(g); beyond 700 infinity, not an overflow."""
    return math.exp(g) if g < 700.0 else math.inf


def survival_from_log_minus_log(g: float) -> float:
    """Return S = exp(-exp(g))."""
    return math.exp(-exponential(g))


def log_or_infinite(value: float) -> float:
    """Return log x, with its limit at 0."""
    return -math.inf if value <= 0 else math.log(value)


def log_minus_log_or_infinite(share: float) -> float:
    """Return log(-log S), with its limits at 0 and 1."""
    return math.inf if share <= 0 else -math.inf if share >= 1 else math.log(-math.log(share))


def share_from_logit(g: float) -> float:
    """Return 1 / (1 + exp(-g)), without overflow."""
    # The two forms keep the exponent negative, so that neither overflows.
    if g >= 0:
        return 1 / (1 + math.exp(-g))
    odds = math.exp(g)
    return odds / (1 + odds)


def logit_or_infinite(share: float) -> float:
    """Return log(p/(1 - p)), with its limits at 0 and 1."""
    return -math.inf if share <= 0 else math.inf if share >= 1 else math.log(share) - math.log1p(-share)


def _share_from_arcsine(g: float) -> float:
    return math.sin(min(max(g, 0.0), math.pi / 2)) ** 2


def _arcsine(share: float) -> float:
    return math.asin(math.sqrt(min(max(share, 0.0), 1.0)))


def _fisher_z(correlation: float) -> float:
    return math.copysign(math.inf, correlation) if abs(correlation) >= 1 else math.atanh(correlation)


#: Every analysis scale, by its name.
TRANSFORMATIONS: Mapping[str, Transformation] = {
    "log": Transformation(exponential, log_or_infinite, "exp({})"),
    "log(-log)": Transformation(
        survival_from_log_minus_log,
        log_minus_log_or_infinite,
        "exp(-exp({}))",
        (-33.0, 6.5),
        falling=True,
    ),
    "logit": Transformation(share_from_logit, logit_or_infinite, "1/(1 + exp(-({})))", (-33.0, 33.0)),
    "identity": Transformation(float, float, "{}"),
    "arcsine": Transformation(_share_from_arcsine, _arcsine, "sin({})²", (0.0, math.pi / 2)),
    "fisher z": Transformation(math.tanh, _fisher_z, "tanh({})", (-17.0, 17.0)),
    # a limit below 0 is a rate of 0
    "square root": Transformation(
        lambda g: max(g, 0.0) ** 2, lambda rate: math.sqrt(max(rate, 0.0)), "({})²", (0.0, 1e150)
    ),
}


def transformation(scale: str) -> Transformation:
    """Return an analysis scale by its name; UnknownNameError when it is none."""
    if scale not in TRANSFORMATIONS:
        raise UnknownNameError("analysis scale", scale, list(TRANSFORMATIONS))
    return TRANSFORMATIONS[scale]


def to_natural_scale(value: float, scale: str) -> float:
    r"""Take one number from the analysis scale to the natural scale.

    .. math::
        \log: e^x \qquad \log(-\log): e^{-e^x} \qquad \mathrm{logit}: \frac{1}{1 + e^{-x}}

    Parameters
    ----------
    value
        On ``scale``; infinite values are taken to the end of the natural scale.
    scale
        A key of `TRANSFORMATIONS`: ``log`` (ratios, months), ``log(-log)`` (survival), ...

    Raises
    ------
    UnknownNameError
        The scale is not one of `TRANSFORMATIONS`.
    """
    return transformation(scale).to_natural(value)


def from_natural_scale(value: float, scale: str) -> float:
    """Take one number from the natural scale to the analysis scale; the ends of the scale are infinite."""
    return transformation(scale).from_natural(value)


def to_natural_interval(
    lower: float | None, upper: float | None, scale: str
) -> tuple[float | None, float | None]:
    """Take the limits of an interval to the natural scale, the lower one first; None stays open."""
    known = transformation(scale)
    ends = [None if limit is None else known.to_natural(limit) for limit in (lower, upper)]
    return (ends[1], ends[0]) if known.falling else (ends[0], ends[1])
