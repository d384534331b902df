"""A project folder that somebody else made: links lead nowhere, and half a file is never taken whole."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from evisynth.errors import ProjectError
from evisynth.report import CommittedAnswer, stale_parts, write_answer
from evisynth.whole_files import write_whole

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links need rights of their own on Windows")

QUESTION = "perioperative-mortality"


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of somebody's, which nothing here may touch."""
    folder = tmp_path_factory.mktemp("outside")
    (folder / "ab").mkdir()
    for name in ("precious.txt", "ab/precious", "evidence.duckdb"):
        (folder / name).write_text("precious", encoding="utf-8")
    return folder


def untouched(folder: Path) -> bool:
    found = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}
    return found == dict.fromkeys(("precious.txt", "ab/precious", "evidence.duckdb"), "precious")


@pytest.mark.parametrize("place", ["build", "build/cache", "build/cache/rows"])
def test_a_linked_folder_is_refused_by_name(  # type: ignore[no-untyped-def]
    project: Path, run, outside: Path, place: str
) -> None:
    shutil.rmtree(project / "build")
    (project / place).parent.mkdir(parents=True, exist_ok=True)
    (project / place).symlink_to(outside, target_is_directory=True)
    status, _, said = run(project, "query", "--outcome", "OS")
    assert (status, said.count("\n")) == (1, 1)
    assert f"{place} is a link" in said and "remove it" in said
    assert untouched(outside)


def test_a_linked_lock_and_a_linked_entry_are_replaced(project: Path, run, outside: Path) -> None:  # type: ignore[no-untyped-def]
    (project / "build" / "evidence.duckdb").unlink()
    (project / "build" / ".lock").unlink(missing_ok=True)
    (project / "build" / ".lock").symlink_to(outside / "precious.txt")
    rows = project / "build" / "cache" / "rows"
    shutil.rmtree(rows, ignore_errors=True)
    rows.mkdir(parents=True)
    for number in range(256):  # wherever an entry is put, and whatever is swept
        (rows / f"{number:02x}").symlink_to(outside / "ab", target_is_directory=True)
    assert run(project, "query", "--outcome", "OS")[0] == 0
    assert untouched(outside)


def test_only_names_of_its_own_are_deleted_from_the_cache(project: Path, run) -> None:  # type: ignore[no-untyped-def]
    shutil.rmtree(project / "build")
    kept = project / "build" / "cache" / "rows" / "notes"
    kept.mkdir(parents=True)
    (kept / "mine.txt").write_text("mine")
    stale = project / "build" / "cache" / "rows" / "ab"
    stale.mkdir()
    (stale / ("ab" * 32)).write_text("stale")
    (stale / "mine.txt").write_text("mine")
    assert run(project, "build")[0] == 0
    assert (kept / "mine.txt").exists() and (stale / "mine.txt").exists()
    assert not (stale / ("ab" * 32)).exists()


def test_an_edited_entry_of_the_cache_is_not_believed(project: Path, run) -> None:  # type: ignore[no-untyped-def]
    shutil.rmtree(project / "build")
    before = run(project, "query", "--format", "json")[1]
    entries = [path for path in (project / "build" / "cache" / "rows").rglob("*") if path.is_file()]
    assert len(entries) == 6  # five studies and the vocabulary
    for entry in entries:
        entry.write_bytes(entry.read_bytes().replace(b"median", b"maxima"))
    (project / "build" / "evidence.duckdb").unlink()
    assert run(project, "query", "--format", "json")[1] == before


@pytest.mark.parametrize("what", ["results", "results/QUESTION.svg", "study.schema.json", "REFERENCE.md"])
def test_answers_are_not_written_through_links(  # type: ignore[no-untyped-def]
    answered: Path, run, outside: Path, what: str
) -> None:
    place = answered / "evidence" / what.replace("QUESTION", QUESTION)
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    place.symlink_to(outside if what == "results" else outside / "precious.txt")
    status, _, said = run(answered, "report")
    assert untouched(outside)
    if what == "results":
        assert status == 1 and "evidence/results is a link" in said
    else:
        assert status == 0
        assert not place.is_symlink() and place.is_file()


TORN = {
    "empty": b"",
    "half": None,
    "a merge in conflict": b"<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n",
    "a list": b"[]",
    "another encoding": "{}".encode("utf-16"),
    "zeros": b"\0" * 40,
}


@pytest.mark.parametrize("suffix", [".json", ".csv", ".svg"])
@pytest.mark.parametrize("damage", TORN)
def test_a_torn_answer_is_stale_and_mended(answered: Path, suffix: str, damage: str) -> None:
    folder = answered / "evidence" / "results"
    whole = {path.suffix: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    answer = CommittedAnswer(QUESTION, whole[".json"], whole[".csv"], whole[".svg"])
    assert stale_parts(answer, folder) == []
    torn = folder / f"{QUESTION}{suffix}"
    content = TORN[damage]
    torn.write_bytes(whole[suffix][: len(whole[suffix]) // 2].encode() if content is None else content)
    assert stale_parts(answer, folder)
    assert write_answer(answer, folder) == [torn]
    assert torn.read_text(encoding="utf-8") == whole[suffix]
    assert write_answer(answer, folder) == []


def test_the_report_mends_what_a_merge_left_in_conflict(answered: Path, run) -> None:  # type: ignore[no-untyped-def]
    torn = answered / "evidence" / "results" / f"{QUESTION}.json"
    whole = torn.read_bytes()
    torn.write_bytes(b"<<<<<<< HEAD\n" + whole)
    status, _, said = run(answered, "report")
    assert (status, torn.read_bytes()) == (0, whole)
    assert torn.name in said


def test_what_was_written_half_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "answer.json"
    write_whole(target, "old")

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full_disk)
        with pytest.raises(ProjectError, match="No space left on device"):
            write_whole(target, "new")
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["answer.json"]


def test_drafts_of_processes_that_are_gone_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "answer.json"
    write_whole(target, "old")
    (draft,) = _names_while_writing(target, monkeypatch)
    gone = tmp_path / draft.replace(str(os.getpid()), "4194305")  # beyond the largest process id of Linux
    gone.write_text("half")
    write_whole(target, "new")
    assert os.listdir(tmp_path) == ["answer.json"]
    assert target.read_text() == "new"


def _names_while_writing(target: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    replace = os.replace

    def noting(old: Path, new: Path) -> None:
        names.append(old.name)
        replace(old, new)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", noting)
        write_whole(target, "old")
    return names
