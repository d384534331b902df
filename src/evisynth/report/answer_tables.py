"""One answered question as tables for other programs: its recoveries, rows and estimates.

Columns that no view documents have their types, units and meaning here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evisynth.answers import (
    Answer,
    AnswerRow,
    PooledRow,
    RowCovariance,
    Summary,
    answer_as_json,
    effects_as_json,
    row_covariance,
)
from evisynth.effects import Effect
from evisynth.outcomes import Comparison, Question
from evisynth.report.data_table import Column, DataTable

NATURAL = (
    "natural scale: a ratio, a difference of proportions, a proportion or months, as effect_measure says"
)
ANALYSIS = "analysis scale, as scale says"
_SQUARED = "square of the analysis scale"
_SHARE = "proportion, 0 to 1"
_LISTED = "JSON array"

#: Units of the columns of the documented views that hold numbers; a column not listed is a plain number.
VIEW_UNITS: Mapping[str, str] = {
    **dict.fromkeys(("n", "n_count", "denominator", "at_risk", "screened"), "patients"),
    **dict.fromkeys(
        ("time_months", "follow_up_median_months", "follow_up_minimum_months"), "months of 30.4375 days"
    ),
    **dict.fromkeys(
        (
            "value", "ci_lower", "ci_upper", "lower", "upper", "sd", "sd_half_unit", "half_unit",
            "ci_lower_half_unit", "ci_upper_half_unit", "perhaps", "perhaps_half_unit",
        ),
        "as the column unit says: months, proportion 0 to 1, patients, ...",
    ),
    **dict.fromkeys(("n_value", "n_half_unit"), "as the column n_unit says: patients, or proportion 0 to 1"),
    "level": _SHARE,
    "year": "calendar year",
    "group_count": "groups",
    "figure_count": "figures",
    **dict.fromkeys(("block_no", "comparison_no", "figure_no", "position"), "place in an order"),
    **dict.fromkeys(("domain_no", "assessment_no"), "place in an order"),
    "depth": "steps",
}  # fmt: skip
NO_UNIT = "none"

EFFECTS: tuple[Column, ...] = (
    Column("study", "string", "Study."),
    Column("comparison", "string", "INDEX vs REFERENCE, or the group of a single arm."),
    Column("index_group", "string", "Group that the effect speaks of."),
    Column("reference_group", "string", "Group that it is set against; none for a single arm."),
    Column("row_group", "string", "Block of rows of the plot."),
    Column("effect_measure", "string", "What the effect is: hazard_ratio, proportion, ..."),
    Column("of_event", "string", "The event that it speaks of: death; below no effect means fewer of those."),
    Column("scale", "string", "Analysis scale: log, log(-log), logit or identity."),
    Column("recovery", "string", "How the effect was had from what is printed."),
    Column("kind", "string", "point, bound or refused; only points are pooled."),
    Column("time_months", "number", "Time that the effect is for.", "months of 30.4375 days"),
    Column("estimate", "number", "Estimate of a point.", ANALYSIS),
    Column("standard_error", "number", "Its standard error.", ANALYSIS),
    Column("ci_lower", "number", "Lower confidence limit that the recovery gives itself.", ANALYSIS),
    Column("ci_upper", "number", "Upper confidence limit that the recovery gives itself.", ANALYSIS),
    Column("lower", "number", "Lower end of a bound; none when open.", ANALYSIS),
    Column("upper", "number", "Upper end of a bound; none when open.", ANALYSIS),
    Column("rounding_lower", "number", "Lowest estimate that the rounding of the print allows.", ANALYSIS),
    Column("rounding_upper", "number", "Highest estimate that the rounding of the print allows.", ANALYSIS),
    Column("participants", "integer", "Patients behind the effect.", "patients"),
    Column("grade", "string", "How far it can be trusted, A to D; X is refused."),
    Column("primary", "boolean", "Whether this recovery stands for its comparison."),
    Column("flags", "array", "What to keep in mind about it.", _LISTED),
    Column("assumptions", "array", "What was assumed.", _LISTED),
    Column("downgrades", "array", "Why its grade is lower than that of its kind of recovery.", _LISTED),
    Column(
        "inputs",
        "array",
        "Figures that entered: name, as_reported, source_location and file_location of each.",
        "JSON array of objects",
    ),
    Column("reason", "string", "Why it is refused, or what to know of a bound."),
)

ROWS: tuple[Column, ...] = (
    Column("row", "integer", "Number of the row in the order of the plot, from 1.", NO_UNIT),
    Column("block", "integer", "Number of the answer that the row belongs to, as in answers.csv.", NO_UNIT),
    Column(
        "set",
        "integer",
        "Rows of one number are put together or are a cluster; none when not pooled.",
        NO_UNIT,
    ),
    Column("slab", "string", "Label of the row, as metafor names it: study, comparison."),
    Column("yi", "number", "Effect as metafor takes it; none for a bound or a refusal.", ANALYSIS),
    Column("vi", "number", "Its sampling variance as metafor takes it.", _SQUARED),
    Column("ai", "integer", "Events of the first group, as metafor names them, where known.", "patients"),
    Column("n1i", "integer", "Patients of the first group.", "patients"),
    Column("ci", "integer", "Events of the second group.", "patients"),
    Column("n2i", "integer", "Patients of the second group.", "patients"),
    Column("study", "string", "Study."),
    Column("comparison", "string", "INDEX vs REFERENCE, or the group of a single arm."),
    Column("row_group", "string", "Block of rows of the plot."),
    Column("n", "integer", "Patients behind the row.", "patients"),
    Column("kind", "string", "point, bound or refused."),
    Column("estimate", "number", "Estimate.", NATURAL),
    Column("standard_error", "number", "Standard error, the root of vi.", ANALYSIS),
    Column("ci_lower", "number", "Lower limit of the row's own interval.", NATURAL),
    Column("ci_upper", "number", "Upper limit of the row's own interval.", NATURAL),
    Column("lower", "number", "Lower end of a bound.", NATURAL),
    Column("upper", "number", "Upper end of a bound.", NATURAL),
    Column("weight", "number", "Share in the pooled estimate of its block.", _SHARE),
    Column("grade", "string", "How far the effect can be trusted, A to D; X is refused."),
    Column("recovery", "string", "How the effect was had from what is printed."),
    Column("included", "boolean", "Whether the row counts; rows that do are pooled unless that is refused."),
    Column("reason", "string", "Why it does not count."),
)

#: Off-diagonal covariances, only where rows share patients.
COVARIANCES: tuple[Column, ...] = (
    Column("row_1", "integer", "Row of rows.csv.", NO_UNIT),
    Column("row_2", "integer", "A later row of rows.csv.", NO_UNIT),
    Column("covariance", "number", "Covariance of their sampling errors that was pooled with.", _SQUARED),
)

ANSWERS: tuple[Column, ...] = (
    Column("question", "string", "Question, the name of its folder in questions/."),
    Column("block", "integer", "Number of the answer within the question, from 1.", NO_UNIT),
    Column("title", "string", "Title of the question."),
    Column("label", "string", "Block of rows that is answered for, or Overall."),
    Column("effect_measure", "string", "What is pooled: hazard_ratio, proportion, ..."),
    Column("scale", "string", "Analysis scale: log, log(-log), logit or identity."),
    Column(
        "model",
        "string",
        "common_effect, random_effects or bayesian; of counts binomial_normal, mantel_haenszel or peto.",
    ),
    Column("method", "string", "Estimator of tau squared, common, stratified, or a model of counts."),
    Column("interval", "string", "wald, t, hksj (with q* = max(1, q)), hksj-plain, cr2 or shortest."),
    Column("level", "number", "Level of the intervals.", _SHARE),
    Column("row_count", "integer", "Included rows of disjoint patients (k).", "rows"),
    Column("study_count", "integer", "Studies of the included rows.", "studies"),
    Column("participant_count", "integer", "Their patients, each once; none when not known.", "patients"),
    Column("estimate", "number", "Pooled estimate; none when refused.", ANALYSIS),
    Column("standard_error", "number", "Its standard error, the one of the interval.", ANALYSIS),
    Column("ci_lower", "number", "Lower limit.", ANALYSIS),
    Column("ci_upper", "number", "Upper limit.", ANALYSIS),
    Column("p_value", "number", "Two-sided, of no difference; none for single arms.", _SHARE),
    Column("tau_squared", "number", "Variance between studies.", _SQUARED),
    Column("i_squared", "number", "Share of the variance that is between studies.", _SHARE),
    Column("q_statistic", "number", "Cochran's Q.", NO_UNIT),
    Column("prediction_lower", "number", "Lower limit of the prediction interval, if shown.", ANALYSIS),
    Column("prediction_upper", "number", "Upper limit of the prediction interval, if shown.", ANALYSIS),
    Column("natural_estimate", "number", "Pooled estimate.", NATURAL),
    Column("natural_ci_lower", "number", "Lower limit.", NATURAL),
    Column("natural_ci_upper", "number", "Upper limit.", NATURAL),
    Column("natural_prediction_lower", "number", "Lower limit of the prediction interval.", NATURAL),
    Column("natural_prediction_upper", "number", "Upper limit of the prediction interval.", NATURAL),
    Column("exploratory", "boolean", "Whether rules were waived to have an estimate at all."),
    Column("refused", "string", "Why nothing is pooled."),
    Column("cautions", "array", "What to know before using the estimate.", _LISTED),
    Column("interval_caution", "string", "Why the interval may be too narrow, where it may."),
    Column("prior", "string", "Prior on tau of a Bayesian answer."),
)


Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """One estimate of a question, or the refusal of one, with its rows.

    ``places`` are the rows that count, counted from 0. ``covariance`` is theirs; None where it cannot be had,
    or nothing is pooled.
    """

    number: int
    summary: Summary
    places: tuple[int, ...]
    covariance: RowCovariance | None


@dataclass(frozen=True, slots=True, eq=False)
class ExportedQuestion:
    """A question with everything that is written of it."""

    question: Question
    scale: str
    record: Record
    blocks: tuple[Block, ...]
    effects: DataTable
    rows: DataTable
    answers: DataTable
    covariances: DataTable | None


def question_tables(
    answer: Answer, comparisons: Sequence[Comparison], effects: Sequence[Sequence[Effect]]
) -> ExportedQuestion:
    """Put an answer into tables.

    Parameters
    ----------
    answer
        With one row a comparison, in their order.
    comparisons
        Those behind the rows.
    effects
        For each comparison all its recoveries.
    """
    record = answer_as_json(answer)
    blocks = tuple(_blocks(answer, comparisons))
    covariances = _covariances(blocks)
    return ExportedQuestion(
        question=answer.question,
        scale=answer.scale,
        record=record,
        blocks=blocks,
        effects=_table("One row a recovery of a comparison.", EFFECTS, effects_as_json(effects)),
        rows=_table("One row a row of the answer.", ROWS, _row_records(answer, record, blocks)),
        answers=_table(
            "One row a pooled estimate, or its refusal.", ANSWERS, _answers(answer, record, blocks)
        ),
        covariances=_table("One row a pair of rows that share patients.", COVARIANCES, covariances)
        if covariances
        else None,
    )


def _table(meaning: str, columns: tuple[Column, ...], records: Sequence[Record]) -> DataTable:
    return DataTable(
        meaning, columns, tuple(tuple(record[column.name] for column in columns) for record in records)
    )


def _blocks(answer: Answer, comparisons: Sequence[Comparison]) -> list[Block]:
    summaries = answer.by_row_group or (answer.overall,)
    blocks = []
    for number, summary in enumerate(summaries, 1):
        places = tuple(
            place for place, row in enumerate(answer.rows) if row.included and _is_of(summary, row, answer)
        )
        covariance = None
        if summary.pooled is not None:
            rows = [PooledRow(comparisons[place], answer.rows[place].effect) for place in places]
            covariance = row_covariance(answer.question, rows)
        blocks.append(Block(number, summary, places, covariance))
    return blocks


def _is_of(summary: Summary, row: AnswerRow, answer: Answer) -> bool:
    return not answer.by_row_group or row.effect.row_group == summary.label


def _row_records(answer: Answer, record: Record, blocks: Sequence[Block]) -> list[Record]:
    sets = {
        place: block.places[of_set] + 1
        for block in blocks
        if block.covariance is not None
        for place, of_set in zip(block.places, block.covariance.sets, strict=True)
    }
    records: list[Record] = []
    for place, (row, values) in enumerate(zip(answer.rows, record["rows"], strict=True)):
        effect = row.effect
        error = values["standard_error"]
        records.append(
            {
                **values,
                "row": place + 1,
                "block": next((b.number for b in blocks if _is_of(b.summary, row, answer)), None),
                "set": sets.get(place),
                "slab": f"{effect.study}, {effect.comparison}",
                "yi": effect.estimate if error is not None else None,
                "vi": None if error is None else error**2,
                **_counts(row),
            }
        )
    return records


def _counts(row: AnswerRow) -> dict[str, int | None]:
    """Give the counts behind a row, under metafor's names."""
    tables = () if row.effect.counted is None else row.effect.counted.tables
    numbers = [number for table in tables for number in table]
    return dict(zip(("ai", "n1i", "ci", "n2i"), [*numbers, None, None, None, None], strict=False))


def _covariances(blocks: Sequence[Block]) -> list[Record]:
    return [
        {"row_1": block.places[one] + 1, "row_2": block.places[other] + 1, "covariance": covariance}
        for block in blocks
        if block.covariance is not None
        for one, other, covariance in block.covariance.shared()
    ]


_POOLED = (
    "estimate", "standard_error", "ci_lower", "ci_upper", "tau_squared", "i_squared", "q_statistic",
    "prediction_lower", "prediction_upper",
)  # fmt: skip
_NATURAL = ("estimate", "ci_lower", "ci_upper", "prediction_lower", "prediction_upper")


def _answers(answer: Answer, record: Record, blocks: Sequence[Block]) -> list[Record]:
    question = answer.question
    printed = record["subgroups"] or [record]
    return [
        {
            "question": question.id,
            "block": block.number,
            "title": question.title,
            "label": block.summary.label,
            "effect_measure": question.effect_measure,
            "scale": answer.scale,
            "model": record["model"],
            "method": getattr(block.summary.pooled, "method", None),
            "interval": getattr(block.summary.pooled, "interval", None),
            "level": question.level,
            **{name: getattr(block.summary.pooled, name, None) for name in _POOLED},
            **{f"natural_{name}": values[name] for name in _NATURAL},
            **{name: values[name] for name in _AS_PRINTED},
        }
        for block, values in zip(blocks, printed, strict=True)
    ]


#: What stands in ``answers`` as ``evisynth pool`` says it.
_AS_PRINTED = (
    "row_count", "study_count", "participant_count", "p_value", "exploratory", "refused", "cautions",
    "interval_caution", "prior",
)  # fmt: skip
