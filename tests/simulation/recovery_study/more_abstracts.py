"""Prints of ratios and differences with their standard errors, of measurements, and of clusters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from evisynth.outcomes import Comparison, ReportedOutcome
from recovery_study import abstracts
from recovery_study.abstracts import (
    HUNDREDTH,
    INDEX,
    REFERENCE,
    TENTH_OF_PERCENT,
    Number,
    Sizes,
    arm,
    between,
    comparison,
    events,
    figure,
    limits,
    median,
)

#: Half of the last digit of a measurement.
_TENTH = 0.05


def _ratio_with_error(statistic: str, spread: str, value: Number, error: Number) -> ReportedOutcome:
    fields: dict[str, Any] = {"sd": error, "sd_half_unit": HUNDREDTH, "spread": spread}
    return figure(statistic, value, HUNDREDTH, compared_with=(REFERENCE,), **fields)


def hazard_ratio_with_log_error(sizes: Sizes, value: Number, error: Number) -> Comparison:
    """Print a hazard ratio with the standard error of its logarithm."""
    return between(sizes, _ratio_with_error("hazard_ratio", "log_se", value, error))


def hazard_ratio_with_error(sizes: Sizes, value: Number, error: Number) -> Comparison:
    """Print a hazard ratio with its own standard error."""
    return between(sizes, _ratio_with_error("hazard_ratio", "se", value, error))


def odds_ratio_with_log_error(sizes: Sizes, value: Number, error: Number) -> Comparison:
    """Print an odds ratio with the standard error of its logarithm."""
    return between(sizes, _ratio_with_error("odds_ratio", "log_se", value, error))


def odds_ratio_with_error(sizes: Sizes, value: Number, error: Number) -> Comparison:
    """Print an odds ratio with its own standard error."""
    return between(sizes, _ratio_with_error("odds_ratio", "se", value, error))


def risk_ratio_with_log_error(sizes: Sizes, value: Number, error: Number) -> Comparison:
    """Print a risk ratio with the standard error of its logarithm."""
    return between(sizes, _ratio_with_error("risk_ratio", "log_se", value, error))


def risk_ratio_with_error(sizes: Sizes, value: Number, error: Number) -> Comparison:
    """Print a risk ratio with its own standard error."""
    return between(sizes, _ratio_with_error("risk_ratio", "se", value, error))


def _difference(value: Number, **fields: Any) -> ReportedOutcome:
    return figure(
        "difference",
        value,
        TENTH_OF_PERCENT,
        unit="proportion",
        compared_with=(REFERENCE,),
        of_event="occurrence",
        **fields,
    )


def difference_with_interval(sizes: Sizes, value: Number, lower: Number, upper: Number) -> Comparison:
    """Print a difference of shares with its interval, in percent with one decimal."""
    return between(sizes, _difference(value, **limits(lower, upper, TENTH_OF_PERCENT)))


def difference_with_error(sizes: Sizes, value: Number, error: Number) -> Comparison:
    """Print a difference of shares with its standard error, in percent with one decimal."""
    return between(sizes, _difference(value, sd=error, sd_half_unit=TENTH_OF_PERCENT, spread="se"))


def one_median_with_events(sizes: Sizes, value: Number, deaths: float) -> Comparison:
    """Print the median of the index arm with its deaths."""
    return comparison(arm(INDEX, sizes.index, median(INDEX, value), events(deaths)))


def _measured(sizes: Sizes, value: Number, lower: Number, upper: Number, spread: str) -> Comparison:
    printed = figure("median", value, _TENTH, lower=lower, upper=upper, spread=spread)
    return replace(comparison(arm(INDEX, sizes.index, printed)), outcome_type="measurement")


def measured_with_quartiles(sizes: Sizes, value: Number, lower: Number, upper: Number) -> Comparison:
    """Print the median of measurements with its quartiles."""
    return _measured(sizes, value, lower, upper, "iqr")


def measured_with_range(sizes: Sizes, value: Number, lower: Number, upper: Number) -> Comparison:
    """Print the median of measurements with their range."""
    return _measured(sizes, value, lower, upper, "range")


def clustered_counts(sizes: Sizes, x1: Number, x0: Number, effect: float) -> Comparison:
    """Print how many of each arm had the event, with the design effect of their clusters."""
    return replace(abstracts.counts(sizes, x1, x0), design_effect=effect)


def clusters_alone(sizes: Sizes, x1: Number, x0: Number) -> Comparison:
    """Print how many of each arm of clusters had the event, without their design effect."""
    return replace(abstracts.counts(sizes, x1, x0), design="cluster-randomised trial")


def one_clustered_count(sizes: Sizes, count: Number, effect: float) -> Comparison:
    """Print how many of the index arm had the event, with the design effect of its clusters."""
    return replace(abstracts.one_count(sizes, count), design_effect=effect)
