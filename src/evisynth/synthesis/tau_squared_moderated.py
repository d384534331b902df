"""The residual between-study variance of a meta-regression, by the names of the estimators."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from evisynth.synthesis.moderated_effects import ModeratedEffects
from evisynth.synthesis.tau_squared import TAU_SQUARED_ESTIMATORS


def tau_squared_hedges(effects: ModeratedEffects) -> float:
    r"""Estimate the residual variance from the unweighted regression (HE).

    .. math::
        \hat\tau^2 = \max\left(0, \frac{RSS - \sum_i v_i (1 - h_i)}{k - p}\right)

    with RSS and leverages h of the unweighted regression.

    References
    ----------
    Raudenbush 2009, in Cooper, Hedges & Valentine, The Handbook of Research Synthesis, chapter 16.
    """
    return max(0.0, effects.sum_of_squares() / (effects.row_count - 1) - effects.v_contrasts)


def tau_squared_hunter_schmidt(effects: ModeratedEffects) -> float:
    r"""Estimate the residual variance by Hunter and Schmidt's method: (QE - k) / sum(w), at least 0 (HS)."""
    sums = effects.at(0.0)
    return max(0.0, (sums.q - effects.actual_rows) / sums.trace_w)


def tau_squared_hunter_schmidt_small_sample(effects: ModeratedEffects) -> float:
    r"""Estimate the residual variance as (QE k / (k - p) - k) / sum(w), at least 0 (HSk)."""
    sums = effects.at(0.0)
    k = effects.actual_rows
    return max(0.0, (sums.q * k / (effects.row_count - 1) - k) / sums.trace_w)


def tau_squared_sidik_jonkman(effects: ModeratedEffects) -> float:
    r"""Estimate the residual variance from a crude first value, in one step (SJ).

    .. math::
        \tau_0^2 = \frac{1}{k} \sum_i (y_i - \bar y)^2, \qquad
        \hat\tau^2 = \frac{\tau_0^2}{k - p}\, y' P(\tau_0^2)\, y

    The crude value is the one without moderators.

    References
    ----------
    Sidik & Jonkman 2005, Journal of Biopharmaceutical Statistics 15:823-838.
    """
    deviations = effects.y - effects.y.mean()
    crude = float(deviations @ deviations) / effects.actual_rows
    if crude == 0:
        return 0.0
    return crude * effects.at(crude).q / (effects.row_count - 1)


# The others ask for nothing but the sums, and hold for contrasts as they do for rows around a mean.
MODERATED_ESTIMATORS: MappingProxyType[str, Callable[[ModeratedEffects], float]] = MappingProxyType(
    {
        **TAU_SQUARED_ESTIMATORS,
        "HE": tau_squared_hedges,
        "HS": tau_squared_hunter_schmidt,
        "HSk": tau_squared_hunter_schmidt_small_sample,
        "SJ": tau_squared_sidik_jonkman,
    }
)
