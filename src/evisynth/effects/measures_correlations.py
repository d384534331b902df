"""Correlations: COR as printed, ZCOR by Fisher's transformation."""

from __future__ import annotations

import numpy as np

from evisynth.effects.data_checks import check_above, check_between
from evisynth.effects.measure import Column, Columns, Estimates, Measure, Settings

COLUMNS = ("r", "n")


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


def _check(columns: Columns, settings: Settings) -> Columns:
    check_between(columns, "r", -1, 1)
    check_above(columns, "n", 1)
    return columns


def _check_for_fisher(columns: Columns, settings: Settings) -> Columns:
    _check(columns, settings)
    check_above(columns, "n", 3)
    return columns


MEASURES = (
    Measure("COR", COLUMNS, _check, correlation),
    Measure("ZCOR", COLUMNS, _check_for_fisher, fisher_z),
)
