"""The confidence interval of I squared, from that of the between-study variance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from evisynth.synthesis.tau_squared_interval import tau_squared_interval
from evisynth.synthesis.validation import checked_effects


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
