from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from evisynth.errors import ProjectError
from evisynth.outcomes import QUERY_COLUMNS
from evisynth.pipeline import Evidence


def test_the_rows_come_back_as_they_were(project: Path, tmp_path: Path) -> None:
    evidence = Evidence(project)
    rows = evidence.reported_outcomes()
    path = evidence.export_parquet(tmp_path / "it's here" / "rows.parquet")
    assert [entry.name for entry in path.parent.iterdir()] == ["rows.parquet"]
    with duckdb.connect() as other:
        found = other.execute("SELECT * FROM read_parquet(?)", [str(path)])
        assert tuple(column[0] for column in found.description or ()) == QUERY_COLUMNS
        types = dict(
            other.execute(
                "SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet(?))", [str(path)]
            ).fetchall()
        )
        back = other.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
    assert (types["n"], types["value"], types["compared_with"]) == ("INTEGER", "DOUBLE", "VARCHAR[]")
    expected = [
        tuple(
            list(value) if isinstance(value, tuple) else value
            for value in (getattr(row, name) for name in QUERY_COLUMNS)
        )
        for row in rows
    ]
    assert back == expected


def test_no_rows_are_a_file_with_columns(project: Path, tmp_path: Path) -> None:
    path = Evidence(project).export_parquet(tmp_path / "rows.parquet", at="1 day")
    with duckdb.connect() as other:
        assert other.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchone() == (0,)


def test_a_file_that_cannot_be_written_is_told(project: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ProjectError, match="cannot write"):
        Evidence(project).export_parquet(tmp_path / "file" / "rows.parquet")
