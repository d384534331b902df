"""The tables of a question hold what ``pool`` and ``effects`` say of it, every key of both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from evisynth.answers import Answer, answer_as_json, effects_as_json
from evisynth.outcomes import Arm, Comparison, GroupSize
from evisynth.report import DataTable, ExportedQuestion, question_tables

#: Keys of an answer that are no single value, and stand in ``answer.json`` alone.
NESTED = {
    "among_choices",
    "subgroup_difference",
    "stratified_difference",
    "rows",
    "subgroups",
    "overlap",
    "left_out",
    "bayesian",
    "absolute",
}


def records(table: DataTable) -> list[dict[str, object]]:
    return [dict(zip(table.names, row, strict=True)) for row in table.rows]


def effects_of(answer: Answer) -> list[tuple[object, ...]]:
    return [(row.effect, *row.alternatives) for row in answer.rows]


def tables_of(answer: Answer) -> ExportedQuestion:
    size = GroupSize((50,), "printed", "50", "line 3")
    comparisons = [
        Comparison(
            row.effect.study, row.effect.row_group, "overall_survival",
            *(Arm(row.effect.study, group, group, size, {}, "own", ()) for group in ("R", "N")),
        )
        for row in answer.rows
    ]  # fmt: skip
    return question_tables(answer, comparisons, effects_of(answer))


@pytest.fixture
def pooled(answer: Callable[..., Answer]) -> Answer:
    return answer(-0.5, -0.2, -0.9, -0.1)


def test_effects_hold_every_key_of_the_command(pooled: Answer) -> None:
    found = records(tables_of(pooled).effects)
    assert found == effects_as_json(effects_of(pooled))
    assert len(found) == 8


def test_rows_hold_every_key_of_the_command_and_what_metafor_takes(pooled: Answer) -> None:
    expected = answer_as_json(pooled)["rows"]
    found = records(tables_of(pooled).rows)
    assert [{name: row[name] for name in expected[0]} for row in found] == expected
    for place, (row, one) in enumerate(zip(pooled.rows, found, strict=True), 1):
        assert (one["row"], one["block"], one["set"]) == (place, 1, place)
        assert one["yi"] == row.effect.estimate
        assert one["vi"] == row.effect.standard_error**2
        assert one["slab"] == f"s{place}, R vs N"


def test_a_bound_has_neither_effect_nor_variance(answer: Callable[..., Answer]) -> None:
    bound = answer(
        -0.5, kind="bound", grade="X", primary=False, estimate=None, standard_error=None, upper=0.1
    )
    (row,) = records(tables_of(bound).rows)
    assert (row["yi"], row["vi"], row["set"], row["included"]) == (None, None, None, False)
    assert row["upper"] == pytest.approx(1.10517, abs=1e-5)


def test_answers_hold_both_scales(pooled: Answer) -> None:
    expected = answer_as_json(pooled)
    (found,) = records(tables_of(pooled).answers)
    result = pooled.overall.pooled
    assert found["estimate"] == result.estimate
    assert found["natural_estimate"] == expected["estimate"]
    assert found["natural_ci_upper"] == expected["ci_upper"]
    assert (found["method"], found["interval"]) == ("REML", "hksj")
    on_both_scales = {"estimate", "ci_lower", "ci_upper", "prediction_lower", "prediction_upper"}
    plain = set(expected) - NESTED - on_both_scales
    assert {name: found[name] for name in plain} == {name: expected[name] for name in plain}


def test_a_refusal_is_an_answer_without_an_estimate(answer: Callable[..., Answer]) -> None:
    exported = tables_of(answer(-0.5))
    (found,) = records(exported.answers)
    assert found["estimate"] is found["method"] is found["natural_estimate"] is None
    assert "one row only" in str(found["refused"])
    assert records(exported.rows)[0]["included"] is True


def test_each_block_is_an_answer(answer: Callable[..., Answer], question) -> None:
    blocks = (replace(question.row_groups[0], label="Empty"), question.row_groups[0])
    by_block = replace(question, summary="by_row_group", row_groups=blocks)
    exported = tables_of(answer(-0.5, -0.2, -0.9, question=by_block))
    assert [(one["block"], one["label"], one["row_count"]) for one in records(exported.answers)] == [
        (1, "Empty", 0),
        (2, "All sites", 3),
    ]
    assert {row["block"] for row in records(exported.rows)} == {2}


def test_independent_rows_have_no_covariances(pooled: Answer) -> None:
    assert tables_of(pooled).covariances is None
