"""The survival curves that trials are drawn from, their censoring, and what a Cox model converges to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

Array = NDArray[np.float64]

#: Months.
CONTROL_MEDIAN = 60.0
#: Nobody is censored before this time, in months: accrual ended that long before the analysis.
SHORTEST_FOLLOW_UP = 12.0
_GRID = 20_001


@dataclass(frozen=True)
class HazardRelation:
    """Hazard of the index arm against the reference arm: ``early`` until its cumulative hazard ``turn``."""

    early: float
    late: float
    turn: float

    def index_hazard(self, reference: Array) -> Array:
        """Return the cumulative hazard of the index arm from that of the reference arm."""
        return self.early * np.minimum(reference, self.turn) + self.late * np.maximum(
            0.0, reference - self.turn
        )

    def reference_hazard(self, index: Array) -> Array:
        """Return the inverse of :meth:`index_hazard`."""
        at_turn = self.early * self.turn
        return np.where(index <= at_turn, index / self.early, self.turn + (index - at_turn) / self.late)

    def ratio(self, reference: Array) -> Array:
        """Return the hazard ratio where the reference arm has that cumulative hazard."""
        return np.where(reference < self.turn, self.early, self.late)


def proportional(ratio: float) -> HazardRelation:
    """Return the relation of proportional hazards."""
    return HazardRelation(ratio, ratio, 1.0)


#: No effect until the reference arm has fallen to 60 %, then a strong one.
LATE = HazardRelation(1.0, 0.4, -float(np.log(0.6)))
#: Harm until the reference arm has fallen to 70 %, then a strong benefit.
CROSSING = HazardRelation(1.6, 0.4, -float(np.log(0.7)))
#: A strong effect until the reference arm has fallen to 60 %, then none.
DIMINISHING = HazardRelation(0.4, 1.0, -float(np.log(0.6)))


@dataclass(frozen=True)
class Curves:
    """Weibull survival of the reference arm, the index arm in relation to it, uniform censoring of both.

    ``index_share`` is the share of patients in the index arm.
    """

    relation: HazardRelation
    shape: float
    censored: float
    index_share: float

    def reference_hazard(self, time: Array | float) -> Array:
        """Return the cumulative hazard of the reference arm, ln 2 (t/60)^k."""
        return np.asarray(np.log(2) * (np.asarray(time, dtype=float) / CONTROL_MEDIAN) ** self.shape)

    def time_of(self, hazard: Array | float) -> Array:
        """Return when the reference arm reaches a cumulative hazard."""
        return np.asarray(CONTROL_MEDIAN * (np.asarray(hazard) / np.log(2)) ** (1 / self.shape))

    def reference_survival(self, time: Array | float) -> Array:
        """Return S0(t)."""
        return np.asarray(np.exp(-self.reference_hazard(time)))

    def index_survival(self, time: Array | float) -> Array:
        """Return S1(t)."""
        return np.asarray(np.exp(-self.relation.index_hazard(self.reference_hazard(time))))

    @property
    def index_median(self) -> float:
        """The median of the index arm, in months."""
        return float(self.time_of(self.relation.reference_hazard(np.asarray(np.log(2)))))

    @cached_property
    def longest_follow_up(self) -> float:
        """The end b of the uniform censoring time, tuned so that the wanted share is censored."""
        return float(brentq(lambda end: self.share_censored(end) - self.censored, 12.01, 20_000.0))

    def share_censored(self, end: float) -> float:
        """Return the share censored when times are uniform between the shortest follow-up and ``end``."""
        time = np.linspace(SHORTEST_FOLLOW_UP, end, _GRID)
        mixed = self.index_share * self.index_survival(time) + (
            1 - self.index_share
        ) * self.reference_survival(time)
        return float(np.trapezoid(mixed, time) / (end - SHORTEST_FOLLOW_UP))

    @cached_property
    def cox_limit(self) -> float:
        """The log hazard ratio at which the expected score of a Cox model is zero, under this censoring."""
        edges = np.linspace(0.0, float(self.reference_hazard(self.longest_follow_up)), _GRID)
        hazard = (edges[1:] + edges[:-1]) / 2
        time = self.time_of(hazard)
        span = self.longest_follow_up - SHORTEST_FOLLOW_UP
        observed = np.clip((self.longest_follow_up - time) / span, 0.0, 1.0)
        at_risk1 = self.index_share * observed * np.exp(-self.relation.index_hazard(hazard))
        at_risk0 = (1 - self.index_share) * observed * np.exp(-hazard)
        deaths1, deaths0 = at_risk1 * self.relation.ratio(hazard), at_risk0

        def score(log_ratio: float) -> float:
            tilted = at_risk1 * np.exp(log_ratio)
            # Nobody is left at the very end, where nobody dies either.
            total = np.maximum(tilted + at_risk0, 1e-300)
            return float(np.sum(deaths1 - (deaths1 + deaths0) * tilted / total))

        return float(brentq(score, -4.0, 4.0, xtol=1e-12))
