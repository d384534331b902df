"""Whole batches of trials at once: patients drawn from a scenario, and what a statistician makes of them.

Arrays have one row a trial and one column a patient. Times are continuous: there are no ties.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from recovery_study.hazards import SHORTEST_FOLLOW_UP, Array
from recovery_study.scenarios import SurvivalScenario

Z = 1.959963984540054
_NEWTON_STEPS = 12
#: A log hazard ratio beyond this has no maximum: all events are in one arm.
_DIVERGED = 6.0


@dataclass(frozen=True)
class Patients:
    """The patients of one arm in every trial: time in months, and whether it ended in death."""

    time: Array
    died: NDArray[np.bool_]


def draw(scenario: SurvivalScenario, trials: int, random: np.random.Generator) -> tuple[Patients, Patients]:
    """Return the patients of the index and the reference arm."""
    curves = scenario.curves
    index = curves.relation.reference_hazard(random.exponential(size=(trials, scenario.index_size)))
    reference = random.exponential(size=(trials, scenario.reference_size))
    arms = []
    for hazard in (index, reference):
        death = curves.time_of(hazard)
        leaves = random.uniform(SHORTEST_FOLLOW_UP, curves.longest_follow_up, size=hazard.shape)
        arms.append(Patients(np.minimum(death, leaves), death <= leaves))
    return arms[0], arms[1]


@dataclass(frozen=True)
class KaplanMeier:
    """Survival after each patient, sorted by time, with Greenwood's sum of d/(r (r - d))."""

    time: Array
    died: NDArray[np.bool_]
    survival: Array
    greenwood: Array

    def at(self, months: float) -> tuple[Array, Array, Array]:
        """Return S(t), its Greenwood standard error and the number at risk; NaN where the curve ended."""
        before = (self.time <= months).sum(axis=1)
        at_risk = self.time.shape[1] - before
        rows, place = np.arange(len(before)), np.maximum(before - 1, 0)
        survival = np.where(before == 0, 1.0, self.survival[rows, place])
        spread = np.where(before == 0, 0.0, np.sqrt(self.greenwood[rows, place])) * survival
        ended = (at_risk == 0) & (survival > 0)
        return np.where(ended, np.nan, survival), np.where(ended, np.nan, spread), at_risk.astype(float)

    def first_at_or_below(self, curve: Array, level: float) -> Array:
        """Return the first time at which ``curve`` is at or below ``level``, NaN where it never is."""
        # The nudge keeps 25 of 50 at one half in binary arithmetic.
        below = curve <= level + 1e-12
        first = below.argmax(axis=1)
        return np.where(below.any(axis=1), self.time[np.arange(len(first)), first], np.nan)

    @property
    def median(self) -> Array:
        """The median, NaN where it was not reached."""
        return self.first_at_or_below(self.survival, 0.5)

    @property
    def median_interval(self) -> tuple[Array, Array]:
        """The limits of the median by Brookmeyer and Crowley on the log(-log) scale; NaN: not reached."""
        lower, upper = log_minus_log_limits(self.survival, self.survival * np.sqrt(self.greenwood))
        return self.first_at_or_below(lower, 0.5), self.first_at_or_below(upper, 0.5)

    @property
    def median_standard_error(self) -> Array:
        """The standard error of the median as packages print it beside a symmetric interval, in months.

        Greenwood's over the slope of the curve, from the last death at which it is at 55 % or above to the
        first at which it is at 45 % or below (Collett, Modelling Survival Data in Medical Research).
        """
        rows, places = np.arange(len(self.time)), np.arange(self.time.shape[1])
        reached = self.survival <= 0.5 + 1e-12
        place = reached.argmax(axis=1)
        spread = self.survival[rows, place] * np.sqrt(self.greenwood[rows, place])
        early = np.where(self.died & (self.survival >= 0.55 - 1e-12), places, -1).max(axis=1)
        late = self.survival <= 0.45 + 1e-12
        after = late.argmax(axis=1)
        fall = self.survival[rows, np.maximum(early, 0)] - self.survival[rows, after]
        span = self.time[rows, after] - self.time[rows, np.maximum(early, 0)]
        usable = reached.any(axis=1) & late.any(axis=1) & (early >= 0)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(usable, spread * span / fall, np.nan)


def kaplan_meier(patients: Patients) -> KaplanMeier:
    """Estimate the survival curve of every trial."""
    order = np.argsort(patients.time, axis=1)
    time = np.take_along_axis(patients.time, order, axis=1)
    died = np.take_along_axis(patients.died, order, axis=1)
    at_risk = np.arange(time.shape[1], 0, -1, dtype=float)
    survival = np.asarray(np.cumprod(np.where(died, 1 - 1 / at_risk, 1.0), axis=1), dtype=np.float64)
    # The last patient of all: survival is zero there, and its standard error with it.
    added = 1 / (at_risk * np.maximum(at_risk - 1, 1e-9))
    return KaplanMeier(time, died, survival, np.cumsum(np.where(died, added, 0.0), axis=1))


def log_minus_log_limits(survival: Array, spread: Array) -> tuple[Array, Array]:
    """Return the 95 % limits of S on the log(-log) scale; S itself where it is 1, NaN where it is 0."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        reach = Z * spread / (survival * np.abs(np.log(survival)))
        lower, upper = survival ** np.exp(reach), survival ** np.exp(-reach)
    edge = np.where(survival > 0, survival, np.nan)
    inside = (survival > 0) & (survival < 1)
    return np.where(inside, lower, edge), np.where(inside, upper, edge)


def log_limits(survival: Array, spread: Array) -> tuple[Array, Array]:
    """Return the 95 % limits of S on the log scale, the upper one cut at 1."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        reach = Z * spread / survival
        lower, upper = survival * np.exp(-reach), np.minimum(1.0, survival * np.exp(reach))
    return np.where(survival > 0, lower, 0.0), np.where(survival > 0, upper, 0.0)


@dataclass(frozen=True)
class TwoArms:
    """Log hazard ratio by a Cox model with its standard error, and the log-rank deviate.

    NaN where no maximum exists. The deviate is negative when the index arm does better.
    """

    log_hazard_ratio: Array
    standard_error: Array
    log_rank_z: Array

    @property
    def log_rank_p(self) -> Array:
        """The two-sided p-value of the log-rank test."""
        return 2 * ndtr(-np.abs(self.log_rank_z))

    @property
    def wald_p(self) -> Array:
        """The two-sided Wald p-value of the hazard ratio."""
        return 2 * ndtr(-np.abs(self.log_hazard_ratio / self.standard_error))


def compare(index: Patients, reference: Patients) -> TwoArms:
    """Fit a Cox model with one covariate, and make a log-rank test, in every trial."""
    time = np.concatenate([index.time, reference.time], axis=1)
    order = np.argsort(time, axis=1)
    died = np.take_along_axis(np.concatenate([index.died, reference.died], axis=1), order, axis=1)
    in_index = order < index.time.shape[1]
    at_risk1 = index.time.shape[1] - np.cumsum(in_index, axis=1) + in_index
    at_risk = np.arange(time.shape[1], 0, -1)
    at_risk0 = at_risk - at_risk1
    deaths1 = (died & in_index).sum(axis=1)

    def score(log_ratio: Array) -> tuple[Array, Array]:
        tilted = at_risk1 * np.exp(log_ratio)[:, None]
        share = np.where(died, tilted / (tilted + at_risk0), 0.0)
        return deaths1 - share.sum(axis=1), (share * (1 - share)).sum(axis=1)

    estimate = np.zeros(len(time))
    observed_less_expected, variance = score(estimate)
    gradient, information = observed_less_expected, variance
    for _ in range(_NEWTON_STEPS):
        step = gradient / np.maximum(information, 1e-9)
        estimate = np.clip(estimate + np.clip(step, -1.0, 1.0), -2 * _DIVERGED, 2 * _DIVERGED)
        gradient, information = score(estimate)
        if np.all(np.abs(step[np.abs(estimate) < _DIVERGED]) < 1e-9):
            break
    found = np.abs(estimate) < _DIVERGED
    with np.errstate(divide="ignore", invalid="ignore"):
        return TwoArms(
            np.where(found, estimate, np.nan),
            np.where(found, 1 / np.sqrt(information), np.nan),
            np.where(variance > 0, observed_less_expected / np.sqrt(variance), np.nan),
        )
