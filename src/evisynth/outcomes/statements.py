"""Statements of SQL, kept in files of ``sql/`` where they can be read."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FOLDER = Path(__file__).with_name("sql")


def run_statement(connection: DuckDBPyConnection, name: str, **values: Any) -> list[tuple[Any, ...]]:
    """Run a statement of ``sql/`` with values for its parameters, and return its rows."""
    return connection.execute(_read(name), values).fetchall()


@cache
def _read(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
