"""Questions over studies that share patients, as a user types them: files in, numbers or a refusal out."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from evisynth.synthesis import pool_correlated

STUDY = """\
id: {id}
source: {{kind: journal abstract, title: not reported, authors: [Author {id}], year: 2020{source}}}
cohort: {{design: retrospective, {cohort}at: line 1}}
groups:
  all: {{label: All, n: {n}, intervention: surgery, at: line 2}}
outcomes:
  - {{outcome: major complications, at: line 3, values: {{all: {{count: {count}}}}}}}
"""
QUESTION = """\
id: {id}
title: Major complications
why: To know.
outcome: major complications
effect_measure: proportion
model: common effect
rows:
  - {{label: After surgery, index: {{intervention: surgery}}}}
{more}"""
#: Events and patients of each study; the second reports 80 of the 200 patients of the first.
COUNTS = {"s1": (40, 200), "s2": (18, 80), "s3": (15, 60), "s4": (12, 90)}
OVERLAP = "overlaps: [{{with: s1, extent: {}, because: Same centre.}}], "

Ask = Callable[..., dict[str, object]]


@pytest.fixture
def ask(empty_project: Path, run) -> Ask:
    """Ask a question over the made-up studies: what s2 says of its cohort, and more lines of the question."""

    def answer(cohort: str, more: str = "", first: str = "", source: str = "") -> dict[str, object]:
        told = {"s1": first, "s2": cohort}
        for study, (count, n) in COUNTS.items():
            by = source if study in told else ""
            text = STUDY.format(id=study, cohort=told.get(study, ""), n=n, count=count, source=by)
            (empty_project / "studies" / f"{study}.yaml").write_text(text, encoding="utf-8")
        path = empty_project / "evidence" / "questions" / "asked.yaml"
        path.write_text(QUESTION.format(id="asked", more=more), encoding="utf-8")
        status, out, err = run(empty_project, "pool", "asked", "--format", "json")
        assert (status, err) == (0, "")
        return json.loads(out)

    return answer


def choose(choice: str, more: str = "") -> str:
    return f"overlap: {{choice: {choice}, because: Both come from one centre{more}}}\n"


def logits() -> tuple[np.ndarray, np.ndarray]:
    events, patients = np.array(list(COUNTS.values()), dtype=float).T
    return np.log(events / (patients - events)), 1 / events + 1 / (patients - events)


def test_nothing_is_pooled_until_the_question_says_how(ask: Ask) -> None:
    record = ask(OVERLAP.format("contained"))
    assert record["estimate"] is None
    assert "overlap: {choice: one report, because: ...}" in str(record["refused"])
    assert record["overlap"] is None


def test_one_report_stands(ask: Ask) -> None:
    record = ask(OVERLAP.format("contained"), choose("one report"))
    assert [row["included"] for row in record["rows"]] == [True, False, True, True]
    assert "the larger report (200 patients, 80 here)" in record["rows"][1]["reason"]
    assert (record["row_count"], record["participant_count"]) == (3, 350)
    kept = ask(OVERLAP.format("contained"), choose("one report", ", keep: s2"))
    assert [row["included"] for row in kept["rows"]] == [False, True, True, True]
    assert kept["overlap"]["keep"] == ["s2"]


@pytest.mark.parametrize(("extent", "patients"), [("contained", 350), ("possible", None)])
def test_by_covariance_the_larger_report_counts_once(ask: Ask, extent: str, patients: int | None) -> None:
    record = ask(OVERLAP.format(extent), choose("covariance"))
    y, v = logits()
    matrix = np.diag(v)
    matrix[0, 1] = matrix[1, 0] = math.sqrt(80 / 200 * v[0] * v[1])
    whole = pool_correlated(y, matrix)
    assert record["estimate"] == pytest.approx(1 / (1 + math.exp(-whole.estimate)), abs=1e-12)
    assert record["standard_error"] == pytest.approx(whole.standard_error, abs=1e-12)
    assert [row["weight"] for row in record["rows"]] == pytest.approx(list(whole.weights), abs=1e-12)
    assert (record["row_count"], record["study_count"]) == (3, 4)
    assert record["participant_count"] == patients
    assert any("with none the estimate would be" in said for said in record["cautions"]) == (patients is None)
    assert any("Both come from one centre." in said for said in record["cautions"])


def test_robust_tells_its_degrees_of_freedom_and_keeps_the_p_value(ask: Ask) -> None:
    record = ask(OVERLAP.format("possible"), choose("robust"))
    assert record["interval"] == "cr2"
    assert record["p_value"] is None
    assert any("degrees of freedom); below 4 it is unreliable" in said for said in record["cautions"])
    assert str(record["interval_caution"]).startswith("the interval may be too narrow: ")


def test_a_robust_interval_that_may_be_too_narrow_says_so_right_beside_it(
    ask: Ask, empty_project: Path, run
) -> None:
    ask(OVERLAP.format("possible"), choose("robust"))
    caution = r"the interval may be too narrow: [0-9.]+ degrees of freedom, and it takes 4"
    pool = run(empty_project, "pool", "asked")[1]
    assert re.search(rf"estimate [0-9.]+ \(95% CI [0-9.]+ to [0-9.]+; {caution}\)", pool)
    explain = " ".join(run(empty_project, "explain", "asked")[1].split())
    assert re.search(rf"is [0-9.]+% \(95% CI [0-9.]+ to [0-9.]+\) \({caution}\), from 3 rows", explain)


@pytest.mark.parametrize("more", ["", choose("one report"), "leave_out: [{study: s1, because: Older.}]\n"])
def test_a_suspected_overlap_blocks_until_it_is_decided(ask: Ask, more: str) -> None:
    place = "registry: NCDB, "
    record = ask(place, more, first=place)
    if more:
        # A choice of the question, or leaving one out, resolves it as well.
        assert record["refused"] is None
        assert record["row_count"] == 3
        return
    refused = str(record["refused"])
    assert refused.startswith("s1 and s2 may rest on the same patients (the same registry (NCDB))")
    assert "overlaps: [{with: s2, extent: none, because: ...}]" in refused
    decided = ask(place + OVERLAP.format("none"), first=place)
    assert decided["refused"] is None
    assert (decided["row_count"], decided["participant_count"]) == (4, 430)


def drawn(project: Path, run) -> str:
    """All text of the forest plot, in one line."""
    status, _, err = run(project, "forest", "asked", "-o", str(project / "plot.svg"))
    assert (status, err) == (0, "")
    svg = (project / "plot.svg").read_text(encoding="utf-8")
    return " ".join(re.sub(r"<style.*?</style>|<[^>]*>", " ", svg, flags=re.DOTALL).split())


@pytest.mark.parametrize("number", ["pmid: 38689169", "doi: 10.1000/abc", "registration: NCT01234567"])
def test_of_two_reports_with_one_number_one_stands_and_the_answer_says_so(
    ask: Ask, empty_project: Path, run, number: str
) -> None:
    record = ask("", source=f", {number}")
    assert record["refused"] is None
    assert [row["included"] for row in record["rows"]] == [True, False, True, True]
    assert record["participant_count"] == 350
    assert "(one cohort), the larger report (200 patients, 80 here)" in record["rows"][1]["reason"]
    (said,) = [caution for caution in record["cautions"] if "taken as reports of one cohort" in caution]
    assert said.startswith("s1 and s2 are taken as reports of one cohort (the same ")
    assert "s1 stands for it" in said
    kept = ask("", choose("one report", ", keep: s2"), source=f", {number}")
    assert [row["included"] for row in kept["rows"]] == [False, True, True, True]
    assert "one cohort" in run(empty_project, "pool", "asked")[1]
    decided = ask(OVERLAP.format("none"), source=f", {number}")
    assert [row["included"] for row in decided["rows"]] == [True] * 4


@pytest.mark.parametrize(
    ("cohort", "first"), [("registry: NCDB, ", "registry: NCDB, "), (OVERLAP.format("contained"), "")]
)
def test_a_picture_says_in_words_why_nothing_is_pooled(
    ask: Ask, empty_project: Path, run, cohort: str, first: str
) -> None:
    record = ask(cohort, first=first)
    said = drawn(empty_project, run)
    assert "may rest on the same patients" in said or "patients would count twice" in said
    assert not re.search(r"[\[{}\]]|overlaps?:|because:|extent:|model:", said)
    assert re.search(r"overlaps?: ", str(record["refused"]))


def test_the_multiverse_has_either_report_and_both(ask: Ask, empty_project: Path, run) -> None:
    ask(OVERLAP.format("possible"), choose("covariance"))
    status, out, _ = run(empty_project, "multiverse", "asked", "--format", "json")
    (block,) = json.loads(out)
    assert status == 0
    assert [set(one["studies"]) for one in block["overlap_sets"]] == [{"s1", "s2"}]
    assert (block["combinations"], block["pooled"]) == (4, 4)
    said = [universe["overlaps"][0] for universe in block["curve"]]
    assert sorted(said) == [
        "all, by covariance, sharing as many patients as possible",
        "all, by covariance, sharing no patients",
        "one report",
        "one report",
    ]
    assert said[block["own"]] == "all, by covariance, sharing as many patients as possible"
    _, table, _ = run(empty_project, "multiverse", "asked")
    assert "overlap of s1 and s2" in table


def test_plot_and_report_show_the_departure(ask: Ask, empty_project: Path, run) -> None:
    ask(OVERLAP.format("possible"), choose("robust"))
    plot = empty_project / "plot.svg"
    assert run(empty_project, "forest", "asked", "-o", str(plot))[0] == 0
    assert "Both come from one" in plot.read_text(encoding="utf-8")
    assert run(empty_project, "report")[0] == 0
    page = "".join(
        page.read_text(encoding="utf-8") for page in (empty_project / "build" / "report").rglob("*.html")
    )
    assert "Both come from one centre." in page


@pytest.mark.parametrize("choice", ["one report", "covariance", "robust"])
def test_the_medians_of_the_five_studies(project: Path, run, choice: str) -> None:
    question = (project / "evidence" / "questions" / "median-overall-survival.yaml").read_text(
        encoding="utf-8"
    )
    path = project / "evidence" / "questions" / "median-overall-survival.yaml"
    path.write_text(f"{question}minimum_grade: D\n{choose(choice)}", encoding="utf-8")
    status, out, _ = run(project, "pool", "median-overall-survival", "--format", "json")
    record = json.loads(out)
    assert status == 0
    assert record["refused"] is None
    # Five rows of disjoint patients: the two overlapping reports count as one, whichever way.
    assert record["row_count"] == 5
    assert record["participant_count"] == (None if choice == "robust" else 835)
    # The smaller report is all but contained in the larger, so that its covariance leaves it no weight.
    assert any("after all" in said for said in record["cautions"]) == (choice == "covariance")
