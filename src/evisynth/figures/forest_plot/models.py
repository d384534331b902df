"""Several models of the same rows, each with its own diamond and its own name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evisynth.answers import FEWEST_ROWS_FOR_PREDICTION
from evisynth.errors import InvalidDataError
from evisynth.figures.forest_plot.names import ModelName
from evisynth.measures import EffectMeasure
from evisynth.synthesis import PooledResult

BAYESIAN_NAME = "Bayesian"

#: The interval of rows that share patients: what takes rows as independent does not go with it.
CLUSTER_ROBUST = "cr2"


@dataclass(frozen=True, slots=True)
class ModelResult:
    """A pooled result under the name of its model; ``own`` marks the one that came with the rows."""

    name: str
    pooled: PooledResult
    own: bool = False


def model_of(pooled: PooledResult) -> ModelName:
    """Say which of the models a result is."""
    if pooled.method == "bayesian":
        return "bayesian"
    return "common_effect" if pooled.method == "common" else "random_effects"


def fit_models(
    pooled: PooledResult, names: Sequence[ModelName], measure: EffectMeasure
) -> tuple[ModelResult, ...]:
    """Fit the named models to the rows of a result, in the order named.

    The result itself stands for its own model; when that one is not named it comes first, since weights and
    squares are its.

    Raises
    ------
    InvalidDataError
        A Bayesian model of a measure for which there is no prior to take without being told.
    """
    own = model_of(pooled)
    if pooled.interval == CLUSTER_ROBUST and any(name != own for name in names):
        raise InvalidDataError(
            "rows of this estimate share patients, which the other models would count twice; leave models out"
        )
    wanted = tuple(names) if own in names else (own, *names)
    return tuple(
        ModelResult(_model_name(result), result, name == own)
        for name in wanted
        for result in (pooled if name == own else _fit(name, pooled, measure),)
    )


def _fit(name: ModelName, pooled: PooledResult, measure: EffectMeasure) -> PooledResult:
    if name == "bayesian":
        from evisynth.synthesis import pool_bayesian

        prior = f"half-normal({prior_scale(measure):g})"
        return pool_bayesian(pooled.y, pooled.v, tau_prior=prior, level=pooled.level)
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


def prior_scale(measure: EffectMeasure) -> float:
    """Return the scale of the half-normal prior on tau that a measure takes."""
    if measure.usual_prior is not None:
        return measure.usual_prior.scale
    name = measure.name.lower()
    raise InvalidDataError(
        f"there is no usual prior on tau for {'an' if name[:1] in 'aeio' else 'a'} {name}: its unit decides; "
        "pool it with evisynth.pool_bayesian(y, v, tau_prior=...) and draw that result"
    )


def _model_name(pooled: PooledResult) -> str:
    kind = model_of(pooled)
    if kind == "bayesian":
        return BAYESIAN_NAME
    if kind == "common_effect":
        return "Common effect"
    intervals = {
        "hksj": "Hartung-Knapp",
        "hksj-plain": "plain Hartung-Knapp",
        "wald": "Wald",
        "t": "t",
        CLUSTER_ROBUST: "cluster-robust",
    }
    return f"Random effects ({pooled.method}, {intervals.get(pooled.interval, pooled.interval)})"
