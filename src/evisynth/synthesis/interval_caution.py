"""What must stand right beside an interval, because the interval alone would mislead."""

from __future__ import annotations

import math

from evisynth.effects.effect import Scale
from evisynth.synthesis.natural_scale import to_natural_interval
from evisynth.synthesis.result import PooledResult

#: A share that may lie this far apart, or a ratio that may differ by this factor, is not known at all.
WIDEST_SHARE, WIDEST_RATIO = 0.8, 50.0
SAYS_NOTHING = "the interval says next to nothing"


def caution_on_width(pooled: PooledResult, scale: Scale) -> str | None:
    """Say of an interval that it leaves nearly everything open; None when it does not."""
    if scale == "log":
        # The slack is for binary arithmetic at the limit itself.
        wide = pooled.ci_upper - pooled.ci_lower >= math.log(WIDEST_RATIO) - 1e-12
    else:
        lower, upper = to_natural_interval(pooled.ci_lower, pooled.ci_upper, scale)
        wide = lower is not None and upper is not None and upper - lower >= WIDEST_SHARE - 1e-12
    return SAYS_NOTHING if wide else None
