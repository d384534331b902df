"""The answer to a question: its rows, and one pooled estimate or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from evisynth.effects.effect import Effect, Scale
from evisynth.outcomes.question import Departure, Question
from evisynth.synthesis.result import PooledResult


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row of the plot: the recovery that stands for a comparison, and whether it is pooled.

    ``effect`` is the primary recovery, or where every recovery is a bound or a refusal the most telling one.
    ``alternatives`` are the other recoveries of the same patients. ``included`` rows are those that count
    (k); they are pooled unless the summary refuses. ``reason`` says why a row is left out.
    ``weight`` is its share in the pooled estimate (its row group's when the question is summarised by
    row group), None when left out.
    """

    effect: Effect
    alternatives: tuple[Effect, ...]
    included: bool
    reason: str | None
    weight: float | None
    index_label: str
    reference_label: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """A pooled estimate, or the refusal to pool, for all rows or for one block of rows."""

    label: str
    pooled: PooledResult | None
    refused: str | None
    row_count: int
    study_count: int
    participant_count: int | None
    exploratory: bool
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that a table, a figure or a report needs to show a question and what came of it.

    ``left_out`` names the studies that were left out on purpose, with the reason. ``by_row_group`` is empty
    unless the question is summarised by row group.
    """

    question: Question
    rows: tuple[AnswerRow, ...]
    overall: Summary
    by_row_group: tuple[Summary, ...]
    scale: Scale
    left_out: tuple[Departure, ...] = ()
