"""The frozen result of pooling, complete enough that a figure needs nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evisynth.effects.analysis_scales import scale_of_measure
from evisynth.synthesis.notebook import html_table, interval_words, limits_words, number_words


@dataclass(frozen=True, slots=True, eq=False)
class PooledResult:
    """A pooled estimate on the analysis scale (log for ratios), with what it was pooled from.

    ``method`` names the tau-squared estimator or ``"common"``, ``interval`` the kind of confidence
    interval (``"cr2"`` is cluster-robust, its ``p_value`` NaN below 4 degrees of freedom). ``i_squared`` is
    a proportion (0 to 1). Prediction limits are None where they are not defined or not shown; ``prediction``
    names their distribution (``"normal"``, ``"t"`` with k - 1 degrees of
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

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {pooled_words(self)}>"

    def _repr_html_(self) -> str:
        scale = scale_of_measure(self.effect_measure)
        name = (self.effect_measure or "estimate").replace("_", " ")
        rows = [(name, interval_words(self.estimate, self.ci_lower, self.ci_upper, scale))]
        if self.prediction_lower is not None and self.prediction_upper is not None:
            limits = limits_words(self.prediction_lower, self.prediction_upper, scale)
            rows.append(("prediction interval", limits))
        rows += [
            ("rows", str(self.row_count)),
            ("tau squared", number_words(self.tau_squared)),
            ("I squared", f"{100 * self.i_squared:.0f}%"),
            ("model", f"{self.method}, {self.interval} interval at {100 * self.level:g}%"),
        ]
        return html_table((), rows)


def pooled_words(pooled: PooledResult) -> str:
    """Say an estimate with its interval on the natural scale, how many rows it is of, and its model."""
    name = (pooled.effect_measure or "estimate").replace("_", " ")
    scale = scale_of_measure(pooled.effect_measure)
    shown = interval_words(pooled.estimate, pooled.ci_lower, pooled.ci_upper, scale)
    rows = "1 row" if pooled.row_count == 1 else f"{pooled.row_count} rows"
    return f"{name} {shown}, {rows}, {pooled.method}, {pooled.interval} interval at {100 * pooled.level:g}%"
