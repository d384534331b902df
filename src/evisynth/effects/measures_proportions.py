"""One group, events of patients: PR, PLN, PLO, PAS, and the double arcsine that is refused by its code.

Below, p = events / n. Which scale to pool on: Lin & Xu 2020, Health Science Reports 3:e178; why not the
double arcsine: Schwarzer et al. 2019, Research Synthesis Methods 10:476-483.
"""

from __future__ import annotations

import numpy as np

from evisynth.effects.continuity_correction import continuity_correction
from evisynth.effects.data_checks import check_events
from evisynth.effects.measure import Column, Columns, Estimates, Measure, Settings

COLUMNS = ("events", "n")
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
    p = events / n
    return p, p * (1 - p) / n


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


def _check(columns: Columns, settings: Settings) -> Columns:
    check_events(columns, "events", "n")
    return columns


def _check_and_correct(columns: Columns, settings: Settings) -> Columns:
    _check(columns, settings)
    x, n = columns["events"], columns["n"]
    gain = continuity_correction((x == 0) | (x == n), settings)
    return {"events": x + gain, "n": n + 2 * gain}


_CORRECTION = ("to", "add")
MEASURES = (
    Measure("PR", COLUMNS, _check_and_correct, proportion, _CORRECTION),
    Measure("PLN", COLUMNS, _check_and_correct, log_proportion, _CORRECTION),
    Measure("PLO", COLUMNS, _check_and_correct, logit_proportion, _CORRECTION),
    Measure("PAS", COLUMNS, _check_and_correct, arcsine_proportion, _CORRECTION, add=0.0),
    Measure(DOUBLE_ARCSINE, COLUMNS, _check_and_correct, double_arcsine_proportion, _CORRECTION, add=0.0),
)
