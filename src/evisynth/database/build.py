"""Building the database: beside the old one, and swapped in whole.

The tables are always written anew, from rows that are parsed again only where a file changed. A build that
is killed leaves the old database as it was and a folder that the next build removes; a reader that has the
old database open goes on reading it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from evisynth.database.connection import NO_EXTENSIONS, one_line, quoted
from evisynth.database.freshness import Snapshot, check_freshness, write_stamp
from evisynth.database.parse_files import parse_files
from evisynth.database.project_files import ProjectFiles
from evisynth.database.tables import TABLES, Table, table_statements
from evisynth.database.views import view_statements
from evisynth.errors import ProjectError

_WORK_FOLDER = ".building-"
#: How often files may change while they are read before a person is told.
_TRIES = 5


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did; ``parsed`` counts the study files that were read again."""

    database: Path
    study_count: int
    parsed: int
    built: bool


def ensure_database(files: ProjectFiles) -> Path:
    """Return the database, built first when it is missing or stale."""
    if check_freshness(files).fresh:
        return files.database
    return build_database(files).database


def build_database(files: ProjectFiles) -> BuildReport:
    """Bring the database up to date with the study files and the vocabulary.

    Raises
    ------
    FindingsError
        With every mistake of every file; the old database stays.
    ProjectError
        When the folder cannot be read or written.
    """
    try:
        files.build.mkdir(parents=True, exist_ok=True)
        with _only_builder(files.lock):
            return _build(files)
    except OSError as error:
        raise ProjectError(f"the database cannot be built in {files.build}: {error.strerror or error}") from error


def _build(files: ProjectFiles) -> BuildReport:
    for _ in range(_TRIES):
        found = check_freshness(files)
        snapshot = found.snapshot
        if found.fresh:
            return BuildReport(files.database, len(snapshot.studies), 0, built=False)
        parsed = parse_files(files, snapshot)
        if parsed.lines is not None:
            _swap_in(files, snapshot, parsed.lines)
            return BuildReport(files.database, len(snapshot.studies), parsed.parsed, built=True)
    raise ProjectError(f"files in {files.studies} keep changing while they are read; try again when they rest")


@contextmanager
def _only_builder(lock: Path) -> Iterator[None]:
    """Wait until no other process builds here. Where locks do not exist builds may run side by side."""
    try:
        import fcntl
    except ImportError:  # Windows: each build has a folder of its own, and the last to finish stands
        yield
        return
    with open(lock, "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        for leftover in lock.parent.glob(f"{_WORK_FOLDER}*"):
            # The lock tells that its builder is dead.
            shutil.rmtree(leftover, ignore_errors=True)
        yield


def _swap_in(files: ProjectFiles, snapshot: Snapshot, lines: Iterable[bytes]) -> None:
    work = Path(tempfile.mkdtemp(prefix=_WORK_FOLDER, dir=files.build))
    try:
        rows, database = work / "rows.ndjson", work / "evidence.duckdb"
        with open(rows, "wb") as file:
            file.writelines(lines)
        write_database(database, rows)
        _flush(database)
        os.replace(database, files.database)
        _flush(files.build)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    write_stamp(files, snapshot)


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

    staged = ", ".join(f"{table.name}: '{_struct(table)}[]'" for table in TABLES)
    connection = duckdb.connect(path, config=dict(NO_EXTENSIONS))
    try:
        connection.execute(
            f"CREATE TEMP TABLE staged AS SELECT * FROM read_json('{quoted(str(rows))}', "
            f"format = 'newline_delimited', columns = {{{staged}}})"
        )
        connection.execute("BEGIN")
        connection.execute(";\n".join([*table_statements(), *view_statements()]))
        for table in TABLES:
            connection.execute(f"INSERT INTO {table.name} SELECT unnest({table.name}, max_depth := 2) FROM staged")
        connection.execute("COMMIT; DROP TABLE staged; CHECKPOINT")
    except duckdb.Error as error:
        raise ProjectError(f"the tables refuse what the study files say: {one_line(error)}") from error
    finally:
        connection.close()


def _struct(table: Table) -> str:
    columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
    return f"STRUCT({columns})"
