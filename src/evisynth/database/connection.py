"""Opening the database for questions only: read-only, with no way out to other files or to the network."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from evisynth.errors import ProjectError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: A stray 'x.xlsx' in a statement would otherwise be looked for on the network.
NO_EXTENSIONS: dict[str, str | bool] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
#: As DuckDB names the process that holds a lock: "Conflicting lock is held in /usr/bin/duckdb (PID 12)".
_HOLDER = re.compile(r"held in (.+?) \(PID (\d+)\)")


def open_database(path: Path, *, memory: str | None = None) -> DuckDBPyConnection:
    """Open the database read-only, cut off from other files, its settings locked.

    ``memory`` bounds what its statements may use (``1GB``); then nothing is put aside on the disk either.

    The file is attached to an empty database in memory: a second connection to the same path would
    otherwise be given the first one's file, even when a newer one has taken its place.
    """
    import duckdb

    if not path.is_file():
        raise ProjectError(f"there is no database at {path}; type: evisynth build")
    bounds = {} if memory is None else {"memory_limit": memory, "temp_directory": ""}
    connection = duckdb.connect(config={**NO_EXTENSIONS, **bounds})
    try:
        connection.execute(f"ATTACH '{quoted(str(path))}' AS evidence (READ_ONLY)")
        connection.execute(
            "USE evidence; SET enable_progress_bar = false; SET enable_external_access = false; "
            "SET lock_configuration = true"
        )
    except duckdb.Error as error:
        connection.close()
        raise ProjectError(_why_not_opened(path, one_line(error))) from error
    return connection


def close_database(connection: DuckDBPyConnection) -> None:
    """Close a connection; one busy with a statement that nobody waits for ends with that statement."""
    import duckdb

    with suppress(duckdb.Error):
        connection.close()


def _why_not_opened(path: Path, said: str) -> str:
    """Say what keeps a database shut: a process that has it open to write, or what it holds."""
    if "lock" not in said.lower():
        return f"{path} cannot be opened ({said}); delete it and type: evisynth build"
    holder = _HOLDER.search(said)
    who = f"another process ({holder[1]}, PID {holder[2]})" if holder else "another process"
    return (
        f"{path} is open in {who}, which may write to it; close it there or wait until it ends, and type the "
        "command again"
    )


def quoted(text: str) -> str:
    """Return a text as it stands between single quotes in SQL."""
    return text.replace("'", "''")


def one_line(error: Exception) -> str:
    """Return what an error says, without the drawing of the place under it."""
    return " ".join(str(error).partition("\n\n")[0].split())
