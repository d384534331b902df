"""One statement of SQL that a person wrote: it may read, within bounds, and do nothing else."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evisynth.database import documented_views, one_line
from evisynth.errors import ProjectError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: What a statement may use of memory, in the engine's words.
SQL_MEMORY = "1GB"
#: What a statement may take and give, unless the caller says otherwise.
SQL_SECONDS, SQL_ROWS, SQL_CHARACTERS = 10.0, 100_000, 50_000_000
#: How long a statement that is stopped may take to end.
_DEAF_SECONDS = 1.0
#: Types whose values Python has no equal for: a month is no number of days.
_AS_TEXT = ("INTERVAL", "TIMESTAMP WITH TIME ZONE", "TIME WITH TIME ZONE", "VARIANT")


@dataclass(frozen=True, slots=True)
class SqlAnswer:
    """The columns of an answer, each name once, and its rows; ``cut`` says that there were more of them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    cut: bool = False

    @property
    def records(self) -> list[dict[str, Any]]:
        """The rows as mappings from column to value."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def run_sql(
    connection: DuckDBPyConnection, statement: str, *, seconds: float = SQL_SECONDS, most: int = SQL_ROWS
) -> SqlAnswer:
    """Run one reading statement against the documented views, on a connection of ``open_database``.

    Parameters
    ----------
    connection
        Of ``open_database``, which holds memory within bounds too.
    statement
        One statement that reads.
    seconds
        After which it is stopped.
    most
        Rows that are fetched at most.

    Raises
    ------
    ProjectError
        When it is not one statement, does more than read, needs more than its bounds allow, or the
        database refuses it.
    """
    import duckdb

    try:
        parts = connection.extract_statements(statement)
        if len(parts) != 1 or not _only_reads(parts[0]):
            raise ProjectError(
                "type one statement that only reads, such as: SELECT * FROM reported_outcomes; "
                f"the views are {', '.join(view.name for view in documented_views())}"
            )
        names, rows = _within(seconds, connection, parts[0].query, most + 1)
    except duckdb.InterruptException as error:
        raise ProjectError(
            f"the statement was stopped after {seconds:g} seconds; ask for less, or allow more: --timeout 60"
        ) from error
    except duckdb.OutOfMemoryException as error:
        raise ProjectError(
            f"the statement needs more than {SQL_MEMORY} of memory; ask for less at once"
        ) from error
    except duckdb.Error as error:
        views = f" (the views are {', '.join(view.name for view in documented_views())})"
        unknown = isinstance(error, duckdb.CatalogException)
        raise ProjectError(
            f"the statement cannot be run: {one_line(error)}{views if unknown else ''}"
        ) from error
    if sum(len(str(value)) for row in rows for value in row) > SQL_CHARACTERS:
        raise ProjectError("the answer is longer than 50 million characters; ask for less at once")
    return SqlAnswer(_distinct(names), tuple(rows[:most]), len(rows) > most)


def _only_reads(statement: Any) -> bool:
    """Whether a statement is one that reads; some kinds of others have no name in Python."""
    import duckdb

    try:
        return bool(statement.type == duckdb.StatementType.SELECT)
    except ValueError:
        return False


def _within(
    seconds: float, connection: DuckDBPyConnection, statement: str, most: int
) -> tuple[list[str], list[Any]]:
    """Fetch the first rows; what takes longer is stopped, and so is what a person interrupts.

    The engine works in a thread of its own: the main one would hear an interruption only at the end.
    """
    from concurrent.futures import Future, TimeoutError as TooLong
    from threading import Thread

    import duckdb

    answer: Future[tuple[list[str], list[Any]]] = Future()

    def fetch() -> None:
        try:
            answer.set_result(_fetch(connection, statement, most))
        except BaseException as error:
            answer.set_exception(error)

    # A function that makes one long text hears nothing until it has made it: then nobody waits for it.
    Thread(target=fetch, daemon=True).start()
    try:
        return answer.result(timeout=seconds)
    except TooLong as error:
        raise duckdb.InterruptException(str(error)) from error
    finally:
        until = time.monotonic() + _DEAF_SECONDS
        # An interruption before the engine has begun is not heard.
        while not answer.done() and time.monotonic() < until:
            connection.interrupt()
            time.sleep(0.02)


def _fetch(connection: DuckDBPyConnection, statement: str, most: int) -> tuple[list[str], list[Any]]:
    """Fetch the first rows; columns of a type that Python has no equal for are fetched as text."""
    answer = connection.execute(statement)
    columns = answer.description or ()
    names = [column[0] for column in columns]
    if not any(kind in str(column[1]) for column in columns for kind in _AS_TEXT):
        return names, answer.fetchmany(most)
    answer = connection.execute(f"SELECT COLUMNS(*)::VARCHAR FROM ({statement.rstrip().rstrip(';')}\n)")
    return names, answer.fetchmany(most)


def _distinct(names: list[str]) -> tuple[str, ...]:
    """Number the second and later columns of one name, as two columns of a mapping cannot share it."""
    distinct: list[str] = []
    for name in names:
        number, unique = 1, name
        while unique in distinct or (number > 1 and unique in names):
            number += 1
            unique = f"{name}_{number}"
        distinct.append(unique)
    return tuple(distinct)
