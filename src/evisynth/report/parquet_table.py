"""Tables as Parquet, for programs that keep types."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from evisynth.database import NO_EXTENSIONS, one_line, quoted
from evisynth.errors import ProjectError
from evisynth.report.data_table import Column, DataTable, plain_value
from evisynth.whole_files import write_whole

_TYPES = {
    "string": "VARCHAR",
    "integer": "INTEGER",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "array": "VARCHAR[]",
}


def write_parquet(table: DataTable, path: Path, *, make_folder: bool = False) -> Path:
    """Write a table to a Parquet file, its rows in their order, whole or not at all; return its path.

    The connection is one of its own: the one that answers questions may not write files.

    Raises
    ------
    ProjectError
        When the file cannot be written.
    """
    import duckdb

    columns = ", ".join(_declared(column) for column in table.columns)
    try:
        with tempfile.TemporaryDirectory(prefix="evisynth-") as folder:
            lines, drafted = Path(folder) / "rows.ndjson", Path(folder) / "rows.parquet"
            with open(lines, "w", encoding="utf-8", newline="\n") as file:
                file.writelines(_line(table.names, row) for row in table.rows)
            # One thread, so that the rows are laid out the same way on every machine.
            with duckdb.connect(config={**NO_EXTENSIONS, "threads": 1}) as connection:
                connection.execute(
                    f"COPY (SELECT * FROM read_json('{quoted(str(lines))}', format = 'newline_delimited', "
                    f"columns = {{{columns}}})) TO '{quoted(str(drafted))}' (FORMAT parquet)"
                )
            content = drafted.read_bytes()
    except (OSError, duckdb.Error) as error:
        raise ProjectError(f"{path.name} cannot be written: {one_line(error)}") from error
    return write_whole(path, content, make_folder=make_folder)


def _declared(column: Column) -> str:
    return f"\"{column.name}\": '{_TYPES[column.type]}'"


def _line(names: tuple[str, ...], row: tuple[object, ...]) -> str:
    values = {name: plain_value(value) for name, value in zip(names, row, strict=True)}
    return json.dumps(values, ensure_ascii=False) + "\n"
