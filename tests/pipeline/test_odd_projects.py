"""Projects in a state that nobody planned: nothing crashes, and what is wrong is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

QUESTION = """\
id: nobody
title: Relief without an operation
why: To see what comes of it.
outcome: symptom relief
effect_measure: proportion
rows:
  - {label: Without, index: {intervention: no resection}}
"""
NOBODY = "no study reports this for the groups that the question asks about"


def keep_question(project: Path, kept: str) -> None:
    """Ask but one question in a project, so that its report is soon written."""
    for path in (project / "evidence" / "questions").glob("*.yaml"):
        if path.stem != kept:
            path.unlink()


@pytest.fixture
def unanswered(project: Path) -> Path:
    """A project with a question that no study fits, and another."""
    keep_question(project, "symptom-relief")
    (project / "evidence" / "questions" / "nobody.yaml").write_text(QUESTION, encoding="utf-8")
    return project


@pytest.mark.parametrize("command", ["pool", "explain"])
def test_a_question_that_no_study_fits_is_answered_with_that(run, unanswered: Path, command: str) -> None:
    status, out, _ = run(unanswered, command, "nobody")
    assert status == 0
    assert NOBODY in " ".join(out.split())


def test_its_effects_are_none_and_say_why(run, unanswered: Path) -> None:
    status, out, err = run(unanswered, "effects", "nobody", "--format", "json")
    assert (status, out.strip()) == (0, "[]")
    assert NOBODY in err


def test_its_plots_are_drawn_or_refused_with_the_reason(run, unanswered: Path, tmp_path: Path) -> None:
    assert run(unanswered, "forest", "nobody", "-o", str(tmp_path / "n.svg"))[0] == 0
    assert NOBODY in (tmp_path / "n.svg").read_text(encoding="utf-8").replace("No study", "no study")
    status, _, err = run(unanswered, "plot", "funnel", "nobody", "-o", str(tmp_path / "f.svg"))
    assert status == 1
    assert NOBODY in err
    assert "one combination of choices" in run(unanswered, "multiverse", "nobody")[1]


def test_the_report_shows_it_and_forgets_it_with_its_file(run, unanswered: Path, tmp_path: Path) -> None:
    results = unanswered / "evidence" / "results"
    page = Path(run(unanswered, "report", "-o", str(tmp_path / "r"))[1].strip())
    assert NOBODY in page.read_text(encoding="utf-8").replace("No study", "no study")
    assert {path.suffix for path in results.glob("nobody.*")} == {".json", ".csv", ".svg"}
    (unanswered / "evidence" / "questions" / "nobody.yaml").unlink()
    (results / "own-notes.csv").write_text("mine", encoding="utf-8")
    _, _, err = run(unanswered, "report", "-o", str(tmp_path / "r"))
    assert len(re.findall(r"^removed: .*nobody\.(?:json|csv|svg)$", err, re.MULTILINE)) == 3
    assert not list(results.glob("nobody.*"))
    assert (results / "own-notes.csv").exists()


def test_two_questions_of_one_id_are_told_apart_by_their_files(run, project: Path) -> None:
    questions = project / "evidence" / "questions"
    text = (questions / "symptom-relief.yaml").read_text(encoding="utf-8")
    (questions / "symptom-relief-2.yaml").write_text(text, encoding="utf-8")
    for words in (("check",), ("pool", "symptom-relief-2"), ("report", "-o", str(project / "r"))):
        status, out, err = run(project, *words)
        assert status == 1
        assert "questions/symptom-relief-2.yaml:2:5: error: the id 'symptom-relief' is not" in out + err


def test_a_question_of_another_suffix_is_not_left_unread_in_silence(run, project: Path) -> None:
    questions = project / "evidence" / "questions"
    (questions / "symptom-relief.yaml").rename(questions / "symptom-relief.yml")
    status, out, _ = run(project, "check")
    assert status == 1
    found = next(line for line in out.splitlines() if "wrong-suffix" in line)
    assert found.startswith("evidence/questions/symptom-relief.yml:1:1: error: the file name ends in .yml")
    assert "call it symptom-relief.yaml" in found


def test_a_term_removed_while_in_use_is_told_wherever_it_stands(run, project: Path) -> None:
    path = project / "evidence" / "vocabulary.yaml"
    text = path.read_text(encoding="utf-8")
    removed = re.sub(r"(?ms)^  liver:\n.*?(?=^  \w+:\n)", "", text)
    assert removed != text
    path.write_text(removed, encoding="utf-8")
    status, out, _ = run(project, "check")
    assert status == 1
    places = re.findall(r"^(\S+?):\d+:\d+: error: unknown site 'liver'", out, re.MULTILINE)
    assert set(places) >= {
        "evidence/questions/resection-overall-survival.yaml",
        "studies/mayo-sinet-peritoneal-2024.yaml",
        "studies/midgut-debulking.yaml",
    }
    # The overlap with a study that cannot be read is not an overlap with nobody.
    assert "overlap-unknown-study" not in out
    assert " When none fits, add " in out and " of evidence/vocabulary.yaml [unknown-" in out
    assert run(project, "pool", "symptom-relief")[0] == 1


def test_a_share_without_a_window_stands_refused_in_every_command(run, project: Path) -> None:
    keep_question(project, "perioperative-mortality")
    (project / "studies" / "undated.yaml").write_text(
        """\
id: undated
source: {kind: journal abstract, title: not reported}
cohort: {institution: not reported, accrual: 1970 to 1980, at: line 1}
groups:
  all: {label: All, n: 120, intervention: surgery, at: line 2}
outcomes:
  - outcome: perioperative mortality
    at: line 3
    values:
      all: {proportion: 2.5%}
""",
        encoding="utf-8",
    )
    told = "2.5% is printed without a time window, and 30 days are asked for"
    for command in ("effects", "pool", "explain"):
        assert told in " ".join(run(project, command, "perioperative-mortality")[1].split())
    assert run(project, "report", "-o", str(project / "r"))[0] == 0
    page = (project / "r" / "questions" / "perioperative-mortality.html").read_text(encoding="utf-8")
    assert told in page
    assert told.replace("30", "90") in page
