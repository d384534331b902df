"""One answered question as tables for other programs: its recoveries, its rows, and its estimates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evisynth.effects.effect import Effect
from evisynth.outcomes.comparison import Comparison
from evisynth.outcomes.question import Question
from evisynth.report.data_table import Column, DataTable
from evisynth.report.export_columns import ANSWERS, COVARIANCES, EFFECTS, ROWS
from evisynth.synthesis.answer import Answer, AnswerRow, Summary
from evisynth.synthesis.answer_record import answer_as_json
from evisynth.synthesis.comparability import PooledRow
from evisynth.synthesis.effects_record import effects_as_json
from evisynth.synthesis.row_covariance import RowCovariance, row_covariance

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
            }
        )
    return records


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
            "model": question.model,
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
