"""What a forest plot is made of, whichever result it comes from: an answer, or a bare pooled result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evisynth.effects.effect import Effect, Scale
from evisynth.errors import InvalidDataError
from evisynth.figures.forest.words import departure_notes, favours_texts
from evisynth.figures.measures import MeasureDisplay, measure_display
from evisynth.synthesis.answer import Answer, AnswerRow, Summary
from evisynth.synthesis.result import PooledResult


@dataclass(frozen=True, slots=True)
class SourceBlock:
    """A block of rows under one heading, with its own summary where the question asks for one."""

    label: str
    rows: tuple[AnswerRow, ...]
    summary: Summary | None = None


@dataclass(frozen=True, slots=True)
class ForestSource:
    """The rows, summaries and words that a layout is made of."""

    title: str
    measure: MeasureDisplay
    level: float
    blocks: tuple[SourceBlock, ...]
    overall: Summary | None
    contrast: bool
    favours: tuple[str, str] | None = None
    notes: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> tuple[AnswerRow, ...]:
        """All rows, block by block."""
        return tuple(row for block in self.blocks for row in block.rows)

    @property
    def summaries(self) -> tuple[Summary, ...]:
        """All summaries that are shown, the overall one last."""
        shown = [block.summary for block in self.blocks] + [self.overall]
        return tuple(summary for summary in shown if summary is not None)


def known_size(row: AnswerRow) -> bool:
    """Whether the source of a row says how many patients it speaks of."""
    effect = row.effect
    return any(size is not None for size in (effect.index_size, effect.reference_size, effect.participants))


def source_of_answer(answer: Answer) -> ForestSource:
    """Take an answer apart into blocks, in the order of its question; blocks it does not name come last."""
    question = answer.question
    by_group = question.summary == "by_row_group"
    summaries = {summary.label: summary for summary in answer.by_row_group} if by_group else {}
    named = [block.label for block in question.row_groups]
    labels = list(dict.fromkeys([*named, *(row.effect.row_group for row in answer.rows)]))
    blocks = [
        SourceBlock(
            label,
            tuple(row for row in answer.rows if row.effect.row_group == label),
            summaries.get(label),
        )
        for label in labels
    ]
    return ForestSource(
        title=question.title,
        measure=measure_display(question.effect_measure, answer.scale, question.time_months),
        level=question.level,
        blocks=tuple(block for block in blocks if block.rows or block.summary is not None),
        overall=None if by_group else answer.overall,
        contrast=question.is_contrast,
        favours=favours_texts(question),
        notes=tuple(departure_notes(answer)),
    )


def source_of_result(result: PooledResult, labels: Sequence[str] | None) -> ForestSource:
    """Make rows of a bare pooled result: a point for every effect, labelled as the result says."""
    names = labels if labels is not None else result.labels
    if names is None:
        names = [f"Study {number}" for number in range(1, len(result.y) + 1)]
    if len(names) != len(result.y):
        raise InvalidDataError(f"{len(names)} labels for {len(result.y)} effects; give one label for each")
    measure = measure_display(result.effect_measure)
    rows = tuple(_bare_row(result, i, str(name), measure) for i, name in enumerate(names))
    summary = Summary("", result, None, result.row_count, 0, None, exploratory=False)
    return ForestSource(
        title="",
        measure=measure,
        level=result.level,
        blocks=(SourceBlock("", rows),),
        overall=summary,
        contrast=False,
    )


def _bare_row(result: PooledResult, i: int, name: str, measure: MeasureDisplay) -> AnswerRow:
    scale: Scale = "log" if measure.scale == "log" else "identity"
    effect = Effect(
        study=name,
        comparison="",
        index_group="",
        reference_group=None,
        row_group="",
        effect_measure=result.effect_measure or "",
        scale=scale,
        recovery="given",
        kind="point",
        grade="A",
        estimate=float(result.y[i]),
        standard_error=float(result.v[i]) ** 0.5,
        primary=True,
    )
    return AnswerRow(effect, (), True, None, float(result.weights[i]), "", None)
