"""Numbers at risk and suspected misprints, from a study file to what a person reads of a row."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from evisynth.outcomes import QUERY_COLUMNS

Run = Callable[..., tuple[int, str, str]]

STUDY = """\
id: made-up
source: {kind: journal article, title: not reported}
cohort: {design: retrospective, at: line 1}
groups:
  all: {label: All, n: 117, at: line 2, population: midgut NET, site: liver}
  resected: {label: Resected, n: 80, of: all, by: resection, intervention: resection, at: line 2}
  left: {label: Not resected, n: 37, of: all, by: resection, intervention: no resection, at: line 2}
outcomes:
  - outcome: overall survival
    at: line 3
    values:
      resected:
        survival at 10 years: {value: 79%, at_risk: {value: 40, at: figure 2}}
        median: {value: 31 months (95% CI 15 to 137), perhaps: 76 months, because: it is the middle}
      left: {survival at 10 years: {value: 39%, at_risk: 8}}
"""
QUESTION = """\
id: {id}
title: Made up
why: To see.
outcome: overall survival
effect_measure: {measure}
rows:
  - {{label: Made up, index: {{intervention: resection}}{reference}}}
"""


@pytest.fixture
def made_up(empty_project: Path) -> Path:
    (empty_project / "studies" / "made-up.yaml").write_text(STUDY, encoding="utf-8")
    against = ", reference: {intervention: no resection}"
    for name, measure, reference in (("contrast", "hazard_ratio", against), ("median", "median", "")):
        path = empty_project / "evidence" / "questions" / f"{name}.yaml"
        path.write_text(QUESTION.format(id=name, measure=measure, reference=reference), encoding="utf-8")
    return empty_project


def test_the_number_at_risk_is_walked_back_to_its_own_place(made_up: Path, run: Run) -> None:
    status, text, _ = run(made_up, "explain", "contrast")
    assert status == 0
    assert "patients at risk at 10 years, resected: 40 [figure 2; studies/made-up.yaml:13]" in text
    assert "V1 = S1² × (1 - S1)/r1 = 0.79² × (1 - 0.79)/40" in text


def test_the_suspicion_is_told_beside_the_median(made_up: Path, run: Run) -> None:
    _, text, _ = run(made_up, "explain", "median")
    told = " ".join(text.split())
    assert "the reader suspects a misprint for 76 months: it is the middle" in told
    _, output, _ = run(made_up, "effects", "median", "--format", "json")
    (effect,) = json.loads(output)
    assert "perhaps_misprinted" in effect["flags"]
    # exp(3.434) is 31 months.
    assert effect["estimate"] == pytest.approx(3.434, abs=5e-4)


def test_a_query_lists_what_was_printed_and_no_suspicion(made_up: Path, run: Run) -> None:
    _, output, _ = run(made_up, "query", "--format", "json")
    rows = json.loads(output)
    assert [(row["statistic"], row["value"], row["unit"]) for row in rows] == [
        ("survival", 0.79, "proportion"), ("at_risk", 40.0, "patients"), ("median", 31.0, "months"),
        ("survival", 0.39, "proportion"), ("at_risk", 8.0, "patients"),
    ]  # fmt: skip
    assert tuple(rows[1]) == QUERY_COLUMNS
    assert (rows[1]["time_months"], rows[1]["source_location"], rows[1]["n"]) == (120.0, "figure 2", 80)
    assert (rows[4]["source_location"], rows[4]["file_location"]) == ("line 3", "studies/made-up.yaml:15")


def test_the_report_shows_both(made_up: Path, run: Run) -> None:
    status, _, errors = run(made_up, "report", "-o", str(made_up / "page"))
    assert status == 0, errors
    page = "".join(page.read_text(encoding="utf-8") for page in (made_up / "page").rglob("*.html"))
    assert "patients at risk at 10 years" in page
    assert "perhaps a misprint for 76 months" in page
