"""A question with a baseline: what its ratio means for 1,000 patients is told by ``pool`` and ``explain``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

BASELINE = "baseline: {survival: 50%, time: 5 years, from: a registry of patients without surgery}\n"


@pytest.fixture
def with_baseline(project: Path) -> Path:
    question = project / "evidence" / "questions" / "surgery-extent-overall-survival.yaml"
    question.write_text(question.read_text(encoding="utf-8") + BASELINE, encoding="utf-8")
    return project


def test_pool_tells_it(with_baseline, run) -> None:
    status, out, _ = run(with_baseline, "pool", "surgery-extent-overall-survival", "--format", "json")
    record = json.loads(out)
    assert status == 0
    assert record["absolute"]["survival"] == pytest.approx(0.5 ** record["estimate"])
    assert record["absolute"]["difference_per_1000"] == pytest.approx(
        1000 * (record["absolute"]["survival"] - 0.5)
    )
    table = run(with_baseline, "pool", "surgery-extent-overall-survival")[1]
    assert "of 1,000 patients, 500 are alive at 5 years" in table


def test_explain_tells_it_for_each_row_and_for_the_answer(with_baseline, run) -> None:
    out = run(with_baseline, "explain", "surgery-extent-overall-survival", "--format", "json")[1]
    explained = json.loads(out)
    assert "(a registry of patients without surgery)" in explained["results"][0]["absolute"]["words"]
    assert explained["results"][0]["absolute"]["formula"].startswith("S1 = S0^HR = 0.5^")
    told = [(row["standing"]["kind"], row["absolute"] is not None) for row in explained["rows"]]
    # A bound or a refusal has no estimate to apply.
    assert ("point", True) in told
    assert all(applied == (kind == "point") for kind, applied in told)
    text = run(with_baseline, "explain", "surgery-extent-overall-survival")[1]
    assert "    S1 = S0^HR = 0.5^" in text


def test_without_a_baseline_nothing_is_said(project, run) -> None:
    record = json.loads(run(project, "pool", "surgery-extent-overall-survival", "--format", "json")[1])
    assert "absolute" not in record
    assert "1,000 patients" not in run(project, "explain", "surgery-extent-overall-survival")[1]
