"""metafor, run by the script of an export, finds the same estimates as the export holds.

Where R or its package metafor is not installed, the runs are skipped and say so; what the script says is
tested in tests/report all the same.
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from five_studies import FIVE_ANSWERED

from evisynth.answers import answer_question
from evisynth.effects import Effect
from evisynth.measures import question_measure
from evisynth.outcomes import (
    INTERVALS,
    TAU_SQUARED,
    Arm,
    Comparison,
    GroupSelector,
    GroupSize,
    OverlapChoice,
    Question,
    RowGroup,
)
from evisynth.pipeline import export, write_export
from evisynth.report import ExportedQuestion, question_tables

Row = tuple[Comparison, Effect]

#: Spread wider than their errors, narrower, of two rows, and of one study far from the others.
WIDE = ((-1.2, 0.3), (0.4, 0.2), (-0.5, 0.4), (0.1, 0.15), (-0.9, 0.25), (-0.3, 0.5))
NARROW = ((-0.41, 0.3), (-0.40, 0.2), (-0.43, 0.4), (-0.39, 0.35), (-0.42, 0.25))


@cache
def metafor_is_here() -> bool:
    rscript = shutil.which("Rscript")
    if rscript is None:
        return False
    asked = [rscript, "-e", 'quit(status = !requireNamespace("metafor", quietly = TRUE))']
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


@pytest.fixture
def needs_metafor() -> None:
    if not metafor_is_here():
        pytest.skip("R with its package metafor is not installed, so that the script cannot be run here")


def refit(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the script from elsewhere, so that it must find its files by itself."""
    rscript = shutil.which("Rscript")
    assert rscript is not None
    return subprocess.run(
        [rscript, "--vanilla", str(folder / "metafor.R")],
        capture_output=True, text=True, check=False, cwd="/", env={"PATH": "/usr/bin:/bin", **environment},
    )  # fmt: skip


def refitted(run: subprocess.CompletedProcess[str]) -> set[str]:
    """The questions that stand in the table that was printed."""
    lines = [line.split() for line in run.stdout.splitlines()]
    return {words[0] for words in lines if len(words) == 6 and words[2] == "estimate"}


# made-up questions

BLOCK = RowGroup("After", GroupSelector({"intervention": ("surgery",)}))


def asked(name: str, **changes: Any) -> Question:
    plain = Question(
        id=f"made-{name}", title="A “made-up” question:\n100 % \\ yours", why="To test.", outcome="deaths",
        effect_measure="proportion", row_groups=(BLOCK,),
    )  # fmt: skip
    return replace(plain, **changes)


def arm(study: str, group: str, patients: int) -> Arm:
    size = GroupSize((patients,), "printed", str(patients), "line 3")
    return Arm(
        study, group, group, size, {}, "own", (), part_of="all", split="arm",
        lineage=((group, "arm"), ("all", None)),
    )  # fmt: skip


def row(
    question: Question, study: str, y: float, error: float, *, index: str = "a", patients: int = 100,
    **changes: Any,
) -> Row:  # fmt: skip
    """A row of one group, or against group b of its study where the question is of contrasts."""
    contrast = question.effect_measure in ("hazard_ratio", "risk_difference")
    reference = arm(study, "b", patients) if contrast else None
    comparison = Comparison(
        study, changes.pop("row_group", "After"), "deaths", arm(study, index, patients), reference,
        overlaps=changes.pop("overlaps", None),
    )  # fmt: skip
    effect = Effect(
        study=study, comparison=comparison.name, index_group=index,
        reference_group=None if reference is None else "b", row_group=comparison.row_group,
        effect_measure=question.effect_measure, scale=question_measure(question.effect_measure).scale,
        recovery="made_up", kind="point", grade="A", estimate=y, standard_error=error, primary=True,
        participants=patients, index_size=patients, reference_size=patients if contrast else None,
    )  # fmt: skip
    return comparison, replace(effect, **changes)


def rows(question: Question, numbers: Sequence[tuple[float, float]], **changes: Any) -> list[Row]:
    return [row(question, f"s{at}", y, error, **changes) for at, (y, error) in enumerate(numbers, 1)]


def answered(question: Question, made: Sequence[Row]) -> ExportedQuestion:
    comparisons, effects = [one for one, _ in made], [(effect,) for _, effect in made]
    return question_tables(answer_question(question, comparisons, effects), comparisons, effects)


def overlapping(question: Question) -> list[Row]:
    """The second reports some of the patients of the first, the last two may be the same as well."""
    made = rows(question, WIDE)
    made[1] = row(question, "s2", -1.0, 0.32, patients=80, overlaps={"s1": "contained"})
    made[5] = row(question, "s6", -0.7, 0.3, patients=60, overlaps={"s5": "possible"})
    # Other patients of a study that stands in the answer already.
    return [*made, row(question, "s3", -0.1, 0.3, index="c"), row(question, "s5", 0.3, 0.6, index="c")]


def against_one_control(question: Question) -> list[Row]:
    shared = {"reference_variance": 0.03}
    first = row(question, "s9", -0.5, 0.3, **shared), row(question, "s9", -0.2, 0.28, index="c", **shared)
    return [*first, *rows(question, WIDE[:4])]


def made_up_questions() -> list[ExportedQuestion]:
    because = "both come from one centre"
    made = [
        (question, rows(question, WIDE))
        for question in [
            *(asked(f"tau-{name}", tau_squared=name) for name in TAU_SQUARED if name != "common"),
            *(asked(f"interval-{name}", interval=name, level=0.9) for name in INTERVALS),
            asked("common", model="common_effect", level=0.99),
            asked("difference", effect_measure="risk_difference"),
            asked("ratio", effect_measure="hazard_ratio", tau_squared="PM", interval="hksj-plain"),
        ]
    ]
    for name in ("REML", "PM", "EB", "DL", "SJ"):
        question = asked(f"narrow-{name}", tau_squared=name)
        made.append((question, rows(question, NARROW)))
    two = asked("two", minimum_grade="D", interval="wald")
    made.append((two, rows(two, ((-0.6, 0.3), (-0.2, 0.25)))))
    blocks = asked(
        "blocks", summary="by_row_group", row_groups=(replace(BLOCK, label="Ça va"), BLOCK), tau_squared="DL"
    )
    made.append((blocks, [*rows(blocks, WIDE, row_group="Ça va"), *rows(blocks, NARROW)]))
    for choice in ("one_report", "covariance", "robust"):
        question = asked(f"overlap-{choice}", overlap=OverlapChoice(choice, because))
        made.append((question, overlapping(question)))
    common = asked(
        "overlap-common", overlap=OverlapChoice("robust", because), model="common_effect", level=0.9
    )
    made.append((common, overlapping(common)))
    for choice in ("one_comparison", "covariance"):
        question = asked(f"control-{choice}", effect_measure="hazard_ratio", shared_control=choice)
        made.append((question, against_one_control(question)))
    return [answered(question, these) for question, these in made]


def left_out_questions() -> list[ExportedQuestion]:
    bayesian = asked("bayesian", model="bayesian", tau_prior="half-normal(0.5)")
    overlap = OverlapChoice("covariance", "both come from one centre")
    twice = asked("twice", effect_measure="hazard_ratio", shared_control="covariance", overlap=overlap)
    first, second, *others = against_one_control(twice)
    others[0] = row(twice, "s1", -0.4, 0.35, patients=60, overlaps={"s9": "contained"})
    return [answered(bayesian, rows(bayesian, WIDE[:3])), answered(twice, [first, second, *others])]


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made up")
    write_export((), [*made_up_questions(), *left_out_questions()], folder)
    return folder


@pytest.mark.usefixtures("needs_metafor")
def test_metafor_agrees_on_made_up_questions_of_every_setting(made_up: Path) -> None:
    run = refit(made_up)
    assert run.returncode == 0, run.stdout + run.stderr
    assert refitted(run) == {exported.question.id for exported in made_up_questions()}
    assert "values agree" in run.stdout
    assert "made-bayesian, 1 is not refitted: the answer is Bayesian" in run.stdout
    assert "made-twice, 1 is not refitted: rows of one control group are put together" in run.stdout


@pytest.mark.usefixtures("needs_metafor")
def test_the_script_runs_where_letters_are_plain(made_up: Path) -> None:
    run = refit(made_up, LC_ALL="C")
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.usefixtures("needs_metafor")
def test_an_estimate_that_differs_stops_the_script(made_up: Path, tmp_path: Path) -> None:
    folder = tmp_path / "changed"
    shutil.copytree(made_up, folder)
    answers = folder / "answers.csv"
    text = answers.read_text(encoding="utf-8")
    records = list(csv.DictReader(io.StringIO(text)))
    estimate = next(one["estimate"] for one in records if one["question"] == "made-tau-REML")
    # Ten times the tolerance, in the only place where this number stands.
    changed = text.replace(estimate, repr(float(estimate) * (1 + 1e-5)), 1)
    answers.write_text(changed, encoding="utf-8", newline="")
    run = refit(folder)
    assert run.returncode == 1
    assert "1 of " in run.stderr
    assert "made-" in run.stderr


@pytest.mark.usefixtures("needs_metafor")
def test_metafor_agrees_on_every_question_of_the_project(tmp_path: Path) -> None:
    folder = export(FIVE_ANSWERED, tmp_path / "export")
    run = refit(folder)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "values agree" in run.stdout
