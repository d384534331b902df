"""A row of an answer as the page words it, down to the figures that it rests on and how it was derived.

Ids of places on the page let an estimate be followed to its figures.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from evisynth.answers import Answer, AnswerRow
from evisynth.effects import Effect, Input
from evisynth.figures import NaturalInterval, as_sentence, flag_text, row_interval, size_text
from evisynth.measures import question_measures
from evisynth.report.answer_view import EffectText, effect_text
from evisynth.wording import term_words, time_words, weight_text

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


def question_anchor(question: str) -> str:
    """Name the place of a question."""
    return f"question-{safe_name(question)}"


def study_anchor(study: str) -> str:
    """Name the place of a study."""
    return f"study-{safe_name(study)}"


def figure_anchor(file_location: str) -> str:
    """Name the place of what one line of a study file reports: ``studies/x.yaml:12``."""
    return f"at-{safe_name(file_location)}"


def line_anchor(study: str, line: str) -> str:
    """Name the place of a line of a study file."""
    return f"{study_anchor(study)}-line-{line}"


def row_anchor(question: str, number: int) -> str:
    """Name the place of what is said of a row, counted from 1."""
    return f"row-{safe_name(question)}-{number}"


def safe_name(text: str) -> str:
    """Write a name so that an id, or a file, can have it."""
    return _UNSAFE.sub("-", text).strip("-")


_WORDS: Mapping[str, str] = {
    "log_rank_p_value_with_events": "log-rank p-value with the number of events",
    "log_rank_p_value": "p-value of the whole curves",
    "p_value_bound": "what the p-value alone allows",
    "landmark_contrast": "survival of both groups at one time",
    "conditional_landmark": "survival of both groups between two times, among those alive at the first",
    "landmark_risk_contrast": "survival of both groups at one time, as risks",
    "median_contrast": "medians of both groups",
    "risk_contrast_of_counts": "counts of patients in both groups",
    "risk_difference_score_interval": "difference of two shares, score interval",
    "survival": "survival at one time",
    "survival_with_interval": "survival at one time with its interval, as printed",
    "survival_with_patients": "survival at one time, its standard error from the number of patients",
    "survival_with_number_at_risk": "survival at one time, its standard error from the number at risk",
    "survival_exact_interval": "exact interval of a survival of 0 or 100%",
    "survival_bound": "survival printed as a limit",
    "median_with_interval": "median with its interval, as printed",
    "median_with_lower_limit": "median with the lower limit of its interval",
    "median_with_spread": "median as printed, its standard error from the printed quartiles or range",
    "median_with_events": "median as printed, its standard error from the number of events",
    "median_with_patients": "median as printed, its standard error from the number of patients",
    "median_not_reached": "median not reached",
    "median_bound": "median printed as a limit",
    "proportion": "share of patients",
    "proportion_of_patients": "exact count of patients",
    "proportion_as_printed": "percentage as printed, which no count of the patients gives",
    "proportion_of_recovered_count": "share as printed, its count worked out from the number of patients",
    "proportion_exact_interval": "exact interval of a share of 0 or 100%",
    "proportion_bound": "share printed as a limit",
}

#: The same of a printed ratio or difference, each behind the id and behind the words of its measure.
_PRINTED_CONTRAST: Mapping[str, str] = {
    "_with_interval": "with its interval, as printed",
    "_with_standard_error": "as printed, with its standard error",
    "_with_p_value": "as printed, its standard error from the p-value",
    "_with_p_inequality": "as printed; the p-value only limits its standard error",
}


def worded_recoveries() -> dict[str, str]:
    """Return every recovery that has words of its own, with those of a printed contrast for each measure."""
    printed = {
        f"{name}{ending}": f"{measure.words} {words}"
        for name, measure in question_measures().items()
        for ending, words in _PRINTED_CONTRAST.items()
        if "printed_ratio" in measure.recoveries
        or ("printed_difference" in measure.recoveries and "_p_" not in ending)
    }
    return {**printed, **_WORDS}


def recovery_words(recovery: str, time_months: float | None = None) -> str:
    """Say a recovery in words, with its time where that tells it from others.

    One that is not listed is said as it is spelled, without underscores.
    """
    words = worded_recoveries().get(recovery, term_words(recovery))
    return words if time_months is None else words.replace("at one time", f"at {time_words(time_months)}")


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
    """One row of the table under a forest plot; ``number`` counts all rows of the answer, from 1.

    ``study_label`` is what figures call the study. ``interval`` can be drawn, None where nothing can.
    """

    number: int
    study: str
    study_label: str
    interval: NaturalInterval | None
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
    for number, row in enumerate(answer.rows, 1):
        blocks.setdefault(row.effect.row_group, []).append(_view_row(number, row, answer, texts))
    return tuple(BlockView(label, tuple(rows)) for label, rows in blocks.items())


def _view_row(number: int, row: AnswerRow, answer: Answer, texts: EffectText) -> RowView:
    effect = row.effect
    label = row.index_label
    if row.reference_label is not None:
        label = f"{row.index_label} vs {row.reference_label}"
    return RowView(
        number=number,
        study=effect.study,
        study_label=row.study_label or effect.study,
        interval=row_interval(row, answer.scale, answer.question.level),
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
