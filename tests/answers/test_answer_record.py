"""Answers and recoveries as JSON: the stable keys, the natural scale, nothing that JSON cannot hold."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest

from evisynth.answers import answer_as_json, effects_as_json
from evisynth.outcomes import GroupSelector, RowGroup

ANSWER_KEYS = {
    "question", "effect_measure", "scale", "model", "study_count", "participant_count", "estimate",
    "ci_lower", "ci_upper", "standard_error", "p_value", "tau_squared", "i_squared", "q_statistic",
    "prediction_lower", "prediction_upper", "refused", "rows", "row_count", "exploratory", "interval",
}  # fmt: skip
ROW_KEYS = {
    "study", "comparison", "estimate", "standard_error", "ci_lower", "ci_upper", "weight", "grade",
    "recovery", "included", "reason",
}  # fmt: skip
EFFECT_KEYS = {
    "study", "comparison", "index_group", "reference_group", "recovery", "kind", "estimate", "standard_error",
    "lower", "upper", "rounding_lower", "rounding_upper", "grade", "primary", "flags", "assumptions",
    "inputs", "reason",
}  # fmt: skip


def strict_json(values: object) -> object:
    return json.loads(json.dumps(values, allow_nan=False))


def test_a_pooled_ratio_is_on_the_natural_scale(ask, studies, answer_rows) -> None:
    answer = answer_rows(ask(), *studies(-0.5, -0.2, -0.9, -0.1, -0.4))
    record = strict_json(answer_as_json(answer))
    pooled = answer.overall.pooled
    assert record.keys() >= ANSWER_KEYS
    assert record["estimate"] == pytest.approx(math.exp(pooled.estimate))
    assert record["ci_lower"] == pytest.approx(math.exp(pooled.ci_lower))
    assert record["prediction_upper"] == pytest.approx(math.exp(pooled.prediction_upper))
    assert record["standard_error"] == pooled.standard_error
    assert record["p_value"] == pooled.p_value
    assert (record["scale"], record["model"], record["interval"]) == ("log", "random_effects", "hksj")
    assert record["refused"] is None
    assert sum(row["weight"] for row in record["rows"]) == pytest.approx(1)


def test_rows_are_on_the_natural_scale_but_for_the_standard_error(ask, studies, answer_rows) -> None:
    row = answer_as_json(answer_rows(ask(), *studies(-0.5, error=0.3)))["rows"][0]
    assert row.keys() >= ROW_KEYS
    assert row["estimate"] == pytest.approx(math.exp(-0.5))
    assert row["ci_upper"] == pytest.approx(math.exp(-0.5 + 1.959964 * 0.3), rel=1e-6)  # z to six decimals
    assert row["standard_error"] == 0.3
    assert (row["comparison"], row["weight"], row["included"]) == ("a vs b", None, True)


def test_an_interval_of_its_own_is_kept(ask, studies, answer_rows) -> None:
    row = answer_as_json(answer_rows(ask(), *studies(-0.5, ci_lower=-1.0, ci_upper=0.0)))["rows"][0]
    assert (row["ci_lower"], row["ci_upper"]) == (pytest.approx(math.exp(-1)), 1.0)


def test_a_refusal_has_its_reason_and_no_numbers(ask, studies, answer_rows) -> None:
    record = strict_json(answer_as_json(answer_rows(ask(), *studies(-0.5, -0.2))))
    assert "two rows" in record["refused"]
    assert record["row_count"] == record["study_count"] == 2
    assert all(
        record[key] is None for key in ("estimate", "ci_lower", "standard_error", "p_value", "i_squared")
    )


def test_survival_falls_as_its_scale_rises(ask, compare, point, answer_rows) -> None:
    rows = [compare(f"s{place}", "a", None) for place in range(3)]
    effects = [
        point(row, y, effect_measure="survival") for row, y in zip(rows, (-1.4, -1.6, -0.9), strict=True)
    ]
    record = answer_as_json(answer_rows(ask(effect_measure="survival"), *zip(rows, effects, strict=True)))
    assert 0 < record["ci_lower"] < record["estimate"] < record["ci_upper"] < 1
    assert record["rows"][0]["comparison"] == "a"
    # A p-value against a survival of 37 % (log(-log) zero) would mean nothing.
    assert record["p_value"] is None


def test_a_bound_shows_its_ends(ask, compare, not_a_point, answer_rows) -> None:
    row = compare("s1")
    record = answer_as_json(answer_rows(ask(), (row, not_a_point(row, "bound", upper=-0.5))))["rows"][0]
    assert (record["kind"], record["lower"], record["upper"]) == (
        "bound",
        None,
        pytest.approx(math.exp(-0.5)),
    )
    assert record["estimate"] is None


def test_an_interval_beyond_all_numbers_is_null(ask, studies, answer_rows) -> None:
    # Two rows and a standard error of 100: the upper limit of the ratio is beyond e to the 700th.
    record = answer_as_json(answer_rows(ask(minimum_grade="D"), *studies(-0.5, -0.2, error=100)))
    strict_json(record)
    assert record["ci_upper"] is None
    assert record["ci_lower"] == 0.0


def test_blocks_are_subgroups(ask, compare, point, answer_rows) -> None:
    question = ask(
        effect_measure="proportion",
        summary="by_row_group",
        row_groups=(RowGroup("One", GroupSelector({})), RowGroup("Two", GroupSelector({}))),
    )
    rows = [compare(f"s{place}", "a", None, row_group="Two") for place in range(3)]
    answer = answer_rows(question, *((row, point(row, -2.0, effect_measure="proportion")) for row in rows))
    record = strict_json(answer_as_json(answer))
    assert record["refused"] == "each block has its own summary"
    one, two = record["subgroups"]
    assert (one["label"], one["row_count"]) == ("One", 0)
    assert two["estimate"] == pytest.approx(1 / (1 + math.exp(2.0)))


def test_every_recovery_is_a_record_on_the_analysis_scale(compare, point, not_a_point) -> None:
    row = compare("s1")
    wide = replace(point(row, -0.5), rounding_lower=-math.inf)
    first, second = strict_json(effects_as_json([(wide, not_a_point(row, "refused", reason="no n"))]))
    assert first.keys() >= EFFECT_KEYS
    assert (first["estimate"], first["rounding_lower"], first["primary"]) == (-0.5, None, True)
    assert first["inputs"][0]["file_location"] == "studies/s1.yaml:12"
    assert (second["kind"], second["reason"], second["primary"]) == ("refused", "no n", False)
