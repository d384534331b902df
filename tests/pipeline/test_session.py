"""A session: one state of the files for the length of a command, while the project goes on asking them."""

from __future__ import annotations

from pathlib import Path

import pytest

from evisynth import database
from evisynth.errors import ProjectError
from evisynth.pipeline import Evidence, Project, export, one_session

ASKED = "symptom-relief"


def without_a_study(project: Path, answered: set[str]) -> str:
    """Take a study away on which the answer rests, as somebody does meanwhile, and build again."""
    gone = min(answered)
    (project / "studies" / f"{gone}.yaml").unlink()
    Project(project).build()
    return gone


def studies_in(project: Project) -> set[str]:
    return {row.effect.study for row in project.answer(ASKED).rows}


def test_a_session_keeps_to_one_state_and_the_project_to_the_files(project: Path) -> None:
    asked = Project(project)
    with one_session(asked) as kept:
        before = studies_in(kept)
        gone = without_a_study(project, before)
        assert studies_in(kept) == before
        assert gone in kept.study_names()
        assert gone not in studies_in(asked)
        assert gone not in asked.study_names()
    with one_session(asked) as later:
        assert gone not in studies_in(later)


def test_what_was_not_yet_answered_is_answered_from_the_same_state(project: Path) -> None:
    with one_session(Project(project)) as kept:
        with kept.connection():
            pass
        gone = without_a_study(project, studies_in(Project(project)))
        assert gone in studies_in(kept)


def test_the_stamp_is_that_of_the_texts_that_were_read(project: Path) -> None:
    asked = Project(project)
    with one_session(asked) as kept:
        answer = kept.answer(ASKED)
        before = kept.stamp(answer)
        assert before == asked.stamp(answer)
        path = project / "studies" / f"{min(studies_in(kept))}.yaml"
        path.write_text(path.read_text(encoding="utf-8") + "# a word more\n", encoding="utf-8")
        assert kept.stamp(answer) == before
        assert asked.stamp(answer) != before


def test_a_session_within_a_session_is_the_same(project: Path) -> None:
    with one_session(Project(project)) as kept, one_session(kept) as inner:
        assert inner is kept


def test_files_that_never_rest_are_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Project.study_text

    def disturbed(self: Project, study: str) -> str:
        path = self.files.studies / f"{study}.yaml"
        path.write_text(path.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
        return read(self, study)

    monkeypatch.setattr(Project, "study_text", disturbed)
    with one_session(Project(project)) as kept, pytest.raises(ProjectError, match="keep changing"):
        kept.answer(ASKED)


@pytest.mark.parametrize("command", ["report", "export"])
def test_a_command_opens_the_database_once(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    opened: list[Path] = []
    open_database = database.open_database

    def counted(path: Path, **choices: str | None) -> object:
        opened.append(path)
        return open_database(path, **choices)

    monkeypatch.setattr(database, "open_database", counted)
    if command == "report":
        Evidence(project).write_report(tmp_path / "pages")
    else:
        export(Project(project), tmp_path / "exported")
    assert len(opened) == 1
