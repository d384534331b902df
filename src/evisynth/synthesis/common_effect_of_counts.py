"""Common effects of counts by Mantel-Haenszel and Peto: ratios and differences of risks, odds and rates.

Tables enter as they are: a zero cell needs no correction here, for sums are taken before any division. Peto's
odds ratio sets observed against expected events.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evisynth.arithmetic import normal_quantile, two_sided_p_from_z
from evisynth.errors import InvalidDataError
from evisynth.synthesis.validation import checked_level, checked_name, row_name


@dataclass(frozen=True, slots=True)
class CommonEffect:
    """A common effect pooled from counts, on the analysis scale (log for ratios), with a Wald interval."""

    effect_measure: str
    method: str
    estimate: float
    standard_error: float
    ci_lower: float
    ci_upper: float
    p_value: float
    level: float
    row_count: int


def common_effect(
    measure: str, method: str, estimate: float, standard_error: float, level: float, row_count: int
) -> CommonEffect:
    """Add the Wald interval and the two-sided p-value to an estimate."""
    half_width = normal_quantile(0.5 + checked_level(level) / 2) * standard_error
    return CommonEffect(
        effect_measure=measure,
        method=method,
        estimate=estimate,
        standard_error=standard_error,
        ci_lower=estimate - half_width,
        ci_upper=estimate + half_width,
        p_value=two_sided_p_from_z(estimate / standard_error),
        level=level,
        row_count=row_count,
    )


def checked_columns(labels: Sequence[str] | None, **columns: ArrayLike) -> list[NDArray[np.float64]]:
    """Read columns of counts or times: flat, of one length, finite and not negative.

    Raises
    ------
    InvalidDataError
        Naming the column, the row and the value.
    """
    read: list[NDArray[np.float64]] = []
    for name, values in columns.items():
        try:
            column = np.array(values, dtype=np.float64)
        except (TypeError, ValueError) as mistake:
            raise InvalidDataError(f"{name} must hold numbers only: {mistake}") from mistake
        if column.ndim != 1 or (read and column.shape != read[0].shape) or column.size == 0:
            raise InvalidDataError(
                f"{name} has shape {column.shape}; every column must be a flat list of one, positive length"
            )
        wrong = np.flatnonzero(~(np.isfinite(column) & (column >= 0)))
        if wrong.size:
            row = int(wrong[0])
            raise InvalidDataError(
                f"{row_name(row, labels)}: {name} is {float(column[row])!r}; it must be 0 or more"
            )
        read.append(column)
    return read


def checked_two_by_two(
    events1: ArrayLike, n1: ArrayLike, events2: ArrayLike, n2: ArrayLike, labels: Sequence[str] | None
) -> list[NDArray[np.float64]]:
    """Read two-by-two tables as ``[events1, n1, events2, n2]``, with no more events than patients.

    Raises
    ------
    InvalidDataError
        Naming the column, the row and the value.
    """
    columns = checked_columns(labels, events1=events1, n1=n1, events2=events2, n2=n2)
    for arm, (events, size) in enumerate(((columns[0], columns[1]), (columns[2], columns[3])), start=1):
        wrong = np.flatnonzero((events > size) | (size < 1))
        if wrong.size:
            row = int(wrong[0])
            raise InvalidDataError(
                f"{row_name(row, labels)}: events{arm} is {float(events[row]):g} of n{arm} "
                f"{float(size[row]):g}; an arm has at least one patient and no more events than patients"
            )
    return columns


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


def pool_peto(
    *,
    events1: ArrayLike,
    n1: ArrayLike,
    events2: ArrayLike,
    n2: ArrayLike,
    level: float = 0.95,
    labels: Sequence[str] | None = None,
) -> CommonEffect:
    r"""Pool two-by-two tables by Peto's one-step method.

    With events a of :math:`n_1`, c of :math:`n_2`, :math:`N = n_1 + n_2` and :math:`m = a + c`,

    .. math::
        \log OR = \frac{\sum (a - m n_1 / N)}{\sum V}, \qquad
        V = \frac{n_1 n_2 m (N - m)}{N^2 (N - 1)}, \qquad SE = 1 / \sqrt{\textstyle\sum V}

    Good for rare events, arms of similar size and effects near 1; biased elsewhere.

    Parameters
    ----------
    events1, n1, events2, n2 : shape (k,)
        Events and patients of each arm.
    level : float
        Of the interval.
    labels : sequence of k names, optional
        How errors name the rows.

    Returns
    -------
    CommonEffect
        The log odds ratio, arm 1 against arm 2.

    Raises
    ------
    InvalidDataError
        For impossible counts, or when no study has both events and non-events.

    References
    ----------
    Yusuf, Peto, Lewis, Collins & Sleight 1985, Progress in Cardiovascular Diseases 27:335-371.
    """
    a, size1, c, size2 = checked_two_by_two(events1, n1, events2, n2, labels)
    total, events = size1 + size2, a + c
    variance = float(np.sum(size1 * size2 * events * (total - events) / (total**2 * (total - 1))))
    if variance == 0:
        raise InvalidDataError("no study has both events and non-events: Peto's odds ratio is not defined")
    estimate = float(np.sum(a - events * size1 / total)) / variance
    return common_effect("OR", "peto", estimate, 1 / math.sqrt(variance), level, len(a))
