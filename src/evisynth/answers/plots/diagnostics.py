"""Diagnostics of pooled rows, for plots: they are pooled again without some, with others, or in subsets."""

from __future__ import annotations

from collections.abc import Sequence

from evisynth.errors import ConvergenceError, InvalidDataError
from evisynth.synthesis import (
    FEWEST_ROWS,
    INTERVALS,
    TAU_SQUARED_ESTIMATORS,
    BaujatResult,
    EggerResult,
    GoshResult,
    InfluenceResult,
    PooledResult,
    TrimAndFillResult,
    assess_small_study_effects,
    compute_baujat,
    compute_gosh,
    compute_influence,
    trim_and_fill,
)


def is_pooled_again(result: PooledResult) -> bool:
    """Whether a result comes from a model that is fitted to effects and standard errors alone."""
    return result.estimator in TAU_SQUARED_ESTIMATORS


def egger_of(result: PooledResult) -> EggerResult | str | None:
    """Fit Egger's line; None of fewer than ten rows, and the reason where it cannot be fitted."""
    if len(result.y) < FEWEST_ROWS:
        return None
    method = result.estimator if is_pooled_again(result) else "REML"
    try:
        return assess_small_study_effects(result.y, result.v, tau_squared=method, level=result.level)
    except (InvalidDataError, ConvergenceError) as error:
        return str(error)


def filled(result: PooledResult) -> TrimAndFillResult | str | None:
    """Fill in what trim and fill finds lacking; None of fewer than ten rows, the reason where it cannot be.

    Raises
    ------
    InvalidDataError
        The result comes from a model that is not fitted to effects and standard errors alone.
    """
    if len(result.y) < FEWEST_ROWS:
        return None
    method = _estimator(result)
    interval = result.interval if result.interval in INTERVALS else "wald"
    try:
        return trim_and_fill(result.y, result.v, tau_squared=method, interval=interval, level=result.level)
    except (InvalidDataError, ConvergenceError) as error:
        return str(error)


def influence_of(result: PooledResult, names: Sequence[str]) -> InfluenceResult:
    """Pool the rows again without each in turn, by the estimator of the result.

    Raises
    ------
    InvalidDataError
        Fewer than three rows, or a model that is not fitted to effects and standard errors alone.
    """
    return compute_influence(result.y, result.v, tau_squared=_estimator(result), labels=names)


def baujat_of(result: PooledResult, tau_squared: str, names: Sequence[str]) -> BaujatResult:
    """Compute what each row adds to the heterogeneity, and how far it moves the estimate."""
    return compute_baujat(result.y, result.v, tau_squared=tau_squared, labels=names)


def gosh_of(result: PooledResult, subset_count: int, names: Sequence[str]) -> GoshResult:
    """Pool the subsets of the rows, by the estimator of the result where it has one."""
    method = result.estimator if is_pooled_again(result) else "DL"
    return compute_gosh(result.y, result.v, subset_count=subset_count, tau_squared=method, labels=names)


def _estimator(result: PooledResult) -> str:
    if is_pooled_again(result):
        return result.estimator
    raise InvalidDataError(
        f"this chart pools the rows again, which cannot be done by the method '{result.method}'; "
        "give the result of pool() for the same rows"
    )
