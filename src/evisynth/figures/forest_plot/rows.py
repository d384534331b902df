"""From a source to the layout of its forest plot: order, texts, weights, marks and clipping.

Pure: nothing here knows fonts or matplotlib. Kinds of plot and layouts differ in the source and in the style;
drawing stays as it is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from evisynth.answers import Answer, AnswerRow, ForestBlock, own_interval
from evisynth.effects import NOT_REACHED, Effect
from evisynth.figures.forest_plot.arms import arm_counts
from evisynth.figures.forest_plot.axis import (
    WeighedInterval,
    absolute_axis,
    absolute_mark,
    choose_axis,
    mark_on_axis,
)
from evisynth.figures.forest_plot.bias import bias_notes
from evisynth.figures.forest_plot.cells import CellWriter, choose_columns, effect_heading
from evisynth.figures.forest_plot.layout import (
    Column,
    ForestAxis,
    ForestLayout,
    ForestLine,
    Mark,
    MarkShape,
    describe_forest,
)
from evisynth.figures.forest_plot.names import ColumnKey
from evisynth.figures.forest_plot.notes import NoteBook, legend_notes
from evisynth.figures.forest_plot.options import ForestOptions
from evisynth.figures.forest_plot.sequence import step_cells
from evisynth.figures.forest_plot.source import NO_CHOICE, ForestSource, source_of_answer
from evisynth.figures.forest_plot.styles import style_for
from evisynth.figures.forest_plot.summary_lines import SummaryWriter
from evisynth.figures.number_text import NaturalInterval, decimals_for, interval_text, natural_interval
from evisynth.wording import in_words

#: Exact intervals of a share seen in none or in all patients; their estimate has no standard error.
EXACT_INTERVALS = frozenset({"proportion_exact_interval", "survival_exact_interval"})
#: A risk difference with an empty cell: its score interval stands around the difference that was seen.
EMPTY_CELL = "risk_difference_score_interval"
_EFFECT_WORDS = {NOT_REACHED: "not reached ({})", "p_value_bound": "bound {}"}


def forest_rows(answer: Answer, options: ForestOptions = NO_CHOICE) -> ForestLayout:
    """Lay out the forest plot of an answer."""
    return lay_out_forest(source_of_answer(answer, options), options)


def lay_out_forest(source: ForestSource, options: ForestOptions = NO_CHOICE) -> ForestLayout:
    """Lay out a forest plot: lines block by block, each summary under its rows, the overall one last.

    Rows of which only a bound is known, or that the end of the study did not reach, stand in a panel of their
    own below all that carries weight.
    """
    options = replace(options, style=style_for(options.style, source.measure.axis))
    writer = _LineWriter.for_source(source, options)
    lines: list[ForestLine] = []
    for block in source.blocks:
        lines += writer.block(block)
    lines += writer.summaries.overall_lines()
    lines += writer.set_apart()
    legend = legend_notes(source, lines)
    legend += bias_notes(source.rows, source.bias_tools) if writer.cells.shows_bias else []
    overall = source.overall.pooled if source.overall is not None else None
    layout = ForestLayout(
        title=source.title,
        columns=writer.columns,
        lines=tuple(lines),
        axis=writer.axis,
        small_print=tuple(writer.summaries.small_print()),
        footnotes=writer.notes.footnotes(legend),
        pooled_place=None if overall is None else writer.summaries.place(overall.estimate),
        plot_heading=effect_heading(source, options) if options.style.heading_over_plot else "",
        style=options.style,
        absolute_axis=_absolute_axis(source, writer.columns),
    )
    return replace(layout, description=describe_forest(layout))


def _absolute_axis(source: ForestSource, columns: Sequence[Column]) -> ForestAxis | None:
    """Return the axis of the second panel, which stands before its column where that is shown."""
    shown = any(column.key == "absolute" for column in columns)
    return absolute_axis(source.baseline) if shown and source.baseline is not None else None


def row_interval(row: AnswerRow, scale: str, level: float) -> NaturalInterval | None:
    """Return what a row shows on the natural scale; None when nothing can be drawn.

    A point without limits of its own gets the normal interval of its standard error; one with a single limit
    is open on the other side.
    """
    return effect_interval(row.effect, scale, level)


def effect_interval(effect: Effect, scale: str, level: float) -> NaturalInterval | None:
    """Return what a recovery shows on the natural scale; None when nothing can be drawn."""
    if effect.kind == "point" and effect.estimate is not None:
        lower, upper = own_interval(effect, level)
        interval = natural_interval(scale, effect.estimate, lower, upper)
        return interval if interval.estimate is not None and math.isfinite(interval.estimate) else None
    if effect.kind == "bound" and not (effect.lower is None and effect.upper is None):
        limits = natural_interval(scale, None, effect.lower, effect.upper)
        if effect.recovery == EMPTY_CELL:
            return replace(limits, estimate=_difference_seen(effect))
        return _seen_in_none_or_all(limits) if effect.recovery in EXACT_INTERVALS else limits
    return None


def _seen_in_none_or_all(limits: NaturalInterval) -> NaturalInterval:
    """Give an exact interval its estimate, the share of none or of all patients at its open end."""
    if limits.lower is None or limits.lower == 0:
        return NaturalInterval(0.0, 0.0, limits.upper)
    return NaturalInterval(1.0, limits.lower, 1.0)


def _difference_seen(effect: Effect) -> float | None:
    """Return the difference of the shares that two arms count; None where a count is not known."""
    index, reference = arm_counts(effect)
    if not (index.size and reference.size) or index.events is None or reference.events is None:
        return None
    return index.events / index.size - reference.events / reference.size


def stands_apart(row: AnswerRow) -> bool:
    """Whether a row belongs in the panel without weight: a bound, or what was not reached."""
    effect = row.effect
    if effect.recovery == NOT_REACHED:
        return True
    if effect.recovery == EMPTY_CELL:
        return _difference_seen(effect) is None
    return effect.kind == "bound" and effect.recovery not in EXACT_INTERVALS


def _ghosts(row: AnswerRow, source: ForestSource) -> list[NaturalInterval]:
    intervals = (
        effect_interval(other, source.measure.scale, source.level)
        for other in row.alternatives
        if other.scale == row.effect.scale and other.effect_measure == row.effect.effect_measure
    )
    return [interval for interval in intervals if interval is not None]


@dataclass(slots=True)
class _LineWriter:
    """Writes the lines of one plot: it holds what they share, the axis and the notes gathered so far."""

    source: ForestSource
    options: ForestOptions
    columns: tuple[Column, ...]
    cells: CellWriter
    axis: ForestAxis | None
    decimals: int
    largest_weight: float | None
    notes: NoteBook
    summaries: SummaryWriter

    @classmethod
    def for_source(cls, source: ForestSource, options: ForestOptions) -> _LineWriter:
        scale, level = source.measure.scale, source.level
        shown = [
            WeighedInterval(interval, row.weight)
            for row in source.rows
            if (interval := row_interval(row, scale, level)) is not None
        ]
        intervals = [one.interval for one in shown]
        weights = [row.weight for row in source.rows if row.weight is not None]
        beside = [WeighedInterval(i) for row in source.rows for i in _ghosts(row, source)]
        axis = choose_axis(source, [*shown, *(beside if options.ghosts else [])], options.style.axis_title)
        decimals = decimals_for(source.measure, intervals)
        columns = choose_columns(source, options)
        cells = CellWriter(source, options, tuple(column.key for column in columns))
        return cls(
            source=source,
            options=options,
            columns=columns,
            cells=cells,
            axis=axis,
            decimals=decimals,
            largest_weight=max(weights, default=None),
            notes=NoteBook(),
            summaries=SummaryWriter(source, cells, axis, decimals),
        )

    def block(self, block: ForestBlock) -> list[ForestLine]:
        """Write a block that has rows of weight, or a summary; a heading where there are several blocks."""
        cells: Sequence[dict[ColumnKey, str]] = [{}] * len(block.rows)
        if block.steps is not None:
            cells = step_cells(block.steps, self.source.measure, self.options.style.voice)
        rows = [
            self.row(row, more) for row, more in zip(block.rows, cells, strict=True) if not stands_apart(row)
        ]
        lines: list[ForestLine] = []
        several = len(self.source.blocks) > 1
        if block.label and (rows or block.summary) and (several or block.label != self.source.title):
            lines.append(ForestLine("heading", {"study": block.label}))
        return [*lines, *rows, *self.summaries.block_lines(block)]

    def set_apart(self) -> list[ForestLine]:
        """Write the panel of the rows without weight: bounds, and what was not reached."""
        rows = [row for row in self.source.rows if stands_apart(row)]
        if not rows:
            return []
        not_reached = [row.effect.recovery == NOT_REACHED for row in rows]
        words = "Not reached" if all(not_reached) else "Only a bound is known"
        if any(not_reached) and not all(not_reached):
            words = "Not reached, or only a bound is known"
        return [ForestLine("panel", {"study": f"{words}: no weight"}), *(self.row(row, {}) for row in rows)]

    def row(self, row: AnswerRow, more: Mapping[ColumnKey, str]) -> ForestLine:
        interval = row_interval(row, self.source.measure.scale, self.source.level)
        cells = self.cells.cells(row) | dict(more)
        bias = self.cells.bias_words(row)
        if interval is None:
            reason = in_words(row.effect.reason or row.reason or "no effect can be recovered")
            if row.effect.counted is not None:  # a model of counts says itself why it leaves a row out
                reason = row.reason or reason
            return ForestLine("row", cells, panel_text=reason, muted=not row.included, bias=bias)
        words = self.options.style.interval
        shown = interval_text(interval, self.source.measure, self.decimals, words)
        cells["effect"] = _EFFECT_WORDS.get(row.effect.recovery, "{}").format(shown)
        mark = self._row_mark(row, interval)
        return ForestLine(
            "row",
            cells,
            mark,
            note_marks=self.notes.marks_of(row, self.source),
            muted=not row.included,
            ghosts=self._ghost_marks(row),
            absolute_mark=self._absolute_mark(row, mark),
            bias=bias,
        )

    def _absolute_mark(self, row: AnswerRow, mark: Mark | None) -> Mark | None:
        if row.effect.kind != "point":
            return None
        limits = (row.effect.estimate, *own_interval(row.effect, self.source.level))
        return absolute_mark(self.source.baseline, mark, limits)

    def _row_mark(self, row: AnswerRow, interval: NaturalInterval) -> Mark | None:
        if self.axis is None:
            return None
        share = None if row.weight is None or not self.largest_weight else row.weight / self.largest_weight
        # Rows without weight get a square of middling size: hollow when left out, never a claim of precision.
        # Rows that share patients may weigh less than nothing: the smallest square is theirs.
        side = 0.6 if share is None else max(share, 0.0) ** 0.5
        shape: MarkShape = "small diamond" if self.source.sequence else "square"
        shape = "bound" if interval.estimate is None else shape
        mark = mark_on_axis(self.axis.scale, interval)
        # A row of a sequence is a pooled estimate, and as exploratory as the whole.
        hollow = self.source.sequence and any(summary.exploratory for summary in self.source.summaries)
        return replace(mark, shape=shape, side=side, filled=row.included and not hollow)

    def _ghost_marks(self, row: AnswerRow) -> tuple[Mark, ...]:
        axis = self.axis
        if axis is None or not self.options.ghosts:
            return ()
        return tuple(mark_on_axis(axis.scale, interval) for interval in _ghosts(row, self.source))
