"""An estimate with its limits as people read it: what a mark on an axis is made of."""

from __future__ import annotations

from dataclasses import dataclass

from evisynth.arithmetic import to_natural_interval, to_natural_scale


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


def natural_interval(
    scale: str, estimate: float | None, lower: float | None, upper: float | None
) -> NaturalInterval:
    """Take an estimate and its limits from an analysis scale to the natural one.

    Parameters
    ----------
    scale
        Analysis scale: a key of ``arithmetic.scales.TRANSFORMATIONS``.
    estimate, lower, upper
        On the analysis scale; None where there is none.

    Returns
    -------
    NaturalInterval
        With ``lower`` below ``upper`` on the natural scale, also where the scale is decreasing.
    """
    middle = None if estimate is None else to_natural_scale(estimate, scale)
    return NaturalInterval(middle, *to_natural_interval(lower, upper, scale))
