"""What a forest plot is made of, whichever result it comes from: an answer, or a bare pooled result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evisynth.answers import FEWEST_ROWS_FOR_PREDICTION, Answer, AnswerRow, Summary
from evisynth.errors import InvalidDataError
from evisynth.figures.forest_plot.arms import UNNAMED_ARMS, counts_arms
from evisynth.figures.forest_plot.bias import bias_tools
from evisynth.figures.forest_plot.models import BAYESIAN_NAME, ModelResult, fit_models
from evisynth.figures.forest_plot.names import ColumnKey
from evisynth.figures.forest_plot.options import ForestOptions
from evisynth.figures.forest_plot.subgroup_difference import (
    Difference,
    PooledBlock,
    difference_between,
    why_not_compared,
)
from evisynth.figures.forest_plot.words import arm_names, departure_notes, favours_texts
from evisynth.figures.measures import measure_display
from evisynth.measures import EffectMeasure
from evisynth.outcomes import Baseline, study_names
from evisynth.studies import BiasTool
from evisynth.synthesis import PooledResult

#: What a plot without any choice of its user is drawn with.
NO_CHOICE = ForestOptions()


@dataclass(frozen=True, slots=True)
class SourceBlock:
    """A block of rows under one heading, with its own summary where the question asks for one.

    ``models`` are the pooled results to draw for the summary, ``cells`` texts of further columns, a mapping
    for each row (or none at all).
    """

    label: str
    rows: tuple[AnswerRow, ...]
    summary: Summary | None = None
    models: tuple[ModelResult, ...] = ()
    cells: tuple[Mapping[ColumnKey, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ForestSource:
    """The rows, summaries and words that a layout is made of.

    ``difference`` is the test between the blocks or why there is none; in a ``sequence`` each row is a pooled
    estimate of its own. ``arms`` names the index and the reference group. ``places`` says, block by block,
    where each row stood in what was handed in; empty where the blocks have not moved any.
    """

    title: str
    measure: EffectMeasure
    level: float
    blocks: tuple[SourceBlock, ...]
    overall: Summary | None
    contrast: bool
    favours: tuple[str, str] | None = None
    notes: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    models: tuple[ModelResult, ...] = ()
    difference: Difference | str | None = None
    baseline: Baseline | None = None
    sequence: bool = False
    arms: tuple[str, str] = UNNAMED_ARMS
    places: tuple[int, ...] = ()

    @property
    def rows(self) -> tuple[AnswerRow, ...]:
        """All rows, block by block."""
        return tuple(row for block in self.blocks for row in block.rows)

    @property
    def counts_arms(self) -> bool:
        """Whether events are known for each group of a contrast."""
        return self.contrast and counts_arms(row.effect for row in self.rows)

    @property
    def bias_tools(self) -> tuple[BiasTool, ...]:
        """The tools by which the risk of bias of any row was judged."""
        return bias_tools(self.rows)

    @property
    def summaries(self) -> tuple[Summary, ...]:
        """All summaries that are shown, the overall one last."""
        shown = [block.summary for block in self.blocks] + [self.overall]
        return tuple(summary for summary in shown if summary is not None)

    @property
    def pooled_results(self) -> tuple[PooledResult, ...]:
        """Every pooled result that gets a diamond."""
        models = [model for block in self.blocks for model in block.models] + list(self.models)
        return tuple(model.pooled for model in models)

    def name_of(self, study: str) -> str:
        """Return the name to show for a study."""
        return self.labels.get(study, study)


def known_size(row: AnswerRow) -> bool:
    """Whether the source of a row says how many patients it speaks of."""
    effect = row.effect
    return any(size is not None for size in (effect.index_size, effect.reference_size, effect.participants))


def source_of_answer(answer: Answer, options: ForestOptions = NO_CHOICE) -> ForestSource:
    """Take an answer apart into blocks, in the order of its question; blocks it does not name come last."""
    if options.groups is not None:
        raise InvalidDataError("the blocks of an answer are those of its question; leave groups out")
    question = answer.question
    measure = measure_display(question.effect_measure, answer.scale, question.time_months)
    by_group = question.summary == "by_row_group"
    summaries = {summary.label: summary for summary in answer.by_row_group} if by_group else {}
    named = [block.label for block in question.row_groups]
    labels = list(dict.fromkeys([*named, *(row.effect.row_group for row in answer.rows)]))
    blocks = [
        SourceBlock(
            label,
            tuple(row for row in answer.rows if row.effect.row_group == label),
            summaries.get(label),
            models_of(summaries.get(label), options, measure),
        )
        for label in labels
    ]
    favours = favours_texts(question)
    names = arm_names(question) if question.is_contrast else ("", "")
    return ForestSource(
        title=question.title,
        measure=measure,
        level=question.level,
        blocks=tuple(block for block in blocks if block.rows or block.summary is not None),
        overall=None if by_group else answer.overall,
        contrast=question.is_contrast,
        favours=None if favours is None else _spelled(favours, options),
        notes=tuple(departure_notes(answer)),
        models=() if by_group else models_of(answer.overall, options, measure),
        difference=_difference(answer) if by_group else None,
        baseline=question.baseline if measure.proportional_hazards else None,
        labels=_study_labels(answer.rows),
        arms=(_capital(names[0]) or UNNAMED_ARMS[0], _capital(names[1]) or UNNAMED_ARMS[1]),
    )


def _study_labels(rows: Sequence[AnswerRow]) -> dict[str, str]:
    return study_names((row.effect.study, row.study_label) for row in rows)


def models_of(
    summary: Summary | None, options: ForestOptions, measure: EffectMeasure
) -> tuple[ModelResult, ...]:
    """Fit the models that the plot shows for a summary; none where nothing is pooled."""
    if summary is None or summary.pooled is None:
        return ()
    models = fit_models(summary.pooled, options.models, measure)
    beside = summary.bayesian
    few = summary.row_count < FEWEST_ROWS_FOR_PREDICTION
    if beside is None or not few or options.models or options.kind != "forest":
        return models
    # From so few rows no one model is to be believed alone.
    return (*models, ModelResult(BAYESIAN_NAME, beside))


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _spelled(favours: tuple[str, str], options: ForestOptions) -> tuple[str, str]:
    """Spell ``Favours`` as the readers of a layout do."""
    left, right = (text.replace("Favours", options.style.voice.favours, 1) for text in favours)
    return left, right


def _difference(answer: Answer) -> Difference | str | None:
    question = answer.question
    pooled = {summary.label: summary.pooled for summary in answer.by_row_group}
    blocks = [
        PooledBlock(
            block,
            result,
            tuple(row for row in answer.rows if row.included and row.effect.row_group == block.label),
        )
        for block in question.row_groups
        if (result := pooled.get(block.label)) is not None
    ]
    if len(blocks) < 2:
        return None
    reason = why_not_compared(blocks)
    if reason is not None:
        return reason
    groups = [block.row_group.label for block in blocks for _ in block.pooled.y]
    method = "common" if question.model == "common_effect" else question.tau_squared
    interval = "wald" if question.model == "common_effect" else question.interval
    return difference_between([block.pooled for block in blocks], groups, method, interval)
