"""The file of reviews is checked with the project, and by its name, and shown in the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_up import make_project, study_of

import evisynth
from evisynth.errors import FindingsError

REVIEWS = """\
reviews:
  first-2019:
    label: First 2019
    kind: meta-analysis
    asks: Resection against none.
    questions: [QUESTION]
    results:
      - {outcome: overall survival, effect_measure: hazard ratio, index: resection, reference: none,
         of_event: death, estimate: 0.45 (95% CI 0.34 to 0.60), question: QUESTION}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    ratio = "hazard_ratio: 0.50 (95% CI 0.30 to 0.83)"
    return make_project(tmp_path, [study_of(comparison=ratio)])


def write(project: Path, text: str) -> Path:
    (question,) = evisynth.open(project).question_ids()
    path = project / "evidence" / "reviews.yaml"
    path.write_text(text.replace("QUESTION", question), encoding="utf-8")
    return path


def test_mistakes_are_found_with_the_project_and_by_name(project: Path) -> None:
    path = write(project, REVIEWS.replace("of_event: death, ", ""))
    evidence = evisynth.open(project)
    found = [one for one in evidence.check() if one.level == "error"]
    assert [(one.file, one.line, one.code) for one in found] == [
        ("evidence/reviews.yaml", 8, "direction-missing")
    ]
    assert evidence.check([path]) == found
    with pytest.raises(FindingsError):
        evidence.write_report(project / "build" / "report")


def test_the_report_sets_reviews_beside_answers(project: Path) -> None:
    write(project, REVIEWS)
    folder = project / "build" / "report"
    _, changed = evisynth.open(project).write_report(folder)
    text = (folder / "reviews.html").read_text(encoding="utf-8")
    assert "Against published reviews" in text and "yes: fewer deaths with resection" in text
    assert project / "evidence" / "reviews.schema.json" in changed
    (project / "evidence" / "reviews.yaml").unlink()
    evisynth.open(project).write_report(folder)
    assert not any(
        "Against published reviews" in page.read_text(encoding="utf-8") for page in folder.rglob("*.html")
    )
