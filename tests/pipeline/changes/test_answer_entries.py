"""An answer as entries: what the command pool prints, and each fact of it under one name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from five_studies import FIVE_ANSWERED

from evisynth.pipeline import (
    answer_values,
    asked_entries,
    compare_entries,
    question_entries,
    term_entries,
)
from evisynth.wording import six_digits

EVIDENCE = FIVE_ANSWERED


@pytest.mark.parametrize("question", EVIDENCE.question_ids())
def test_entries_hold_what_is_committed(question: str) -> None:
    answer = EVIDENCE.answer(question)
    values, committed = answer_values(answer), six_digits(EVIDENCE.answer_record(question))
    entries = question_entries(answer.question, values)
    rows = entries["rows"]
    assert [{name: entry.record[name] for name in ("study", "comparison", "estimate", "grade", "included")}
            for entry in rows] == [
        {name: row[name] for name in ("study", "comparison", "estimate", "grade", "included")}
        for row in committed["rows"]
    ]  # fmt: skip
    assert [entry.record["downgrades"] for entry in rows] == [
        list(row.effect.downgrades) for row in answer.rows
    ]
    summaries = [entry.record for entry in entries["summaries"]]
    expected = committed["subgroups"] or [committed]
    assert [one["estimate"] for one in summaries] == [one["estimate"] for one in expected]
    assert [one["refused"] for one in summaries] == [one["refused"] for one in expected]
    for entry in (*rows, *entries["summaries"]):
        assert len({fact.name for fact in entry.facts}) == len(entry.facts)


def test_every_field_of_a_question_is_compared() -> None:
    question = EVIDENCE.question("complete-cytoreduction")
    otherwise = {
        "title": "Another", "why": "Because.", "outcome": "symptom_relief", "effect_measure": "survival",
        "row_groups": (), "time_months": 12.0, "minimum_grade": "A", "model": "common_effect",
        "tau_squared": "DL", "interval": "wald", "tau_prior": "half-normal(1)", "level": 0.9,
        "summary": "by_row_group", "left_out": ("x",), "mixed": ("x",), "uses_inferred_p_values": "x",
        "baseline": "x", "shared_control": "covariance", "overlap": "x",
    }  # fmt: skip
    for name, value in otherwise.items():
        assert getattr(question, name) != value, name
        other = replace(question, **{name: value})
        assert compare_entries(asked_entries(question), asked_entries(other)), name


def test_every_term_of_the_vocabulary_is_one_entry() -> None:
    vocabulary = EVIDENCE.vocabulary()
    count = len(vocabulary.outcomes) + sum(len(terms) for terms in vocabulary.terms.values())
    assert len({entry.key for entry in term_entries(vocabulary)}) == count
