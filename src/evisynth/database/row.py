"""A row on its way to a table: the columns that are not NULL, ready for JSON."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Protocol

from evisynth.database.tables import TABLES

Row = dict[str, Any]
#: Rows by table.
Rows = dict[str, list[Row]]
#: Columns that rows take as they are, each with its attribute there, by table and model.
_TAKEN: defaultdict[tuple[str, type], list[tuple[str, str]]] = defaultdict(list)
for _table in TABLES:
    for _column in _table.columns:
        if _column.model is not None:
            _TAKEN[_table.name, _column.model].append((_column.name, _column.attribute))


class Placed(Protocol):
    """What stands in a study file, and says where the source prints it."""

    @property
    def at(self) -> str | None:
        """Where the source prints it."""

    @property
    def line(self) -> int:
        """Line of the study file."""


def row_of(**columns: Any) -> Row:
    """Return a row of the columns that are not None."""
    return {name: value for name, value in columns.items() if value is not None}


def taken(table: str, thing: Any) -> Row:
    """Return the columns that a row of a table takes from one thing as they are."""
    values = ((name, getattr(thing, attribute)) for name, attribute in _TAKEN[table, type(thing)])
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values
        if value is not None
    }


def home_of(thing: Placed) -> Row:
    """Return the columns that say where something stands, in the source and in the study file."""
    place = location(thing.at, getattr(thing, "also_at", None))
    return row_of(source_location=place, file_line=thing.line)


def location(at: str | None, also_at: str | None) -> str | None:
    """Say where the source prints something, with the second place when there is one."""
    return at if also_at is None else f"{at} (also {also_at})" if at else also_at
