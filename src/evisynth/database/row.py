"""A row on its way to a table: the columns that are not NULL, ready for JSON."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]
#: Rows by table.
Rows = dict[str, list[Row]]


def row_of(**columns: Any) -> Row:
    """Return a row of the columns that are not None."""
    return {name: value for name, value in columns.items() if value is not None}


def location(at: str | None, also_at: str | None) -> str | None:
    """Say where the source prints something, with the second place when there is one."""
    return at if also_at is None else f"{at} (also {also_at})" if at else also_at
