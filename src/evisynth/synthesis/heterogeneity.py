"""Heterogeneity: Cochran's Q, I squared and H squared, with intervals by the Q-profile method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from evisynth.arithmetic import chi_squared_quantile, chi_squared_tail
from evisynth.errors import InvalidDataError
from evisynth.synthesis.tau_squared import tau_squared_at_q
from evisynth.synthesis.validation import checked_effects, checked_level
from evisynth.synthesis.weighted_sums import ScaledEffects, Sums


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


class TauSquaredInterval(NamedTuple):
    """Confidence limits of the between-study variance, in squared units of the estimates."""

    lower: float
    upper: float


def tau_squared_interval(
    y: ArrayLike, v: ArrayLike, *, level: float = 0.95, labels: Sequence[str] | None = None
) -> TauSquaredInterval:
    r"""Compute the Q-profile confidence interval of the between-study variance.

    The set of all :math:`\tau^2 \ge 0` with

    .. math::
        \chi^2_{k-1; \alpha/2} \le \sum_i w_i (y_i - \hat\mu)^2 \le \chi^2_{k-1; 1-\alpha/2}, \qquad
        w_i = 1 / (v_i + \tau^2)

    Parameters
    ----------
    y : shape (k,), k >= 2
        Effect estimates.
    v : shape (k,)
        Sampling variances of ``y``; all > 0.
    level : float
        Between 0 and 1.
    labels : sequence of k names, optional
        How errors name the rows.

    Returns
    -------
    TauSquaredInterval
        Both limits are 0 when Q lies below the lower quantile even at zero (more alike than by chance).

    Raises
    ------
    InvalidDataError
        For rows that no formula can take, or fewer than two.
    ConvergenceError
        When a bracketed root cannot be closed.

    References
    ----------
    Viechtbauer 2007, Statistics in Medicine 26:37-52.
    """
    estimates, variances, names = checked_effects(y, v, labels)
    level = checked_level(level)
    if len(estimates) < 2:
        raise InvalidDataError("the variance between studies needs at least two rows; there is one")
    effects = ScaledEffects(estimates, variances, names)
    df = len(estimates) - 1
    square = effects.unit * effects.unit
    return TauSquaredInterval(
        lower=square * tau_squared_at_q(effects, chi_squared_quantile(0.5 + level / 2, df)),
        upper=square * tau_squared_at_q(effects, chi_squared_quantile(0.5 - level / 2, df)),
    )


class ISquaredInterval(NamedTuple):
    """Confidence limits of I squared, as shares from 0 to 1."""

    lower: float
    upper: float


def i_squared_interval(
    y: ArrayLike, v: ArrayLike, *, level: float = 0.95, labels: Sequence[str] | None = None
) -> ISquaredInterval:
    r"""Compute the confidence interval of I squared that the Q-profile interval of tau squared gives.

    .. math::
        I^2 = \frac{\tau^2}{\tau^2 + s^2}, \qquad
        s^2 = \frac{(k - 1) \sum_i w_i}{\left(\sum_i w_i\right)^2 - \sum_i w_i^2}, \qquad w_i = 1 / v_i

    Parameters
    ----------
    y : shape (k,), k >= 2
        Effect estimates.
    v : shape (k,)
        Sampling variances of ``y``; all > 0.
    level : float
        Between 0 and 1.
    labels : sequence of k names, optional
        How errors name the rows.

    Returns
    -------
    ISquaredInterval
        Both limits are 0 when the estimates are more alike than by chance.

    Raises
    ------
    InvalidDataError
        For rows that no formula can take, or fewer than two.
    ConvergenceError
        When a bracketed root cannot be closed.

    References
    ----------
    Higgins & Thompson 2002, Statistics in Medicine 21:1539-1558; Viechtbauer 2007, ibid. 26:37-52.
    """
    limits = tau_squared_interval(y, v, level=level, labels=labels)
    variances = checked_effects(y, v, labels)[1]
    # Relative weights, since sums of squares of 1 / v may overflow.
    unit = float(np.min(variances))
    w = unit / variances
    share = w / np.sum(w)
    typical = unit * (len(w) - 1) / float(np.sum(w) * np.sum(share * (1 - share)))
    lower, upper = (limit / (limit + typical) for limit in limits)
    return ISquaredInterval(lower, upper)
