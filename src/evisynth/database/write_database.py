"""Writing the database into a folder of its own, then giving it the name that readers open."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from evisynth.database.connection import NO_EXTENSIONS, one_line, quoted
from evisynth.database.table import Table
from evisynth.database.tables import TABLES
from evisynth.database.views import view_statements
from evisynth.errors import ProjectError

_WORK_FOLDER = ".building-"
_OPEN_ALONE: dict[str, Any] = {**NO_EXTENSIONS, "threads": 1}
_CLOSE_GROUP_TREE = Path(__file__).with_name("sql") / "close_group_tree.sql"


def swap_in_database(database: Path, lines: Iterable[bytes]) -> None:
    """Make a database from lines of JSON, each a mapping from tables to rows, in place of the old one.

    The old one is whole until the new one is on the disk, and stays readable for who has it open.
    """
    work = Path(tempfile.mkdtemp(prefix=_WORK_FOLDER, dir=database.parent))
    try:
        rows, beside = work / "rows.ndjson", work / database.name
        with open(rows, "wb") as file:
            file.writelines(lines)
        write_database(beside, rows)
        _flush(beside)
        os.replace(beside, database)
        _flush(database.parent)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def remove_leftovers(build: Path) -> None:
    """Remove what builds left that were killed; no other build may be running."""
    for leftover in build.glob(f"{_WORK_FOLDER}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _flush(path: Path) -> None:
    """Wait until the disk has it, so that the new name never stands for half a file."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_database(path: Path, rows: Path) -> None:
    """Write a new database from lines of JSON, each a mapping from tables to rows."""
    import duckdb

    global _has_built
    if _has_built:
        path.write_bytes(_empty_database(";\n".join(schema_statements())))
    staged = ", ".join(f"{table.name}: '{quoted(_struct(table))}[]'" for table in TABLES)
    # Tables with keys fill quicker on one thread than on two, and rows keep the order of the lines.
    connection = duckdb.connect(path, config=_OPEN_ALONE)
    try:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(
            f"CREATE TEMP TABLE staged AS SELECT * FROM read_json('{quoted(str(rows))}', "
            f"format = 'newline_delimited', columns = {{{staged}}})"
        )
        connection.execute("BEGIN")
        if not _has_built:
            connection.execute(";\n".join(schema_statements()))
        for table in TABLES:
            connection.execute(
                f"INSERT INTO {table.name} SELECT unnest({table.name}, max_depth := 2) FROM staged"
            )
        connection.execute(_CLOSE_GROUP_TREE.read_text(encoding="utf-8"))
        connection.execute("COMMIT; DROP TABLE staged; CHECKPOINT")
    except duckdb.Error as error:
        raise ProjectError(f"the tables refuse what the study files say: {one_line(error)}") from error
    finally:
        connection.close()
    _has_built = True


# The four hundred comments of its tables take most of the time of a small build: a process that builds once
# more begins with a copy.
_has_built = False


@cache
def _empty_database(schema: str) -> bytes:
    """Return the file with the tables and views of a schema, and nothing in them."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.duckdb"
        with duckdb.connect(path, config=_OPEN_ALONE) as connection:
            connection.execute(f"BEGIN;\n{schema};\nCOMMIT")
        return path.read_bytes()


def schema_statements() -> Iterator[str]:
    """Give the SQL that makes every table and every view, with their comments."""
    for table in TABLES:
        yield from table.statements()
    yield from view_statements()


def _struct(table: Table) -> str:
    columns = ", ".join(f'"{column.name}" {column.sql_type}' for column in table.columns)
    return f"STRUCT({columns})"
