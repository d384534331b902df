"""Questions do not vanish in silence, and files that editors leave among them are no questions."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

QUESTION = "symptom-relief"


@pytest.mark.parametrize(
    "left", [".#symptom-relief.yaml", "._symptom-relief.yaml", ".symptom-relief.yaml.swp"]
)
@pytest.mark.parametrize("folder", ["studies", "evidence/questions"])
def test_locks_and_notes_of_editors_are_passed_over(project: Path, run, left: str, folder: str) -> None:  # type: ignore[no-untyped-def]
    before = run(project, "check", "--format", "json")
    (project / folder / left).symlink_to("somebody@somewhere.1234:5678")  # as Emacs leaves them
    assert run(project, "check", "--format", "json") == before
    assert run(project, "pool", QUESTION, "--format", "json")[0] == 0


def test_questions_that_are_gone_are_missed(project: Path, run) -> None:  # type: ignore[no-untyped-def]
    shutil.rmtree(project / "evidence" / "questions")
    status, found, _ = run(project, "check")
    assert status == 0
    assert "evidence/questions:1:1: warning: the folder does not exist" in found and "[no-questions]" in found
    for words in (("report", "-o", str(project / "page")), ("pool", QUESTION)):
        status, _, said = run(project, *words)
        assert (status, said.count("\n")) == (1, 1)
        assert "evidence/questions cannot be read (No such file or directory)" in said
    assert not (project / "page" / "index.html").exists()


def test_a_file_in_the_place_of_the_folder_is_an_error(project: Path, run) -> None:  # type: ignore[no-untyped-def]
    shutil.rmtree(project / "evidence" / "questions")
    (project / "evidence" / "questions").write_text("not a folder", encoding="utf-8")
    status, found, _ = run(project, "check")
    assert status == 1
    assert "evidence/questions:1:1: error: the folder cannot be read: Not a directory" in found
    assert run(project, "report", "-o", str(project / "page"))[0] == 1


@pytest.mark.parametrize("name", ["a..b", "two words", "<b>bold<", "Großes", "-o"])
def test_the_id_of_a_question_is_one_of_a_study(project: Path, run, name: str) -> None:  # type: ignore[no-untyped-def]
    written = (project / "evidence" / "questions" / f"{QUESTION}.yaml").read_text(encoding="utf-8")
    renamed = project / "evidence" / "questions" / f"{name}.yaml"
    renamed.write_text(written.replace(f"id: {QUESTION}", f'id: "{name}"'), encoding="utf-8")
    status, found, _ = run(project, "check")
    assert status == 1 and "is no id of a question; type " in found and "[unreadable-id]" in found


def test_a_question_of_another_ending_is_told_of(project: Path, run) -> None:  # type: ignore[no-untyped-def]
    questions = project / "evidence" / "questions"
    (questions / f"{QUESTION}.yaml").rename(questions / f"{QUESTION}.yml")
    status, found, _ = run(project, "check")
    assert status == 1
    assert f"questions/{QUESTION}.yml:1:1: error: the file name ends in .yml, and nobody reads it" in found
