"""The whole journey on made-up study files: what no abstract here exercises, from the file to the plot."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

HEAD = """\
id: {id}
source: {{kind: journal abstract}}
cohort: {{design: made up, at: section methods}}
"""

TWO_ARMS = """\
groups:
  all: {label: Everyone, n: 200, population: neuroendocrine metastases, site: liver, at: line 1}
  operated: {label: Operated, n: 100, of: all, by: resection, intervention: resection, at: line 1}
  observed: {label: Observed, n: 100, of: all, by: resection, intervention: no resection, at: line 1}
"""

QUESTION = """\
id: {id}
title: Made-up question
why: To see the whole journey.
outcome: {outcome}
effect_measure: {measure}
rows:
  - label: Resected against not resected
    index: {{intervention: resection}}
    reference: {{intervention: no resection}}
"""


SIXTH = """\
outcomes:
  - outcome: OS
    method: Kaplan-Meier
    at: line 2
    values:
      operated:
        median: 90 months (95% CI 70 to 110)
        survival at 5 years: 70%
        survival at 10 years: 40%
      observed:
        median: 60 months (95% CI 45 to 75)
        survival at 5 years: 50%
        survival at 10 years: 20%
  - outcome: major complications
    at: line 3
    values:
      operated: {proportion: 12/100}
"""


def write_study(project: Path, name: str, figures: str, groups: str = TWO_ARMS) -> None:
    (project / "studies" / f"{name}.yaml").write_text(
        HEAD.format(id=name) + groups + figures, encoding="utf-8"
    )


def write_question(project: Path, name: str, outcome: str, measure: str, more: str = "") -> None:
    text = QUESTION.format(id=name, outcome=outcome, measure=measure) + more
    (project / "evidence" / "questions" / f"{name}.yaml").write_text(text, encoding="utf-8")


def compare(figure: str, outcome: str = "overall survival") -> str:
    return (
        f"comparisons:\n  - {{outcome: {outcome}, of: [operated, observed], {figure}, test: Cox regression, "
        "basis: stated, at: line 5}\n"
    )


def test_a_sixth_study_stands_in_every_plot_it_belongs_to(project, run) -> None:
    write_study(project, "sixth-study", SIXTH)
    expected = {
        "resection-overall-survival",
        "surgery-extent-overall-survival",
        "median-overall-survival",
        "survival-5-years",
        "survival-10-years",
        "major-complications",
    }
    for question in sorted(path.stem for path in (project / "evidence" / "questions").glob("*.yaml")):
        status, out, _ = run(project, "pool", question, "--format", "json")
        assert status == 0
        assert ("sixth-study" in {row["study"] for row in json.loads(out)["rows"]}) == (
            question in expected
        ), question
        plot = project / f"{question}.svg"
        assert run(project, "forest", question, "-o", str(plot))[0] == 0
        assert ("sixth-study" in plot.read_text(encoding="utf-8")) == (question in expected), question


def test_hazard_ratios_with_intervals_are_pooled_and_drawn(empty_project, run) -> None:
    printed = {"first": (0.62, 0.41, 0.94), "second": (0.80, 0.55, 1.16), "third": (0.71, 0.45, 1.12)}
    for name, (ratio, lower, upper) in printed.items():
        write_study(
            empty_project, name, compare(f"hazard_ratio: {ratio:.2f} (95% CI {lower:.2f} to {upper:.2f})")
        )
    write_question(empty_project, "made-up", "overall survival", "hazard ratio")
    status, out, err = run(empty_project, "pool", "made-up", "--format", "json")
    assert status == 0, err
    answer = json.loads(out)
    assert answer["refused"] is None
    assert (answer["model"], answer["interval"], answer["row_count"]) == ("random_effects", "hksj", 3)
    assert {row["grade"] for row in answer["rows"]} == {"A"}
    for row in answer["rows"]:
        ratio, lower, upper = printed[row["study"]]
        assert row["estimate"] == pytest.approx(ratio)
        assert row["standard_error"] == pytest.approx(math.log(upper / lower) / (2 * 1.959964), abs=1e-6)
    assert 0.62 < answer["estimate"] < 0.80
    assert answer["ci_lower"] < answer["estimate"] < answer["ci_upper"]
    for suffix in ("svg", "pdf", "png"):
        plot = empty_project / f"plot.{suffix}"
        assert run(empty_project, "forest", "made-up", "-o", str(plot))[0] == 0
        assert plot.stat().st_size > 5000


def test_an_adjusted_ratio_is_not_mixed_with_a_crude_one(empty_project, run) -> None:
    write_study(empty_project, "crude", compare("hazard_ratio: 0.62 (95% CI 0.41 to 0.94)"))
    write_study(empty_project, "crude-too", compare("hazard_ratio: 0.70 (95% CI 0.45 to 1.09)"))
    write_study(
        empty_project, "adjusted", compare("hazard_ratio: 0.80 (95% CI 0.55 to 1.16), adjusted_for: [age]")
    )
    write_question(empty_project, "made-up", "overall survival", "hazard ratio")
    answer = json.loads(run(empty_project, "pool", "made-up", "--format", "json")[1])
    assert "adjust" in answer["refused"]
    write_question(
        empty_project,
        "made-up",
        "overall survival",
        "hazard ratio",
        "mix:\n  - {what: adjustment, because: to see what happens}\n",
    )
    answer = json.loads(run(empty_project, "pool", "made-up", "--format", "json")[1])
    assert answer["refused"] is None
    assert any("adjust" in caution.casefold() for caution in answer["cautions"])


def test_an_odds_ratio_from_a_cox_model_is_read_as_the_file_says(empty_project, run) -> None:
    for name, ratio in (("one", "0.62"), ("two", "0.70"), ("three", "0.75")):
        figure = f"odds_ratio: {ratio}, read_as: hazard ratio, p: 0.018"
        write_study(empty_project, name, compare(figure))
    write_question(empty_project, "made-up", "overall survival", "hazard ratio")
    answer = json.loads(run(empty_project, "pool", "made-up", "--format", "json")[1])
    assert answer["refused"] is None
    # se = |log 0.62| / z(0.018), METHODS of a ratio with its p-value
    row = next(row for row in answer["rows"] if row["study"] == "one")
    assert row["standard_error"] == pytest.approx(abs(math.log(0.62)) / 2.365618, abs=1e-5)
    reported = json.loads(run(empty_project, "query", "--study", "one", "--format", "json")[1])
    assert {row["statistic"] for row in reported} == {"odds_ratio", "p_value"}


@pytest.mark.parametrize("measure", ["odds ratio", "risk ratio", "risk difference"])
def test_two_by_two_counts_are_pooled_and_drawn(measure: str, empty_project, run) -> None:
    for number, (index, reference) in enumerate([(12, 20), (9, 15), (14, 18)]):
        write_study(
            empty_project,
            f"study-{number}",
            f"outcomes:\n  - outcome: major complications\n    at: line 3\n    values:\n"
            f"      operated: {{count: {index}/100}}\n      observed: {{count: {reference}/100}}\n",
        )
    write_question(empty_project, "made-up", "major complications", measure)
    status, out, err = run(empty_project, "pool", "made-up", "--format", "json")
    assert status == 0, err
    answer = json.loads(out)
    assert answer["refused"] is None
    first = next(row for row in answer["rows"] if row["study"] == "study-0")
    expected = {"odds ratio": 12 * 80 / (20 * 88), "risk ratio": 0.6, "risk difference": -0.08}[measure]
    assert first["estimate"] == pytest.approx(expected)
    assert first["grade"] == "A"
    assert run(empty_project, "forest", "made-up", "-o", str(empty_project / "plot.svg"))[0] == 0


def test_a_series_without_events_is_shown_and_its_absence_told(empty_project, run) -> None:
    for number, events in enumerate([0, 5, 7, 9]):
        write_study(
            empty_project,
            f"study-{number}",
            f"outcomes:\n  - outcome: major complications\n    at: line 3\n    values:\n"
            f"      operated: {{count: {events}/100}}\n",
        )
    question = QUESTION.format(id="made-up", outcome="major complications", measure="proportion")
    question = question.replace("    reference: {intervention: no resection}\n", "")
    path = empty_project / "evidence" / "questions" / "made-up.yaml"
    path.write_text(question + "model: random effects\n", encoding="utf-8")
    answer = json.loads(run(empty_project, "pool", "made-up", "--format", "json")[1])
    assert answer["row_count"] == 3
    assert any("0% or 100%" in caution for caution in answer["cautions"])
    # where the question names no model, the one is taken that such a series belongs in
    path.write_text(question, encoding="utf-8")
    answer = json.loads(run(empty_project, "pool", "made-up", "--format", "json")[1])
    assert (answer["row_count"], answer["model"]) == (4, "binomial_normal")
    plot = empty_project / "plot.svg"
    assert run(empty_project, "forest", "made-up", "-o", str(plot))[0] == 0
    # Clopper-Pearson, 0 of 100: 1 - 0.025 ** (1 / 100) = 3.62 %
    assert "0.0 (0.0 to 3.6)" in plot.read_text(encoding="utf-8")


def test_contrasts_at_different_times_are_named_in_the_rows_and_in_a_caution(empty_project, run) -> None:
    for number, years in enumerate([3, 5, 5]):
        write_study(
            empty_project,
            f"study-{number}",
            f"outcomes:\n  - outcome: OS\n    at: line 3\n    values:\n"
            f"      operated: {{survival at {years} years: 7{number}%}}\n"
            f"      observed: {{survival at {years} years: 5{number}%}}\n",
        )
    write_question(empty_project, "made-up", "overall survival", "hazard ratio")
    answer = json.loads(run(empty_project, "pool", "made-up", "--format", "json")[1])
    assert "Rows rest on survival at different times: 3 years, 5 years." in answer["cautions"]
    plot = empty_project / "plot.svg"
    assert run(empty_project, "forest", "made-up", "-o", str(plot))[0] == 0
    assert "at 3 years" in plot.read_text(encoding="utf-8")


def test_the_clock_of_a_comparison_is_its_own_or_its_outcomes(empty_project, run) -> None:
    for number, starts in enumerate(["operation", "operation", "diagnosis"]):
        ratio = compare(f"hazard_ratio: 0.7{number} (95% CI 0.5{number} to 0.9{number}), starts: {starts}")
        write_study(empty_project, f"study-{number}", ratio)
    write_question(empty_project, "made-up", "overall survival", "hazard ratio")
    answer = json.loads(run(empty_project, "pool", "made-up", "--format", "json")[1])
    assert "clock start" in answer["refused"]


def test_registry_figures_are_shown_and_refused_as_a_comparator(project, run) -> None:
    answer = json.loads(
        run(project, "pool", "surgery-against-registry-overall-survival", "--format", "json")[1]
    )
    assert answer["refused"]
    assert {row["comparison"] for row in answer["rows"]} == {"PNET vs SEER-PNET", "SBNET vs SEER-SBNET"}
    assert {row["recovery"] for row in answer["rows"]} == {"external_comparator"}
