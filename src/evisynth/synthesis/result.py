"""The frozen result of pooling, complete enough that a figure needs nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class PooledResult:
    """A pooled estimate on the analysis scale (log for ratios), with what it was pooled from.

    ``method`` names the tau-squared estimator or ``"common"``, ``interval`` the kind of confidence
    interval. ``i_squared`` is a proportion (0 to 1). Prediction limits are None where they are not defined
    or not shown; ``prediction`` names their distribution (``"normal"``, ``"t"`` with k - 1 degrees of
    freedom, ``"hts"`` with k - 2) or is ``"none"``. ``weights`` sum to 1 in the order of ``y``.
    """

    estimate: float
    standard_error: float
    ci_lower: float
    ci_upper: float
    p_value: float
    tau_squared: float
    i_squared: float
    h_squared: float
    q_statistic: float
    q_p_value: float
    prediction_lower: float | None
    prediction_upper: float | None
    row_count: int
    weights: NDArray[np.float64]
    method: str
    interval: str
    level: float
    y: NDArray[np.float64]
    v: NDArray[np.float64]
    labels: tuple[str, ...] | None = None
    effect_measure: str | None = None
    prediction: str = "none"
