"""An answer as the page words it: a line for each summary, counts, grades, and how far choices move it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evisynth.answers import Answer, AnswerRow, Multiverse, Summary, i_squared_limits
from evisynth.figures import (
    NaturalInterval,
    as_sentence,
    decimals_for,
    heterogeneity_text,
    interval_text,
    measure_display,
    model_text,
    natural_interval,
    row_interval,
)
from evisynth.measures import EffectMeasure
from evisynth.wording import interval_name, p_value_text, plural, whole_number


@dataclass(frozen=True, slots=True)
class SummaryView:
    """One line of an answer: an estimate with its interval, or the refusal.

    ``measure`` leads an estimate that does not say itself what it is; ``single`` is the effect of the one row
    that counts, where a refusal leaves it standing alone. ``interval_caution`` stands beside the interval,
    and ``choices`` under the estimate: how far it moves over every admissible choice, ``choices_move`` where
    there is more than one.
    """

    label: str
    estimate: str | None
    refused: str | None
    exploratory: bool
    p_value: str | None
    prediction: str | None
    method: tuple[str, ...]
    cautions: tuple[str, ...]
    row_count: int
    study_count: int
    participants: str
    measure: str = ""
    single: str | None = None
    interval_caution: str = ""
    choices: str = ""
    choices_move: bool = False

    @property
    def weak(self) -> bool:
        """Whether the estimate is not to be printed as a firm answer is."""
        return self.exploratory or bool(self.interval_caution)


@dataclass(frozen=True, slots=True)
class EffectText:
    """Writes the effects of one answer: one choice of words and decimals for all of them."""

    display: EffectMeasure
    decimals: int
    level: float

    def with_unit(self, interval: NaturalInterval) -> str:
        """Write ``151 months (95% CI 90 to 253)``, ``79% (95% CI 68% to 86%)`` or a bound."""
        text = self.bare(interval)
        if interval.estimate is None or interval.lower is None or interval.upper is None:
            return f"{text}{self.unit}" if text else text
        estimate, _, limits = text.partition(" (")
        return f"{estimate}{self.unit} ({interval_name(self.level)} {limits}"

    def bare(self, interval: NaturalInterval) -> str:
        """Write ``0.72 (0.41 to 1.27)``, a bound, or nothing."""
        return interval_text(interval, self.display, self.decimals)

    @property
    def unit(self) -> str:
        """What follows a number of this measure."""
        return self.display.suffix

    @property
    def heading(self) -> str:
        """Head a column of bare effects."""
        return self.display.heading


def effect_text(answer: Answer) -> EffectText:
    """Choose the words and decimals for an answer from all that it shows."""
    question = answer.question
    display = measure_display(question.effect_measure, answer.scale, question.time_months)
    shown = [row_interval(row, answer.scale, question.level) for row in answer.rows]
    intervals = [interval for interval in shown if interval is not None]
    return EffectText(display, decimals_for(display, intervals), question.level)


def view_summaries(answer: Answer) -> tuple[SummaryView, ...]:
    """Give the lines that answer a question: the overall one, or one for each block of rows."""
    texts = effect_text(answer)
    if not answer.by_row_group:
        return (_view(answer.overall, texts, _single(answer.rows, answer.overall, texts)),)
    blocks = {summary.label: summary for summary in answer.by_row_group}
    return tuple(
        _view(summary, texts, _single(_rows_of(answer, label), summary, texts))
        for label, summary in blocks.items()
    )


def _rows_of(answer: Answer, block: str) -> tuple[AnswerRow, ...]:
    return tuple(row for row in answer.rows if row.effect.row_group == block)


def _single(rows: Sequence[AnswerRow], summary: Summary, texts: EffectText) -> str | None:
    """Say what the only row that counts found, in whom."""
    included = [row for row in rows if row.included]
    if summary.pooled is not None or len(included) != 1:
        return None
    (row,) = included
    interval = row_interval(row, texts.display.scale, texts.level)
    groups = " vs ".join(label for label in (row.index_label, row.reference_label) if label)
    shown = "" if interval is None else texts.with_unit(interval)
    return (
        f"{texts.display.name.lower()} {shown}, {row.study_label or row.effect.study}: {groups}"
        if shown
        else None
    )


def _view(summary: Summary, texts: EffectText, single: str | None = None) -> SummaryView:
    estimate = prediction = p_value = None
    method: tuple[str, ...] = ()
    pooled = summary.pooled
    if pooled is not None:
        scale = texts.display.scale
        estimate = texts.with_unit(natural_interval(scale, pooled.estimate, pooled.ci_lower, pooled.ci_upper))
        limits = natural_interval(scale, None, pooled.prediction_lower, pooled.prediction_upper)
        if limits.lower is not None and limits.upper is not None:
            prediction = texts.bare(limits) + texts.unit
        # Against a rate or a median there is no hypothesis of no effect to test.
        p_value = p_value_text(pooled.p_value) if texts.display.null is not None else None
        beside = _beside(summary, texts)
        method = tuple(
            text
            for text in (model_text(pooled), heterogeneity_text(pooled, i_squared_limits(pooled)), beside)
            if text
        )
    return SummaryView(
        label=summary.label,
        estimate=estimate,
        refused=None if summary.refused is None else summary.refused.rstrip("."),
        exploratory=summary.exploratory,
        p_value=p_value,
        prediction=prediction,
        method=method,
        cautions=tuple(as_sentence(caution) for caution in summary.cautions),
        row_count=summary.row_count,
        study_count=summary.study_count,
        participants=_participants(summary),
        # A percentage or months say what they are; a bare ratio does not.
        measure=texts.display.name if texts.display.null is not None else "",
        single=single,
        interval_caution=summary.beside,
    )


def _beside(summary: Summary, texts: EffectText) -> str:
    """Say what the Bayesian model makes of the same rows, where it stands beside the estimate."""
    found = summary.bayesian
    if found is None:
        return ""
    scale = texts.display.scale
    shown = texts.with_unit(natural_interval(scale, found.estimate, found.ci_lower, found.ci_upper))
    prior = str(found.prior.tau)
    return f"Beside it, by a Bayesian model with tau ~ {prior}: {shown}."


def _participants(summary: Summary) -> str:
    if summary.participant_count is None:
        return "not stated"
    return f"{summary.participant_count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def choices_text(multiverse: Multiverse, texts: EffectText, *, exploratory: bool) -> str:
    """Say between which values the estimate lies, and how often its interval excludes no effect.

    Parameters
    ----------
    multiverse
        Of one summary that has an estimate.
    texts
        Writes its effects as the rest of the page does.
    exploratory
        Whether the question itself is; if not, the combinations accept more than it does, which is told.
    """
    if multiverse.combinations == 1 and multiverse.own is not None:
        return "No choice could move it: the question's own is the one admissible combination of choices."
    pooled, without, ends = len(multiverse.estimate), sum(multiverse.refused.values()), multiverse.range
    over = f"all {whole_number(multiverse.combinations)} admissible combinations of choices"
    if multiverse.combinations == 1:
        over = "the one admissible combination of choices"
    elif multiverse.combinations == 2:
        over = "both admissible combinations of choices"
    elif not multiverse.exact:
        every = whole_number(multiverse.combinations)
        over = f"a sample of {pooled + without:,} of the {every} admissible combinations"
    rules = "" if exploratory else " (by the rules of an exploratory question)"
    if ends is None:
        return f"Over {over}{rules} nothing is pooled."
    low, _, high = texts.bare(natural_interval(multiverse.scale, None, *ends)).partition(" to ")
    where = f"is {low}{texts.unit}" if low == high else f"lies between {low} and {high}{texts.unit}"
    said = [f"Over {over}{rules} the estimate {where}"]
    if without:
        said.append(f"{without:,} of them {plural('is', without)} not pooled")
    if texts.display.null is not None:
        said.append(_no_effect(_excluding(multiverse), pooled))
    return "; ".join(said) + "."


def _no_effect(excluding: int, pooled: int) -> str:
    if pooled == 1:
        return f"its interval {'excludes' if excluding else 'includes'} no effect"
    return f"in {excluding:,} of {pooled:,} the interval excludes no effect"


def _excluding(multiverse: Multiverse) -> int:
    return int(((multiverse.ci_upper < 0) | (multiverse.ci_lower > 0)).sum())


@dataclass(frozen=True, slots=True)
class GradeHelp:
    """A grade of recovery: what it rests on, and what may be done with it."""

    grade: str
    rests_on: str
    used: str


GRADES: tuple[GradeHelp, ...] = (
    GradeHelp("A", "A ratio printed with its interval, or an exact count of patients.", "Pooled."),
    GradeHelp(
        "B",
        "A rate or median printed with its interval, a log-rank p-value with the number of events, or a "
        "count worked out from a percentage.",
        "Pooled.",
    ),
    GradeHelp(
        "C",
        "Survival rates with the number of patients, or two medians that both have intervals. How many "
        "patients were still followed is an assumption.",
        "Pooled, unless the question asks for better.",
    ),
    GradeHelp(
        "D",
        "A median with the number of patients, or a better recovery with marks against it.",
        "Only in an exploratory question.",
    ),
    GradeHelp(
        "X",
        "Only a limit is known, nothing can be recovered, or there is nothing to compare with.",
        "Shown, never pooled.",
    ),
)

KIND_HEADINGS: Mapping[str, str] = {
    "outcome": "Outcomes",
    "intervention": "Interventions",
    "extent": "Extent of surgery",
    "site": "Sites of metastases",
    "population": "Populations",
    "primary_site": "Sites of the primary tumour",
    "grade": "Grades",
}
