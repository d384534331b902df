"""``evisynth export`` as a user types it: where it writes, what it prints, and when it refuses."""

from __future__ import annotations

from pathlib import Path


def test_it_writes_beside_the_report_and_says_where(project: Path, run) -> None:
    status, out, err = run(project, "export", "symptom-relief")
    folder = project / "build" / "export"
    assert (status, out, err) == (0, f"{folder}\n", "")
    assert [path.name for path in (folder / "questions").iterdir()] == ["symptom-relief"]
    assert run(project, "export", "complete-cytoreduction")[0] == 0
    assert [path.name for path in (folder / "questions").iterdir()] == ["complete-cytoreduction"]


def test_another_folder_may_be_named(project: Path, tmp_path: Path, run) -> None:
    status, out, _ = run(project, "export", "-o", str(tmp_path / "for a colleague"), "symptom-relief")
    assert (status, out) == (0, f"{tmp_path / 'for a colleague'}\n")
    assert (tmp_path / "for a colleague" / "metafor.R").is_file()
    assert not (project / "build" / "export").exists()


def test_an_unknown_question_names_the_known_ones(project: Path, run) -> None:
    status, out, err = run(project, "export", "zzz")
    assert (status, out) == (2, "")
    assert "unknown question 'zzz'; known: complete-cytoreduction, " in err


def test_the_work_of_others_is_not_replaced(project: Path, run) -> None:
    status, out, err = run(project, "export", "-o", str(project))
    assert (status, out) == (1, "")
    assert "was not written by evisynth export" in err
    assert (project / "studies").is_dir()


def test_a_mistake_is_told_at_its_line(project: Path, run) -> None:
    (project / "studies" / "broken.yaml").write_text("id: other\n", encoding="utf-8")
    status, out, err = run(project, "export")
    assert (status, out) == (1, "")
    assert "studies/broken.yaml:1:" in err
