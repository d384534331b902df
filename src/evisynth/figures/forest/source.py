"""What a forest plot is made of, whichever result it comes from: an answer, or a bare pooled result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evisynth.effects.effect import Effect, Scale
from evisynth.errors import InvalidDataError
from evisynth.figures.forest.models import BAYESIAN_NAME, ModelResult, fit_models
from evisynth.figures.forest.names import ColumnKey
from evisynth.figures.forest.options import ForestOptions
from evisynth.figures.forest.subgroup_difference import (
    Difference,
    PooledBlock,
    difference_between,
    why_not_compared,
)
from evisynth.figures.forest.words import departure_notes, favours_texts
from evisynth.figures.measures import MeasureDisplay, measure_display
from evisynth.outcomes.question import Baseline
from evisynth.synthesis.answer import Answer, AnswerRow, Summary
from evisynth.synthesis.poolability import FEWEST_ROWS_FOR_PREDICTION
from evisynth.synthesis.result import PooledResult

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
    estimate of its own.
    """

    title: str
    measure: MeasureDisplay
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

    @property
    def rows(self) -> tuple[AnswerRow, ...]:
        """All rows, block by block."""
        return tuple(row for block in self.blocks for row in block.rows)

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
            _models(summaries.get(label), options, measure),
        )
        for label in labels
    ]
    favours = favours_texts(question)
    return ForestSource(
        title=question.title,
        measure=measure,
        level=question.level,
        blocks=tuple(block for block in blocks if block.rows or block.summary is not None),
        overall=None if by_group else answer.overall,
        contrast=question.is_contrast,
        favours=None if favours is None else _spelled(favours, options),
        notes=tuple(departure_notes(answer)),
        models=() if by_group else _models(answer.overall, options, measure),
        difference=_difference(answer) if by_group else None,
        baseline=question.baseline if question.effect_measure == "hazard_ratio" else None,
    )


def _models(
    summary: Summary | None, options: ForestOptions, measure: MeasureDisplay
) -> tuple[ModelResult, ...]:
    if summary is None or summary.pooled is None:
        return ()
    models = fit_models(summary.pooled, options.models, measure)
    beside = summary.bayesian
    few = summary.row_count < FEWEST_ROWS_FOR_PREDICTION
    if beside is None or not few or options.models or options.kind != "forest":
        return models
    # From so few rows no one model is to be believed alone.
    return (*models, ModelResult(BAYESIAN_NAME, beside))


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


def source_of_result(
    result: PooledResult, labels: Sequence[str] | None, options: ForestOptions = NO_CHOICE
) -> ForestSource:
    """Make rows of a bare pooled result: a point for every effect, labelled as the result says."""
    names = labels if labels is not None else result.labels
    if names is None:
        names = [f"Study {number}" for number in range(1, len(result.y) + 1)]
    if len(names) != len(result.y):
        raise InvalidDataError(f"{len(names)} labels for {len(result.y)} effects; give one label for each")
    measure = measure_display(result.effect_measure)
    rows = tuple(_bare_row(result, i, str(name), measure) for i, name in enumerate(names))
    summary = Summary("", result, None, result.row_count, 0, None, exploratory=False)
    blocks: tuple[SourceBlock, ...] = (SourceBlock("", rows),)
    difference: Difference | str | None = None
    if options.groups is not None:
        blocks, difference = _grouped(result, rows, options, measure)
    return ForestSource(
        title="",
        measure=measure,
        level=result.level,
        blocks=blocks,
        overall=summary,
        contrast=False,
        models=_models(summary, options, measure),
        difference=difference,
    )


def _grouped(
    result: PooledResult, rows: Sequence[AnswerRow], options: ForestOptions, measure: MeasureDisplay
) -> tuple[tuple[SourceBlock, ...], Difference | str | None]:
    """Put the rows of a bare result into the blocks that the user names, each pooled by itself."""
    from evisynth.synthesis.subgroups import pool_subgroups

    groups = options.groups or ()
    if result.method == "bayesian":
        raise InvalidDataError(
            "subgroups are compared by common-effect or random-effects models; draw what evisynth.pool gave"
        )
    found = pool_subgroups(result.y, result.v, groups, tau_squared=result.method, interval=result.interval,
                           level=result.level)  # fmt: skip
    blocks = []
    for group, pooled in zip(found.groups, found.results, strict=True):
        members = tuple(row for row, name in zip(rows, groups, strict=True) if name == group)
        summary = Summary(str(group), pooled, None, len(members), 0, None, exploratory=False)
        if len(members) == 1:  # its diamond would only repeat the row above it
            summary = Summary(str(group), None, "one row; there is nothing to pool", 1, 0, None, False)
        blocks.append(SourceBlock(str(group), members, summary, _models(summary, options, measure)))
    return tuple(blocks), Difference(found.q_between, found.df, found.p_value)


def _bare_row(result: PooledResult, i: int, name: str, measure: MeasureDisplay) -> AnswerRow:
    limits = (None, None)
    effect = bare_effect(
        name, measure, (float(result.y[i]), *limits), standard_error=float(result.v[i]) ** 0.5
    )
    return AnswerRow(effect, (), True, None, float(result.weights[i]), "", None)


def bare_effect(
    name: str,
    measure: MeasureDisplay,
    numbers: tuple[float, float | None, float | None],
    standard_error: float | None = None,
) -> Effect:
    """Make an effect of an estimate with its limits (None: of its standard error), without a history."""
    scale: Scale = "log" if measure.scale == "log" else "identity"
    estimate, lower, upper = numbers
    return Effect(
        study=name,
        comparison="",
        index_group="",
        reference_group=None,
        row_group="",
        effect_measure="",
        scale=scale,
        recovery="given",
        kind="point",
        grade="A",
        estimate=estimate,
        standard_error=standard_error,
        ci_lower=lower,
        ci_upper=upper,
        primary=True,
    )
