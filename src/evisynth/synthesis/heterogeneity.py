"""How much the estimates differ beyond chance: Cochran's Q, I squared and H squared."""

from __future__ import annotations

from typing import NamedTuple

from evisynth.arithmetic.distributions import chi_squared_tail
from evisynth.synthesis.weighted_sums import Sums


class Heterogeneity(NamedTuple):
    """Cochran's Q with its p-value, and the two shares drawn from it; all free of units."""

    q_statistic: float
    q_p_value: float
    i_squared: float
    h_squared: float


def compute_heterogeneity(
    at_zero: Sums[float], tau_squared: float, row_count: int, *, common: bool
) -> Heterogeneity:
    r"""Compute Q, its p-value, I squared and H squared.

    .. math::
        Q = \sum_i w_i (y_i - \hat\mu_0)^2, \qquad
        I^2 = \frac{\hat\tau^2}{\hat\tau^2 + s^2}, \qquad H^2 = \frac{\hat\tau^2 + s^2}{s^2}, \qquad
        s^2 = \frac{k - 1}{\mathrm{tr}\,P}, \qquad w_i = 1 / v_i

    The common-effect model has no :math:`\hat\tau^2`; there :math:`I^2 = \max(0, 1 - (k - 1) / Q)` and
    :math:`H^2 = Q / (k - 1)`, which the two formulas equal for DerSimonian and Laird's estimator.

    Parameters
    ----------
    at_zero : Sums
        The weighted sums at a between-study variance of zero.
    tau_squared : float
        In the same (scaled) units as ``at_zero``.
    row_count : int
        k. A single row has Q = 0, a p-value of 1 and no heterogeneity.
    common : bool
        Whether the model is the common-effect model.

    References
    ----------
    Cochran 1954, Biometrics 10:101-129; Higgins & Thompson 2002, Statistics in Medicine 21:1539-1558.
    """
    if row_count == 1:
        return Heterogeneity(0.0, 1.0, 0.0, 1.0)
    df = row_count - 1
    q = at_zero.q
    if common:
        i_squared = max(0.0, 1 - df / q) if q > 0 else 0.0
        h_squared = q / df
    else:
        typical = df / at_zero.trace_p
        i_squared = tau_squared / (tau_squared + typical)
        h_squared = 1 + tau_squared / typical
    return Heterogeneity(q, chi_squared_tail(q, df), i_squared, h_squared)
