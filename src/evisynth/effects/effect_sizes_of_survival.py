"""Effect sizes of survival: HR from its interval or p-value; a rate on the log(-log) and logit scales.

A hazard ratio is index against reference, so a negative log means fewer events in the index group.
log(-log S) falls as S rises: the lower limit of S comes from the upper limit of log(-log S).
"""

from __future__ import annotations

import warnings
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from evisynth.arithmetic import (
    LOG_ASYMMETRY_LIMIT,
    Column,
    Columns,
    Printed,
    PrintedInterval,
    binomial_variance,
    check_between,
    check_positive,
    critical_z,
    log_odds,
    log_of_minus_log,
    lopsidedness,
    refuse_rows,
    variance_on_scale,
)
from evisynth.effects.effect_size_measure import Estimates, Measure, Settings
from evisynth.effects.ratio_working import error_from_limits, error_from_p_value, printed_ratio
from evisynth.effects.working import Working
from evisynth.wording import listed, plural


def log_hazard_ratio_from_interval(
    hazard_ratio: Column, ci_lower: Column, ci_upper: Column, level: float
) -> Estimates:
    r"""Return the log hazard ratio, with the standard error read off the interval's width.

    .. math:: SE = \frac{\log U - \log L}{2 z}, \qquad z = \Phi^{-1}((1 + \text{level}) / 2)

    Parameters
    ----------
    hazard_ratio, ci_lower, ci_upper : shape (k,)
        As printed, natural scale. Rows are refused whose interval no rounding centres on its ratio within a
        factor of two (log scale); the three numbers are taken as rounded to the decimals of the longest.
    level : float
        Level of the printed intervals.

    Returns
    -------
    tuple of arrays of shape (k,)
        Log hazard ratios and their sampling variances.

    References
    ----------
    Parmar, Torri & Stewart 1998, Statistics in Medicine 17:2815-2834.
    """
    return _estimates(printed_ratio("HR", hazard_ratio, 1) + error_from_limits(ci_lower, ci_upper, level))


def _estimates(working: Working) -> Estimates:
    """Compute every row by the equations that explain a single one."""
    return working.value("estimate"), working.value("standard_error") ** 2


def log_hazard_ratio_from_p_value(hazard_ratio: Column, p_value: Column) -> Estimates:
    r"""Return the log hazard ratio, with :math:`SE = |\log HR| / z_p` from an exact two-sided p-value.

    An inequality ("p < 0.001") is no p-value: it bounds the standard error and has no place here.
    Undefined at a hazard ratio of 1. Parameters and source as in :func:`log_hazard_ratio_from_interval`.
    """
    return _estimates(printed_ratio("HR", hazard_ratio, 1) + error_from_p_value(p_value))


def log_minus_log_survival(survival: Column, n: Column) -> Estimates:
    r"""Return :math:`\log(-\log S)`, with variance :math:`(1 - S) / (n S \log^2 S)`.

    ``n`` counts everyone at the start, which is right when all were followed to the landmark; with
    censoring, give the effective number instead (:math:`S (1 - S)` over Greenwood's variance).

    Parameters
    ----------
    survival, n : shape (k,)
        Survival at the landmark (0 to 1, both excluded) and (effective) number of patients.

    Returns
    -------
    tuple of arrays of shape (k,)
        Estimates and their sampling variances.
    """
    return _on_scale("log(-log)", survival, binomial_variance(survival, n))


def _on_scale(scale: str, survival: Column, variance: Column) -> Estimates:
    transform = log_of_minus_log if scale == "log(-log)" else log_odds
    return transform(survival), variance_on_scale(scale, survival, variance)


def log_minus_log_survival_from_error(survival: Column, standard_error: Column) -> Estimates:
    r"""Return :math:`\log(-\log S)`, with :math:`SE(S) / (S |\log S|)` as standard error (delta method)."""
    return _on_scale("log(-log)", survival, standard_error**2)


def log_minus_log_survival_from_interval(
    survival: Column, ci_lower: Column, ci_upper: Column, level: float
) -> Estimates:
    r"""Return :math:`\log(-\log S)`, for an interval that is symmetric on this scale (SAS's default)."""
    width = log_of_minus_log(ci_lower) - log_of_minus_log(ci_upper)
    return log_of_minus_log(survival), (width / (2 * critical_z(level))) ** 2


def logit_survival(survival: Column, n: Column) -> Estimates:
    r"""Return :math:`\log(S / (1 - S))`, with variance :math:`1 / (n S (1 - S))`.

    Parameters as in :func:`log_minus_log_survival`.
    """
    return _on_scale("logit", survival, binomial_variance(survival, n))


def logit_survival_from_error(survival: Column, standard_error: Column) -> Estimates:
    r"""Return :math:`\log(S / (1 - S))`, with :math:`SE(S) / (S (1 - S))` as standard error."""
    return _on_scale("logit", survival, standard_error**2)


def logit_survival_from_interval(
    survival: Column, ci_lower: Column, ci_upper: Column, level: float
) -> Estimates:
    r"""Return :math:`\log(S / (1 - S))`, for an interval that is symmetric on this scale."""
    width = log_odds(ci_upper) - log_odds(ci_lower)
    return log_odds(survival), (width / (2 * critical_z(level))) ** 2


def _check_order(columns: Columns, estimate: str) -> None:
    names = ("ci_lower", estimate, "ci_upper")
    lower, middle, upper = (columns[name] for name in names)
    wrong = ~((lower <= middle) & (middle <= upper) & (lower < upper))
    refuse_rows(wrong, columns, names, f"{estimate} must lie inside an interval of some width")


def _check_ratio_interval(columns: Columns, settings: Settings) -> Columns:
    """Refuse intervals that are none of their ratio, and warn of those that are off its centre."""
    check_positive(columns, ("hazard_ratio", "ci_lower", "ci_upper"))
    _check_order(columns, "hazard_ratio")
    names = ("hazard_ratio", "ci_lower", "ci_upper")
    longer = np.array([_lopsidedness(*row) for row in zip(*(columns[name] for name in names), strict=True)])
    must = (
        "no rounding centres this interval on its ratio on the log scale: one part is more than "
        f"{LOG_ASYMMETRY_LIMIT:g} times as long as the other; compare the three numbers with the source"
    )
    refuse_rows(longer > LOG_ASYMMETRY_LIMIT, columns, names, must)
    _warn_off_centre(np.flatnonzero(longer > 1))
    return columns


def _lopsidedness(ratio: float, lower: float, upper: float) -> float:
    """Return how lopsided an interval is, where all three numbers were rounded like the longest of them."""
    half = 0.5 * 10.0 ** -max(map(_decimals, (ratio, lower, upper)))
    estimate, low, high = (Printed(float(number), half, least=0.0) for number in (ratio, lower, upper))
    return lopsidedness(PrintedInterval(estimate, low, high))


def _decimals(number: float) -> int:
    """Return how many decimals a number is written with."""
    return -min(0, int(Decimal(repr(float(number))).normalize().as_tuple().exponent))


def _warn_off_centre(rows: NDArray[np.intp]) -> None:
    if len(rows):
        which = listed((int(row) + 1 for row in rows), most=5)
        message = (
            f"{plural('row', len(rows))} {which}: the interval is off the centre of its estimate, more than "
            "rounding explains; the variance is that of its width"
        )
        warnings.warn(message, UserWarning, stacklevel=4)


def _check_ratio_p_value(columns: Columns, settings: Settings) -> Columns:
    check_positive(columns, ("hazard_ratio",))
    check_between(columns, "p_value", 0, 1)
    at_one = columns["hazard_ratio"] == 1
    refuse_rows(at_one, columns, ("hazard_ratio", "p_value"), "a ratio of 1 leaves no standard error in p")
    return columns


def _check_survival(columns: Columns, settings: Settings) -> Columns:
    check_between(columns, "survival", 0, 1)
    check_positive(columns, (name for name in ("n", "standard_error") if name in columns))
    return columns


def _check_survival_interval(columns: Columns, settings: Settings) -> Columns:
    for name in ("survival", "ci_lower", "ci_upper"):
        check_between(columns, name, 0, 1)
    _check_order(columns, "survival")
    return columns


_RATIO_INTERVAL = ("hazard_ratio", "ci_lower", "ci_upper")
_INTERVAL = ("survival", "ci_lower", "ci_upper")
_ERROR = ("survival", "standard_error")
_NUMBER = ("survival", "n")
_LEVEL = ("level",)
MEASURES: tuple[Measure, ...] = (
    Measure("HR", _RATIO_INTERVAL, _check_ratio_interval, log_hazard_ratio_from_interval, _LEVEL),
    Measure("HR", ("hazard_ratio", "p_value"), _check_ratio_p_value, log_hazard_ratio_from_p_value),
    Measure("log(-log)", _NUMBER, _check_survival, log_minus_log_survival),
    Measure("log(-log)", _ERROR, _check_survival, log_minus_log_survival_from_error),
    Measure("log(-log)", _INTERVAL, _check_survival_interval, log_minus_log_survival_from_interval, _LEVEL),
    Measure("logit", _NUMBER, _check_survival, logit_survival),
    Measure("logit", _ERROR, _check_survival, logit_survival_from_error),
    Measure("logit", _INTERVAL, _check_survival_interval, logit_survival_from_interval, _LEVEL),
)
