"""The lines of pooled estimates: diamonds, prediction bars, refusals, and the small print behind them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from evisynth.answers import (
    FEWEST_ROWS_FOR_PREDICTION,
    AnswerRow,
    ForestBlock,
    ModelResult,
    Summary,
    absolute_as_json,
    absolute_effect,
    absolute_words,
)
from evisynth.figures.forest_plot.arms import summed_arms
from evisynth.figures.forest_plot.axis import absolute_mark, mark_on_axis
from evisynth.figures.forest_plot.cells import CellWriter
from evisynth.figures.forest_plot.difference_words import difference_text
from evisynth.figures.forest_plot.layout import ForestAxis, ForestLine
from evisynth.figures.forest_plot.names import ColumnKey
from evisynth.figures.forest_plot.source import ForestSource
from evisynth.figures.forest_plot.words import (
    as_sentence,
    caution_text,
    counts_text,
    heterogeneity_text,
    model_kind,
    model_name,
    model_text,
    overall_effect_text,
)
from evisynth.figures.number_text import interval_text, natural_interval, natural_text
from evisynth.synthesis import PooledResult
from evisynth.wording import HARD_SPACE, in_words, percent_text

_Q_STAR = "q* ≥ 1".replace(" ", HARD_SPACE)


@dataclass(frozen=True, slots=True)
class SummaryWriter:
    """Writes what stands under rows: one diamond a model, or the reason why there is none."""

    source: ForestSource
    cells: CellWriter
    axis: ForestAxis | None
    decimals: int

    def block_lines(self, block: ForestBlock) -> list[ForestLine]:
        """Return the diamonds of a block, or why there is none, and what must be known of them alone."""
        if block.summary is None:
            return []
        lines = self._lines(block.summary, block.models, block.rows, overall=False)
        texts = self._statistics(block.summary, block.models, model_too=self.source.overall is None)
        return lines + [ForestLine("note", {"study": text}) for text in texts]

    def overall_lines(self) -> list[ForestLine]:
        """Return the diamonds of all rows together, or why there is none."""
        source, voice = self.source, self.cells.options.style.voice
        if source.overall is None:
            return []
        lines = self._lines(source.overall, source.models, source.rows, overall=True)
        blocks = any(block.summary is not None for block in source.blocks)
        if blocks and (len(source.models) > 1 or voice.pooled == voice.subtotal):
            return [ForestLine("heading", {"study": "All rows together"}), *lines]
        return lines

    def _lines(
        self, summary: Summary, models: Sequence[ModelResult], rows: Sequence[AnswerRow], *, overall: bool
    ) -> list[ForestLine]:
        if summary.pooled is None:
            reason = as_sentence(in_words(summary.refused or "no rows to pool"))
            label = self.cells.options.style.voice.refused
            return [ForestLine("refusal", {"study": label}, panel_text=reason)]
        weight = sum(row.weight for row in rows if row.weight is not None) or 1.0
        lines: list[ForestLine] = []
        counted = self._counted(summary, rows)
        for model in models:
            label = model_name(model.pooled) if len(models) > 1 else self._label(summary.pooled, overall)
            lines.append(self._diamond(summary, model, label, weight, counted))
            lines += self._prediction(model, named=len(models) > 1)
        return lines

    def _label(self, pooled: PooledResult, overall: bool) -> str:
        voice = self.cells.options.style.voice
        label = voice.pooled if overall else voice.subtotal
        return label.format(level=percent_text(pooled.level))

    @staticmethod
    def _counted(summary: Summary, rows: Sequence[AnswerRow]) -> dict[ColumnKey, str]:
        """Write how many patients, and events where each arm counts them, stand behind a summary."""
        people = summary.participant_count
        arms = summed_arms([row.effect for row in rows if row.included], people)
        return {"n": "" if people is None else str(people), **arms}

    def _diamond(
        self, summary: Summary, model: ModelResult, label: str, weight: float, counted: dict[ColumnKey, str]
    ) -> ForestLine:
        pooled, scale = model.pooled, self.source.measure.scale
        interval = natural_interval(scale, pooled.estimate, pooled.ci_lower, pooled.ci_upper)
        words = self.cells.options.style.interval
        cells: dict[ColumnKey, str] = {
            **counted,
            "study": label,
            "effect": interval_text(interval, self.source.measure, self.decimals, words),
            "weight": self.cells.weight(weight).replace("100.0", "100") if model.own else "",
        }
        if self.source.baseline is not None:
            cells["absolute"] = self.cells.absolute(pooled.estimate, pooled.ci_lower, pooled.ci_upper)
        told = pooled.method != "bayesian" and math.isfinite(pooled.p_value)
        if self.source.measure.null is not None and told:
            cells["p_value"] = self.cells.options.style.voice.p_number(pooled.p_value)
        mark = None
        if self.axis is not None:
            mark = mark_on_axis(self.axis.scale, interval)
            mark = replace(mark, shape="diamond", filled=not summary.exploratory)
        beside = ["exploratory"] if summary.exploratory else []
        if model.own and summary.among_choices is not None and summary.among_choices.words:
            median = natural_text(summary.among_choices.median, self.source.measure, self.decimals)
            beside.append(f"median of choices {median}")
        limits = (pooled.estimate, pooled.ci_lower, pooled.ci_upper)
        absolute = absolute_mark(self.source.baseline, mark, limits)
        return ForestLine(
            "summary",
            cells,
            mark,
            panel_text="; ".join(beside),
            absolute_mark=absolute,
            exploratory=summary.exploratory,
        )

    def _prediction(self, model: ModelResult, *, named: bool) -> list[ForestLine]:
        pooled = model.pooled
        if pooled.prediction_lower is None or pooled.prediction_upper is None:
            return []
        if pooled.method != "bayesian" and pooled.row_count < FEWEST_ROWS_FOR_PREDICTION:
            return []  # from so few rows it would say nothing, or too little
        scale, words = self.source.measure.scale, self.cells.options.style.interval
        interval = natural_interval(scale, None, pooled.prediction_lower, pooled.prediction_upper)
        lower, upper = (
            "" if end is None else natural_text(end, self.source.measure, self.decimals)
            for end in (interval.lower, interval.upper)
        )
        # Of several models not all have one, so that its place alone does not tell whose it is.
        whose = f" ({model_kind(pooled)})" if named else ""
        cells: dict[ColumnKey, str] = {
            "study": f"{percent_text(pooled.level)} prediction interval{whose}",
            "effect": words.enclose(lower, upper),
        }
        mark = None
        if self.axis is not None:
            mark = replace(mark_on_axis(self.axis.scale, interval), shape="prediction")
        return [ForestLine("prediction", cells, mark)]

    def small_print(self) -> list[str]:
        """Say what stands behind the overall estimate, and what is true of all estimates."""
        source = self.source
        texts = (
            [] if source.overall is None else self._statistics(source.overall, source.models, model_too=True)
        )
        models = source.models or next((block.models for block in source.blocks if block.models), ())
        own = [model_text(model.pooled) for model in models if model.own]
        others = [model_text(model.pooled) for model in models if not model.own]
        if others:
            texts.insert(
                2, f"Weights and squares are those of the {_plain(own[0])}. Beside it: {' '.join(others)}"
            )
        between = difference_text(source.difference, self.cells.options.style.voice)
        return [_held_together(text) for text in (*texts, between) if text]

    def _statistics(self, summary: Summary, models: Sequence[ModelResult], *, model_too: bool) -> list[str]:
        """Say how many rows, which model and what heterogeneity, and why to be careful."""
        if (pooled := summary.pooled) is None:
            return [text for text in (caution_text(summary),) if text]
        voice = self.cells.options.style.voice
        counts = counts_text(summary)
        first = f"{counts} {model_text(pooled)}".replace("q* ≥ 1", _Q_STAR) if model_too else counts
        limits = next((model.i_squared_limits for model in models if model.own), None)
        second = heterogeneity_text(pooled, limits, voice)
        if self.source.measure.null is not None and pooled.method != "bayesian":
            second = f"{second} {overall_effect_text(pooled, voice)}".strip()
        return [text for text in (first, second, self._absolute(pooled), caution_text(summary)) if text]

    def _absolute(self, pooled: PooledResult) -> str:
        baseline = self.source.baseline
        if baseline is None:
            return ""
        found = absolute_effect(baseline, pooled.estimate, pooled.ci_lower, pooled.ci_upper)
        return as_sentence(absolute_words(absolute_as_json(found) or {}))

    def place(self, analysis_value: float) -> float | None:
        """Return where a value of the analysis scale stands on the axis."""
        if self.axis is None:
            return None
        natural = natural_interval(self.source.measure.scale, analysis_value, None, None).estimate
        return None if natural is None else self.axis.scale.place(natural)


def _held_together(text: str) -> str:
    """Keep small formulas on one line."""
    return text.replace("q* ≥ 1", _Q_STAR).replace(" ~ ", f"{HARD_SPACE}~{HARD_SPACE}")


def _plain(model: str) -> str:
    name = model.split(",")[0].rstrip(".")
    return name[0].lower() + name[1:]
