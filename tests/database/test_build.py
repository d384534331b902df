from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evisynth.database import (
    ProjectFiles,
    build as building,
    build_database,
    ensure_database,
    open_database,
    parse_files,
)
from evisynth.errors import FindingsError, ProjectError

AddStudy = Callable[..., Path]
Dump = Callable[[Path], dict[str, list[tuple[Any, ...]]]]
SOURCE = Path(building.__file__).parents[2]


def medians(database: Path) -> dict[str, float]:
    with open_database(database) as connection:
        return dict(
            connection.execute("SELECT study, value FROM reported_outcomes ORDER BY study").fetchall()
        )


def median(months: int) -> str:
    return f"{{outcome: overall survival, at: line 4, values: {{all: {{median: {months} months}}}}}}"


def start_build(files: ProjectFiles, before: str = "") -> subprocess.Popen[bytes]:
    """Build in a process of its own, after a line of code that may spoil something."""
    program = (
        f"{before}\nfrom pathlib import Path\nfrom evisynth.database.build import build_database\n"
        "from evisynth.database.project_files import ProjectFiles\n"
        f"build_database(ProjectFiles(Path({str(files.folder)!r})))"
    )
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    return subprocess.Popen([sys.executable, "-c", program], env=environment, stderr=subprocess.DEVNULL)


def test_the_same_files_give_the_same_tables(evidence: ProjectFiles, files: ProjectFiles, dump: Dump) -> None:
    # Written in another order, so that the folder may list them otherwise.
    for path in sorted(evidence.studies.iterdir(), reverse=True):
        (files.studies / path.name).write_bytes(path.read_bytes())
    build_database(files)
    assert dump(files.database) == dump(evidence.database)
    first = dump(files.database)
    files.database.unlink()
    build_database(files)
    assert dump(files.database) == first


def test_only_changed_files_are_read_again(files: ProjectFiles, add_study: AddStudy) -> None:
    for number in range(3):
        add_study(f"study-{number}")
    assert build_database(files).parsed == 3
    add_study("study-1", median(77))
    report = build_database(files)
    assert (report.parsed, report.study_count, report.built) == (1, 3, True)
    assert medians(files.database) == {"study-0": 10.0, "study-1": 77.0, "study-2": 10.0}
    assert not build_database(files).built


def test_a_change_of_the_vocabulary_reads_everything_again(files: ProjectFiles, add_study: AddStudy) -> None:
    add_study("one")
    build_database(files)
    text = files.vocabulary.read_text(encoding="utf-8")
    files.vocabulary.write_text(
        text.replace("label: Overall survival", "label: Survival of all"), encoding="utf-8"
    )
    assert build_database(files).parsed == 1
    with open_database(files.database) as connection:
        label = connection.execute(
            "SELECT label FROM outcome WHERE outcome_id = 'overall_survival'"
        ).fetchone()
    assert label == ("Survival of all",)


def test_a_study_that_is_gone_is_gone_from_the_tables(files: ProjectFiles, add_study: AddStudy) -> None:
    add_study("one")
    second = add_study("two")
    build_database(files)
    second.unlink()
    assert medians(ensure_database(files)) == {"one": 10.0}


def test_every_mistake_of_every_file_is_told_and_the_old_database_stays(
    files: ProjectFiles, add_study: AddStudy
) -> None:
    add_study("one")
    build_database(files)
    add_study("one", median(50))
    add_study("two").write_text("id: two\nsource: here\n", encoding="utf-8")
    add_study("three", median(5).replace("months", "parsecs"))
    (files.studies / "four.yml").write_text("id: four\n", encoding="utf-8")
    with pytest.raises(FindingsError) as refused:
        build_database(files)
    told = {finding.file for finding in refused.value.findings}
    assert told == {"studies/two.yaml", "studies/three.yaml", "studies/four.yml"}
    assert medians(files.database) == {"one": 10.0}


def test_a_vocabulary_that_cannot_be_read_is_told(files: ProjectFiles, add_study: AddStudy) -> None:
    add_study("one")
    files.vocabulary.write_text("outcomes: nothing\n", encoding="utf-8")
    with pytest.raises(FindingsError, match=r"vocabulary\.yaml:1"):
        build_database(files)


def test_an_empty_project_builds(files: ProjectFiles) -> None:
    assert build_database(files).study_count == 0
    assert medians(files.database) == {}


def test_a_build_folder_that_cannot_be_made_is_told(files: ProjectFiles, add_study: AddStudy) -> None:
    add_study("one")
    files.build.write_text("a file where a folder belongs")
    with pytest.raises(ProjectError, match="cannot be built"):
        build_database(files)


@pytest.mark.parametrize("folder", ["studies", "evidence"])
def test_a_folder_that_is_no_project_is_told(files: ProjectFiles, tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).rename(tmp_path / "elsewhere")
    with pytest.raises(ProjectError, match=folder):
        ensure_database(files)


def test_a_reader_goes_on_with_the_old_database_and_a_new_one_sees_the_new(
    files: ProjectFiles, add_study: AddStudy
) -> None:
    add_study("one")
    with open_database(build_database(files).database) as reader:
        question = "SELECT value FROM reported_outcomes"
        assert reader.execute(question).fetchall() == [(10.0,)]
        add_study("one", median(50))
        build_database(files)
        assert reader.execute(question).fetchall() == [(10.0,)]
        # In the same process too, where DuckDB would share the database that is open.
        assert medians(files.database) == {"one": 50.0}


KILL = "import os, signal\ndef kill(*_): os.kill(os.getpid(), signal.SIGKILL)\n"
WRITING = "import types\nimport evisynth.database.write_database as m\n"
MOMENTS = {
    "while rows are kept": "import evisynth.database.parse_cache as m; m.os.replace = kill",
    "before tables are made": WRITING + "m.schema_statements = kill",
    "before the rows are in": WRITING + "m.view_statements = kill",
    "before it is on the disk": WRITING + "m._flush = kill",
    "before it has its name": WRITING + "m.os = types.SimpleNamespace(**{**vars(m.os), 'replace': kill})",
    "when it has its name": WRITING + "m._flush = lambda path: path.is_dir() and kill()",
    "before it is stamped": "import evisynth.database.build as m; m.write_stamp = kill",
}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_build_killed_at_a_critical_moment_leaves_a_whole_database(
    files: ProjectFiles, add_study: AddStudy, moment: str
) -> None:
    add_study("one")
    build_database(files)
    add_study("one", median(50))
    killed = start_build(files, KILL + MOMENTS[moment])
    assert killed.wait(60) == -signal.SIGKILL
    assert medians(files.database) in ({"one": 10.0}, {"one": 50.0})
    assert medians(ensure_database(files)) == {"one": 50.0}
    left = [path.name for path in files.build.iterdir() if path.name.startswith((".building", ".stamp"))]
    assert left == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_builds_killed_at_any_moment_leave_a_whole_database(files: ProjectFiles, add_study: AddStudy) -> None:
    for number in range(40):
        add_study(f"study-{number:02}")
    build_database(files)
    moments = random.Random(20240501)
    with open_database(files.database) as reader:
        for round_ in range(1, 7):
            for number in range(40):
                add_study(f"study-{number:02}", median(10 + round_))
            process = start_build(files)
            time.sleep(moments.uniform(0.05, 0.6))
            process.kill()
            process.wait(60)
            found = set(medians(files.database).values())
            # All studies of one round: never a mixture of an old and a new build.
            assert len(found) == 1 and 10 <= found.pop() <= 10 + round_
            assert reader.execute("SELECT DISTINCT value FROM reported_outcomes").fetchall() == [(10.0,)]
    assert set(medians(ensure_database(files)).values()) == {16.0}


def test_builders_at_the_same_time_do_not_harm_each_other(files: ProjectFiles, add_study: AddStudy) -> None:
    for number in range(20):
        add_study(f"study-{number:02}")
    processes = [start_build(files) for _ in range(3)]
    assert [process.wait(120) for process in processes] == [0, 0, 0]
    assert len(medians(files.database)) == 20
    assert not build_database(files).built


def test_a_file_edited_while_it_is_read_is_built_as_it_was_last_read(
    files: ProjectFiles, add_study: AddStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_study("one")
    read = parse_files.read_batch

    def edit_and_read(batch: parse_files.Batch) -> parse_files.BatchResult:
        add_study("one", median(50))
        return read(batch)

    monkeypatch.setattr(parse_files, "read_batch", edit_and_read)
    assert medians(ensure_database(files)) == {"one": 50.0}
    assert not build_database(files).built


def test_files_that_never_rest_are_told(
    files: ProjectFiles, add_study: AddStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_study("one")
    read = parse_files.read_batch

    def edit_and_read(batch: parse_files.Batch) -> parse_files.BatchResult:
        with files.vocabulary.open("a", encoding="utf-8") as vocabulary:
            vocabulary.write("# and another thing\n")
        return read(batch)

    monkeypatch.setattr(parse_files, "read_batch", edit_and_read)
    with pytest.raises(ProjectError, match="keep changing"):
        build_database(files)
    assert not files.database.exists()


HOLDER = """\
import fcntl, os, sys
lock = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
fcntl.flock(lock, fcntl.LOCK_EX)
os.write(lock, f"{os.getpid()}\\n".encode())
print("held", flush=True)
sys.stdin.readline()
"""
BUILDING = "from evisynth.cli.process import run_process; run_process()"


def test_a_build_that_waits_says_after_a_second_for_whom(files: ProjectFiles, add_study: AddStudy) -> None:
    add_study("one")
    files.build.mkdir(exist_ok=True)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(files.lock)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout is not None and holder.stdin is not None
    assert holder.stdout.readline() == "held\n"
    waiting = subprocess.Popen(
        [sys.executable, "-c", BUILDING, "-C", str(files.folder), "build"],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert waiting.stderr is not None
        said = waiting.stderr.readline()
    finally:
        holder.communicate("done\n")
    out, err = waiting.communicate(timeout=60)
    assert said.startswith(f"evisynth: waiting for process {holder.pid}, which builds the database of")
    assert (waiting.returncode, err) == (0, "")
    assert out.strip() == str(files.database)
    assert files.lock.read_text().strip() == str(waiting.pid)
