"""The confidence interval of the between-study variance by the Q-profile method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from numpy.typing import ArrayLike

from evisynth.arithmetic.distributions import chi_squared_quantile
from evisynth.errors import InvalidDataError
from evisynth.synthesis.tau_squared_generalised_q import tau_squared_at_q
from evisynth.synthesis.validation import checked_effects, checked_level
from evisynth.synthesis.weighted_sums import ScaledEffects


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
