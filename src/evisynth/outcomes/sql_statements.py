"""Running one statement that a person wrote, which may read and nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evisynth.database import VIEWS, one_line
from evisynth.errors import ProjectError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class SqlAnswer:
    """The columns of an answer, each name once, and its rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    @property
    def records(self) -> list[dict[str, Any]]:
        """The rows as mappings from column to value."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def run_sql(connection: DuckDBPyConnection, statement: str) -> SqlAnswer:
    """Run one reading statement against the documented views, on a connection of ``open_database``.

    Raises
    ------
    ProjectError
        When it is not one statement, does more than read, or the database refuses it.
    """
    import duckdb

    try:
        parts = connection.extract_statements(statement)
        if len(parts) != 1 or parts[0].type != duckdb.StatementType.SELECT:
            raise ProjectError(
                "type one statement that only reads, such as: SELECT * FROM reported_outcomes; "
                f"the views are {', '.join(view.name for view in VIEWS)}"
            )
        answer = connection.execute(parts[0])
        names = [column[0] for column in answer.description or ()]
        rows = answer.fetchall()
    except duckdb.Error as error:
        views = f" (the views are {', '.join(view.name for view in VIEWS)})"
        unknown = isinstance(error, duckdb.CatalogException)
        raise ProjectError(
            f"the statement cannot be run: {one_line(error)}{views if unknown else ''}"
        ) from error
    return SqlAnswer(_distinct(names), tuple(rows))


def _distinct(names: list[str]) -> tuple[str, ...]:
    """Number the second and later columns of one name, as two columns of a mapping cannot share it."""
    met: Counter[str] = Counter()
    distinct = []
    for name in names:
        met[name] += 1
        distinct.append(name if met[name] == 1 else f"{name}_{met[name]}")
    return tuple(distinct)
