"""Means and medians of measurements and of times, from the study file to every command, against metafor."""

from __future__ import annotations

import csv
import json
import math
import shutil
from pathlib import Path

import pytest
from five_studies import FIVE_STUDIES

from evisynth.arithmetic import FiveNumbers, deviation_of, mean_of, skewness

REFERENCE = Path(__file__).parents[1] / "reference" / "metafor_means"
MEASURED = """\
  hospital_stay:
    {label: Hospital stay, type: measurement, unit: days, more_is_better: no, definition: Days in hospital.}
  duration_of_symptom_control:
    {label: Duration of symptom control, type: duration, more_is_better: yes, definition: Length of relief.}
  chromogranin_a:
    {label: Chromogranin A, type: measurement, more_is_better: no, definition: In blood.}
"""
STUDY = """\
id: {id}
source: {{kind: journal abstract, year: {year}}}
cohort: {{design: made up, accrual: {accrual}, at: section methods}}
groups:
  operated: {{label: Operated, n: {n1}, intervention: resection, at: line 1}}
  observed: {{label: Observed, n: {n0}, intervention: no resection, at: line 1}}
outcomes:
  - outcome: overall survival
    starts: diagnosis
    at: line 2
    values: {{operated: {{mean: {os1}}}, observed: {{mean: {os0}}}}}
  - outcome: hospital stay
    at: line 3
    values: {{operated: {{median: {stay1}}}, observed: {{median: {stay0}}}}}
  - {{outcome: duration of symptom control, at: line 4, values: {{operated: {{mean: {control}}}}}}}
  - {{outcome: chromogranin A, at: line 5, values: {{operated: {{mean: {marker}}}}}}}
"""
STUDIES = (
    dict(
        id="first", year=2010, accrual="2001 to 2004", n1=23, n0=59,
        os1="43 ± 26.1 months (SD)", os0="24 months (SD 15.8)",
        stay1="9 days (IQR 6 to 13)", stay0="5 days (IQR 3 to 7.5)",
        control="11 months (SE 2.3 months)", marker="210 ng/ml (SD 90)",
    ),
    dict(
        id="second", year=2012, accrual="2005 to 2008", n1=40, n0=38,
        os1="39 months (SE 3.1 months)", os0="27 months (95% CI 21 to 33)",
        stay1="8 days (range 3 to 14)", stay0="6 days (range 2 to 11)",
        control="14 months (SD 9 months)", marker="180 ng/ml (SD 70)",
    ),
    dict(
        id="third", year=2014, accrual="2009 to 2012", n1=64, n0=71,
        os1="51 months (SD 20)", os0="30 months (SD 18)",
        stay1="8.5 days (IQR 7 to 11)", stay0="7 days (IQR 5 to 9)",
        control="12 months (95% CI 10 to 14)", marker="35 U/l (SD 12)",
    ),
)  # fmt: skip
QUESTION = """\
id: {id}
title: Made-up question
why: To see the whole journey.
outcome: {outcome}
effect_measure: {measure}
minimum_grade: D
rows:
  - label: Resected
    index: {{intervention: resection}}
"""
REFERENCE_GROUP = "    reference: {intervention: no resection}\n"
#: The question, its outcome and measure, whether it compares, and a phrase of its axis.
QUESTIONS = {
    "md": ("overall survival", "mean difference", True, "Mean difference, months"),
    "smd": ("overall survival", "standardised mean difference", True, "Standardised mean difference"),
    "rom": ("overall survival", "ratio of means", True, "Ratio of means (log scale)"),
    "control": ("duration of symptom control", "mean", False, "Mean, months"),
    "stay": ("hospital stay", "mean difference", True, "Mean difference, days"),
    "stay-mean": ("hospital stay", "mean", False, "Mean, days"),
    "stay-medians": ("hospital stay", "difference of medians", True, "Difference of medians, days"),
    "stay-ratio": ("hospital stay", "ratio of medians", True, "Ratio of medians (log scale)"),
    "marker": ("chromogranin A", "mean", False, "Mean"),
}
CODES = {"md": "MD", "smd": "SMD", "rom": "ROM", "control": "MN"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three made-up studies with means and medians, and a question for each measure."""
    folder = tmp_path_factory.mktemp("means")
    (folder / "studies").mkdir()
    (folder / "evidence" / "questions").mkdir(parents=True)
    vocabulary = (FIVE_STUDIES / "evidence" / "vocabulary.yaml").read_text(encoding="utf-8")
    vocabulary = vocabulary.replace("outcomes:\n", f"outcomes:\n{MEASURED}", 1)
    (folder / "evidence" / "vocabulary.yaml").write_text(vocabulary, encoding="utf-8")
    for study in STUDIES:
        (folder / "studies" / f"{study['id']}.yaml").write_text(STUDY.format(**study), encoding="utf-8")
    for name, (outcome, measure, compares, _) in QUESTIONS.items():
        text = QUESTION.format(id=name, outcome=outcome, measure=measure)
        text += REFERENCE_GROUP if compares else ""
        (folder / "evidence" / "questions" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def answer(run, folder: Path, *words: str) -> dict:
    status, printed, said = run(folder, *words, "--format", "json")
    assert status == 0, said + printed
    return json.loads(printed)


def test_checks_find_no_fault(project: Path, run) -> None:
    status, printed, said = run(project, "check")
    assert status == 0 and "error" not in printed and "warning" not in printed, printed + said


@pytest.mark.parametrize("name", CODES)
def test_effects_are_those_of_metafor(project: Path, run, name: str) -> None:
    with (REFERENCE / "effects.csv").open(encoding="utf-8") as file:
        expected = {row["study"]: row for row in csv.DictReader(file) if row["measure"] == CODES[name]}
    found = answer(run, project, "effects", name)
    assert {one["study"] for one in found} == set(expected)
    for one in found:
        row = expected[one["study"]]
        assert one["estimate"] == pytest.approx(float(row["yi"]), rel=1e-10)
        assert one["standard_error"] ** 2 == pytest.approx(float(row["vi"]), rel=1e-10)


def test_means_from_five_numbers_are_those_of_metafor() -> None:
    with (REFERENCE / "five_numbers.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["skewed"] for row in rows} == {"TRUE", "FALSE"}
    for row in rows:
        known = {name: None if row[name] == "NA" else float(row[name]) for name in ("min", "q1", "q3", "max")}
        ends = (known["min"], known["max"]) if known["min"] is not None else None
        quartiles = (known["q1"], known["q3"]) if known["q1"] is not None else None
        five = FiveNumbers(float(row["median"]), int(row["n"]), range=ends, quartiles=quartiles)
        numbers = dict(five.numbers)
        assert mean_of(five).value(numbers) == pytest.approx(float(row["mean"]), rel=1e-10)
        assert deviation_of(five).value(numbers) == pytest.approx(float(row["sd"]), rel=1e-10)
        found = skewness(five)
        assert found.statistic == pytest.approx(float(row["statistic"]), rel=1e-10)
        assert found.most == pytest.approx(float(row["most"]), rel=1e-10)
        assert str(found.found).upper() == row["skewed"]


def test_medians_are_set_against_each_other_with_their_own_errors(project: Path, run) -> None:
    ratios, differences = (answer(run, project, "effects", name) for name in ("stay-ratio", "stay-medians"))
    assert [one["estimate"] for one in ratios] == pytest.approx(
        [math.log(9 / 5), math.log(8 / 6), math.log(8.5 / 7)]
    )
    assert [one["estimate"] for one in differences] == pytest.approx([4, 2, 1.5])


def test_grades_follow_from_the_print(project: Path, run) -> None:
    grades = {name: [one["grade"] for one in answer(run, project, "effects", name)] for name in QUESTIONS}
    assert grades["control"] == ["A", "A", "A"]
    assert grades["md"] == ["B", "B", "B"]  # times to an event depend on follow-up
    assert grades["stay"] == ["C", "D", "C"]  # quartiles, range, quartiles


def test_different_units_are_never_pooled_together(project: Path, run) -> None:
    found = answer(run, project, "pool", "marker")
    assert found["estimate"] is None and "unit" in found["refused"] and "ng/ml" in found["refused"]


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("layout", ["default", "revman", "jama", "bmj", "compact"])
def test_forest_plots_have_the_unit_of_the_outcome(
    project: Path, run, name: str, layout: str, tmp_path
) -> None:
    drawn = tmp_path / "plot.svg"
    status, _, said = run(project, "forest", name, "--layout", layout, "-o", str(drawn))
    assert status == 0, said
    if layout == "default":
        assert QUESTIONS[name][3] in drawn.read_text(encoding="utf-8")


def test_sides_say_what_is_better(project: Path, run, tmp_path) -> None:
    for name, left in (("md", "Favours no resection"), ("stay", "Favours resection")):
        run(project, "forest", name, "-o", str(tmp_path / "plot.svg"))
        text = (tmp_path / "plot.svg").read_text(encoding="utf-8")
        assert left in text
        assert text.index("Favours resection") < text.index("Favours no resection") or name == "md"


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("words", [("explain",), ("multiverse",)])
def test_the_other_commands_take_them(project: Path, run, words: tuple[str, ...], name: str) -> None:
    status, printed, said = run(project, *words, name)
    assert (status == 0) or (name == "marker" and words[0] == "multiverse"), said
    if words[0] == "explain" and name == "md":
        assert "m1 - m0 = 43 - 24 = 19" in printed


def test_report_and_export_take_them(project: Path, run, tmp_path) -> None:
    status, _, said = run(project, "report", "-o", str(tmp_path / "page"))
    assert status == 0, said
    status, _, said = run(project, "export", "-o", str(tmp_path / "out"))
    assert status == 0, said
    assert "rma(yi, vi" in (tmp_path / "out" / "metafor.R").read_text(encoding="utf-8")


def test_skewed_values_give_no_mean(project: Path, run, tmp_path) -> None:
    for part in ("studies", "evidence"):
        shutil.copytree(project / part, tmp_path / part)
    path = tmp_path / "studies" / "first.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("IQR 6 to 13", "IQR 8 to 25"), encoding="utf-8")
    found = answer(run, tmp_path, "effects", "stay-mean")
    refused = next(one for one in found if one["study"] == "first")
    assert refused["kind"] == "refused" and "skewed" in refused["reason"]


def test_printed_contrasts_are_taken(project: Path, run, tmp_path) -> None:
    for part in ("studies", "evidence"):
        shutil.copytree(project / part, tmp_path / part)
    path = tmp_path / "studies" / "first.yaml"
    path.write_text(
        path.read_text(encoding="utf-8")
        + "comparisons:\n"
        + "  - {outcome: hospital stay, of: [operated, observed], basis: stated, at: line 6,\n"
        + "     mean_difference: 2.1 days (95% CI 1.1 to 3.1),\n"
        + "     ratio_of_medians: 1.6 (95% CI 1.2 to 2.133)}\n",
        encoding="utf-8",
    )
    found = [one for one in answer(run, tmp_path, "effects", "stay") if one["study"] == "first"]
    assert found[0]["recovery"] == "mean_difference_with_interval" and found[0]["estimate"] == 2.1
    assert found[0]["standard_error"] == pytest.approx(1 / 1.959964, rel=1e-6)
    found = [one for one in answer(run, tmp_path, "effects", "stay-ratio") if one["study"] == "first"]
    assert found[0]["recovery"] == "ratio_of_medians_with_interval"


def test_a_mean_of_a_share_is_refused(project: Path, run, tmp_path) -> None:
    for part in ("studies", "evidence"):
        shutil.copytree(project / part, tmp_path / part)
    path = tmp_path / "evidence" / "questions" / "control.yaml"
    text = path.read_text(encoding="utf-8").replace("duration of symptom control", "major complications")
    path.write_text(text, encoding="utf-8")
    status, _, said = run(tmp_path, "pool", "control")
    assert status == 1 and "control.yaml:5" in said and "measure-does-not-fit" in said
