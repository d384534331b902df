"""Two-sided p-values and normal deviates, and what they imply about events.

A p-value enters a recovery only together with the statistic that it was computed from (1.96 belongs to 95 %,
not to every interval, and a log-rank p says nothing about a ratio of medians).
"""

from __future__ import annotations

import math
from statistics import NormalDist

from evisynth.errors import InvalidDataError

_STANDARD_NORMAL = NormalDist()


def critical_z(level: float = 0.95) -> float:
    """Return the normal deviate of a two-sided interval, 1.959964 for ``level`` 0.95.

    Raises
    ------
    InvalidDataError
        When ``level`` is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise InvalidDataError(f"a confidence level lies between 0 and 1, not {level}")
    return -_STANDARD_NORMAL.inv_cdf((1 - level) / 2)


def z_from_two_sided_p(p: float) -> float:
    r"""Return :math:`z_p = \Phi^{-1}(1 - p/2)`, zero for ``p`` = 1.

    Taken from the lower tail, so that p-values far below 1e-16 keep their digits.

    Raises
    ------
    InvalidDataError
        When ``p`` is not in (0, 1].
    """
    if not 0 < p <= 1:
        raise InvalidDataError(f"a p-value lies above 0 and up to 1, not {p}")
    return abs(_STANDARD_NORMAL.inv_cdf(p / 2))


def two_sided_p_from_z(z: float) -> float:
    r"""Return :math:`2(1 - \Phi(|z|))`."""
    return math.erfc(abs(z) / math.sqrt(2))


def z_from_chi_squared(statistic: float) -> float:
    """Return the absolute normal deviate of a chi-squared statistic on one degree of freedom."""
    if statistic < 0:
        raise InvalidDataError(f"a chi-squared statistic is not negative, not {statistic}")
    return math.sqrt(statistic)


def events_needed(log_hazard_ratio: float, p: float, index_size: float, reference_size: float) -> float:
    r"""Return the events that a log-rank test needs to give ``p`` for a log hazard ratio.

    .. math::
        D = \left(\frac{z_p}{\beta}\right)^2 \frac{(r_1 + r_0)^2}{r_1 r_0}

    A p-value that needs more events than there are patients does not belong to that ratio.

    Parameters
    ----------
    log_hazard_ratio : float
        :math:`\beta`, not zero.
    p : float
        Two-sided p-value.
    index_size, reference_size : float
        Patients in each arm, :math:`r_1` and :math:`r_0`.
    """
    if log_hazard_ratio == 0:
        raise InvalidDataError("a ratio of one never becomes significant: no number of events is enough")
    whole = index_size + reference_size
    return (z_from_two_sided_p(p) / log_hazard_ratio) ** 2 * whole**2 / (index_size * reference_size)
