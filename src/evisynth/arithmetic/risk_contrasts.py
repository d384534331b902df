"""Two rates set against each other, as difference, ratio and odds ratio, with the variance of each.

``index`` and ``reference`` are rates strictly inside 0 and 1 with their sampling variances. For survival
rates the ratio and odds ratio of *death* are those of 1 - S; the ratio of survival is not its inverse, and
an odds ratio is not a hazard ratio.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from evisynth.arithmetic.survival_curves import (
    log_minus_log,
    logit,
    standard_error_log,
    standard_error_log_minus_log,
    standard_error_logit,
)


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate inside 0 and 1, with its sampling variance."""

    value: float
    variance: float

    @property
    def complement(self) -> Rate:
        """The rate of those without the event; same variance."""
        return Rate(1 - self.value, self.variance)


def risk_difference(index: Rate, reference: Rate) -> tuple[float, float]:
    """Return p1 - p0 and its standard error sqrt(V1 + V0)."""
    return index.value - reference.value, math.sqrt(index.variance + reference.variance)


def log_risk_ratio(index: Rate, reference: Rate) -> tuple[float, float]:
    """Return log(p1/p0) and its standard error, the root of the summed V/p²."""
    spread = math.hypot(
        standard_error_log(index.value, index.variance),
        standard_error_log(reference.value, reference.variance),
    )
    return math.log(index.value / reference.value), spread


def log_odds_ratio(index: Rate, reference: Rate) -> tuple[float, float]:
    """Return logit p1 - logit p0 and its standard error, the root of the summed V/[p(1-p)]²."""
    spread = math.hypot(
        standard_error_logit(index.value, index.variance),
        standard_error_logit(reference.value, reference.variance),
    )
    return logit(index.value) - logit(reference.value), spread


def log_cumulative_hazard_ratio(index: Rate, reference: Rate) -> tuple[float, float]:
    """Return log(-log S1) - log(-log S0) of two survival rates, and its standard error.

    The log hazard ratio when hazards are proportional up to that time; else the log ratio of the two
    cumulative hazards.
    """
    spread = math.hypot(
        standard_error_log_minus_log(index.value, index.variance),
        standard_error_log_minus_log(reference.value, reference.variance),
    )
    return log_minus_log(index.value) - log_minus_log(reference.value), spread
