"""Effect sizes of events: two groups of patients, one group of patients, and events in person-time.

RR, OR, RD, AS and PETO set the index group (1) against the reference group (2). A row without events in
either group is corrected like any other row with an empty cell, as metafor does; it carries no information on
a ratio, and leaving it out is the caller's decision. PR, PLN, PLO and PAS describe one group, IR, IRLN and
IRS events in person-time t, IRR, IRD and IRSD two such groups; events in person-time are Poisson. Below,
p = events / n.

References
----------
Rothman, Greenland & Lash, Modern Epidemiology; Rücker et al. 2009, Statistics in Medicine 28:721-738 (AS);
Yusuf et al. 1985, Progress in Cardiovascular Diseases 27:335-371 (PETO); Lin & Xu 2020, Health Science
Reports 3:e178 (the scale of a proportion); Schwarzer et al. 2019, Research Synthesis Methods 10:476-483 (why
not the double arcsine); Freeman & Tukey 1950, Annals of Mathematical Statistics 21:607-611 (square roots).
"""

from __future__ import annotations

import numpy as np

from evisynth.arithmetic import (
    Column,
    Columns,
    binomial_variance,
    check_events,
    check_not_negative,
    check_positive,
    contrast,
    variance_on_scale,
)
from evisynth.effects.effect_size_measure import Estimates, Measure, Settings, continuity_correction

TWO_BY_TWO_COLUMNS = ("events1", "n1", "events2", "n2")


def log_risk_ratio(events1: Column, n1: Column, events2: Column, n2: Column) -> Estimates:
    r"""Return the log risk ratio, :math:`\log(p_1/p_2)`, with variance :math:`1/x_1 - 1/n_1 + 1/x_2 - 1/n_2`.

    Parameters
    ----------
    events1, n1, events2, n2 : shape (k,)
        Patients with the event and all patients, index group (1) and reference group (2).

    Returns
    -------
    tuple of arrays of shape (k,)
        Log risk ratios and their sampling variances.
    """
    return _contrast_of_shares("log", events1, n1, events2, n2)


def log_odds_ratio(events1: Column, n1: Column, events2: Column, n2: Column) -> Estimates:
    r"""Return the log odds ratio, with the sum of the inverse cells as variance (Woolf 1955).

    From the four cells: a share x / n near 1 has lost the digits of 1 - x / n.
    Parameters and return value as in :func:`log_risk_ratio`.
    """
    free1, free2 = n1 - events1, n2 - events2
    y = np.log(events1 / free1) - np.log(events2 / free2)
    return y, 1 / events1 + 1 / free1 + 1 / events2 + 1 / free2


def risk_difference(events1: Column, n1: Column, events2: Column, n2: Column) -> Estimates:
    r"""Return the risk difference, :math:`p_1 - p_2`, with variance :math:`\sum_j p_j (1 - p_j) / n_j`.

    ``effect_size("RD", ...)`` adds half a patient to each cell of a row with an empty one, as metafor does,
    unless it is told ``add=0``; a question about a risk difference never does, and leaves such rows to
    ``model: mantel-haenszel``.
    Parameters and return value as in :func:`log_risk_ratio`.
    """
    return _contrast_of_shares("identity", events1, n1, events2, n2)


def _contrast_of_shares(scale: str, events1: Column, n1: Column, events2: Column, n2: Column) -> Estimates:
    p1, p2 = events1 / n1, events2 / n2
    v1, v2 = binomial_variance(p1, n1), binomial_variance(p2, n2)
    return contrast(scale, p1, p2), variance_on_scale(scale, p1, v1) + variance_on_scale(scale, p2, v2)


def arcsine_difference(events1: Column, n1: Column, events2: Column, n2: Column) -> Estimates:
    r"""Return :math:`\arcsin\sqrt{p_1} - \arcsin\sqrt{p_2}`, with variance :math:`\sum_j 1 / (4 n_j)`.

    Defined without correction when a cell is empty. Parameters and return value as in
    :func:`log_risk_ratio`.
    """
    y = np.arcsin(np.sqrt(events1 / n1)) - np.arcsin(np.sqrt(events2 / n2))
    return y, 1 / (4 * n1) + 1 / (4 * n2)


def peto_log_odds_ratio(events1: Column, n1: Column, events2: Column, n2: Column) -> Estimates:
    r"""Return Peto's one-step log odds ratio, :math:`(x_1 - E) / V`, with variance :math:`1/V`.

    .. math::
        E = \frac{n_1 d}{N}, \qquad V = \frac{n_1 n_2\, d\, (N - d)}{N^2 (N - 1)}, \qquad
        d = x_1 + x_2, \quad N = n_1 + n_2

    Parameters and return value as in :func:`log_risk_ratio`.
    """
    total, events = n1 + n2, events1 + events2
    expected = n1 * events / total
    hypergeometric_variance = n1 * n2 * events * (total - events) / (total**2 * (total - 1))
    return (events1 - expected) / hypergeometric_variance, 1 / hypergeometric_variance


def _check(columns: Columns, settings: Settings) -> Columns:
    check_events(columns, "events1", "n1")
    check_events(columns, "events2", "n2")
    return columns


def _correct_two_by_two(columns: Columns, settings: Settings) -> Columns:
    _check(columns, settings)
    x1, n1, x2, n2 = (columns[name] for name in TWO_BY_TWO_COLUMNS)
    empty = (x1 == 0) | (x1 == n1) | (x2 == 0) | (x2 == n2)
    gain = continuity_correction(empty, settings)
    return {"events1": x1 + gain, "n1": n1 + 2 * gain, "events2": x2 + gain, "n2": n2 + 2 * gain}


_CORRECTION = ("to", "add")
_MEASURES_TWO_BY_TWO_MEASURES = (
    Measure("RR", TWO_BY_TWO_COLUMNS, _correct_two_by_two, log_risk_ratio, _CORRECTION),
    Measure("OR", TWO_BY_TWO_COLUMNS, _correct_two_by_two, log_odds_ratio, _CORRECTION),
    Measure("RD", TWO_BY_TWO_COLUMNS, _correct_two_by_two, risk_difference, _CORRECTION),
    Measure("AS", TWO_BY_TWO_COLUMNS, _correct_two_by_two, arcsine_difference, _CORRECTION, add=0.0),
    Measure("PETO", TWO_BY_TWO_COLUMNS, _correct_two_by_two, peto_log_odds_ratio, _CORRECTION),
)


_PROPORTION_COLUMNS = ("events", "n")
DOUBLE_ARCSINE = "freeman-tukey-double-arcsine"
DOUBLE_ARCSINE_REASON = (
    "a pooled Freeman-Tukey double arcsine value has no n to transform it back with, and the one usually put "
    "in its place (the harmonic mean) can give a proportion outside of all the data"
)
DOUBLE_ARCSINE_INSTEAD = (
    "use 'PLO' (logit), 'PAS' (arcsine), or for few events the binomial-normal model (pool_binomial_normal)"
)


def proportion(events: Column, n: Column) -> Estimates:
    r"""Return the raw proportion, with variance :math:`p (1 - p) / n`.

    Parameters
    ----------
    events, n : shape (k,)
        Patients with the event and all patients.

    Returns
    -------
    tuple of arrays of shape (k,)
        Proportions and their sampling variances.
    """
    return events / n, binomial_variance(events / n, n)


def log_proportion(events: Column, n: Column) -> Estimates:
    r"""Return :math:`\log p`, with variance :math:`1/x - 1/n`; parameters as in :func:`proportion`."""
    return np.log(events / n), 1 / events - 1 / n


def logit_proportion(events: Column, n: Column) -> Estimates:
    r"""Return :math:`\log(x / (n - x))`, with variance :math:`1/x + 1/(n - x)`.

    Parameters as in :func:`proportion`.
    """
    return np.log(events / (n - events)), 1 / events + 1 / (n - events)


def arcsine_proportion(events: Column, n: Column) -> Estimates:
    r"""Return :math:`\arcsin\sqrt p`, with variance :math:`1/(4n)`; parameters as in :func:`proportion`."""
    return np.arcsin(np.sqrt(events / n)), 1 / (4 * n)


def double_arcsine_proportion(events: Column, n: Column) -> Estimates:
    r"""Return the Freeman-Tukey double arcsine, with variance :math:`1 / (4 n + 2)`.

    .. math:: \tfrac12 \left(\arcsin\sqrt{x / (n + 1)} + \arcsin\sqrt{(x + 1) / (n + 1)}\right)

    Only to compare with published results: it cannot be transformed back once pooled. Parameters as in
    :func:`proportion`.

    References
    ----------
    Freeman & Tukey 1950, Annals of Mathematical Statistics 21:607-611 (halved, as metafor does).
    """
    y = (np.arcsin(np.sqrt(events / (n + 1))) + np.arcsin(np.sqrt((events + 1) / (n + 1)))) / 2
    return y, 1 / (4 * n + 2)


def _check_proportions(columns: Columns, settings: Settings) -> Columns:
    check_events(columns, "events", "n")
    return columns


def _correct_proportions(columns: Columns, settings: Settings) -> Columns:
    _check_proportions(columns, settings)
    x, n = columns["events"], columns["n"]
    gain = continuity_correction((x == 0) | (x == n), settings)
    return {"events": x + gain, "n": n + 2 * gain}


_MEASURES_PROPORTIONS_MEASURES = (
    Measure("PR", _PROPORTION_COLUMNS, _correct_proportions, proportion, _CORRECTION),
    Measure("PLN", _PROPORTION_COLUMNS, _correct_proportions, log_proportion, _CORRECTION),
    Measure("PLO", _PROPORTION_COLUMNS, _correct_proportions, logit_proportion, _CORRECTION),
    Measure("PAS", _PROPORTION_COLUMNS, _correct_proportions, arcsine_proportion, _CORRECTION, add=0.0),
    Measure(
        DOUBLE_ARCSINE,
        _PROPORTION_COLUMNS,
        _correct_proportions,
        double_arcsine_proportion,
        _CORRECTION,
        add=0.0,
    ),
)


ONE_GROUP = ("events", "time")
TWO_GROUPS = ("events1", "time1", "events2", "time2")


def incidence_rate(events: Column, time: Column) -> Estimates:
    r"""Return the rate :math:`x / t`, with variance :math:`x / t^2`.

    Parameters
    ----------
    events, time : shape (k,)
        Events and the person-time in which they happened.

    Returns
    -------
    tuple of arrays of shape (k,)
        Rates per unit of person-time and their sampling variances.
    """
    return events / time, events / time**2


def log_incidence_rate(events: Column, time: Column) -> Estimates:
    r"""Return :math:`\log(x / t)`, with variance :math:`1 / x`; parameters as in :func:`incidence_rate`."""
    return np.log(events / time), 1 / events


def root_incidence_rate(events: Column, time: Column) -> Estimates:
    r"""Return :math:`\sqrt{x / t}`, with variance :math:`1/(4t)`; parameters as in :func:`incidence_rate`."""
    return np.sqrt(events / time), 1 / (4 * time)


def log_rate_ratio(events1: Column, time1: Column, events2: Column, time2: Column) -> Estimates:
    r"""Return the log rate ratio, :math:`\log(x_1/t_1) - \log(x_2/t_2)`, with variance :math:`1/x_1 + 1/x_2`.

    Parameters
    ----------
    events1, time1, events2, time2 : shape (k,)
        Events and person-time, index group (1) and reference group (2).

    Returns
    -------
    tuple of arrays of shape (k,)
        Log rate ratios and their sampling variances.
    """
    return np.log(events1 / time1) - np.log(events2 / time2), 1 / events1 + 1 / events2


def rate_difference(events1: Column, time1: Column, events2: Column, time2: Column) -> Estimates:
    r"""Return :math:`x_1/t_1 - x_2/t_2`, with variance :math:`x_1/t_1^2 + x_2/t_2^2`.

    Parameters as in :func:`log_rate_ratio`.
    """
    return events1 / time1 - events2 / time2, events1 / time1**2 + events2 / time2**2


def root_rate_difference(events1: Column, time1: Column, events2: Column, time2: Column) -> Estimates:
    r"""Return :math:`\sqrt{x_1/t_1} - \sqrt{x_2/t_2}`, with variance :math:`1/(4 t_1) + 1/(4 t_2)`.

    Parameters as in :func:`log_rate_ratio`.
    """
    y = np.sqrt(events1 / time1) - np.sqrt(events2 / time2)
    return y, 1 / (4 * time1) + 1 / (4 * time2)


def _check_rates(columns: Columns, settings: Settings) -> Columns:
    check_not_negative(columns, (name for name in columns if name.startswith("events")))
    check_positive(columns, (name for name in columns if name.startswith("time")))
    return columns


def _correct_rates(columns: Columns, settings: Settings) -> Columns:
    """Correct the events only: person-time stays as it is."""
    _check_rates(columns, settings)
    events = {name: column for name, column in columns.items() if name.startswith("events")}
    gain = continuity_correction(np.any([column == 0 for column in events.values()], axis=0), settings)
    return {**columns, **{name: column + gain for name, column in events.items()}}


_MEASURES_RATES_MEASURES = (
    Measure("IR", ONE_GROUP, _correct_rates, incidence_rate, _CORRECTION),
    Measure("IRLN", ONE_GROUP, _correct_rates, log_incidence_rate, _CORRECTION),
    Measure("IRS", ONE_GROUP, _correct_rates, root_incidence_rate, _CORRECTION, add=0.0),
    Measure("IRR", TWO_GROUPS, _correct_rates, log_rate_ratio, _CORRECTION),
    Measure("IRD", TWO_GROUPS, _correct_rates, rate_difference, _CORRECTION),
    Measure("IRSD", TWO_GROUPS, _correct_rates, root_rate_difference, _CORRECTION, add=0.0),
)


MEASURES: tuple[Measure, ...] = (
    *_MEASURES_TWO_BY_TWO_MEASURES,
    *_MEASURES_PROPORTIONS_MEASURES,
    *_MEASURES_RATES_MEASURES,
)
