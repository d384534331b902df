"""The source of a forest plot, whichever result it comes from: an answer, or a bare pooled result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from evisynth.answers import (
    Answer,
    AnswerRow,
    Counts,
    Difference,
    ForestBlock,
    ForestSubject,
    ModelResult,
    StratifiedDifference,
    Summary,
    subject_of_answer,
    subject_of_result,
)
from evisynth.errors import InvalidDataError
from evisynth.figures.forest_plot.arms import UNNAMED_ARMS, counts_arms
from evisynth.figures.forest_plot.bias import bias_tools
from evisynth.figures.forest_plot.options import ForestOptions
from evisynth.figures.forest_plot.sequence import sequence_notes, sequence_title
from evisynth.figures.forest_plot.words import arm_names, departure_notes, event_of_axis, favours_texts
from evisynth.figures.given_texts import is_missing
from evisynth.figures.measures import measure_display
from evisynth.measures import EffectMeasure, question_measure
from evisynth.outcomes import Baseline, Question
from evisynth.studies import BiasTool
from evisynth.synthesis import PooledResult

#: What a plot without any choice of its user is drawn with.
NO_CHOICE = ForestOptions()


@dataclass(frozen=True, slots=True)
class ForestSource:
    """All that a forest plot shows, with the words that its layout puts to it.

    ``of_event`` is the event of a ratio whose sides do not say it.
    ``difference`` is the test between the blocks or why there is none; in a ``sequence`` each row is a pooled
    estimate of its own. ``arms`` names the index and the reference group. ``places`` says, block by block,
    where each row stood in what was handed in; empty where the blocks have not moved any.
    """

    title: str
    measure: EffectMeasure
    level: float
    blocks: tuple[ForestBlock, ...]
    overall: Summary | None
    contrast: bool
    favours: tuple[str, str] | None = None
    of_event: str = ""
    notes: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    models: tuple[ModelResult, ...] = ()
    difference: Difference | StratifiedDifference | str | None = None
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


def source_of_answer(
    answer: Answer, options: ForestOptions = NO_CHOICE, labels: Mapping[str, str] | None = None
) -> ForestSource:
    """Put words to all that a forest plot shows of an answer."""
    if options.groups is not None:
        raise InvalidDataError("the blocks of an answer are those of its question; leave groups out")
    question = answer.question
    subject = subject_of_answer(
        answer, models=options.models, kind=options.kind, order=options.order, labels=labels
    )
    measure = measure_display(question.effect_measure, answer.scale, question.time_months)
    favours = favours_texts(question)
    names = arm_names(question) if question.is_contrast else ("", "")
    return _source(
        subject,
        options,
        title=question.title,
        measure=measure,
        level=question.level,
        contrast=question.is_contrast,
        favours=None if favours is None else _spelled(favours, options),
        of_event=event_of_axis(question),
        notes=(*_event_notes(question, options), *departure_notes(answer)),
        baseline=question.baseline if measure.proportional_hazards else None,
        arms=(_capital(names[0]) or UNNAMED_ARMS[0], _capital(names[1]) or UNNAMED_ARMS[1]),
    )


def _event_notes(question: Question, options: ForestOptions) -> tuple[str, ...]:
    """Say of which event a ratio is where the layout has no title under its axis."""
    event = event_of_axis(question)
    if not event or options.style.axis_title != "none":
        return ()
    return (f"The {question_measure(question.effect_measure).words} is of {event}.",)


def source_of_result(
    result: PooledResult,
    labels: Iterable[object] | None,
    options: ForestOptions = NO_CHOICE,
    counts: Counts | None = None,
) -> ForestSource:
    """Put words to all that a forest plot shows of a bare pooled result, labelled as the result says.

    Raises
    ------
    InvalidDataError
        Labels or counts that do not fit the effects.
    """
    given = labels if isinstance(labels, Mapping) else None
    subject = subject_of_result(
        result,
        _names(result, None if given is not None else labels),
        counts=counts,
        models=options.models,
        kind=options.kind,
        groups=options.groups,
        order=options.order,
        labels=given,
    )
    counted = any(row.effect.reference_size is not None for block in subject.blocks for row in block.rows)
    return _source(
        subject,
        options,
        title="",
        measure=measure_display(result.effect_measure),
        level=result.level,
        contrast=counted,
    )


def _source(subject: ForestSubject, options: ForestOptions, **words: Any) -> ForestSource:
    source = ForestSource(
        blocks=subject.blocks,
        overall=subject.overall,
        models=subject.models,
        difference=subject.difference,
        labels=subject.labels,
        places=subject.places,
        sequence=subject.kind != "forest",
        **words,
    )
    if not source.sequence:
        return source
    title = sequence_title(source.title, source.measure, subject.kind)
    return replace(source, title=title, notes=(sequence_notes(subject.kind, options.order), *source.notes))


def _names(result: PooledResult, labels: Iterable[object] | None) -> list[str]:
    """Name every effect: as the user says, else as the result does, else by its number."""
    own = result.labels or tuple(f"Study {number}" for number in range(1, len(result.y) + 1))
    if isinstance(labels, str):
        raise InvalidDataError(f"labels are a list with one name for each effect, not {labels!r}")
    given = list(own if labels is None else labels)
    if len(given) != len(own):
        raise InvalidDataError(f"{len(given)} labels for {len(own)} effects; give one label for each")
    return [str(known if is_missing(label) else label) for label, known in zip(given, own, strict=True)]


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _spelled(favours: tuple[str, str], options: ForestOptions) -> tuple[str, str]:
    """Spell ``Favours`` as the readers of a layout do."""
    left, right = (text.replace("Favours", options.style.voice.favours, 1) for text in favours)
    return left, right
