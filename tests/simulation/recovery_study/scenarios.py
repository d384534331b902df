"""What is simulated: which hazards, how many patients, how much censoring."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from recovery_study.hazards import (
    CONTROL_MEDIAN,
    CROSSING,
    DIMINISHING,
    LATE,
    Curves,
    HazardRelation,
    proportional,
)
from recovery_study.other_scenarios import ClusterScenario, MeasurementScenario, other_scenarios

SIZES = (20, 50, 100, 200)
SHAPES = (0.7, 1.0, 1.5)
HAZARD_RATIOS = (1.0, 0.7, 0.5)
CENSORED = (0.3, 0.6)
#: Sizes at which percentages do not come out even, for what is counted.
COUNT_SIZES = (24, 54, 93, 187)
RISKS = (0.1, 0.3)
ODDS_RATIOS = (1.0, 0.7, 0.5)
LANDMARK, EARLY_LANDMARK = CONTROL_MEDIAN, 36.0


@dataclass(frozen=True)
class SurvivalScenario:
    """Trials of survival. ``censored`` is the share of both arms that leaves before death is seen."""

    family: str
    effect: str
    relation: HazardRelation
    shape: float
    censored: float
    index_size: int
    reference_size: int

    @property
    def name(self) -> str:
        """Unique, and free of commas."""
        sizes = f"{self.index_size} v {self.reference_size}"
        return f"{self.family}; {self.effect}; shape {self.shape:g}; {self.censored:.0%} censored; {sizes}"

    @property
    def typical(self) -> bool:
        """Whether this is a trial as most abstracts report: what grades are judged by."""
        return self.family == "PH" and self.index_size in (50, 100) and self.censored == CENSORED[0]

    @cached_property
    def curves(self) -> Curves:
        """The two survival curves and the censoring that was tuned to them."""
        return Curves(self.relation, self.shape, self.censored, self.index_size / self.patients)

    @property
    def patients(self) -> int:
        """Both arms together."""
        return self.index_size + self.reference_size


@dataclass(frozen=True)
class CountScenario:
    """Trials that count who had an event in a window that everyone completed."""

    risk: float
    odds_ratio: float
    index_size: int
    reference_size: int
    family: str = "counts"

    @property
    def name(self) -> str:
        """Unique, and free of commas."""
        sizes = f"{self.index_size} v {self.reference_size}"
        return f"counts; odds ratio {self.odds_ratio:g}; risk {self.risk:.0%}; {sizes}"

    @property
    def typical(self) -> bool:
        """Whether the arms have a usual size."""
        return self.index_size in COUNT_SIZES[1:3]

    @property
    def index_risk(self) -> float:
        """The risk of the index arm."""
        odds = self.odds_ratio * self.risk / (1 - self.risk)
        return odds / (1 + odds)


Scenario = SurvivalScenario | CountScenario | MeasurementScenario | ClusterScenario


def all_scenarios() -> list[Scenario]:
    """Return every scenario, in a fixed order: its place seeds its random numbers."""
    curves = [*_proportional(), *_non_proportional(), *_lopsided(4)]
    # What came later stands last, so that no scenario changes its place, and with it its random numbers.
    return [*curves, *_counts(), *_lopsided(8), *other_scenarios()]


def _proportional() -> list[Scenario]:
    return [
        SurvivalScenario("PH", f"HR {ratio:g}", proportional(ratio), shape, censored, size, size)
        for shape, ratio, censored, size in product(SHAPES, HAZARD_RATIOS, CENSORED, SIZES)
    ]


def _non_proportional() -> list[Scenario]:
    kinds = (("late", LATE), ("cross", CROSSING), ("dimin", DIMINISHING))
    return [
        SurvivalScenario("non-PH", kind, relation, 1.0, censored, size, size)
        for (kind, relation), censored, size in product(kinds, CENSORED, SIZES)
    ]


def _lopsided(times: int) -> list[Scenario]:
    kind = f"PH {times}:1"
    return [
        SurvivalScenario(kind, f"HR {ratio:g}", proportional(ratio), 1.0, censored, times * size, size)
        for ratio, censored, size in product(HAZARD_RATIOS, CENSORED, SIZES[:2])
    ]


def _counts() -> list[Scenario]:
    return [
        CountScenario(risk, ratio, size, size)
        for risk, ratio, size in product(RISKS, ODDS_RATIOS, COUNT_SIZES)
    ]


def scenario_named(name: str) -> tuple[int, Scenario]:
    """Return a scenario and its place."""
    return next((place, found) for place, found in enumerate(all_scenarios()) if found.name == name)


def truths(scenario: Scenario) -> dict[str, float]:
    """Return what each kind of recovery should find, on its analysis scale.

    The log hazard ratio is the limit of a Cox model under the same censoring, which is the log hazard ratio
    itself when hazards are proportional.
    """
    if isinstance(scenario, MeasurementScenario | ClusterScenario):
        return scenario.truths()
    if isinstance(scenario, CountScenario):
        p1, p0 = scenario.index_risk, scenario.risk
        return {**_risk_truths(p1, p0), "risk difference": p1 - p0, "share": float(np.log(p1 / (1 - p1)))}
    curves = scenario.curves
    s1, s0 = float(curves.index_survival(LANDMARK)), float(curves.reference_survival(LANDMARK))
    early1, early0 = curves.index_survival(EARLY_LANDMARK), curves.reference_survival(EARLY_LANDMARK)
    return {
        **_risk_truths(1 - s1, 1 - s0),
        # Of deaths, as every contrast is of the event.
        "risk difference": s0 - s1,
        "log hazard ratio": curves.cox_limit,
        "conditional log hazard ratio": float(np.log(np.log(s1 / early1) / np.log(s0 / early0))),
        "survival": float(np.log(-np.log(s1))),
        "log median": float(np.log(curves.index_median)),
    }


def _risk_truths(p1: float, p0: float) -> dict[str, float]:
    return {
        "log odds ratio": float(np.log(p1 / (1 - p1) / (p0 / (1 - p0)))),
        "log risk ratio": float(np.log(p1 / p0)),
    }
