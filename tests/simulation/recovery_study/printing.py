"""What an abstract prints of a trial: every figure rounded, NaN where it has none.

Survival is printed in whole percent, medians and their limits in months with one decimal, ratios with two
decimals, p-values with two significant figures.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.special import ndtr

from recovery_study.hazards import Array
from recovery_study.scenarios import EARLY_LANDMARK, LANDMARK, CountScenario, SurvivalScenario
from recovery_study.trials import (
    KaplanMeier,
    Patients,
    TwoArms,
    Z,
    compare,
    draw,
    kaplan_meier,
    log_limits,
    log_minus_log_limits,
)

#: The share of the patients whom a percentage of another denominator is of.
FOLLOWED = 0.9

#: Column -> one value a trial.
Columns = Mapping[str, Array]


def two_figures(p: Array) -> Array:
    """Round to two significant figures."""
    with np.errstate(divide="ignore", invalid="ignore"):
        unit = 10.0 ** (np.floor(np.log10(p)) - 1)
        return np.round(p / unit) * unit


def _two_decimals(values: Array) -> Array:
    return np.asarray(np.round(values, 2), dtype=np.float64)


def print_survival(scenario: SurvivalScenario, trials: int, random: np.random.Generator) -> Columns:
    """Simulate trials of survival and return what is printed of them, with the Cox estimate beside it."""
    index, reference = draw(scenario, trials, random)
    fit = compare(index, reference)
    printed = {**_ratio(fit), **_test(fit, index, reference)}
    for arm, patients in (("index", index), ("reference", reference)):
        curve = kaplan_meier(patients)
        for name, months in (("early", EARLY_LANDMARK), ("late", LANDMARK)):
            printed |= _rate(f"{name}.{arm}", curve, months)
        printed |= _median(arm, curve)
    return printed


def _ratio(fit: TwoArms) -> dict[str, Array]:
    value, reach = fit.log_hazard_ratio, Z * fit.standard_error
    return {
        "cox": value,
        "cox.se": fit.standard_error,
        "hr": _two_decimals(np.exp(value)),
        "hr.lower": _two_decimals(np.exp(value - reach)),
        "hr.upper": _two_decimals(np.exp(value + reach)),
        "hr.log_se": _two_decimals(fit.standard_error),
        "hr.se": _two_decimals(fit.standard_error * np.exp(value)),
        "wald_p": two_figures(fit.wald_p),
    }


def _test(fit: TwoArms, index: Patients, reference: Patients) -> dict[str, Array]:
    return {
        "log_rank_p": two_figures(fit.log_rank_p),
        "favours_index": (fit.log_rank_z < 0).astype(float),
        "events.index": index.died.sum(axis=1).astype(float),
        "events.reference": reference.died.sum(axis=1).astype(float),
        "events": (index.died.sum(axis=1) + reference.died.sum(axis=1)).astype(float),
    }


def _rate(name: str, curve: KaplanMeier, months: float) -> dict[str, Array]:
    survival, spread, at_risk = curve.at(months)
    limits = {"loglog": log_minus_log_limits(survival, spread), "log": log_limits(survival, spread)}
    printed = {name: np.round(survival, 2), f"{name}.se": np.round(spread, 2), f"{name}.at_risk": at_risk}
    for scale, (lower, upper) in limits.items():
        printed |= {
            f"{name}.{scale}.lower": np.round(lower, 2),
            f"{name}.{scale}.upper": np.round(upper, 2),
        }
    return printed


def _median(arm: str, curve: KaplanMeier) -> dict[str, Array]:
    median, (lower, upper) = curve.median, curve.median_interval
    reach = Z * curve.median_standard_error
    return {
        f"median.{arm}": np.round(median, 1),
        f"median.{arm}.lower": np.where(np.isnan(median), np.nan, np.round(lower, 1)),
        f"median.{arm}.upper": np.round(upper, 1),
        f"median.{arm}.symmetric.lower": np.round(median - reach, 1),
        f"median.{arm}.symmetric.upper": np.round(median + reach, 1),
    }


def print_counts(scenario: CountScenario, trials: int, random: np.random.Generator) -> Columns:
    """Simulate trials that count events and return what is printed of them."""
    n1, n0 = scenario.index_size, scenario.reference_size
    x1 = random.binomial(n1, scenario.index_risk, trials).astype(float)
    x0 = random.binomial(n0, scenario.risk, trials).astype(float)
    printed = {"count.index": x1, "count.reference": x0}
    for arm, count, size in (("index", x1, n1), ("reference", x0, n0)):
        printed[f"percent.{arm}"] = np.round(count / size, 2)
        # Cut off after the first decimal, as some abstracts do; the nudge keeps 50 % at 50 %.
        printed[f"cut_percent.{arm}"] = np.floor(1000 * count / size + 1e-9) / 1000
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.log(x1 / (n1 - x1)) - np.log(x0 / (n0 - x0))
        odds_spread = np.sqrt(1 / x1 + 1 / (n1 - x1) + 1 / x0 + 1 / (n0 - x0))
        risk = np.log(x1 / n1) - np.log(x0 / n0)
        risk_spread = np.sqrt(1 / x1 - 1 / n1 + 1 / x0 - 1 / n0)
    for name, value, spread in (("or", odds, odds_spread), ("rr", risk, risk_spread)):
        usable = np.isfinite(value) & np.isfinite(spread)
        value, spread = np.where(usable, value, np.nan), np.where(usable, spread, np.nan)
        printed |= {
            name: np.round(np.exp(value), 2),
            f"{name}.lower": np.round(np.exp(value - Z * spread), 2),
            f"{name}.upper": np.round(np.exp(value + Z * spread), 2),
            f"{name}.log_se": np.round(spread, 2),
            f"{name}.se": np.round(spread * np.exp(value), 2),
            f"{name}.p": two_figures(2 * ndtr(-np.abs(value / spread))),
        }
    followed = round(FOLLOWED * n1)
    other = random.binomial(followed, scenario.index_risk, trials) / followed
    printed["other_percent.index"] = np.floor(1000 * other + 0.5) / 1000
    return printed | _differences(x1, n1, x0, n0)


def _differences(x1: Array, n1: int, x0: Array, n0: int) -> dict[str, Array]:
    """Return the difference of shares in percent with one decimal, by Wald and by Newcombe's method 10."""
    p1, p0 = x1 / n1, x0 / n0
    difference, spread = p1 - p0, np.sqrt(p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0)
    (lower1, upper1), (lower0, upper0) = _wilson(p1, n1), _wilson(p0, n0)
    below = np.hypot(p1 - lower1, upper0 - p0)
    above = np.hypot(upper1 - p1, p0 - lower0)
    printed = {
        "rd": difference,
        "rd.se": spread,
        "rd.lower": difference - Z * spread,
        "rd.upper": difference + Z * spread,
        "rd.newcombe.lower": difference - below,
        "rd.newcombe.upper": difference + above,
    }
    return {name: np.round(values, 3) for name, values in printed.items()}


def _wilson(share: Array, size: int) -> tuple[Array, Array]:
    centre, reach = share + Z**2 / (2 * size), Z * np.sqrt(share * (1 - share) / size + Z**2 / (4 * size**2))
    whole = 1 + Z**2 / size
    return (centre - reach) / whole, (centre + reach) / whole
