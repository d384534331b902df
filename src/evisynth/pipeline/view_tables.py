"""The documented views as tables for other programs, their rows in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from evisynth.database import VIEWS, View
from evisynth.report import NO_UNIT, VIEW_UNITS, Column, DataTable, FieldType

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: What the database calls the types; a column of another one is exported as text.
_TYPES: dict[str, FieldType] = {
    "VARCHAR": "string",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "VARCHAR[]": "array",
}
#: Columns that tell the order of a study file, the outer ones first.
_ORDERS = ("study", "assessment_no", "figure_no", "comparison_no", "position")


def view_tables(connection: DuckDBPyConnection) -> tuple[tuple[str, DataTable], ...]:
    """Read every documented view, by study and in the order of its file, with its name."""
    return tuple((view.name, _read(connection, view)) for view in VIEWS)


def _read(connection: DuckDBPyConnection, view: View) -> DataTable:
    described = connection.execute(f"DESCRIBE SELECT * FROM {view.name}").fetchall()
    types = {str(name): _TYPES.get(str(kind)) for name, kind, *_ in described}
    columns = tuple(_column(view, name, kind or "string") for name, kind in types.items())
    selected = ", ".join(
        f'"{name}"' if kind is not None else f'CAST("{name}" AS VARCHAR) AS "{name}"'
        for name, kind in types.items()
    )
    found = connection.execute(f"SELECT {selected} FROM {view.name} ORDER BY {_order(types)}").fetchall()
    return DataTable(view.comment, columns, tuple(found))


def _column(view: View, name: str, kind: FieldType) -> Column:
    unit = VIEW_UNITS.get(name, NO_UNIT) if kind in ("integer", "number") else None
    return Column(name, kind, view.columns[name], "JSON array" if kind == "array" else unit)


def _order(names: Iterable[str]) -> str:
    """Order by study, then as its file does; every other column decides where those are equal."""
    listed = list(names)
    first = [name for name in _ORDERS if name in listed]
    return ", ".join(f'"{name}"' for name in [*first, *(name for name in listed if name not in first)])
