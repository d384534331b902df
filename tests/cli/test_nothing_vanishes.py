"""What a study file holds is found and used: worked-out figures, shares as counts, printed differences."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

STUDY = """\
id: base
source: {{kind: journal abstract, title: not reported, year: 2020}}
cohort: {{design: retrospective, at: line 1}}
groups:
  all: {{label: All, n: 120, at: line 1}}
  r: {{label: Resected, n: 70, of: all, by: operation, intervention: resection, at: line 1}}
  c: {{label: Not resected, n: 50, of: all, by: operation, intervention: no resection, at: line 1}}
outcomes:
  - outcome: overall survival
    at: line 2
    values:
      r: {{survival at 5 years: {rate}}}
      c: {{survival at 5 years: 41% (95% CI 27 to 55)}}
  - outcome: major complications
    at: line 3
    values:
      r: {{proportion: 14/70}}
      c: {{proportion: 4 (8.0%)}}
comparisons:
  - {{outcome: overall survival, of: {of}, {difference}, time: 5 years, basis: stated, at: line 4}}
  - {{outcome: overall survival, of: [r, c], p: 0.01, test: log-rank, favours: r, basis: stated, at: line 4}}
"""
QUESTION = """\
id: asked
title: Asked
why: To know.
outcome: overall survival
effect_measure: {measure}
time: 5 years
minimum_grade: D
rows:
  - {{label: A, index: {{intervention: resection}}{reference}}}
"""
REFERENCE = ", reference: {intervention: no resection}"
PRINTED = {
    "rate": "62% (95% CI 50 to 74)",
    "of": "[r, c]",
    "difference": "difference: -21% (95% CI -39 to -3)",
}

Rows = Callable[..., list[dict[str, object]]]


@pytest.fixture
def rows(empty_project: Path, run) -> Rows:
    """What a command prints as JSON over the study, with changes."""

    def told(*command: str, measure: str = "risk difference", **changes: str) -> list[dict[str, object]]:
        study = empty_project / "studies" / "base.yaml"
        study.write_text(STUDY.format(**{**PRINTED, **changes}), encoding="utf-8")
        reference = "" if measure == "survival" else REFERENCE
        question = empty_project / "evidence" / "questions" / "asked.yaml"
        question.write_text(QUESTION.format(measure=measure, reference=reference), encoding="utf-8")
        status, out, err = run(empty_project, *command, "--format", "json")
        assert (status, err) == (0, "")
        return json.loads(out)

    return told


def test_a_worked_out_figure_is_found_used_and_costs_a_grade(rows: Rows, empty_project: Path, run) -> None:
    worked_out = "{value: 62% (95% CI 50 to 74), worked_out: read off the curve}"
    (printed,) = rows("effects", "asked", measure="survival")
    (read_off,) = rows("effects", "asked", measure="survival", rate=worked_out)
    assert (printed["grade"], read_off["grade"]) == ("B", "C")
    assert read_off["estimate"] == printed["estimate"]
    assert read_off["standard_error"] == printed["standard_error"]
    assert "worked_out" in read_off["flags"]
    assert "the reader worked it out, read off the curve" in str(read_off["downgrades"])
    (figure,) = rows("query", "--statistic", "survival", "--group", "r", rate=worked_out)
    assert (figure["value"], figure["worked_out"]) == (0.62, "read off the curve")
    assert "62% (95% CI 50 to 74) (worked out)" in run(empty_project, "query", "--group", "r")[1]


def test_a_count_of_so_many_is_a_proportion(rows: Rows) -> None:
    found = rows("query", "--statistic", "proportion")
    assert [(row["group"], row["value"], row["as_reported"]) for row in found] == [
        ("r", 0.2, "14/70"),
        ("c", 0.08, "4 (8.0%)"),
    ]
    assert {row["statistic"] for row in found} == {"proportion"}
    counts = rows("query", "--statistic", "count")
    assert [(row["group"], row["value"]) for row in counts] == [("r", 14), ("c", 4)]


def test_a_filter_given_twice_asks_for_either(rows: Rows) -> None:
    found = rows("query", "--outcome", "OS", "--outcome", "major complications", "--group", "r")
    assert {row["outcome"] for row in found} == {"overall_survival", "major_complications"}
    times = rows("query", "--at", "5 years", "--at", "10 years", "--statistic", "survival")
    assert [row["group"] for row in times] == ["r", "c"]


def test_comparators_stand_in_the_table(rows: Rows, empty_project: Path, run) -> None:
    rows("query")
    out = run(empty_project, "query", "--statistic", "p")[1]
    assert out.splitlines()[0].split()[:3] == ["study", "group", "compared_with"]
    assert out.splitlines()[2].split()[:3] == ["base", "r", "c"]
    assert "compared_with" not in run(empty_project, "query", "--statistic", "survival")[1]


@pytest.mark.parametrize(
    ("of", "difference", "estimate"),
    [
        ("[r, c]", "difference: -21% (95% CI -39 to -3)", -0.21),
        ("[c, r]", "difference: 21% (95% CI 3 to 39)", -0.21),
        ("[r, c]", "difference: 21% (95% CI 3 to 39), of_event: survival", -0.21),
    ],
)
def test_a_printed_difference_with_its_interval_is_an_effect(
    rows: Rows, of: str, difference: str, estimate: float
) -> None:
    """By hand: the standard error is (.39 - .03)/(2 * 1.959964) = .09184, whichever way it is printed."""
    primary = next(row for row in rows("effects", "asked", of=of, difference=difference) if row["primary"])
    assert primary["recovery"] == "risk_difference_with_interval"
    assert primary["grade"] == "A"
    assert primary["estimate"] == pytest.approx(estimate)
    assert primary["standard_error"] == pytest.approx(0.0918384, abs=1e-6)
    assert (primary["ci_lower"], primary["ci_upper"]) == pytest.approx((-0.39, -0.03))


@pytest.mark.parametrize(
    ("difference", "reason"),
    [
        ("difference: -21%", "printed without an interval"),
        ("difference: 4 months (95% CI 1 to 7)", "no difference of shares"),
    ],
)
def test_a_difference_that_cannot_be_used_says_why(rows: Rows, difference: str, reason: str) -> None:
    found = rows("effects", "asked", difference=difference)
    refused = [row for row in found if row["kind"] == "refused"]
    assert any(reason in str(row["reason"]) for row in refused)


TREE = """\
id: tree
source: {kind: journal abstract, title: not reported, year: 2020}
cohort: {design: retrospective, at: line 1}
groups:
  all: {label: All, n: 200, site: liver, at: line 1}
  r: {label: Resected, n: 110, of: all, by: operation, intervention: resection, at: line 1}
  c: {label: Not resected, n: 90, of: all, by: operation, intervention: no resection, at: line 1}
  r-low: {label: "Resected, low", n: 60, of: r, by: grade, at: line 1}
  c-low: {label: "Not resected, low", n: 40, of: c, by: grade, at: line 1}
  r-late: {label: "Resected, late", of: r, by: years, intervention: no resection, at: line 1}
  r-m: {label: "Resected, matched", n: 30, matched_from: r, matched_by: propensity score, at: line 1}
  c-m: {label: "Not resected, matched", n: 30, matched_from: c, at: line 1}
outcomes:
  - outcome: overall survival
    at: line 2
    values:
      r-m: {survival at 5 years: 62%}
      c-m: {survival at 5 years: 41%}
comparisons:
  - {outcome: OS, of: [r-low, c-low], hazard_ratio: 0.55 (95% CI 0.33 to 0.92), basis: stated, at: line 4}
  - {outcome: OS, of: [r, r-late], hazard_ratio: 0.7 (95% CI 0.5 to 0.98), basis: stated, at: line 4}
"""


@pytest.fixture
def of_tree(rows: Rows, empty_project: Path, run) -> list[dict[str, object]]:
    """The rows of a question over groups that are no siblings."""
    rows("query", measure="hazard ratio")
    (empty_project / "studies" / "base.yaml").unlink()
    (empty_project / "studies" / "tree.yaml").write_text(TREE, encoding="utf-8")
    status, out, err = run(empty_project, "pool", "asked", "--format", "json")
    assert (status, err) == (0, "")
    return json.loads(out)["rows"]


def test_groups_named_together_by_a_comparison_are_compared(of_tree: list[dict[str, object]]) -> None:
    row = next(row for row in of_tree if row["comparison"] == "r-low vs c-low")
    assert (row["estimate"], row["grade"], row["included"]) == (pytest.approx(0.55), "A", True)


def test_a_part_against_its_whole_is_a_refused_row_and_a_finding(
    of_tree: list[dict[str, object]], empty_project: Path, run
) -> None:
    row = next(row for row in of_tree if row["comparison"] == "r vs r-late")
    assert row["estimate"] is None
    assert "Resected, late is part of Resected" in str(row["reason"])
    findings = json.loads(run(empty_project, "check", "--format", "json")[1])
    (told,) = [finding for finding in findings if finding["code"] == "part-against-whole"]
    assert "'r-late' is part of 'r'" in told["message"]


def test_matched_patients_are_compared_and_are_not_all_of_their_group(
    of_tree: list[dict[str, object]], empty_project: Path, run
) -> None:
    """By hand: log(log .62 / log .41) = -.6233 from the rates at five years."""
    row = next(row for row in of_tree if row["comparison"] == "r-m vs c-m")
    assert row["estimate"] == pytest.approx(0.5362, abs=1e-3)
    said = run(empty_project, "check")[1]
    assert "by matching" not in said
    columns = "SELECT \"group\", part_of, split, intervention FROM groups WHERE split = 'matching' ORDER BY 1"
    found = json.loads(run(empty_project, "query", "--sql", columns, "--format", "json")[1])
    assert [tuple(row.values()) for row in found] == [
        ("c-m", "c", "matching", "no_resection"),
        ("r-m", "r", "matching", "resection"),
    ]
