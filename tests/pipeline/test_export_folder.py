"""A folder is replaced whole, or left exactly as it was."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from evisynth.errors import ProjectError
from evisynth.pipeline import check_replaceable, replaced_folder
from evisynth.report import PACKAGE_FILE, PACKAGE_NAME


def write(folder: Path, *files: str) -> None:
    """Write an export of these files."""
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")
    package = {"name": PACKAGE_NAME, "resources": [{"path": name} for name in files]}
    (folder / PACKAGE_FILE).write_text(json.dumps(package), encoding="utf-8")


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("before", ["missing", "empty"])
def test_a_new_folder_is_made_with_those_above_it(tmp_path: Path, before: str) -> None:
    folder = tmp_path / "above" / "export"
    if before == "empty":
        folder.mkdir(parents=True)
    with replaced_folder(folder) as new:
        write(new, "a.csv", "questions/q/rows.csv")
        assert not folder.exists() or not files(folder)
    assert files(folder) == {"a.csv", "questions/q/rows.csv", PACKAGE_FILE}
    assert [path.name for path in folder.parent.iterdir()] == ["export"]


def test_an_earlier_export_goes_whole(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    with replaced_folder(folder) as new:
        write(new, "old.csv", "questions/old/rows.csv")
    (folder / ".DS_Store").write_text("left by a file manager", encoding="utf-8")
    with replaced_folder(folder) as new:
        write(new, "new.csv")
    assert files(folder) == {"new.csv", PACKAGE_FILE}
    assert not (folder / "questions").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["export"]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    with replaced_folder(folder) as new:
        write(new, "old.csv")
    with pytest.raises(ZeroDivisionError), replaced_folder(folder) as new:
        write(new, "new.csv")
        _ = 1 / 0
    assert files(folder) == {"old.csv", PACKAGE_FILE}
    assert [path.name for path in tmp_path.iterdir()] == ["export"]


def test_the_old_folder_comes_back_when_the_new_one_cannot_come_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "export"
    with replaced_folder(folder) as new:
        write(new, "old.csv")
    rename = os.rename

    def refuse(source: Path, target: Path) -> None:
        if Path(source).name == "new":
            raise PermissionError(13, "Permission denied")
        rename(source, target)

    monkeypatch.setattr(os, "rename", refuse)
    with (
        pytest.raises(ProjectError, match="cannot be written: Permission denied"),
        replaced_folder(folder) as new,
    ):
        write(new, "new.csv")
    assert files(folder) == {"old.csv", PACKAGE_FILE}


def test_what_export_did_not_write_is_not_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    write(folder, "old.csv")
    for name in ("my-analysis.R", "questions/q/notes.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("hours of work", encoding="utf-8")
    with pytest.raises(ProjectError, match=r"\(my-analysis.R, questions/q/notes.txt\); move that elsewhere"):
        check_replaceable(folder)
    assert (folder / "my-analysis.R").read_text(encoding="utf-8") == "hours of work"


@pytest.mark.parametrize(
    "package",
    [
        None,
        "not JSON",
        "[]",
        '{"name": "another-package", "resources": []}',
        f'{{"name": "{PACKAGE_NAME}"}}',
        f'{{"name": "{PACKAGE_NAME}", "resources": [1]}}',
    ],
)
def test_any_other_folder_is_refused(tmp_path: Path, package: str | None) -> None:
    (tmp_path / "thesis.docx").write_text("years of work", encoding="utf-8")
    if package is not None:
        (tmp_path / PACKAGE_FILE).write_text(package, encoding="utf-8")
    with pytest.raises(ProjectError, match="was not written by evisynth export"):
        check_replaceable(tmp_path)


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(ProjectError, match="file is not a folder"):
        check_replaceable(tmp_path / "file")
    with (
        pytest.raises(ProjectError, match="cannot be written"),
        replaced_folder(tmp_path / "file" / "export"),
    ):
        pass


def test_a_link_goes_on_pointing_to_the_folder(tmp_path: Path) -> None:
    write(tmp_path / "real", "old.csv")
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    with replaced_folder(tmp_path / "link") as new:
        write(new, "new.csv")
    assert (tmp_path / "link").is_symlink()
    assert files(tmp_path / "real") == {"new.csv", PACKAGE_FILE}
