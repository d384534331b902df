"""Cumulative and leave-one-out plots: each row is a pooled estimate, after adding or without one row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from evisynth.answers import AnswerRow, Summary
from evisynth.errors import InvalidDataError
from evisynth.figures.forest_plot.bare_source import bare_effect
from evisynth.figures.forest_plot.models import CLUSTER_ROBUST
from evisynth.figures.forest_plot.names import ColumnKey
from evisynth.figures.forest_plot.options import ForestOptions
from evisynth.figures.forest_plot.row_order import order_keys, order_words
from evisynth.figures.forest_plot.source import ForestSource, SourceBlock
from evisynth.figures.forest_plot.voices import Voice
from evisynth.figures.number_text import fixed
from evisynth.measures import EffectMeasure
from evisynth.synthesis import PooledMany, PooledResult, cumulate, leave_one_out

_TITLES = {"cumulative": "cumulative", "leave_one_out": "leaving one out"}
_NOTES = {
    "cumulative": "Each line is the pooled estimate of its row and of all rows above it.",
    "leave_one_out": "Each line is the pooled estimate of all rows but the one it names.",
}


@dataclass(frozen=True, slots=True)
class _Pool:
    """A pooled result with the names of its rows and the rows themselves, in the same order."""

    pooled: PooledResult
    names: tuple[str, ...]
    rows: tuple[AnswerRow, ...] | None


def sequence_of(source: ForestSource, options: ForestOptions) -> ForestSource:
    """Turn the source of a plain forest plot into one whose rows are pooled estimates.

    Raises
    ------
    InvalidDataError
        Nothing is pooled, or the rows cannot be put in the order asked for.
    """
    # The last row of a cumulative plot, and none of the others, is the whole.
    if source.overall is not None:
        whole = SourceBlock("", source.rows, source.overall, source.models)
        blocks: tuple[SourceBlock, ...] = (replace(_steps(whole, source, options), summary=None, models=()),)
    else:
        pooled = [block for block in source.blocks if block.summary is not None and block.summary.pooled]
        if not pooled:
            raise _refusal(source.summaries[0] if source.summaries else None, options.kind)
        blocks = tuple(_steps(block, source, options) for block in pooled)
    title = _TITLES[options.kind]
    told = order_words(options.order) if options.kind == "cumulative" else ""
    return replace(
        source,
        title=f"{source.title}: {title}" if source.title.strip() else _title_of_measure(source, title),
        blocks=blocks,
        notes=(" ".join(part for part in (_NOTES[options.kind], told) if part), *source.notes),
        difference=None,
        sequence=True,
    )


def _title_of_measure(source: ForestSource, title: str) -> str:
    name = source.measure.name
    return f"{name if name.startswith('Peto') else name[:1].upper() + name[1:]}: {title}"


def _refusal(summary: Summary | None, kind: str) -> InvalidDataError:
    reason = "nothing is pooled" if summary is None else (summary.refused or "nothing is pooled")
    return InvalidDataError(
        f"a {kind.replace('_', '-')} plot shows pooled estimates, and there is none: {reason}"
    )


def _steps(block: SourceBlock, source: ForestSource, options: ForestOptions) -> SourceBlock:
    summary = block.summary
    if summary is None or summary.pooled is None:
        raise _refusal(summary, options.kind)
    pool = _pool(block.rows, summary.pooled, source)
    settings = {"tau_squared": pool.pooled.method, "interval": pool.pooled.interval}
    if pool.pooled.interval == CLUSTER_ROBUST:
        raise InvalidDataError(
            f"a {options.kind.replace('_', '-')} plot takes rows as independent, and these share patients"
        )
    if pool.pooled.method == "bayesian":
        raise InvalidDataError(
            "cumulative and leave-one-out plots are made by common-effect and random-effects models; "
            "draw the result of evisynth.pool"
        )
    y, v, level = pool.pooled.y, pool.pooled.v, pool.pooled.level
    if options.kind == "cumulative":
        keys = order_keys(options.order, pool.pooled, pool.names, pool.rows, source.measure.scale)
        found = cumulate(y, v, order=keys, level=level, **settings)
        names = [pool.names[i] for i in found.order]
        labels = [names[0], *(f"+ {name}" for name in names[1:])]
        return _block(block, labels, found.steps, source, options.style.voice)
    without = leave_one_out(y, v, level=level, **settings).without
    labels = [f"Without {name}" for name in pool.names]
    return _block(block, labels, without, source, options.style.voice)


def _pool(rows: Sequence[AnswerRow], pooled: PooledResult, source: ForestSource) -> _Pool:
    """Name the rows of a pooled result: by the rows of the plot, unless some were put together."""
    included = tuple(row for row in rows if row.included)
    if _same_rows(included, pooled):
        names = [
            ", ".join(part for part in (source.name_of(row.effect.study), _groups(row)) if part)
            for row in included
        ]
        return _Pool(pooled, tuple(names), included)
    names = list(pooled.labels or (f"row {number}" for number in range(1, len(pooled.y) + 1)))
    return _Pool(pooled, tuple(names), None)


def _same_rows(rows: Sequence[AnswerRow], pooled: PooledResult) -> bool:
    """Whether rows are those that were pooled, in the same order: else a step would bear another's name."""
    estimates = [row.effect.estimate for row in rows]
    return len(estimates) == len(pooled.y) and all(
        estimate is not None and math.isclose(estimate, y, rel_tol=1e-9, abs_tol=1e-12)
        for estimate, y in zip(estimates, pooled.y.tolist(), strict=True)
    )


def _groups(row: AnswerRow) -> str:
    return " vs ".join(label for label in (row.index_label, row.reference_label or "") if label.strip())


def _block(
    block: SourceBlock, labels: Sequence[str], steps: PooledMany, source: ForestSource, voice: Voice
) -> SourceBlock:
    rows, cells = [], []
    for i, label in enumerate(labels):
        numbers = (float(steps.estimate[i]), float(steps.ci_lower[i]), float(steps.ci_upper[i]))
        rows.append(_row(label, numbers, source.measure))
        cells.append(_cells(steps, i, source.measure, voice) if math.isfinite(numbers[0]) else {})
    return replace(block, rows=tuple(rows), cells=tuple(cells))


def _row(label: str, numbers: tuple[float, float, float], measure: EffectMeasure) -> AnswerRow:
    effect = bare_effect(label, measure, numbers)
    if not math.isfinite(numbers[0]):
        reason = "the iteration found no answer"
        effect = replace(effect, kind="refused", estimate=None, ci_lower=None, ci_upper=None, reason=reason)
    return AnswerRow(effect, (), True, None, None, "", None)


def _cells(steps: PooledMany, i: int, measure: EffectMeasure, voice: Voice) -> dict[ColumnKey, str]:
    count = int(steps.row_count[i])
    spread = "–" if count < 2 else f"{fixed(100 * float(steps.i_squared[i]), 0)}%"
    tau = "–" if count < 2 or steps.method == "common" else f"{math.sqrt(float(steps.tau_squared[i])):.2f}"
    cells: dict[ColumnKey, str] = {"i_squared": spread, "tau": tau}
    if measure.null is not None:
        cells["p_value"] = voice.p_number(float(steps.p_value[i]))
    return cells
