"""``evisynth check FILE``: study files, questions and the vocabulary are each read as what they are."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _stand_in_the_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A file is looked for from where the user stands: in a clone, that of the clone would be read.
    monkeypatch.chdir(project)


@pytest.mark.parametrize(
    "name",
    ["evidence/vocabulary.yaml", "evidence/questions/symptom-relief.yaml", "studies/midgut-debulking.yaml"],
)
def test_a_sound_file_of_each_kind_has_no_error(run, project: Path, name: str) -> None:
    status, out, _ = run(project, "check", name)
    assert status == 0
    assert ": error:" not in out


def test_a_mistake_in_a_named_question_is_found_at_its_place(run, project: Path) -> None:
    path = project / "evidence" / "questions" / "symptom-relief.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("outcome:", "outcomme:"), encoding="utf-8")
    status, out, _ = run(project, "check", "evidence/questions/symptom-relief.yaml")
    assert status == 1
    assert "unknown key 'outcomme'" in out
    status, out, _ = run(project, "check", "evidence/questions/complete-cytoreduction.yaml")
    assert status == 0
