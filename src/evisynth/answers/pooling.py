"""Rows that may be pooled, pooled by the model of the question.

Strata of one study are not studies: when all rows come from one, they are put together within it by inverse
variance (counts by their own model without a variance between rows), whatever random-effects model the
question takes. Nothing of how studies differ can be had from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from evisynth.answers.cautions import caution_on_width
from evisynth.answers.comparability import PooledRow, only_study
from evisynth.answers.count_models import pool_by_counts
from evisynth.answers.overlaps import Overlaps
from evisynth.answers.poolability import FEWEST_ROWS_FOR_PREDICTION
from evisynth.measures import question_measure
from evisynth.outcomes import Question, row_labels
from evisynth.synthesis import PooledResult


@dataclass(frozen=True, slots=True)
class Pooling:
    """A pooled result with the cautions that belong to how it was done, and the one beside its interval."""

    result: PooledResult
    notes: tuple[str, ...]
    interval_caution: str | None


def pool_rows(question: Question, rows: Sequence[PooledRow], overlaps: Overlaps) -> Pooling | str:
    """Pool rows that may be pooled, by the model of the question; or say why their counts give nothing."""
    on_interval: str | None = None
    notes: tuple[str, ...] = ()
    if overlaps.robust:
        from evisynth.answers.correlated_rows import pool_robustly

        result, notes, on_interval = pool_robustly(question, rows)
    elif question.takes_counts:
        found = pool_by_counts(question, rows, one_study=only_study(rows) is not None)
        if isinstance(found, str):
            return found
        result = found
    elif only_study(rows) is not None:
        result = _stratified(question, rows)
    elif question.model == "bayesian":
        result, notes = _bayesian(question, rows)
    else:
        result = _frequentist(question, rows)
    scale = question_measure(question.effect_measure).scale
    return Pooling(result, notes, on_interval or caution_on_width(result, scale))


def _stratified(question: Question, rows: Sequence[PooledRow]) -> PooledResult:
    """Put the strata of one study together: fixed effects, inverse variance."""
    from evisynth.synthesis import pool

    estimates, variances, labels = _numbers(rows)
    found = pool(
        estimates,
        variances,
        tau_squared="common",
        interval="wald",
        prediction="none",
        level=question.level,
        labels=labels,
        effect_measure=question.effect_measure,
    )
    return replace(found, method="stratified")


def _frequentist(question: Question, rows: Sequence[PooledRow]) -> PooledResult:
    from evisynth.synthesis import pool

    common = question.model == "common_effect"
    # With two rows only HKSJ with q* is defensible, whatever interval the question names.
    interval = "wald" if common else "hksj" if len(rows) == 2 else question.interval
    estimates, variances, labels = _numbers(rows)
    return pool(
        estimates,
        variances,
        tau_squared="common" if common else question.tau_squared,
        interval=interval,
        prediction=None if len(rows) >= FEWEST_ROWS_FOR_PREDICTION else "none",
        level=question.level,
        labels=labels,
        effect_measure=question.effect_measure,
    )


def _bayesian(question: Question, rows: Sequence[PooledRow]) -> tuple[PooledResult, tuple[str, ...]]:
    from evisynth.answers.bayesian_answers import other_priors_words, required_prior
    from evisynth.synthesis import pool_bayesian

    estimates, variances, labels = _numbers(rows)
    pooled = pool_bayesian(
        estimates,
        variances,
        tau_prior=required_prior(question),
        level=question.level,
        labels=labels,
        effect_measure=question.effect_measure,
    )
    return pooled, other_priors_words(question, pooled)


def _numbers(rows: Sequence[PooledRow]) -> tuple[list[float], list[float], tuple[str, ...]]:
    estimates = [row.effect.estimate for row in rows if row.effect.estimate is not None]
    errors = [row.effect.standard_error for row in rows if row.effect.standard_error is not None]
    return estimates, [error**2 for error in errors], row_labels([row.comparison for row in rows])
