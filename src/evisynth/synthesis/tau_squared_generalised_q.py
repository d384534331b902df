r"""Between-study variance from the generalised Q statistic: Paule-Mandel, its median form, and the Q-profile.

:math:`Q(\tau^2) = y'Py = \sum_j z_j^2 / (\lambda_j + \tau^2)` falls strictly, and 1 / Q is a weighted
harmonic mean of linear functions: concave, and linear when the variances are equal. Newton steps on 1 / Q
from the left therefore climb to the one root without ever passing it.
"""

from __future__ import annotations

from evisynth.arithmetic.distributions import chi_squared_quantile
from evisynth.synthesis.root import bracketed_root
from evisynth.synthesis.weighted_sums import ScaledEffects


def tau_squared_at_q(effects: ScaledEffects, target: float) -> float:
    """Find the tau^2 >= 0 at which the generalised Q equals ``target``; 0 when Q(0) does not exceed it.

    Parameters
    ----------
    effects : ScaledEffects
        At least two rows.
    target : float
        Positive.

    Raises
    ------
    ConvergenceError
        When the bracketed root cannot be closed.
    """
    at_zero = effects.at_zero()
    if at_zero.q <= target:
        return 0.0
    # Q(tau^2) <= SS / (v_min + tau^2)
    upper = 1.001 * effects.sum_of_squares() / target - effects.v_min

    def excess(tau_squared: float) -> tuple[float, float]:
        sums = effects.at(tau_squared)
        ratio = target / sums.q
        return ratio - 1, ratio * sums.ppy / sums.q

    start = (1 - target / at_zero.q) * at_zero.q**2 / (target * at_zero.ppy)
    return bracketed_root(excess, 0.0, upper, min(start, upper), effects.v_min)


def tau_squared_paule_mandel(effects: ScaledEffects) -> float:
    r"""Estimate the between-study variance that makes Q equal to its expectation (PM, and equally EB).

    .. math::
        \sum_i w_i (y_i - \hat\mu)^2 = k - 1

    The empirical Bayes estimator solves the same equation.

    References
    ----------
    Paule & Mandel 1982, Journal of Research of the National Bureau of Standards 87:377-385; Morris 1983,
    Journal of the American Statistical Association 78:47-55.
    """
    return tau_squared_at_q(effects, effects.row_count - 1.0)


def tau_squared_paule_mandel_median(effects: ScaledEffects) -> float:
    r"""Estimate the between-study variance that makes Q equal to its median (PMM): median-unbiased.

    .. math::
        \sum_i w_i (y_i - \hat\mu)^2 = F^{-1}_{\chi^2_{k-1}}(0.5)

    References
    ----------
    Viechtbauer 2021, Median-unbiased estimators for the amount of heterogeneity in meta-analysis, European
    Congress of Methodology, Valencia.
    """
    return tau_squared_at_q(effects, chi_squared_quantile(0.5, effects.row_count - 1.0))
