"""From an answer to the layout of its forest plot: order, texts, weights, marks and clipping.

Pure: nothing here knows fonts or matplotlib. Other layouts and kinds of plot take the same source and give
another `ForestLayout`; drawing stays as it is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from evisynth.arithmetic.time_words import time_words
from evisynth.effects.median import NOT_REACHED
from evisynth.figures.forest.description import describe_forest
from evisynth.figures.forest.layout import (
    Column,
    ColumnKey,
    ForestAxis,
    ForestLayout,
    ForestLine,
    Mark,
    MarkShape,
)
from evisynth.figures.forest.notes import NoteBook, legend_notes
from evisynth.figures.forest.source import ForestSource, known_size, source_of_answer
from evisynth.figures.forest.words import (
    as_sentence,
    caution_text,
    counts_text,
    heterogeneity_text,
    model_text,
)
from evisynth.figures.natural_interval import NaturalInterval, natural_interval
from evisynth.figures.number_text import (
    HARD_SPACE,
    decimals_for,
    interval_text,
    p_value_text,
    size_text,
    weight_text,
)
from evisynth.figures.ticks import Scale, choose_scale
from evisynth.synthesis.answer import Answer, AnswerRow, Summary
from evisynth.synthesis.answer_record import own_interval
from evisynth.synthesis.result import PooledResult

#: Exact intervals of a share seen in none or in all patients; their estimate has no standard error.
EXACT_INTERVALS = frozenset({"proportion_exact_interval", "survival_exact_interval"})
#: Contrasts that hold at one time; the row says which.
LANDMARK_CONTRASTS = frozenset({"landmark_contrast", "landmark_risk_contrast"})
_EFFECT_WORDS = {NOT_REACHED: "not reached ({})", "p_value_bound": "bound {}"}


def forest_rows(answer: Answer) -> ForestLayout:
    """Lay out the forest plot of an answer."""
    return lay_out_forest(source_of_answer(answer))


def lay_out_forest(source: ForestSource) -> ForestLayout:
    """Lay out a forest plot: lines block by block, each summary under its rows, the overall one last."""
    writer = _LineWriter.for_source(source)
    lines: list[ForestLine] = []
    for block in source.blocks:
        if block.label and (len(source.blocks) > 1 or block.label != source.title):
            lines.append(ForestLine("heading", {"study": block.label}))
        lines += [writer.row(row) for row in block.rows]
        if block.summary is not None:
            lines += writer.summary(block.summary)
            lines += [ForestLine("note", {"study": text}) for text in writer.small_print(block.summary)]
    if source.overall is not None:
        lines += writer.summary(source.overall)
    overall = source.overall.pooled if source.overall is not None else None
    layout = ForestLayout(
        title=source.title,
        columns=_columns(source),
        lines=tuple(lines),
        axis=writer.axis,
        small_print=() if source.overall is None else tuple(writer.small_print(source.overall)),
        footnotes=writer.notes.footnotes(legend_notes(source, lines)),
        pooled_place=None if overall is None else writer.place(overall.estimate),
    )
    return replace(layout, description=describe_forest(layout))


def row_interval(row: AnswerRow, scale: str, level: float) -> NaturalInterval | None:
    """Return what a row shows on the natural scale; None when nothing can be drawn.

    A point without limits of its own gets the normal interval of its standard error; one with a single limit
    is open on the other side.
    """
    effect = row.effect
    if effect.kind == "point" and effect.estimate is not None:
        lower, upper = own_interval(effect, level)
        interval = natural_interval(scale, effect.estimate, lower, upper)
        return interval if interval.estimate is not None and math.isfinite(interval.estimate) else None
    if effect.kind == "bound" and not (effect.lower is None and effect.upper is None):
        limits = natural_interval(scale, None, effect.lower, effect.upper)
        return _seen_in_none_or_all(limits) if effect.recovery in EXACT_INTERVALS else limits
    return None


def _seen_in_none_or_all(limits: NaturalInterval) -> NaturalInterval:
    """Give an exact interval its estimate, the share of none or of all patients at its open end."""
    if limits.lower is None or limits.lower == 0:
        return NaturalInterval(0.0, 0.0, limits.upper)
    return NaturalInterval(1.0, limits.lower, 1.0)


@dataclass(slots=True)
class _LineWriter:
    """Writes the lines of one plot: it holds what they share, the axis and the notes gathered so far."""

    source: ForestSource
    axis: ForestAxis | None
    decimals: int
    largest_weight: float | None
    notes: NoteBook

    @classmethod
    def for_source(cls, source: ForestSource) -> _LineWriter:
        intervals = [
            interval
            for row in source.rows
            if (interval := row_interval(row, source.measure.scale, source.level)) is not None
        ]
        weights = [row.weight for row in source.rows if row.weight is not None]
        return cls(
            source=source,
            axis=_axis(source, intervals),
            decimals=decimals_for(source.measure, intervals),
            largest_weight=max(weights, default=None),
            notes=NoteBook(),
        )

    def row(self, row: AnswerRow) -> ForestLine:
        effect = row.effect
        interval = row_interval(row, self.source.measure.scale, self.source.level)
        cells: dict[ColumnKey, str] = {
            "study": self.source.labels.get(effect.study, effect.study),
            "groups": " vs ".join(x for x in (row.index_label, row.reference_label or "") if x.strip()),
            "n": self._size(row),
            "weight": "–" if row.weight is None else weight_text(row.weight),
            "grade": effect.grade,
        }
        if interval is None:
            reason = row.reason or effect.reason or "no effect can be recovered"
            return ForestLine("row", cells, panel_text=effect.reason or reason, muted=True)
        shown = interval_text(interval, self.source.measure, self.decimals)
        cells["effect"] = _EFFECT_WORDS.get(effect.recovery, "{}").format(shown)
        if effect.recovery in LANDMARK_CONTRASTS and effect.time_months is not None:
            cells["groups"] += f", at {time_words(effect.time_months)}"
        marks = self.notes.marks_of(row, self.source)
        return ForestLine(
            "row", cells, self._row_mark(row, interval), note_marks=marks, muted=not row.included
        )

    def _size(self, row: AnswerRow) -> str:
        effect = row.effect
        if self.source.contrast:
            sizes = (effect.index_size, effect.reference_size)
            return size_text((effect.participants,) if sizes == (None, None) else sizes)
        size = effect.index_size if effect.index_size is not None else effect.participants
        if not counts_events(self.source):
            return size_text((size,))
        return "–" if size is None else f"{size_text((effect.events,))}/{size}"

    def _row_mark(self, row: AnswerRow, interval: NaturalInterval) -> Mark | None:
        if self.axis is None:
            return None
        share = None if row.weight is None or not self.largest_weight else row.weight / self.largest_weight
        # Rows without weight get a square of middling size: hollow when left out, never a claim of precision.
        side = 0.6 if share is None else share**0.5
        shape: MarkShape = "bound" if interval.estimate is None else "square"
        mark = mark_on_axis(self.axis.scale, interval)
        return replace(mark, shape=shape, side=side, filled=row.included)

    def summary(self, summary: Summary) -> list[ForestLine]:
        if summary.pooled is None:
            reason = summary.refused or "no rows to pool"
            return [ForestLine("refusal", {"study": "No pooled estimate"}, panel_text=as_sentence(reason))]
        return [self._diamond(summary, summary.pooled), *self._prediction(summary.pooled)]

    def _diamond(self, summary: Summary, pooled: PooledResult) -> ForestLine:
        interval = natural_interval(
            self.source.measure.scale, pooled.estimate, pooled.ci_lower, pooled.ci_upper
        )
        people = summary.participant_count
        cells: dict[ColumnKey, str] = {
            "study": "Pooled estimate (exploratory)" if summary.exploratory else "Pooled estimate",
            "n": "" if people is None else str(people),
            "effect": interval_text(interval, self.source.measure, self.decimals),
            "weight": "100%",
        }
        mark = None
        if self.axis is not None:
            mark = replace(
                mark_on_axis(self.axis.scale, interval),
                shape="diamond",
                filled=not summary.exploratory,
            )
        beside = "exploratory" if summary.exploratory else ""
        return ForestLine("summary", cells, mark, panel_text=beside)

    def _prediction(self, pooled: PooledResult) -> list[ForestLine]:
        if pooled.prediction_lower is None or pooled.prediction_upper is None:
            return []
        interval = natural_interval(
            self.source.measure.scale, None, pooled.prediction_lower, pooled.prediction_upper
        )
        cells: dict[ColumnKey, str] = {
            "study": f"{100 * pooled.level:g}% prediction interval",
            "effect": f"({interval_text(interval, self.source.measure, self.decimals)})",
        }
        mark = None
        if self.axis is not None:
            mark = replace(mark_on_axis(self.axis.scale, interval), shape="prediction")
        return [ForestLine("prediction", cells, mark)]

    def small_print(self, summary: Summary) -> list[str]:
        """Say what stands behind an estimate: rows, model, heterogeneity, and why to be careful."""
        if (pooled := summary.pooled) is None:
            return [text for text in (caution_text(summary),) if text]
        texts = [f"{counts_text(summary)} {model_text(pooled)}", heterogeneity_text(pooled)]
        if self.source.measure.null is not None:
            texts[1] = f"{texts[1]} Overall effect: {p_value_text(pooled.p_value)}.".strip()
        return [text for text in (*texts, caution_text(summary)) if text]

    def place(self, analysis_value: float) -> float | None:
        """Return where a value of the analysis scale stands on the axis."""
        if self.axis is None:
            return None
        natural = natural_interval(self.source.measure.scale, analysis_value, None, None).estimate
        return None if natural is None else self.axis.scale.place(natural)


def mark_on_axis(scale: Scale, interval: NaturalInterval) -> Mark:
    """Place an interval on the axis; what lies beyond an end is cut there and gets an arrow.

    Where one limit is missing, that side is open and has an arrow too. An estimate without any limit is a
    point.
    """
    estimate = None if interval.estimate is None else min(max(scale.place(interval.estimate), 0.0), 1.0)
    lower, upper = (None if end is None else scale.place(end) for end in (interval.lower, interval.upper))
    if estimate is not None and lower is None and upper is None:
        return Mark("square", estimate, estimate, estimate)
    hair = 1e-9  # an end that rounding puts a hair beyond the axis is not cut
    return Mark(
        shape="square",
        estimate=estimate,
        lower=0.0 if lower is None else min(max(lower, 0.0), 1.0),
        upper=1.0 if upper is None else min(max(upper, 0.0), 1.0),
        lower_arrow=lower is None or lower < -hair,
        upper_arrow=upper is None or upper > 1 + hair,
    )


def _axis(source: ForestSource, intervals: Sequence[NaturalInterval]) -> ForestAxis | None:
    """Choose the axis: estimates, bounds and pooled intervals are seen whole, long intervals may be cut."""
    measure = source.measure
    centre: list[float] = []
    outer: list[float] = []
    for interval in intervals:
        centre += interval.values if interval.estimate is None else (interval.estimate,)
        outer += interval.values
    for summary in source.summaries:
        if (pooled := summary.pooled) is None:
            continue
        outer += natural_interval(measure.scale, pooled.estimate, pooled.ci_lower, pooled.ci_upper).values
        outer += natural_interval(
            measure.scale, None, pooled.prediction_lower, pooled.prediction_upper
        ).values
        # A share has two ends, so that a long interval of the estimate can be shown whole; a ratio has none.
        limits = (pooled.ci_lower, pooled.ci_upper) if measure.axis == "percent" else (None, None)
        centre += natural_interval(measure.scale, pooled.estimate, *limits).values
    if not centre:
        return None
    scale, ticks = choose_scale(measure.axis, centre, outer, measure.null)
    null_place = None if measure.null is None else scale.place(measure.null)
    return ForestAxis(scale, ticks, _axis_title(source), null_place, source.favours)


def _axis_title(source: ForestSource) -> str:
    logarithmic = " (log scale)" if source.measure.axis == "ratio" else ""
    return f"{source.measure.name}{source.measure.unit}{logarithmic}"


def counts_events(source: ForestSource) -> bool:
    """Whether single arms are shown as events of patients."""
    return not source.contrast and any(row.effect.events is not None for row in source.rows)


def _effect_heading(source: ForestSource) -> str:
    """Name the effect and its interval; where the heading wraps, it wraps between the two."""
    name = f"{source.measure.name}{source.measure.unit}"
    if len(name) <= 22:
        name = name.replace(" ", HARD_SPACE)
    return f"{name} ({100 * source.level:g}%{HARD_SPACE}CI)"


def _columns(source: ForestSource) -> tuple[Column, ...]:
    """Choose the columns: one that would be empty is not shown."""
    rows = source.rows
    columns = [Column("study", "Study", "left", "before")]
    if any(row.index_label or row.reference_label for row in rows):
        heading = "Groups compared" if source.contrast else "Group"
        columns.append(Column("groups", heading, "left", "before"))
    if any(known_size(row) for row in rows):
        columns.append(Column("n", "Events/n" if counts_events(source) else "n", "right", "before"))
    columns.append(Column("effect", _effect_heading(source), "right", "after"))
    if any(row.weight is not None for row in rows):
        columns.append(Column("weight", "Weight", "right", "after"))
    if any(row.index_label or row.reference_label for row in rows):
        columns.append(Column("grade", "Grade", "center", "after"))
    return tuple(columns)
