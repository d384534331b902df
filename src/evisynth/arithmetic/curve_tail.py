"""Whether the median of a survival curve rests on a tail that falls much faster than the curve before it."""

from __future__ import annotations

import math

from evisynth.errors import InvalidDataError


def mean_hazard(start: float, end: float, duration: float) -> float:
    """Return log(S1/S2)/duration, the mean hazard while survival falls from ``start`` to ``end``."""
    if not 0 < end <= start <= 1 or duration <= 0:
        raise InvalidDataError(f"survival cannot go from {start:g} to {end:g} in {duration:g}")
    return math.log(start / end) / duration


def tail_hazard_ratio(
    earlier: tuple[float, float], later: tuple[float, float], median: float
) -> tuple[float, float, float]:
    r"""Compare the hazard between the last known rate and the median with the hazard before.

    .. math::
        \frac{\log(S_2 / 0.5) / (m - t_2)}{\log(S_1 / S_2) / (t_2 - t_1)}

    Parameters
    ----------
    earlier, later : tuple of float
        Time and survival of two points of the curve; ``later`` is the last one before the median.
    median : float
        Printed median, after the later point, in the same unit of time.

    Returns
    -------
    tuple of float
        The ratio (infinite when the curve does not fall between the points), and the two hazards: that of
        the tail, that before.
    """
    tail = mean_hazard(later[1], 0.5, median - later[0])
    before = mean_hazard(earlier[1], later[1], later[0] - earlier[0])
    return (tail / before if before > 0 else math.inf), tail, before
