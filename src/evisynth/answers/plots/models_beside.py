"""Other models of the same rows, fitted beside the one that the rows came with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evisynth.answers.answer import Summary
from evisynth.answers.correlated_rows import ROBUST_INTERVAL
from evisynth.answers.plots.forest_names import ForestKind, ModelName
from evisynth.answers.poolability import FEWEST_ROWS_FOR_PREDICTION
from evisynth.errors import ConvergenceError, InvalidDataError
from evisynth.measures import measure_named
from evisynth.synthesis import PooledResult, i_squared_interval
from evisynth.wording import with_article


@dataclass(frozen=True, slots=True)
class ModelResult:
    """A pooled result among others of the same rows; ``own`` marks the one that came with them.

    ``i_squared_limits`` is the interval of I squared of its own rows, where it has one.
    """

    pooled: PooledResult
    own: bool = False
    i_squared_limits: tuple[float, float] | None = None


def model_of(pooled: PooledResult) -> ModelName:
    """Say which of the models a result is."""
    if pooled.method == "bayesian":
        return "bayesian"
    return "random_effects" if pooled.has_tau_squared else "common_effect"


def models_of(
    summary: Summary | None, names: Sequence[ModelName], effect_measure: str | None, kind: ForestKind
) -> tuple[ModelResult, ...]:
    """Fit the models that a plot shows for a summary; none where nothing is pooled."""
    if summary is None or summary.pooled is None:
        return ()
    models = fit_models(summary.pooled, names, effect_measure)
    beside = summary.bayesian
    few = summary.row_count < FEWEST_ROWS_FOR_PREDICTION
    if beside is None or not few or names or kind != "forest":
        return models
    # From so few rows no one model is to be believed alone.
    return (*models, ModelResult(beside))


def fit_models(
    pooled: PooledResult, names: Sequence[ModelName], effect_measure: str | None
) -> tuple[ModelResult, ...]:
    """Fit the named models to the rows of a result, in the order named.

    The result itself stands for its own model; when that one is not named it comes first, since weights and
    squares are its.

    Raises
    ------
    InvalidDataError
        A Bayesian model of a measure for which there is no prior to take without being told, or rows that
        share patients.
    """
    own = model_of(pooled)
    if pooled.of_counts:
        if names:
            raise InvalidDataError(
                f"rows of this estimate are pooled by their counts ({pooled.method}), which the other models "
                "do not take; leave models out, or name a model of effects in the question"
            )
        return (ModelResult(pooled, True),)
    if pooled.interval == ROBUST_INTERVAL and any(name != own for name in names):
        raise InvalidDataError(
            "rows of this estimate share patients, which the other models would count twice; leave models out"
        )
    wanted = tuple(names) if own in names else (own, *names)
    return tuple(
        ModelResult(pooled, True, i_squared_limits(pooled))
        if name == own
        else ModelResult(_fit(name, pooled, effect_measure))
        for name in wanted
    )


def _fit(name: ModelName, pooled: PooledResult, effect_measure: str | None) -> PooledResult:
    if name == "bayesian":
        from evisynth.synthesis import pool_bayesian

        return pool_bayesian(pooled.y, pooled.v, tau_prior=_usual_prior(effect_measure), level=pooled.level)
    from evisynth.synthesis import pool

    common = name == "common_effect"
    return pool(
        pooled.y,
        pooled.v,
        tau_squared="common" if common else "REML",
        interval="wald" if common else "hksj",
        prediction=None if len(pooled.y) >= FEWEST_ROWS_FOR_PREDICTION else "none",
        level=pooled.level,
    )


def _usual_prior(effect_measure: str | None) -> str:
    measure = measure_named(effect_measure)
    if measure.usual_prior is not None:
        return str(measure.usual_prior)
    name = measure.name.lower()
    raise InvalidDataError(
        f"there is no usual prior on tau for {with_article(name)}: its unit decides; "
        "pool it with evisynth.pool_bayesian(y, v, tau_prior=...) and draw that result"
    )


def i_squared_limits(pooled: PooledResult) -> tuple[float, float] | None:
    """Return the interval of I squared by Q-profile, from 0 to 1; None where there is none.

    A common-effect result says nothing of it, a posterior says it otherwise, and rows that share patients are
    not independent, as it takes them. Where rows are more alike than by chance the interval is empty.
    """
    if pooled.of_counts or pooled.method == "bayesian" or not pooled.has_tau_squared:
        return None
    if pooled.row_count < 2 or pooled.interval == ROBUST_INTERVAL:
        return None
    try:
        lower, upper = i_squared_interval(pooled.y, pooled.v, level=pooled.level)
    except ConvergenceError:
        return None
    return (lower, upper) if upper > 0 else None
