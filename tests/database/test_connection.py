from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from evisynth.database import ProjectFiles, one_line, open_database, quoted
from evisynth.errors import ProjectError


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO study (study_id) VALUES ('x')",
        "CREATE TABLE x (a INTEGER)",
        "DROP VIEW studies",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM '/etc/hostname.csv'",
        "COPY study TO 'stolen.csv'",
        "ATTACH 'other.duckdb' AS other",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET threads = 1",
    ],
)
def test_nothing_can_be_written_or_read_besides_the_database(
    connection: duckdb.DuckDBPyConnection, statement: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(duckdb.Error):
        connection.execute(statement)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_database_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="type: evisynth build"):
        open_database(tmp_path / "evidence.duckdb")


@pytest.mark.parametrize("content", [b"", b"not a database", b"\0" * 20_000])
def test_a_file_that_is_no_database_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "evidence.duckdb"
    path.write_bytes(content)
    with pytest.raises(ProjectError, match="delete it") as refused:
        open_database(path)
    assert "\n" not in str(refused.value)


def test_a_folder_name_may_hold_quotes(evidence: ProjectFiles, tmp_path: Path) -> None:
    folder = tmp_path / "O'Brien; DROP"
    folder.mkdir()
    path = folder / "evidence.duckdb"
    path.write_bytes(evidence.database.read_bytes())
    with open_database(path) as connection:
        assert connection.execute("SELECT count(*) FROM studies").fetchone() == (5,)
    assert quoted("O'Brien") == "O''Brien"


def test_an_error_of_the_database_becomes_one_line() -> None:
    assert one_line(ValueError("Parser Error: no\n good\n\nLINE 1: x\n        ^")) == "Parser Error: no good"


HELD = """\
import duckdb, sys
held = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


def test_a_database_open_elsewhere_is_not_to_be_deleted(tmp_path: Path) -> None:
    path = tmp_path / "evidence.duckdb"
    duckdb.connect(str(path)).close()
    holder = subprocess.Popen(
        [sys.executable, "-c", HELD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(ProjectError) as refused:
            open_database(path)
    finally:
        holder.communicate()
    said = str(refused.value)
    assert f"PID {holder.pid}" in said
    assert "wait until it ends" in said
    assert "delete" not in said


def test_a_file_that_is_no_database_is_to_be_deleted(tmp_path: Path) -> None:
    path = tmp_path / "evidence.duckdb"
    path.write_bytes(b"no database at all" * 1000)
    with pytest.raises(ProjectError, match="delete it and type: evisynth build"):
        open_database(path)
