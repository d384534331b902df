"""Questions that name several times: from study files to a pooled curve, at metafor's values."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from evisynth.answers import Answer, curve_points
from evisynth.errors import FindingsError, InvalidDataError
from evisynth.figures import pooled_curve
from evisynth.pipeline import Project

#: The set `gaps` of the reference: curves of which not every time is printed.
GAPS = json.loads(
    (Path(__file__).parents[1] / "reference" / "metafor_curves" / "curves.json").read_text(encoding="utf-8")
)["gaps"]
_STUDY = """\
id: made-up-{name}
source: {{kind: journal abstract, year: 2016}}
cohort: {{design: made up, institution: Hospital {name}, accrual: 1990 to 2000, at: section methods}}
groups:
  all: {{label: Everyone, n: {n}, intervention: resection, site: liver, at: line 1}}
outcomes:
  - outcome: overall survival
    at: line 2
    values: {{all: {{{rates}}}}}
"""
_QUESTION = """\
id: asked
title: Made-up curve
why: To see the whole journey.
outcome: overall survival
effect_measure: survival
time: {time}
{keys}
rows:
  - label: Resected
    index: {{intervention: resection}}
"""
#: percentages at 1, 3, 5 and 10 years, and patients; those of the set `gaps`.
CURVES = {
    "a": ({12: 95, 60: 70, 120: 41}, 80),
    "b": ({12: 85, 60: 48}, 120),
    "c": ({36: 88, 60: 79, 120: 60}, 60),
    "d": ({60: 82}, 150),
    "e": ({12: 91, 36: 60}, 90),
    "f": ({60: 74, 120: 39}, 200),
}
Rates = dict[str, tuple[dict[int, int], int]]


def project_of(folder: Path, curves: Rates, time: str = "[1, 3, 5, 10 years]", keys: str = "") -> Project:
    for name, (rates, n) in curves.items():
        printed = ", ".join(f"survival at {months} months: {rate}%" for months, rate in rates.items())
        text = _STUDY.format(name=name, n=n, rates=printed)
        (folder / "studies" / f"made-up-{name}.yaml").write_text(text, encoding="utf-8")
    question = folder / "evidence" / "questions" / "asked.yaml"
    question.write_text(_QUESTION.format(time=time, keys=keys), encoding="utf-8")
    return Project(folder)


def answered(folder: Path, curves: Rates = CURVES, **changes: str) -> Answer:
    return project_of(folder, curves, **changes).answer("asked")


def test_printed_rates_become_the_curve_that_metafor_pools(empty_project: Path) -> None:
    answer = answered(empty_project)
    (curve,) = answer.curves
    assert curve.result is not None and curve.left == ()
    assert curve.result.estimate == pytest.approx(GAPS["estimate"], rel=2e-5)
    assert curve.result.standard_error == pytest.approx(GAPS["se"], rel=2e-5)
    points = curve_points(curve, answer.scale)
    assert [point["time_months"] for point in points] == [12, 36, 60, 120]
    assert [point["curve_count"] for point in points] == [3, 2, 5, 3]
    survival = [math.exp(-math.exp(y)) for y in GAPS["estimate"]]
    assert [point["estimate"] for point in points] == pytest.approx(survival, rel=1e-4)
    assert all(point["ci_lower"] < point["estimate"] < point["ci_upper"] for point in points)
    assert all(point["prediction_lower"] < point["ci_lower"] for point in points)


def test_each_time_keeps_its_own_rows_and_estimate(empty_project: Path) -> None:
    answer = answered(empty_project)
    assert [(s.label, s.row_count) for s in answer.by_row_group] == [
        ("Resected, 1 year", 3),
        ("Resected, 3 years", 2),
        ("Resected, 5 years", 5),
        ("Resected, 10 years", 3),
    ]


def test_pool_and_the_record_tell_it(empty_project: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    project_of(empty_project, CURVES)
    status, printed, _ = run(empty_project, "pool", "asked")
    assert status == 0
    assert "Resected, as one curve: 6 curves, 13 rates" in printed
    assert "  10 years: " in printed and "; a new study " in printed
    assert "Where a curve is not known at a time, the course of the others says how it goes on." in printed
    record = json.loads(run(empty_project, "pool", "asked", "--format", "json")[1])
    assert [point["time_months"] for point in record["curves"][0]["points"]] == [12, 36, 60, 120]
    assert record["curves"][0]["refused"] is None


def test_it_is_drawn(empty_project: Path, unreadable: Callable[[Figure], list[str]]) -> None:
    figure = pooled_curve(answered(empty_project))
    assert unreadable(figure) == []


@pytest.mark.parametrize(
    ("curves", "said"),
    [
        ({"a": CURVES["a"]}, "one row only, made-up-a all, whose own interval stands"),
        ({"a": CURVES["a"], "b": CURVES["b"]}, "two rows cannot tell how much studies differ"),
        (
            {"a": ({12: 95}, 80), "d": ({60: 82}, 150), "b": ({12: 85}, 80), "c": ({12: 90}, 80)},
            "only one of its times is reported by two studies or more",
        ),
        (
            {name: ({12: rate}, 90) for name, rate in zip("abc", (60, 62, 58), strict=True)}
            | {name: ({60: rate}, 90) for name, rate in zip("def", (80, 82, 84), strict=True)},
            "survival would rise from 60% at 1 year to 82% at 5 years",
        ),
    ],
)
def test_what_makes_no_curve_is_refused_in_words(empty_project: Path, curves: Rates, said: str) -> None:
    answer = answered(empty_project, curves)
    (curve,) = answer.curves
    assert curve.result is None and said in str(curve.refused)
    with pytest.raises(InvalidDataError, match="asked has no pooled curve: Resected: "):
        pooled_curve(answer)


def test_a_time_that_one_study_reports_is_named(empty_project: Path) -> None:
    (curve,) = answered(empty_project, CURVES | {"e": ({12: 91}, 90)}).curves
    assert curve.left == ("3 years: reported by made-up-c alone",)


def test_patients_that_two_groups_share_stand_in_one_curve(empty_project: Path) -> None:
    project = project_of(empty_project, CURVES)
    study = empty_project / "studies" / "made-up-d.yaml"
    # The whole is known at 5 years, a part of it at 10.
    text = study.read_text(encoding="utf-8").replace(
        "outcomes:",
        "  r0: {label: R0, n: 90, of: all, by: margin, intervention: resection, at: line 1}\noutcomes:",
    )
    study.write_text(
        text.replace("values: {all:", "values: {r0: {survival at 120 months: 60%}, all:"), encoding="utf-8"
    )
    (curve,) = project.answer("asked").curves
    assert curve.result is not None and curve.result.row_count == 13
    assert curve.left == ("made-up-d r0: its patients are counted in all already",)


@pytest.mark.parametrize(
    ("time", "keys", "code"),
    [
        ("[5 years]", "", "one-time-of-a-curve"),
        ("[5 years, 60 months]", "", "one-time-of-a-curve"),
        ("[1, 5]", "", "missing-unit"),
        ("[1, 5 years]", "model: common effect", "curve-model"),
        ("[1, 5 years]", "summary: overall", "curve-summary"),
    ],
)
def test_what_does_not_go_together_is_told_at_its_place(
    empty_project: Path, time: str, keys: str, code: str
) -> None:
    with pytest.raises(FindingsError) as error:
        answered(empty_project, time=time, keys=keys)
    assert [finding.code for finding in error.value.findings] == [code]


def test_times_belong_to_survival_and_stand_in_one_place(empty_project: Path) -> None:
    project = project_of(empty_project, CURVES)
    question = empty_project / "evidence" / "questions" / "asked.yaml"
    text = question.read_text(encoding="utf-8")
    question.write_text(text + "    time: 2 years\n", encoding="utf-8")
    with pytest.raises(FindingsError, match="the question names the times of all its blocks"):
        project.answer("asked")
    question.write_text(text.replace("measure: survival", "measure: proportion"), encoding="utf-8")
    with pytest.raises(FindingsError, match="several times make a curve of survival"):
        Project(empty_project).answer("asked")
