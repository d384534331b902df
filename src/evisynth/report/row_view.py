"""A row of an answer as the texts that the page shows, down to the figures that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from evisynth.effects.effect import Effect, Input
from evisynth.figures.forest.rows import row_interval
from evisynth.figures.forest.words import as_sentence, flag_text
from evisynth.figures.number_text import size_text, weight_text
from evisynth.report.anchors import figure_anchor
from evisynth.report.answer_view import EffectText, effect_text
from evisynth.report.recovery_words import recovery_words
from evisynth.synthesis.answer import Answer, AnswerRow


@dataclass(frozen=True, slots=True)
class InputView:
    """A figure that entered a recovery, and the anchor of the study table where it stands."""

    name: str
    as_reported: str
    source_location: str
    file_location: str
    anchor: str | None


@dataclass(frozen=True, slots=True)
class RecoveryView:
    """How one effect was had: in words, with everything that speaks for and against it."""

    derived: str
    effect: str
    grade: str
    kind: str
    reason: str | None
    assumptions: tuple[str, ...]
    downgrades: tuple[str, ...]
    flags: tuple[str, ...]
    rounding: str | None
    inputs: tuple[InputView, ...]


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of the table under a forest plot."""

    study: str
    label: str
    groups: str
    size: str
    effect: str
    grade: str
    weight: str | None
    included: bool
    reason: str | None
    recovery: RecoveryView
    alternatives: tuple[RecoveryView, ...]


@dataclass(frozen=True, slots=True)
class BlockView:
    """The rows of one block; the label is shown when there is more than one block."""

    label: str
    rows: tuple[RowView, ...]


def view_blocks(answer: Answer) -> tuple[BlockView, ...]:
    """Give the rows of an answer, block by block in the order of the question."""
    texts = effect_text(answer)
    blocks: dict[str, list[RowView]] = {block.label: [] for block in answer.question.row_groups}
    for row in answer.rows:
        blocks.setdefault(row.effect.row_group, []).append(_view_row(row, answer, texts))
    return tuple(BlockView(label, tuple(rows)) for label, rows in blocks.items())


def _view_row(row: AnswerRow, answer: Answer, texts: EffectText) -> RowView:
    effect = row.effect
    label = row.index_label
    if row.reference_label is not None:
        label = f"{row.index_label} vs {row.reference_label}"
    return RowView(
        study=effect.study,
        label=label,
        groups=effect.comparison,
        size=size_text(effect.sizes),
        effect=_effect(effect, answer, texts),
        grade=effect.grade,
        weight=None if row.weight is None else weight_text(row.weight),
        included=row.included,
        reason=None if row.reason is None else row.reason.rstrip("."),
        recovery=_view_recovery(effect, answer, texts),
        alternatives=tuple(_view_recovery(other, answer, texts) for other in row.alternatives),
    )


def _effect(effect: Effect, answer: Answer, texts: EffectText) -> str:
    bare = AnswerRow(effect, (), False, None, None, "", None)
    interval = row_interval(bare, answer.scale, answer.question.level)
    return texts.bare(interval) if interval is not None else ""


def _view_recovery(effect: Effect, answer: Answer, texts: EffectText) -> RecoveryView:
    return RecoveryView(
        derived=recovery_words(effect.recovery, effect.time_months),
        effect=_effect(effect, answer, texts),
        grade=effect.grade,
        kind=effect.kind,
        reason=None if effect.reason is None else as_sentence(effect.reason),
        assumptions=_sentences(effect.assumptions),
        downgrades=_sentences(effect.downgrades),
        flags=tuple(flag_text(flag) for flag in effect.flags),
        rounding=_rounding(effect, answer, texts),
        inputs=tuple(_view_input(part) for part in effect.inputs),
    )


def _rounding(effect: Effect, answer: Answer, texts: EffectText) -> str | None:
    """Say how far rounding can move the estimate, None when it moves nothing that is shown."""
    if effect.kind != "point" or effect.rounding_lower is None or effect.rounding_upper is None:
        return None
    moved = replace(
        effect, kind="bound", estimate=None, lower=effect.rounding_lower, upper=effect.rounding_upper
    )
    # One digit more than the effect itself: 151 may have been 150.5 to 151.5.
    finer = replace(texts, decimals=texts.decimals + 1)
    text = _effect(moved, answer, finer)
    lower, _, upper = text.partition(" to ")
    return None if lower == upper else text


def _view_input(part: Input) -> InputView:
    return InputView(
        name=part.name,
        as_reported=part.as_reported,
        source_location=part.source_location,
        file_location=part.file_location,
        anchor=figure_anchor(part.file_location) if part.file_location else None,
    )


def _sentences(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(as_sentence(text) for text in texts)
