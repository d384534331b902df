"""Tables for other programs: columns with type, unit and meaning, and their rows as CSV.

CSV follows RFC 4180 in UTF-8: text always stands in quotes and numbers never do, a value that is absent is
nothing at all, and lists are JSON arrays, so that one with nothing in it differs from none.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any, Literal

#: The types of a Frictionless Table Schema that are used here.
FieldType = Literal["string", "integer", "number", "boolean", "array"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; ``unit`` is None for words, and for numbers without one it says so."""

    name: str
    type: FieldType
    meaning: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class DataTable:
    """Rows in their order, each with a value a column; ``meaning`` says what one row is."""

    meaning: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)


def render_csv(table: DataTable) -> str:
    """Write a table as CSV, its columns named in the first line."""
    lines = [",".join(table.names)]
    lines += [",".join(_cell(value) for value in row) for row in table.rows]
    return "".join(line + "\r\n" for line in lines)


def plain_value(value: Any) -> Any:
    """Give a value as JSON can hold it: no tuples, and nothing for numbers that are none."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [plain_value(part) for part in value]
    return value


def _cell(value: Any) -> str:
    value = plain_value(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"  # what R, Excel and pandas take for truth values
    if isinstance(value, int | float):
        return repr(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return '"' + text.replace('"', '""') + '"'
