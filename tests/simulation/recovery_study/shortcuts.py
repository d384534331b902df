"""What evisynth refuses to do, beside the benchmark that no abstract prints.

Each shortcut is met in published reviews. They are simulated so that a refusal can be seen to be right.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from evisynth.arithmetic import (
    binomial_variance,
    contrast,
    covariance_log_minus_log,
    log_hazard_ratio_from_z,
    log_rank_variance,
    standard_error_log_median_exponential,
    standard_error_of_contrast,
    z_from_two_sided_p,
)
from evisynth.errors import InvalidDataError
from recovery_study.abstracts import SMALLEST_PRINTED_P, Sizes
from recovery_study.hazards import Array
from recovery_study.printing import Columns

Points = tuple[Array, Array]
Formula = Callable[..., tuple[float, float]]


@dataclass(frozen=True)
class Shortcut:
    """A way to a log hazard ratio that is no recovery. ``kind``: the benchmark, or what is refused."""

    name: str
    printed: str
    kind: Literal["benchmark", "refused"]
    apply: Callable[[Sizes, Columns], Points]


def _each(formula: Formula, *columns: Array) -> Points:
    """Apply a formula of single numbers to every trial, NaN where it has no value."""
    estimate, error = np.full(len(columns[0]), np.nan), np.full(len(columns[0]), np.nan)
    for place in np.flatnonzero(np.all([np.isfinite(column) for column in columns], axis=0)):
        try:
            estimate[place], error[place] = formula(*(float(column[place]) for column in columns))
        except (InvalidDataError, ZeroDivisionError, ValueError):
            continue
    usable = np.isfinite(estimate) & np.isfinite(error) & (error > 0)
    return np.where(usable, estimate, np.nan), np.where(usable, error, np.nan)


def _by_variance(p: float, favours_index: float, variance: float) -> tuple[float, float]:
    estimate = log_hazard_ratio_from_z(z_from_two_sided_p(p), variance, favours_index=bool(favours_index))
    return estimate, 1 / math.sqrt(variance)


def _patients(sizes: Sizes, printed: Columns) -> Points:
    return printed["cox"], printed["cox.se"]


def _floored(printed: Columns, name: str) -> Array:
    return np.maximum(printed[name], SMALLEST_PRINTED_P)


def _floored_log_rank(sizes: Sizes, printed: Columns) -> Points:
    def formula(p: float, favours: float, events: float) -> tuple[float, float]:
        return _by_variance(p, favours, log_rank_variance(events, sizes.index, sizes.reference))

    return _each(formula, _floored(printed, "log_rank_p"), printed["favours_index"], printed["events"])


def _guessed_events(sizes: Sizes, printed: Columns) -> Points:
    def formula(p: float, favours: float, s1: float, s0: float) -> tuple[float, float]:
        events = sizes.index * (1 - s1) + sizes.reference * (1 - s0)
        return _by_variance(p, favours, log_rank_variance(events, sizes.index, sizes.reference))

    columns = ("log_rank_p", "favours_index", "late.index", "late.reference")
    return _each(formula, *(printed[column] for column in columns))


def _quarter_of_events(sizes: Sizes, printed: Columns) -> Points:
    def formula(p: float, favours: float, events: float) -> tuple[float, float]:
        return _by_variance(p, favours, events / 4)

    return _each(formula, printed["log_rank_p"], printed["favours_index"], printed["events"])


def _floored_hazard_ratio(sizes: Sizes, printed: Columns) -> Points:
    def formula(ratio: float, p: float) -> tuple[float, float]:
        return math.log(ratio), abs(math.log(ratio)) / z_from_two_sided_p(p)

    return _each(formula, printed["hr"], _floored(printed, "wald_p"))


def _log_ratio_of_medians(index: float, reference: float) -> float:
    return math.log(reference / index)


def _medians_textbook(sizes: Sizes, printed: Columns) -> Points:
    def formula(m1: float, m0: float, d1: float, d0: float) -> tuple[float, float]:
        spread = math.hypot(*(standard_error_log_median_exponential(d) for d in (d1, d0)))
        return _log_ratio_of_medians(m1, m0), spread

    columns = ("median.index", "median.reference", "events.index", "events.reference")
    return _each(formula, *(printed[column] for column in columns))


def _medians_by_patients(sizes: Sizes, printed: Columns) -> Points:
    spread = math.hypot(*(standard_error_log_median_exponential(n) for n in (sizes.index, sizes.reference)))

    def formula(m1: float, m0: float) -> tuple[float, float]:
        return _log_ratio_of_medians(m1, m0), spread

    return _each(formula, printed["median.index"], printed["median.reference"])


def _medians_with_p(sizes: Sizes, printed: Columns) -> Points:
    def formula(m1: float, m0: float, p: float) -> tuple[float, float]:
        value = _log_ratio_of_medians(m1, m0)
        return value, abs(value) / z_from_two_sided_p(p)

    return _each(formula, printed["median.index"], printed["median.reference"], printed["log_rank_p"])


def _rates(s1: float, v1: float, s0: float, v0: float) -> tuple[float, float]:
    scale = "log(-log)"
    return contrast(scale, s1, s0), standard_error_of_contrast(scale, (s1, v1), (s0, v0))


def _rates_with_p(sizes: Sizes, printed: Columns) -> Points:
    def formula(s1: float, s0: float, p: float) -> tuple[float, float]:
        value = _rates(s1, 1.0, s0, 1.0)[0]
        return value, abs(value) / z_from_two_sided_p(p)

    return _each(formula, printed["late.index"], printed["late.reference"], printed["log_rank_p"])


def _mean_of_landmarks(sizes: Sizes, printed: Columns) -> Points:
    n1, n0 = sizes.index, sizes.reference

    def formula(early1: float, early0: float, late1: float, late0: float) -> tuple[float, float]:
        first = _rates(early1, binomial_variance(early1, n1), early0, binomial_variance(early0, n0))
        last = _rates(late1, binomial_variance(late1, n1), late0, binomial_variance(late0, n0))
        together = covariance_log_minus_log(early1, late1, n1) + covariance_log_minus_log(early0, late0, n0)
        return (first[0] + last[0]) / 2, math.sqrt(first[1] ** 2 + last[1] ** 2 + 2 * together) / 2

    columns = ("early.index", "early.reference", "late.index", "late.reference")
    return _each(formula, *(printed[column] for column in columns))


def all_shortcuts() -> list[Shortcut]:
    """Return the benchmark, then everything that is refused, in the order of the table."""
    return [
        Shortcut("Cox model", "every patient", "benchmark", _patients),
        Shortcut("log-rank p and events", "p < 0.001 taken as 0.001", "refused", _floored_log_rank),
        Shortcut("log-rank p and events", "V = D/4 whatever the split", "refused", _quarter_of_events),
        Shortcut("log-rank p and events", "events guessed from 60-month rates", "refused", _guessed_events),
        Shortcut("hazard ratio and p", "p < 0.001 taken as 0.001", "refused", _floored_hazard_ratio),
        Shortcut("two rates", "mean of 36 and 60 months", "refused", _mean_of_landmarks),
        Shortcut("two rates", "SE from the log-rank p", "refused", _rates_with_p),
        Shortcut("two medians", "SE² = 1/d1 + 1/d0", "refused", _medians_textbook),
        Shortcut("two medians", "SE² = 1/n1 + 1/n0", "refused", _medians_by_patients),
        Shortcut("two medians", "SE from the log-rank p", "refused", _medians_with_p),
    ]
