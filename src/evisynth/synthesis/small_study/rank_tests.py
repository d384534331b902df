"""Begg's rank test for small-study effects by Kendall's correlation, and Rosenthal's fail-safe N.

Kendall's test is exact where it can be, and by the normal distribution elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evisynth.arithmetic import normal_quantile, normal_tail, two_sided_p_from_z
from evisynth.errors import InvalidDataError
from evisynth.synthesis.small_study.regression_tests import refuse_few_rows
from evisynth.synthesis.validation import checked_effects

Array = NDArray[np.float64]

# The exact distribution takes n^3 steps; here normal p-values down to 0.003 are within 2 % of the exact ones.
_MOST_EXACT = 400


class RankCorrelation(NamedTuple):
    """Kendall's tau (b, where there are ties), its two-sided p-value, and whether that is exact."""

    tau: float
    p_value: float
    exact: bool


def kendall_rank_correlation(x: Array, y: Array) -> RankCorrelation:
    r"""Compute Kendall's rank correlation and test it against zero.

    The test is exact without ties up to 400 pairs.

    .. math::
        \tau_b = \frac{S}{\sqrt{(T - T_x)(T - T_y)}}, \qquad S = \sum_{i<j} \mathrm{sign}(x_i - x_j)
        \,\mathrm{sign}(y_i - y_j), \qquad T = \frac{n (n - 1)}{2}

    Parameters
    ----------
    x, y : shape (n,), n >= 2
        Paired values, neither all equal.

    Raises
    ------
    InvalidDataError
        When all values of one variable are equal.

    References
    ----------
    Kendall 1970, Rank Correlation Methods, 4th edition, chapters 3 to 5.
    """
    n = len(x)
    score = 0
    for row in range(n - 1):
        score += int(np.sum(np.sign(x[row] - x[row + 1 :]) * np.sign(y[row] - y[row + 1 :])))
    ties_x, ties_y = _tie_sizes(x), _tie_sizes(y)
    pairs = n * (n - 1) // 2
    untied_x = pairs - sum(t * (t - 1) // 2 for t in ties_x)
    untied_y = pairs - sum(t * (t - 1) // 2 for t in ties_y)
    if untied_x == 0 or untied_y == 0:
        raise InvalidDataError("all values of one variable are equal; ranks cannot be correlated")
    tau = score / math.sqrt(untied_x * untied_y)
    if untied_x == pairs == untied_y and n <= _MOST_EXACT:
        return RankCorrelation(tau, _exact_two_sided(score, n), True)
    return RankCorrelation(
        tau, two_sided_p_from_z(score / math.sqrt(_score_variance(n, ties_x, ties_y))), False
    )


def _tie_sizes(values: Array) -> list[int]:
    return [int(count) for count in np.unique(values, return_counts=True)[1] if count > 1]


def _exact_two_sided(score: int, n: int) -> float:
    """Double the smaller tail of the distribution of S over all n! orders.

    The share of orders with a given number of inversions is built up row by row: row m adds 0 to m - 1 of
    them. Only the rising half is summed, where differences of running sums keep their digits; the other half
    mirrors it.
    """
    share = np.ones(1)
    for m in range(2, n + 1):
        size = m * (m - 1) // 2 + 1
        running = np.cumsum(share)[: (size + 1) // 2]
        rising = running.copy()
        rising[m:] -= running[: len(running) - m]
        share = np.concatenate((rising, rising[: size // 2][::-1])) / m
    inversions = (n * (n - 1) // 2 - abs(score)) // 2
    return min(1.0, 2 * math.fsum(share[: inversions + 1].tolist()))


def _score_variance(n: int, ties_x: list[int], ties_y: list[int]) -> float:
    def sums(ties: list[int]) -> tuple[float, float, float]:
        return (
            float(sum(t * (t - 1) * (2 * t + 5) for t in ties)),
            float(sum(t * (t - 1) for t in ties)),
            float(sum(t * (t - 1) * (t - 2) for t in ties)),
        )

    (x5, x2, x3), (y5, y2, y3) = sums(ties_x), sums(ties_y)
    variance = (n * (n - 1) * (2 * n + 5) - x5 - y5) / 18 + x2 * y2 / (2 * n * (n - 1))
    return variance + (x3 * y3 / (9 * n * (n - 1) * (n - 2)) if n > 2 else 0.0)


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
