"""Effect sizes of means and of correlations.

MD, SMD, SMDH and ROM set the index group (1) against the reference group (2); COR is a correlation as
printed, ZCOR its transformation by Fisher.
"""

from __future__ import annotations

import numpy as np

from evisynth.arithmetic import Column, Columns, check_above, check_between, check_not_negative, refuse_rows
from evisynth.effects.effect_size_measure import Estimates, Measure, Settings

COLUMNS = ("mean1", "sd1", "n1", "mean2", "sd2", "n2")

#: log J in powers of 1/m, from the first on: differences of Bernoulli polynomials.
_LOG_J_COEFFICIENTS = (-3 / 4, -1 / 2, -3 / 8, -1 / 4, -3 / 20, -1 / 6, -33 / 112, -1 / 8)
#: From here on the first term left out, 3/(4 m^9), is below 1e-16.
_SERIES_FROM = 64


def mean_difference(
    mean1: Column, sd1: Column, n1: Column, mean2: Column, sd2: Column, n2: Column
) -> Estimates:
    r"""Return the difference of means, with variance :math:`s_1^2/n_1 + s_2^2/n_2`.

    Parameters
    ----------
    mean1, sd1, n1, mean2, sd2, n2 : shape (k,)
        Mean, standard deviation and patients, index group (1) and reference group (2).

    Returns
    -------
    tuple of arrays of shape (k,)
        Estimates and their sampling variances.
    """
    return mean1 - mean2, sd1**2 / n1 + sd2**2 / n2


def standardised_mean_difference(
    mean1: Column, sd1: Column, n1: Column, mean2: Column, sd2: Column, n2: Column
) -> Estimates:
    r"""Return Hedges' g: the difference in pooled standard deviations, corrected exactly for small samples.

    .. math::
        g = J(n_1 + n_2 - 2)\, \frac{\bar x_1 - \bar x_2}{s_p}, \qquad
        v = \frac1{n_1} + \frac1{n_2} + \frac{g^2}{2 (n_1 + n_2)}

    with J of :func:`hedges_correction`. Parameters as in :func:`mean_difference`.

    References
    ----------
    Hedges 1981, Journal of Educational Statistics 6:107-128; the large-sample variance.
    """
    df = n1 + n2 - 2
    pooled_sd = np.sqrt(((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / df)
    y = hedges_correction(df) * (mean1 - mean2) / pooled_sd
    return y, 1 / n1 + 1 / n2 + y**2 / (2 * (n1 + n2))


def standardised_mean_difference_unequal(
    mean1: Column, sd1: Column, n1: Column, mean2: Column, sd2: Column, n2: Column
) -> Estimates:
    r"""Return the difference in root-mean-square standard deviations: the two groups may differ in spread.

    .. math::
        g = J \frac{\bar x_1 - \bar x_2}{s}, \qquad s^2 = \frac{s_1^2 + s_2^2}2, \qquad
        v = J^2 \left[\frac{g^2}{8 s^4} \sum_j \frac{s_j^4}{n_j - 1}
        + \frac1{s^2} \sum_j \frac{s_j^2}{n_j - 1}\right]

    with J at n1 + n2 - 2 degrees of freedom. Parameters as in :func:`mean_difference`.

    References
    ----------
    Bonett 2009, Psychological Methods 14:225-238.
    """
    correction = hedges_correction(n1 + n2 - 2)
    s_squared = (sd1**2 + sd2**2) / 2
    y = correction * (mean1 - mean2) / np.sqrt(s_squared)
    from_spread = (sd1**4 / (n1 - 1) + sd2**4 / (n2 - 1)) * y**2 / (8 * s_squared**2)
    from_means = (sd1**2 / (n1 - 1) + sd2**2 / (n2 - 1)) / s_squared
    return y, correction**2 * (from_spread + from_means)


def log_ratio_of_means(
    mean1: Column, sd1: Column, n1: Column, mean2: Column, sd2: Column, n2: Column
) -> Estimates:
    r"""Return :math:`\log(\bar x_1 / \bar x_2)`, with variance :math:`\sum_j s_j^2 / (n_j \bar x_j^2)`.

    Parameters as in :func:`mean_difference`; both means have the same sign.

    References
    ----------
    Hedges, Gurevitch & Curtis 1999, Ecology 80:1150-1156.
    """
    return np.log(mean1 / mean2), sd1**2 / (n1 * mean1**2) + sd2**2 / (n2 * mean2**2)


def hedges_correction(degrees_of_freedom: Column) -> Column:
    r"""Return :math:`J(m) = \Gamma(m/2) / (\sqrt{m/2}\; \Gamma((m - 1)/2))`, exact; m > 1.

    Where m is large so are the two log gammas, and their difference keeps few digits (ten at 400,000); there
    the asymptotic series is summed:

    .. math::
        \log J(m) = -\frac{3}{4m} - \frac{1}{2m^2} - \frac{3}{8m^3} - \frac{1}{4m^4} - \frac{3}{20m^5}
        - \frac{1}{6m^6} - \frac{33}{112m^7} - \frac{1}{8m^8} + O(m^{-9})

    Parameters
    ----------
    degrees_of_freedom : shape (k,)
        m, above 1.

    Returns
    -------
    array of shape (k,)
        J, from 0 to 1.

    References
    ----------
    Hedges 1981, Journal of Educational Statistics 6:107-128; the series is Stirling's, of DLMF 5.11.8.
    """
    from scipy.special import gammaln

    m = np.asarray(degrees_of_freedom, dtype=float)
    log_correction = np.zeros_like(m)
    for coefficient in reversed(_LOG_J_COEFFICIENTS):
        log_correction = (log_correction + coefficient) / m
    small = m < _SERIES_FROM
    log_correction[small] = gammaln(m[small] / 2) - np.log(m[small] / 2) / 2 - gammaln((m[small] - 1) / 2)
    return np.asarray(np.exp(log_correction))


def _check(columns: Columns, settings: Settings) -> Columns:
    check_not_negative(columns, ("sd1", "sd2"))
    check_above(columns, "n1", 0)
    check_above(columns, "n2", 0)
    return columns


def _check_for_spread(columns: Columns, settings: Settings) -> Columns:
    _check(columns, settings)
    check_above(columns, "n1", 1)
    check_above(columns, "n2", 1)
    no_spread = (columns["sd1"] == 0) & (columns["sd2"] == 0)
    refuse_rows(no_spread, columns, ("sd1", "sd2"), "one standard deviation must be above 0")
    # J needs more than one degree of freedom
    too_small = columns["n1"] + columns["n2"] <= 3
    refuse_rows(too_small, columns, ("n1", "n2"), "n1 + n2 must be above 3")
    return columns


def _check_signs(columns: Columns, settings: Settings) -> Columns:
    _check(columns, settings)
    wrong = columns["mean1"] * columns["mean2"] <= 0
    refuse_rows(wrong, columns, ("mean1", "mean2"), "a ratio needs two means of the same sign")
    return columns


_MEASURES_MEANS_MEASURES = (
    Measure("MD", COLUMNS, _check, mean_difference),
    Measure("SMD", COLUMNS, _check_for_spread, standardised_mean_difference),
    Measure("SMDH", COLUMNS, _check_for_spread, standardised_mean_difference_unequal),
    Measure("ROM", COLUMNS, _check_signs, log_ratio_of_means),
)


_CORRELATION_COLUMNS = ("r", "n")


def correlation(r: Column, n: Column) -> Estimates:
    r"""Return the raw correlation, with variance :math:`(1 - r^2)^2 / (n - 1)`.

    Parameters
    ----------
    r, n : shape (k,)
        Product-moment correlation and patients.

    Returns
    -------
    tuple of arrays of shape (k,)
        Estimates and their sampling variances.
    """
    return r.copy(), (1 - r**2) ** 2 / (n - 1)


def fisher_z(r: Column, n: Column) -> Estimates:
    r"""Return :math:`\operatorname{artanh} r`, with variance :math:`1 / (n - 3)`.

    Parameters as in :func:`correlation`.

    References
    ----------
    Fisher 1921, Metron 1:1-32.
    """
    return np.arctanh(r), 1 / (n - 3)


def _check_correlations(columns: Columns, settings: Settings) -> Columns:
    check_between(columns, "r", -1, 1)
    check_above(columns, "n", 1)
    return columns


def _check_for_fisher(columns: Columns, settings: Settings) -> Columns:
    _check_correlations(columns, settings)
    check_above(columns, "n", 3)
    return columns


_MEASURES_CORRELATIONS_MEASURES = (
    Measure("COR", _CORRELATION_COLUMNS, _check_correlations, correlation),
    Measure("ZCOR", _CORRELATION_COLUMNS, _check_for_fisher, fisher_z),
)


MEASURES: tuple[Measure, ...] = (*_MEASURES_MEANS_MEASURES, *_MEASURES_CORRELATIONS_MEASURES)
