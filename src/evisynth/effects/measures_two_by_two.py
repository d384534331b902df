"""Two groups, events of patients: RR, OR, RD, AS and PETO, index group (1) against reference group (2).

Below, p = events / n in each group. Formulas follow Rothman, Greenland & Lash, Modern Epidemiology; AS is
Rücker et al. 2009, Statistics in Medicine 28:721-738; PETO is Yusuf et al. 1985, Progress in Cardiovascular
Diseases 27:335-371. A row without events in either group is corrected like any other row with an empty
cell, as metafor does; it carries no information on a ratio, and leaving it out is the caller's decision.
"""

from __future__ import annotations

import numpy as np

from evisynth.effects.continuity_correction import continuity_correction
from evisynth.effects.data_checks import check_events
from evisynth.effects.measure import Column, Columns, Estimates, Measure, Settings

COLUMNS = ("events1", "n1", "events2", "n2")


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
    y = np.log(events1 / n1) - np.log(events2 / n2)
    return y, 1 / events1 - 1 / n1 + 1 / events2 - 1 / n2


def log_odds_ratio(events1: Column, n1: Column, events2: Column, n2: Column) -> Estimates:
    r"""Return the log odds ratio, with the sum of the inverse cells as variance (Woolf 1955).

    Parameters and return value as in :func:`log_risk_ratio`.
    """
    free1, free2 = n1 - events1, n2 - events2
    y = np.log(events1 / free1) - np.log(events2 / free2)
    return y, 1 / events1 + 1 / free1 + 1 / events2 + 1 / free2


def risk_difference(events1: Column, n1: Column, events2: Column, n2: Column) -> Estimates:
    r"""Return the risk difference, :math:`p_1 - p_2`, with variance :math:`\sum_j p_j (1 - p_j) / n_j`.

    Parameters and return value as in :func:`log_risk_ratio`.
    """
    p1, p2 = events1 / n1, events2 / n2
    return p1 - p2, p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2


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


def _check_and_correct(columns: Columns, settings: Settings) -> Columns:
    _check(columns, settings)
    x1, n1, x2, n2 = (columns[name] for name in COLUMNS)
    empty = (x1 == 0) | (x1 == n1) | (x2 == 0) | (x2 == n2)
    gain = continuity_correction(empty, settings)
    return {"events1": x1 + gain, "n1": n1 + 2 * gain, "events2": x2 + gain, "n2": n2 + 2 * gain}


_CORRECTION = ("to", "add")
MEASURES = (
    Measure("RR", COLUMNS, _check_and_correct, log_risk_ratio, _CORRECTION),
    Measure("OR", COLUMNS, _check_and_correct, log_odds_ratio, _CORRECTION),
    Measure("RD", COLUMNS, _check_and_correct, risk_difference, _CORRECTION),
    Measure("AS", COLUMNS, _check_and_correct, arcsine_difference, _CORRECTION, add=0.0),
    Measure("PETO", COLUMNS, _check_and_correct, peto_log_odds_ratio, _CORRECTION),
)
