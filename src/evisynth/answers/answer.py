"""The answer to a question: its rows, and one pooled estimate or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from evisynth.answers.moderation import Moderation
from evisynth.answers.strata import StratifiedDifference
from evisynth.arithmetic import critical_z
from evisynth.effects import Effect
from evisynth.measures import Scale, question_measure
from evisynth.outcomes import BiasAssessment, Departure, Question
from evisynth.synthesis import (
    BayesianResult,
    PooledResult,
    html_table,
    interval_words,
    limits_words,
    pooled_words,
)
from evisynth.wording import counted, whole_number

if TYPE_CHECKING:
    from evisynth.answers.survival_curve import PooledCurve


def own_interval(effect: Effect, level: float) -> tuple[float | None, float | None]:
    """Give the interval of one effect on its analysis scale: its own, else estimate ± z SE at ``level``."""
    if effect.ci_lower is not None or effect.ci_upper is not None:
        return effect.ci_lower, effect.ci_upper
    if effect.estimate is None or effect.standard_error is None:
        return None, None
    reach = critical_z(level) * effect.standard_error
    return effect.estimate - reach, effect.estimate + reach


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row of the plot: the recovery that stands for a comparison, and whether it is pooled.

    ``effect`` is the primary recovery, or where every recovery is a bound or a refusal the most telling one.
    ``alternatives`` are the other recoveries of the same patients. ``included`` rows are those that count
    (k); they are pooled unless the summary refuses. ``reason`` says why a row is left out.
    ``weight`` is its share in the pooled estimate (its row group's when the question is summarised by
    row group), None when left out. ``risk_of_bias`` is what was judged of the comparison, one assessment a
    tool; nothing is computed from it. ``study_label`` is what figures call the study; empty: its id.
    """

    effect: Effect
    alternatives: tuple[Effect, ...]
    included: bool
    reason: str | None
    weight: float | None
    index_label: str
    reference_label: str | None
    risk_of_bias: tuple[BiasAssessment, ...] = ()
    study_label: str = ""

    def __repr__(self) -> str:
        return f"<AnswerRow {self.effect.study} {self.effect.comparison}: {_row_words(self)}>"


@dataclass(frozen=True, slots=True)
class AmongChoices:
    """Where an estimate stands among its admissible choices: shares of them below and above, their median.

    ``median`` is on the natural scale. ``words`` say it beside the number, where the estimate lies beyond the
    10th or 90th percentile, and the median differs from it in the printed digits; empty elsewhere. ``exact``
    says whether all combinations were looked at, or a sample of them.
    """

    combinations: int
    pooled: int
    median: float
    share_below: float
    share_above: float
    words: str
    exact: bool = True

    @property
    def count(self) -> str:
        """How many choices the shares are of, the one way in which it is told."""
        if self.exact:
            return whole_number(self.combinations)
        return f"a sample of {self.pooled:,} of the {whole_number(self.combinations)}"


@dataclass(frozen=True, slots=True)
class Summary:
    """A pooled estimate, or the refusal to pool, for all rows or for one block of rows.

    ``bayesian`` is what the Bayesian model makes of the same rows, to be shown beside a random-effects
    estimate; None beside others, and below three rows. ``interval_caution`` is a clause that belongs right
    beside the interval: that it says next to nothing, or may be too narrow. ``among_choices`` is where the
    estimate stands among its admissible choices, where that was looked at. ``moderation`` is the
    meta-regression of the same rows, where the question names moderators.
    """

    label: str
    pooled: PooledResult | None
    refused: str | None
    row_count: int
    study_count: int
    participant_count: int | None
    exploratory: bool
    cautions: tuple[str, ...] = ()
    bayesian: BayesianResult | None = None
    interval_caution: str | None = None
    among_choices: AmongChoices | None = None
    moderation: Moderation | None = None

    @property
    def beside(self) -> str:
        """What must be said right beside the number, empty for nothing."""
        choices = "" if self.among_choices is None else self.among_choices.words
        return "; ".join(filter(None, (self.interval_caution, choices)))

    def __repr__(self) -> str:
        return f"<Summary {_summary_words(self)}>"


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that a table, a figure or a report needs to show a question and what came of it.

    ``left_out`` names the studies that were left out on purpose, with the reason. ``by_row_group`` is empty
    unless the question is summarised by row group. ``strata`` is what its blocks differ by within the strata
    of one study, where that is all they hold. ``curves`` pool the rates of blocks at several times together,
    where the question names several.
    """

    question: Question
    rows: tuple[AnswerRow, ...]
    overall: Summary
    by_row_group: tuple[Summary, ...]
    scale: Scale
    left_out: tuple[Departure, ...] = ()
    strata: StratifiedDifference | None = None
    curves: tuple[PooledCurve, ...] = ()

    @property
    def is_pooled(self) -> bool:
        """Whether there is any estimate."""
        return any(summary.pooled is not None for summary in (self.overall, *self.by_row_group))

    def __repr__(self) -> str:
        by_group = self.question.summary == "by_row_group"
        counted = f"{sum(row.included for row in self.rows)} of {len(self.rows)} rows count"
        measure = question_measure(self.question.effect_measure).words
        lines = [f"<Answer {self.question.id}: {measure}, {counted}"]
        lines += [_summary_words(summary) for summary in (self.by_row_group if by_group else (self.overall,))]
        return "\n  ".join(lines) + ">"

    def _repr_html_(self) -> str:
        measure = question_measure(self.question.effect_measure).words
        head = ("study", "groups", measure, "weight", "grade", "not pooled because")
        by_group = self.question.summary == "by_row_group"
        rows = [_row_cells(row, self.question.level) for row in self.rows]
        summaries = self.by_row_group if by_group else (self.overall,)
        rows += [_summary_cells(summary, self.scale) for summary in summaries]
        return f"<p>{escape(self.question.title)}</p>{html_table(head, rows)}"


def _summary_words(summary: Summary) -> str:
    """Say a summary in a line."""
    pooled = summary.pooled
    if pooled is None:
        return f"{summary.label}: not pooled, {summary.refused}"
    exploratory = ", exploratory" if summary.exploratory else ""
    beside = f", {summary.beside}" if summary.beside else ""
    return f"{summary.label}: {pooled_words(pooled)}{exploratory}{beside}"


def _row_words(row: AnswerRow) -> str:
    """Say a row in a line: its effect, grade, and why it is left out, if it is."""
    effect = row.effect
    level = 0.95  # only where an effect brings no interval of its own
    if effect.kind == "point":
        shown = interval_words(effect.estimate, *own_interval(effect, level), effect.scale)
    else:
        shown = limits_words(effect.lower, effect.upper, effect.scale) or effect.kind
    return f"{shown}, grade {effect.grade}" + (f", not pooled: {row.reason}" if row.reason else "")


def _row_cells(row: AnswerRow, level: float) -> tuple[str, ...]:
    effect = row.effect
    groups = " vs ".join(label for label in (row.index_label, row.reference_label) if label)
    if effect.kind == "point":
        shown = interval_words(effect.estimate, *own_interval(effect, level), effect.scale)
    else:
        shown = limits_words(effect.lower, effect.upper, effect.scale)
    weight = "" if row.weight is None else f"{100 * row.weight:.1f}%"
    return effect.study, groups, shown, weight, effect.grade, row.reason or ""


def _summary_cells(summary: Summary, scale: Scale) -> tuple[str, ...]:
    pooled = summary.pooled
    if pooled is None:
        return summary.label, "", "no pooled estimate", "", "", summary.refused or ""
    shown = interval_words(pooled.estimate, pooled.ci_lower, pooled.ci_upper, scale)
    rows = counted(summary.row_count, "row")
    said = ("exploratory" if summary.exploratory else "", summary.beside)
    return summary.label, rows, shown, "", "", "; ".join(filter(None, said))
