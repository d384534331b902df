from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from evisynth.database import ProjectFiles, build_database, check_freshness, freshness

AddStudy = Callable[..., Path]


@pytest.fixture
def built(files: ProjectFiles, add_study: AddStudy) -> ProjectFiles:
    """A built project of two studies, last touched long before they were read."""
    for study in ("one", "two"):
        os.utime(add_study(study), (1_600_000_000, 1_600_000_000))
    build_database(files)
    return files


def is_fresh(files: ProjectFiles) -> bool:
    return check_freshness(files).fresh


def test_what_was_just_built_is_fresh(built: ProjectFiles) -> None:
    assert is_fresh(built)


def test_untouched_files_are_not_read(built: ProjectFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    # Two seconds after the files came to rest, their times alone tell.
    monkeypatch.setattr(freshness, "_RACY_NANOSECONDS", 0)
    monkeypatch.setattr(freshness, "hash_file", lambda path: pytest.fail(f"{path} was read"))
    assert is_fresh(built)


def test_a_file_changed_in_the_moment_of_reading_is_read_again(built: ProjectFiles) -> None:
    path = built.studies / "one.yaml"
    status = path.stat()
    stamp = freshness._read_stamp(built.stamp)
    path.write_text(path.read_text(encoding="utf-8").replace("10 months", "11 months"), encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    now = path.stat()
    # As if the clock had not ticked between reading and changing: the stamp knows these very times.
    stamp["files"]["one.yaml"][:4] = [now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino]
    built.stamp.write_text(freshness.json.dumps(stamp), encoding="utf-8")
    assert not is_fresh(built)


def test_a_touched_file_with_the_same_content_stays_fresh(built: ProjectFiles) -> None:
    os.utime(built.studies / "one.yaml")
    assert is_fresh(built)


def test_an_edit_of_the_same_size_with_its_time_put_back_is_seen(built: ProjectFiles) -> None:
    path = built.studies / "one.yaml"
    status = path.stat()
    time.sleep(0.02)  # the change time ticks every few milliseconds
    path.write_text(path.read_text(encoding="utf-8").replace("10 months", "11 months"), encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    assert not is_fresh(built)


@pytest.mark.parametrize("change", ["edit", "add", "remove", "rename", "vocabulary", "suffix"])
def test_every_change_is_seen(built: ProjectFiles, add_study: AddStudy, change: str) -> None:
    path = built.studies / "one.yaml"
    if change == "edit":
        path.write_text(path.read_text(encoding="utf-8") + "# seen\n", encoding="utf-8")
    elif change == "add":
        add_study("three")
    elif change == "remove":
        path.unlink()
    elif change == "rename":
        path.rename(built.studies / "three.yaml")
    elif change == "suffix":
        path.rename(built.studies / "one.YAML")
    else:
        built.vocabulary.write_text(
            built.vocabulary.read_text(encoding="utf-8") + "\n# seen\n", encoding="utf-8"
        )
    assert not is_fresh(built)


@pytest.mark.parametrize("what", ["delete", "truncate", "replace"])
def test_a_database_other_than_the_one_that_was_stamped_is_stale(built: ProjectFiles, what: str) -> None:
    content = built.database.read_bytes()
    if what == "delete":
        built.database.unlink()
    elif what == "truncate":
        built.database.write_bytes(content[:5000])
    else:
        other = built.build / "other"
        other.write_bytes(content)
        os.replace(other, built.database)
    assert not is_fresh(built)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"read_at": 1}', "\0\0"])
def test_a_stamp_that_cannot_be_read_is_no_stamp(built: ProjectFiles, content: str) -> None:
    built.stamp.write_text(content, encoding="utf-8")
    assert not is_fresh(built)
    assert build_database(built).parsed == 0


def test_a_change_of_the_reading_code_makes_everything_stale(
    built: ProjectFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "reader_version", lambda: "another")
    assert not is_fresh(built)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes in folders")
def test_a_pipe_and_a_loop_among_the_studies_do_not_stop_the_look(built: ProjectFiles) -> None:
    os.mkfifo(built.studies / "pipe.yaml")
    (built.studies / "loop.yaml").symlink_to(built.studies / "loop.yaml")
    assert not is_fresh(built)


def test_a_fresh_database_is_found_without_heavy_imports(built: ProjectFiles) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom evisynth.database.build import ensure_database\n"
        "from evisynth.database.project_files import ProjectFiles\n"
        f"ensure_database(ProjectFiles(Path({str(built.folder)!r})))\n"
        "print(sorted({'duckdb', 'numpy', 'pandas', 'pydantic', 'yaml', 'subprocess'} & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(freshness.__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_stamp_that_cannot_be_written_does_no_harm(
    built: ProjectFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.utime(built.studies / "one.yaml")  # the stamp would be renewed

    def refuse(*_: object) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr(freshness.os, "replace", refuse)
    before = set(built.build.iterdir())
    assert is_fresh(built)
    assert set(built.build.iterdir()) == before


def test_what_a_killed_process_left_of_a_stamp_goes_when_one_is_written(
    built: ProjectFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts: list[Path] = []

    def die(draft: Path, _: Path) -> None:
        drafts.append(draft)
        raise SystemExit

    os.utime(built.studies / "one.yaml")  # the stamp would be renewed
    with monkeypatch.context() as killed, pytest.raises(SystemExit):
        killed.setattr(freshness.os, "replace", die)
        killed.setattr(freshness.os, "getpid", lambda: 4194305)  # beyond the largest process id of Linux
        is_fresh(built)
    assert drafts[0].exists()
    assert is_fresh(built)
    assert not drafts[0].exists()


def test_a_change_anywhere_in_the_code_makes_the_rows_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "evisynth"
    shutil.copytree(Path(freshness.__file__).parents[1], package, ignore=shutil.ignore_patterns("*.pyc"))
    monkeypatch.setattr(freshness, "__file__", str(package / "database" / "freshness.py"))
    before = freshness.reader_version()
    assert freshness.reader_version() == before
    for name in ("reading/nodes.py", "checks/rules/shares.py", "printed_statistics.py"):
        with open(package / name, "a") as file:
            file.write("# changed\n")
        assert freshness.reader_version() != before, name
        before = freshness.reader_version()
