"""The Mantel-Haenszel common effect of counts: ratios and differences of risks, odds and rates.

Tables enter as they are: a zero cell needs no correction here, for sums are taken before any division.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evisynth.errors import InvalidDataError
from evisynth.synthesis.common_effect import (
    CommonEffect,
    checked_columns,
    checked_two_by_two,
    common_effect,
)
from evisynth.synthesis.validation import checked_name, row_name

Column = NDArray[np.float64]


def pool_mantel_haenszel(
    measure: str,
    *,
    events1: ArrayLike,
    n1: ArrayLike,
    events2: ArrayLike,
    n2: ArrayLike,
    level: float = 0.95,
    labels: Sequence[str] | None = None,
) -> CommonEffect:
    r"""Pool two-by-two tables by Mantel and Haenszel's weights.

    With events a of :math:`n_1` in arm 1, c of :math:`n_2` in arm 2 and :math:`N = n_1 + n_2`,

    .. math::
        \log RR = \log\frac{\sum a n_2 / N}{\sum c n_1 / N}, \qquad
        \log OR = \log\frac{\sum a (n_2 - c) / N}{\sum c (n_1 - a) / N}, \qquad
        RD = \frac{\sum (a n_2 - c n_1) / N}{\sum n_1 n_2 / N}

    Parameters
    ----------
    measure : {"RR", "OR", "RD"}
        Arm 1 against arm 2.
    events1, n1, events2, n2 : shape (k,)
        Events and patients of each arm.
    level : float
        Of the interval.
    labels : sequence of k names, optional
        How errors name the rows.

    Returns
    -------
    CommonEffect
        On the log scale for RR and OR.

    Raises
    ------
    InvalidDataError
        For impossible counts, or when no study has an event (or a non-event) that the ratio needs.

    References
    ----------
    Mantel & Haenszel 1959, JNCI 22:719-748. Variances: Greenland & Robins 1985, Biometrics 41:55-68 (RR);
    Robins, Breslow & Greenland 1986, Biometrics 42:311-323 (OR); Sato, Greenland & Robins 1989, Biometrics
    45:1323-1324 (RD).
    """
    formula = {"RR": _risk_ratio, "OR": _odds_ratio, "RD": _risk_difference}[
        checked_name("Mantel-Haenszel measure", measure, ("RR", "OR", "RD"))
    ]
    a, size1, c, size2 = checked_two_by_two(events1, n1, events2, n2, labels)
    estimate, standard_error = formula(a, size1, c, size2)
    return common_effect(measure, "mantel_haenszel", estimate, standard_error, level, len(a))


def pool_mantel_haenszel_rates(
    *,
    events1: ArrayLike,
    time1: ArrayLike,
    events2: ArrayLike,
    time2: ArrayLike,
    level: float = 0.95,
    labels: Sequence[str] | None = None,
) -> CommonEffect:
    r"""Pool incidence rate ratios by Mantel and Haenszel's weights.

    With events x and person-time t of each arm and :math:`T = t_1 + t_2`,

    .. math::
        \log IRR = \log \frac{R}{S}, \qquad R = \sum \frac{x_1 t_2}{T}, \qquad S = \sum \frac{x_2 t_1}{T},
        \qquad SE^2 = \frac{\sum t_1 t_2 (x_1 + x_2) / T^2}{R S}

    Parameters
    ----------
    events1, time1, events2, time2 : shape (k,)
        Events and person-time (any one unit) of each arm; times above 0.
    level : float
        Of the interval.
    labels : sequence of k names, optional
        How errors name the rows.

    Raises
    ------
    InvalidDataError
        For impossible counts or times, or when an arm has no event in any study.

    References
    ----------
    Rothman, Greenland & Lash 2008, Modern Epidemiology, 3rd edition, chapter 15.
    """
    x1, t1, x2, t2 = checked_columns(labels, events1=events1, time1=time1, events2=events2, time2=time2)
    for name, time in (("time1", t1), ("time2", t2)):
        if time.min() == 0:
            where = row_name(int(time.argmin()), labels)
            raise InvalidDataError(f"{where}: {name} is 0; person-time must be above 0")
    total = t1 + t2
    r, s = float(np.sum(x1 * t2 / total)), float(np.sum(x2 * t1 / total))
    _require_both(r, s, "IRR")
    variance = float(np.sum(t1 * t2 * (x1 + x2) / total**2)) / (r * s)
    return common_effect("IRR", "mantel_haenszel", math.log(r / s), math.sqrt(variance), level, len(x1))


def _risk_ratio(a: Column, n1: Column, c: Column, n2: Column) -> tuple[float, float]:
    total = n1 + n2
    r, s = float(np.sum(a * n2 / total)), float(np.sum(c * n1 / total))
    _require_both(r, s, "RR")
    spread = float(np.sum((n1 * n2 * (a + c) - a * c * total) / total**2))
    if spread <= 0:
        raise InvalidDataError(
            "every patient of both arms has the event in every study: RR has no standard error"
        )
    return math.log(r / s), math.sqrt(spread / (r * s))


def _odds_ratio(a: Column, n1: Column, c: Column, n2: Column) -> tuple[float, float]:
    total = n1 + n2
    b, d = n1 - a, n2 - c
    agree, disagree = (a + d) / total, (b + c) / total
    r_each, s_each = a * d / total, b * c / total
    r, s = float(np.sum(r_each)), float(np.sum(s_each))
    _require_both(r, s, "OR")
    variance = (
        float(np.sum(agree * r_each)) / (2 * r * r)
        + float(np.sum(agree * s_each + disagree * r_each)) / (2 * r * s)
        + float(np.sum(disagree * s_each)) / (2 * s * s)
    )
    return math.log(r / s), math.sqrt(variance)


def _risk_difference(a: Column, n1: Column, c: Column, n2: Column) -> tuple[float, float]:
    total = n1 + n2
    share1, share2 = n1 / total, n2 / total
    weight = float(np.sum(n1 * n2 / total))
    estimate = float(np.sum((a * n2 - c * n1) / total)) / weight
    skew = float(np.sum(c * share1**2 - a * share2**2 + share1 * share2 * (n2 - n1) / 2))
    discordant = float(np.sum((a * (n2 - c) + c * (n1 - a)) / total)) / 2
    variance = (estimate * skew + discordant) / weight**2
    if variance <= 0:
        raise InvalidDataError(
            "no study has both events and non-events between its arms: RD has no standard error"
        )
    return estimate, math.sqrt(variance)


def _require_both(r: float, s: float, measure: str) -> None:
    if r <= 0 or s <= 0:
        raise InvalidDataError(
            f"the Mantel-Haenszel {measure} is not defined: one side of the ratio has no events (or no "
            "non-events) in any study; pool a difference, or show the studies without an estimate"
        )
