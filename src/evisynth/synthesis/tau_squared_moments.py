"""Between-study variance in closed form: the method of moments and its relatives."""

from __future__ import annotations

from evisynth.synthesis.weighted_sums import ScaledEffects


def tau_squared_dersimonian_laird(effects: ScaledEffects) -> float:
    r"""Estimate the between-study variance from the excess of Cochran's Q.

    .. math::
        \hat\tau^2 = \max\left(0, \frac{Q - (k - 1)}{\mathrm{tr}\,P}\right), \qquad
        \mathrm{tr}\,P = \sum_i w_i - \frac{\sum_i w_i^2}{\sum_i w_i}, \qquad w_i = 1 / v_i

    References
    ----------
    DerSimonian & Laird 1986, Controlled Clinical Trials 7:177-188.
    """
    sums = effects.at_zero()
    return max(0.0, (sums.q - (effects.row_count - 1)) / sums.trace_p)


def tau_squared_hedges(effects: ScaledEffects) -> float:
    r"""Estimate the between-study variance from the unweighted variance of the estimates (HE).

    .. math::
        \hat\tau^2 = \max\left(0, \frac{\sum_i (y_i - \bar y)^2}{k - 1} - \bar v\right)

    References
    ----------
    Hedges & Olkin 1985, Statistical Methods for Meta-Analysis, chapter 9.
    """
    return max(0.0, effects.sum_of_squares() / (effects.row_count - 1) - effects.v_mean)


def tau_squared_hunter_schmidt(effects: ScaledEffects) -> float:
    r"""Estimate the between-study variance by Hunter and Schmidt's method (HS).

    .. math::
        \hat\tau^2 = \max\left(0, \frac{Q - k}{\sum_i w_i}\right), \qquad w_i = 1 / v_i

    References
    ----------
    Viechtbauer 2005, Journal of Educational and Behavioral Statistics 30:261-293, eq. 9.
    """
    sums = effects.at_zero()
    return max(0.0, (sums.q - effects.row_count) / sums.trace_w)


def tau_squared_hunter_schmidt_small_sample(effects: ScaledEffects) -> float:
    r"""Estimate the between-study variance by Hunter and Schmidt's method, corrected for small k (HSk).

    .. math::
        \hat\tau^2 = \max\left(0, \frac{\frac{k}{k - 1} Q - k}{\sum_i w_i}\right), \qquad w_i = 1 / v_i

    References
    ----------
    Brannick, Potter, Benitez & Morris 2019, Organizational Research Methods 22:490-514.
    """
    sums = effects.at_zero()
    k = effects.row_count
    return max(0.0, (sums.q * k / (k - 1) - k) / sums.trace_w)


def tau_squared_sidik_jonkman(effects: ScaledEffects) -> float:
    r"""Estimate the between-study variance from a crude first value, in one step (SJ).

    .. math::
        \tau_0^2 = \frac{1}{k} \sum_i (y_i - \bar y)^2, \qquad
        \hat\tau^2 = \frac{\tau_0^2}{k - 1} \sum_i \frac{(y_i - \hat\mu_0)^2}{v_i + \tau_0^2}

    Positive unless all estimates are equal.

    References
    ----------
    Sidik & Jonkman 2005, Journal of the Royal Statistical Society C 54:367-384.
    """
    crude = effects.sum_of_squares() / effects.row_count
    if crude == 0:
        return 0.0
    return crude * effects.at(crude).q / (effects.row_count - 1)
