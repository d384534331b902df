"""Writing reported figures as Parquet, with the columns and types of the query interface."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from evisynth.database import NO_EXTENSIONS, one_line, quoted
from evisynth.errors import ProjectError
from evisynth.outcomes.reported_outcome import QUERY_COLUMNS, ReportedOutcome

_REALS = ("time_months", "value", "ci_lower", "ci_upper", "level", "lower", "upper")
_TYPES = {
    **dict.fromkeys(QUERY_COLUMNS, "VARCHAR"),
    **dict.fromkeys(_REALS, "DOUBLE"),
    "n": "INTEGER",
    "compared_with": "VARCHAR[]",
}


def export_parquet(rows: Iterable[ReportedOutcome], path: Path) -> Path:
    """Write figures to a Parquet file, whole or not at all, and return its path.

    The connection is one of its own: the one that answers questions may not write files.
    """
    import duckdb

    columns = ", ".join(f"\"{name}\": '{kind}'" for name, kind in _TYPES.items())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".parquet-") as folder:
            lines, beside = Path(folder) / "rows.ndjson", Path(folder) / "rows.parquet"
            with open(lines, "w", encoding="utf-8") as file:
                file.writelines(_line(row) for row in rows)
            with duckdb.connect(config=dict(NO_EXTENSIONS)) as connection:
                connection.execute(
                    f"COPY (SELECT * FROM read_json('{quoted(str(lines))}', format = 'newline_delimited', "
                    f"columns = {{{columns}}})) TO '{quoted(str(beside))}' (FORMAT parquet)"
                )
            os.replace(beside, path)
    except (OSError, duckdb.Error) as error:
        raise ProjectError(f"{path} cannot be written: {one_line(error)}") from error
    return path


def _line(row: ReportedOutcome) -> str:
    return json.dumps({name: getattr(row, name) for name in QUERY_COLUMNS}, ensure_ascii=False) + "\n"
