"""Cumulative and leave-one-out sequences: pooled estimates after adding each row, or without it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from evisynth.answers.answer import AnswerRow, Summary
from evisynth.answers.correlated_rows import ROBUST_INTERVAL
from evisynth.answers.plots.bare_rows import bare_effect
from evisynth.answers.plots.forest_names import ForestKind, Order
from evisynth.answers.plots.forest_subject import ForestBlock, ForestSubject
from evisynth.answers.plots.orders import order_keys
from evisynth.errors import InvalidDataError
from evisynth.synthesis import PooledMany, PooledResult, cumulate, leave_one_out
from evisynth.wording import hyphened, with_article


@dataclass(frozen=True, slots=True)
class _NamedRows:
    """The rows of a pooled result with their names, in the same order; None where some were put together."""

    names: tuple[str, ...]
    rows: tuple[AnswerRow, ...] | None


def in_sequence(subject: ForestSubject, kind: ForestKind, order: Order | None, scale: str) -> ForestSubject:
    """Turn the subject of a plain forest plot into one whose rows are pooled estimates.

    Raises
    ------
    InvalidDataError
        Nothing is pooled, or the rows cannot be put in the order asked for.
    """
    # The last row of a cumulative plot, and none of the others, is the whole.
    if subject.overall is not None:
        rows = tuple(row for block in subject.blocks for row in block.rows)
        whole = _steps(ForestBlock("", rows, subject.overall), subject, kind, order, scale)
        blocks: tuple[ForestBlock, ...] = (replace(whole, summary=None),)
    else:
        pooled = [block for block in subject.blocks if block.summary is not None and block.summary.pooled]
        if not pooled:
            summaries = [block.summary for block in subject.blocks if block.summary is not None]
            raise _refusal(summaries[0] if summaries else None, kind)
        blocks = tuple(_steps(block, subject, kind, order, scale) for block in pooled)
    return replace(subject, blocks=blocks, difference=None, kind=kind)


def _refusal(summary: Summary | None, kind: str) -> InvalidDataError:
    reason = "nothing is pooled" if summary is None else (summary.refused or "nothing is pooled")
    return InvalidDataError(
        f"{with_article(hyphened(kind))} plot shows pooled estimates, and there is none: {reason}"
    )


def _steps(
    block: ForestBlock, subject: ForestSubject, kind: ForestKind, order: Order | None, scale: str
) -> ForestBlock:
    if block.summary is None or block.summary.pooled is None:
        raise _refusal(block.summary, kind)
    pooled = block.summary.pooled
    named = _named_rows(block.rows, pooled, subject)
    if pooled.interval == ROBUST_INTERVAL:
        raise InvalidDataError(
            f"{with_article(hyphened(kind))} plot takes rows as independent, and these share patients"
        )
    if pooled.of_counts:
        raise InvalidDataError(
            f"{with_article(hyphened(kind))} plot pools effects with standard errors, and these rows are "
            f"pooled by their counts ({pooled.method}); name a model of effects in the question"
        )
    if pooled.method == "bayesian":
        raise InvalidDataError(
            "cumulative and leave-one-out plots are made by common-effect and random-effects models; "
            "draw the result of evisynth.pool"
        )
    y, v, level = pooled.y, pooled.v, pooled.level
    method, interval = pooled.estimator, pooled.interval
    if kind == "cumulative":
        keys = order_keys(order, pooled, named.names, named.rows, scale)
        found = cumulate(y, v, order=keys, level=level, tau_squared=method, interval=interval)
        names = [named.names[i] for i in found.order]
        labels = [names[0], *(f"+ {name}" for name in names[1:])]
        steps = found.steps
    else:
        steps = leave_one_out(y, v, level=level, tau_squared=method, interval=interval).without
        labels = [f"Without {name}" for name in named.names]
    rows = tuple(_row(label, steps, i, scale) for i, label in enumerate(labels))
    return replace(block, rows=rows, steps=steps)


def _named_rows(rows: Sequence[AnswerRow], pooled: PooledResult, subject: ForestSubject) -> _NamedRows:
    """Name the rows of a pooled result: by the rows of the plot, unless some were put together."""
    included = tuple(row for row in rows if row.included)
    if _same_rows(included, pooled):
        names = [
            ", ".join(part for part in (subject.name_of(row.effect.study), _groups(row)) if part)
            for row in included
        ]
        return _NamedRows(tuple(names), included)
    names = list(pooled.labels or (f"row {number}" for number in range(1, len(pooled.y) + 1)))
    return _NamedRows(tuple(names), None)


def _same_rows(rows: Sequence[AnswerRow], pooled: PooledResult) -> bool:
    """Whether rows are those that were pooled, in the same order: else a step would bear another's name."""
    estimates = [row.effect.estimate for row in rows]
    return len(estimates) == len(pooled.y) and all(
        estimate is not None and math.isclose(estimate, y, rel_tol=1e-9, abs_tol=1e-12)
        for estimate, y in zip(estimates, pooled.y.tolist(), strict=True)
    )


def _groups(row: AnswerRow) -> str:
    return " vs ".join(label for label in (row.index_label, row.reference_label or "") if label.strip())


def _row(label: str, steps: PooledMany, i: int, scale: str) -> AnswerRow:
    numbers = (float(steps.estimate[i]), float(steps.ci_lower[i]), float(steps.ci_upper[i]))
    effect = bare_effect(label, scale, numbers)
    if not math.isfinite(numbers[0]):
        reason = "the iteration found no answer"
        effect = replace(effect, kind="refused", estimate=None, ci_lower=None, ci_upper=None, reason=reason)
    return AnswerRow(effect, (), True, None, None, "", None)
