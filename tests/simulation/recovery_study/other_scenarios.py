"""Trials of what has no curve: measurements of one group, and events counted in clusters of patients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np

from recovery_study.hazards import Array

MEASURED_SIZES = (20, 50, 100, 200)
CLUSTERS_PER_ARM = (10, 20, 40)
CORRELATIONS = (0.02, 0.1)
CLUSTER_SIZE = 12
CLUSTER_RISK = 0.3
ODDS_RATIOS = (1.0, 0.5)

Values = Literal["normal", "log-normal", "gamma"]
#: What is measured: evenly spread, skewed as concentrations are, and skewed on neither scale alone.
_DRAWN: Mapping[Values, tuple[float, float]] = {
    "normal": (100.0, 25.0),
    "log-normal": (float(np.log(77)), 0.8),
    "gamma": (3.0, 3.0),
}
#: The median of a gamma distribution of shape 3 and scale 1.
_GAMMA_MEDIAN = 2.674060313723
Columns = dict[str, Array]


@dataclass(frozen=True)
class MeasurementScenario:
    """Values of one group, of which the median is printed with its quartiles or its range."""

    values: Values
    index_size: int
    reference_size: int = 0
    family: str = "measurements"

    @property
    def name(self) -> str:
        """Unique, and free of commas."""
        return f"measurements; {self.values}; {self.index_size}"

    @property
    def typical(self) -> bool:
        """Whether the group has a usual size and values as most of those that get a median."""
        return self.index_size in (50, 100) and self.values != "gamma"

    def truths(self) -> dict[str, float]:
        """Return the logarithm of the true median."""
        place, spread = _DRAWN[self.values]
        median = {"normal": place, "log-normal": np.exp(place), "gamma": spread * _GAMMA_MEDIAN}
        return {"log median": float(np.log(median[self.values]))}

    def print(self, trials: int, random: np.random.Generator) -> Columns:
        """Return median, quartiles and range with one decimal."""
        place, spread = _DRAWN[self.values]
        draw = {"normal": random.normal, "log-normal": random.lognormal, "gamma": random.gamma}
        values = draw[self.values](place, spread, (trials, self.index_size))
        lower, median, upper = np.round(np.quantile(values, (0.25, 0.5, 0.75), axis=1), 1)
        return {
            "median": median,
            "quartile.lower": lower,
            "quartile.upper": upper,
            "least": np.round(values.min(axis=1), 1),
            "greatest": np.round(values.max(axis=1), 1),
        }


@dataclass(frozen=True)
class ClusterScenario:
    """Events among patients of clusters whose risks are beta distributed, with the design effect printed."""

    correlation: float
    odds_ratio: float
    clusters: int
    family: str = "clusters"

    @property
    def name(self) -> str:
        """Unique, and free of commas."""
        what = f"ICC {self.correlation:g}; odds ratio {self.odds_ratio:g}"
        return f"clusters; {what}; {self.clusters} of {CLUSTER_SIZE} an arm"

    @property
    def typical(self) -> bool:
        """Whether there are as many clusters as such trials have."""
        return self.clusters == CLUSTERS_PER_ARM[1]

    @property
    def index_size(self) -> int:
        """Patients of one arm."""
        return self.clusters * CLUSTER_SIZE

    @property
    def reference_size(self) -> int:
        """Patients of the other arm, as many."""
        return self.index_size

    @property
    def index_risk(self) -> float:
        """The mean risk of the index arm."""
        odds = self.odds_ratio * CLUSTER_RISK / (1 - CLUSTER_RISK)
        return odds / (1 + odds)

    def truths(self) -> dict[str, float]:
        """Return the contrasts of the mean risks, and the share of the index arm."""
        p1, p0 = self.index_risk, CLUSTER_RISK
        return {
            "log odds ratio": float(np.log(self.odds_ratio)),
            "log risk ratio": float(np.log(p1 / p0)),
            "risk difference": p1 - p0,
            "share": float(np.log(p1 / (1 - p1))),
        }

    def print(self, trials: int, random: np.random.Generator) -> Columns:
        """Return the events of each arm and the design effect 1 + (m - 1) ICC, with two decimals."""
        effect = round(1 + (CLUSTER_SIZE - 1) * self.correlation, 2)
        printed = {"design_effect": np.full(trials, effect)}
        prior = 1 / self.correlation - 1
        for arm, risk in (("index", self.index_risk), ("reference", CLUSTER_RISK)):
            risks = random.beta(risk * prior, (1 - risk) * prior, (trials, self.clusters))
            printed[f"count.{arm}"] = random.binomial(CLUSTER_SIZE, risks).sum(axis=1).astype(float)
        return printed


def other_scenarios() -> list[MeasurementScenario | ClusterScenario]:
    """Return every scenario of this module, in a fixed order."""
    return [
        *(MeasurementScenario(values, size) for values, size in product(_DRAWN, MEASURED_SIZES)),
        *(
            ClusterScenario(correlation, ratio, clusters)
            for correlation, ratio, clusters in product(CORRELATIONS, ODDS_RATIOS, CLUSTERS_PER_ARM)
        ),
    ]
