"""Begg's rank test for small-study effects: whether effects and variances rise together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evisynth.synthesis.few_rows import refuse_few_rows
from evisynth.synthesis.rank_correlation import kendall_rank_correlation
from evisynth.synthesis.validation import checked_effects


@dataclass(frozen=True, slots=True)
class BeggResult:
    """Kendall's tau between standardised effects and variances; ``exact`` says how the p-value was found."""

    kendall_tau: float
    p_value: float
    exact: bool
    row_count: int


def assess_rank_correlation(
    y: ArrayLike, v: ArrayLike, *, labels: Sequence[str] | None = None, force: bool = False
) -> BeggResult:
    r"""Correlate the ranks of standardised effects and their variances (Begg and Mazumdar's test).

    .. math::
        \tau_K\left(\frac{y_i - \hat\mu}{\sqrt{v_i - 1 / \sum_j w_j}},\; v_i\right), \qquad w_i = 1 / v_i

    with :math:`\hat\mu` of the common-effect model.

    Parameters
    ----------
    y : shape (k,), k >= 10 unless forced
        Effect estimates on the analysis scale.
    v : shape (k,)
        Sampling variances of ``y``; all > 0.
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
    Begg & Mazumdar 1994, Biometrics 50:1088-1101.
    """
    estimates, variances, _ = checked_effects(y, v, labels)
    refuse_few_rows("Begg's test", len(estimates), force=force)
    w = 1 / variances
    shifted = estimates - estimates[int(variances.argmin())]
    mean = float(w @ shifted) / float(w.sum())
    # v_i - 1 / sum(w) is v_i times the share of weight of the other rows, by a rule that keeps ties tied
    total = math.fsum(w.tolist())
    # Where one row holds most of the weight, the rest is summed without it.
    others = [total - x if x < total / 2 else math.fsum([*w.tolist(), -x]) for x in w.tolist()]
    deviate = (shifted - mean) / np.sqrt(variances * (np.array(others) / total))
    tau, p_value, exact = kendall_rank_correlation(deviate, variances)
    return BeggResult(tau, p_value, exact, len(estimates))
