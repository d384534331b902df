"""SQL of strangers: each statement of sql_attacks.txt has its one outcome, and none touches a file."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from evisynth.cli.tables import FORMATS, render_rows
from evisynth.database import ProjectFiles, close_database, open_database
from evisynth.errors import ProjectError
from evisynth.outcomes import run_sql

ATTACKS = Path(__file__).with_name("sql_attacks.txt")
#: How each refusal begins.
REFUSALS: Mapping[str, str] = {
    "refused": "type one statement that only reads",
    "engine": "the statement cannot be run: ",
    "time": "the statement was stopped after 0.05 seconds",
    "memory": "the statement needs more than 1GB of memory",
    "length": "the answer is longer than 50 million characters",
}
ESCAPED = re.compile(r"\\(?:(n)|(0)|u([0-9a-f]{4})|(\\))")


def statements() -> list[tuple[str, str]]:
    lines = ATTACKS.read_text(encoding="utf-8").split("\n")
    pairs = [line.split(": ", 1) for line in lines if line and not line.startswith("# ")]
    return [(outcome, ESCAPED.sub(_character, statement)) for outcome, statement in pairs]


def _character(found: re.Match[str]) -> str:
    line, nothing, number, _ = found.groups()
    return "\n" if line else "\0" if nothing else chr(int(number, 16)) if number else "\\"


def contents(*folders: Path) -> dict[str, str]:
    """Return every file of some folders with the hash of its content."""
    paths = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return {str(path): sha256(path.read_bytes()).hexdigest() for path in paths}


def outcome_of(connection: object, outcome: str, statement: str) -> str:
    try:
        answer = run_sql(connection, statement, seconds=0.05 if outcome == "time" else 60)  # type: ignore[arg-type]
    except ProjectError as error:
        said = str(error)
        assert len(said.splitlines()) == 1
        return next((name for name, begins in REFUSALS.items() if said.startswith(begins)), said)
    for style in FORMATS:
        render_rows(answer.records[:100], answer.columns, style)
    return "cut" if answer.cut else "rows"


def test_every_statement_has_its_outcome_and_touches_nothing(
    five_studies: ProjectFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(tmp_path)
    before = contents(five_studies.folder, tmp_path)
    asked = statements()
    assert len(asked) > 400
    with closing(open_database(five_studies.database, memory="1GB")) as connection:
        found = [(outcome_of(connection, outcome, text), text) for outcome, text in asked]
        assert found == asked
        assert run_sql(connection, "select count(*) as n from studies").records == [{"n": 5}]
    assert contents(five_studies.folder, tmp_path) == before
    assert not Path("/tmp/stolen.csv").exists()


class Deaf:
    """A connection that does not hear an interruption, as the engine within one long text."""

    def __init__(self, connection: object) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)

    def interrupt(self) -> None:
        return None


def test_nobody_waits_for_a_statement_that_hears_nothing(five_studies: ProjectFiles) -> None:
    connection = open_database(five_studies.database)
    began = time.monotonic()
    with pytest.raises(ProjectError, match=r"stopped after 0\.1 seconds"):
        run_sql(
            Deaf(connection),  # type: ignore[arg-type]
            "select count(*) from range(100000000) a, range(100000) b",
            seconds=0.1,
        )
    assert time.monotonic() - began < 5
    close_database(connection)  # busy: closed by its end
    connection.interrupt()
