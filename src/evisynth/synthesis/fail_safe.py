"""Rosenthal's fail-safe N: how many studies without effect would make the combined test insignificant."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evisynth.arithmetic.distributions import normal_quantile, normal_tail
from evisynth.errors import InvalidDataError
from evisynth.synthesis.few_rows import refuse_few_rows
from evisynth.synthesis.validation import checked_effects


@dataclass(frozen=True, slots=True)
class FailSafeResult:
    """The number of missing studies, and the one-sided p-value of the combined test of those present."""

    study_count: int
    combined_p_value: float
    threshold: float
    row_count: int


def fail_safe_rosenthal(
    y: ArrayLike,
    v: ArrayLike,
    *,
    threshold: float = 0.05,
    labels: Sequence[str] | None = None,
    force: bool = False,
) -> FailSafeResult:
    r"""Compute Rosenthal's fail-safe N.

    .. math::
        N = \max\left(0, \left\lceil \frac{Z^2}{z_{1-\alpha}^2} - k \right\rceil\right), \qquad
        Z = \sum_i \frac{y_i}{\sqrt{v_i}}

    It assumes missing studies of mean effect zero, and says nothing of the size of the effect.

    Parameters
    ----------
    y : shape (k,), k >= 10 unless forced
        Effect estimates on the analysis scale, where 0 means no effect.
    v : shape (k,)
        Sampling variances of ``y``; all > 0.
    threshold : float
        One-sided level of the combined test, below 0.5.
    labels : sequence of k names, optional
        How errors name the rows.
    force : bool
        Compute below ten rows.

    Raises
    ------
    InvalidDataError
        Below ten rows with the reason, and for rows that no formula can take.

    References
    ----------
    Rosenthal 1979, Psychological Bulletin 86:638-641.
    """
    if not 0 < threshold < 0.5:
        raise InvalidDataError(f"threshold must lie between 0 and 0.5, not {threshold!r}")
    estimates, variances, _ = checked_effects(y, v, labels)
    row_count = len(estimates)
    refuse_few_rows("Rosenthal's fail-safe N", row_count, force=force, least=1)
    total = math.fsum((estimates / np.sqrt(variances)).tolist())
    missing = (total / normal_quantile(1 - threshold)) ** 2 - row_count
    return FailSafeResult(
        study_count=max(0, math.ceil(missing)),
        combined_p_value=normal_tail(abs(total) / math.sqrt(row_count)),
        threshold=threshold,
        row_count=row_count,
    )
