from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from evisynth.errors import ProjectError
from evisynth.report import Column, DataTable, write_parquet

COLUMNS = (
    Column("group", "string", "A word."),
    Column("n", "integer", "A count.", "patients"),
    Column("value", "number", "A number.", "months"),
    Column("holds", "boolean", "Whether."),
    Column("listed", "array", "Words.", "JSON array"),
)
ROWS = (
    ("é \"' \\ ,\n", 2, 0.1 + 0.2, True, ["a", ""]),
    ("", None, 1e-300, False, []),
    (None, -1, None, None, None),
)


def test_values_types_and_order_come_back(tmp_path: Path) -> None:
    path = tmp_path / "it's here.parquet"
    write_parquet(DataTable("One row a thing.", COLUMNS, ROWS), path)
    with duckdb.connect() as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
        assert [str(column[1]) for column in found.description or ()] == [
            "VARCHAR", "INTEGER", "DOUBLE", "BOOLEAN", "VARCHAR[]",
        ]  # fmt: skip
        assert found.fetchall() == list(ROWS)


def test_the_same_rows_are_the_same_bytes(tmp_path: Path) -> None:
    table = DataTable("One row a thing.", COLUMNS, ROWS * 5000)
    write_parquet(table, tmp_path / "one.parquet")
    write_parquet(table, tmp_path / "two.parquet")
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"cannot write .*rows.parquet"):
        write_parquet(DataTable("", COLUMNS, ()), tmp_path / "missing" / "rows.parquet")
