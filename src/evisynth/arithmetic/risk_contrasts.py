"""Two rates set against each other on a scale: as difference, ratio, odds ratio or ratio of hazards.

For survival
rates the ratio and odds ratio of *death* are those of 1 - S; the ratio of survival is not its inverse, and
an odds ratio is not a hazard ratio.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from evisynth.arithmetic.survival_curves import RATE_SCALES


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate inside 0 and 1, with its sampling variance."""

    value: float
    variance: float

    @property
    def complement(self) -> Rate:
        """The rate of those without the event; same variance."""
        return Rate(1 - self.value, self.variance)


def contrast_of_rates(index: Rate, reference: Rate, scale: str) -> tuple[float, float]:
    r"""Return the difference of two rates on a scale, and its standard error.

    .. math:: g(p_1) - g(p_0), \qquad \sqrt{V_1 g'(p_1)^2 + V_0 g'(p_0)^2}

    Parameters
    ----------
    index, reference : Rate
        The two rates, strictly inside 0 and 1 where the scale has no value for its ends.
    scale : str
        ``identity`` gives the risk difference, ``log`` the log risk ratio, ``logit`` the log odds ratio,
        ``arcsine`` the arcsine difference. ``log(-log)`` of two survival rates gives the log hazard ratio
        when hazards are proportional up to that time, else the log ratio of the two cumulative hazards.
    """
    transform, error = RATE_SCALES[scale]
    spread = math.hypot(error(index.value, index.variance), error(reference.value, reference.variance))
    return transform(index.value) - transform(reference.value), spread
