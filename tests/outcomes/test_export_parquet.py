from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from evisynth.errors import ProjectError
from evisynth.outcomes import QUERY_COLUMNS, export_parquet, select_reported_outcomes


def test_the_rows_come_back_as_they_were(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = select_reported_outcomes(connection)
    path = export_parquet(rows, tmp_path / "it's here" / "rows.parquet")
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


def test_no_rows_are_a_file_with_columns(tmp_path: Path) -> None:
    path = export_parquet([], tmp_path / "rows.parquet")
    with duckdb.connect() as other:
        assert other.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchone() == (0,)


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ProjectError, match="cannot be written"):
        export_parquet([], tmp_path / "file" / "rows.parquet")
