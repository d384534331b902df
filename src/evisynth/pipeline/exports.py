"""Everything a colleague without evisynth needs to go on: tables, answers, a script of R, their meaning."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from evisynth.database import View, documented_views
from evisynth.errors import FindingsError, UnknownNameError
from evisynth.outcomes import QUERY_TYPES, ReportedOutcome
from evisynth.pipeline.export_folder import check_replaceable, replaced_folder
from evisynth.pipeline.project import Project, Recovered
from evisynth.pipeline.session import one_session
from evisynth.report import (
    ANSWERS,
    NO_UNIT,
    PACKAGE_FILE,
    VIEW_UNITS,
    Column,
    DataTable,
    ExportedQuestion,
    FieldType,
    Resource,
    question_tables,
    render_csv,
    render_metafor_script,
    render_package,
    render_readme,
    robvis_tables,
    write_parquet,
)

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


def export(project: Project, folder: Path, questions: Sequence[str] = ()) -> Path:
    """Write the export of a project, whole or not at all, and return its folder.

    The same evidence gives the same bytes: no date, no version, no path of the machine.

    Parameters
    ----------
    project
        The project.
    folder
        Missing, empty, or an earlier export, which is replaced.
    questions
        Those to export; all of them when none is named.

    Raises
    ------
    UnknownNameError
        For a question that nobody asked.
    FindingsError
        A file has a mistake that must be mended first.
    ProjectError
        The folder holds something else, or cannot be written.
    """
    known = project.question_ids()
    for name in questions:
        if name not in known:
            raise UnknownNameError("question", name, known)
    check_replaceable(folder)
    findings = project.check()
    if any(finding.level == "error" for finding in findings):
        raise FindingsError(findings)
    wanted = [name for name in known if not questions or name in questions]
    with one_session(project) as kept:
        with kept.connection() as connection:
            views = _view_tables(connection)
        exported = [_exported(kept.recover(name)) for name in wanted]
    with replaced_folder(folder) as new:
        write_export(views, exported, new)
    return folder


def _exported(recovered: Recovered) -> ExportedQuestion:
    return question_tables(recovered.answer, recovered.comparisons, recovered.effects)


def write_export(
    views: Sequence[tuple[str, DataTable]], questions: Sequence[ExportedQuestion], folder: Path
) -> None:
    """Write the files of an export into an empty folder."""
    every_answer = DataTable(
        "One row a pooled estimate, or the refusal of one.",
        ANSWERS,
        tuple(row for question in questions for row in question.answers.rows),
    )
    tables = (*views, ("answers", every_answer))
    readme = render_readme(questions, tables)
    script = render_metafor_script(questions)
    resources = [_text(folder, "README.md", readme, "What lies here, for people.")]
    for name, table in tables:
        resources += [_csv(folder, f"{name}.csv", table), _parquet(folder, f"{name}.parquet", table)]
    resources += _robvis_files(folder, dict(views).get("risk_of_bias"))
    for question in questions:
        resources += _question_files(folder, question)
    resources.append(_text(folder, "metafor.R", script, "Refits every answer with metafor and compares."))
    _text(folder, PACKAGE_FILE, render_package(resources), "")


def _question_files(folder: Path, exported: ExportedQuestion) -> list[Resource]:
    place = f"questions/{exported.question.id}"
    (folder / place).mkdir(parents=True)
    answer = json.dumps(exported.record, indent=2, ensure_ascii=False) + "\n"
    files = [
        _csv(folder, f"{place}/effects.csv", exported.effects),
        _csv(folder, f"{place}/rows.csv", exported.rows),
    ]
    if exported.covariances is not None:
        files.append(_csv(folder, f"{place}/covariances.csv", exported.covariances))
    return [
        *files,
        _text(folder, f"{place}/answer.json", answer, "The answer, with its rows; natural scale."),
    ]


def _robvis_files(folder: Path, judgements: DataTable | None) -> list[Resource]:
    by_tool = {} if judgements is None else robvis_tables(judgements)
    if by_tool:
        (folder / "robvis").mkdir()
    return [_csv(folder, f"robvis/{tool.replace(' ', '-')}.csv", table) for tool, table in by_tool.items()]


def _text(folder: Path, path: str, text: str, meaning: str, table: DataTable | None = None) -> Resource:
    content = text.encode("utf-8")
    (folder / path).write_bytes(content)
    return Resource(path, content, meaning, table)


def _csv(folder: Path, path: str, table: DataTable) -> Resource:
    return _text(folder, path, render_csv(table), table.meaning, table)


def _parquet(folder: Path, path: str, table: DataTable) -> Resource:
    write_parquet(table, folder / path)
    return Resource(path, (folder / path).read_bytes(), table.meaning, table)


# the documented views


def _view_tables(connection: DuckDBPyConnection) -> tuple[tuple[str, DataTable], ...]:
    """Read every documented view, by study and in the order of its file, with its name."""
    return tuple((view.name, _read(connection, view)) for view in documented_views())


def reported_table(figures: Sequence[ReportedOutcome]) -> DataTable:
    """Return reported figures as a table with the columns of the query interface."""
    view = documented_views()[0]
    columns = tuple(_column(view, name, kind) for name, kind in QUERY_TYPES.items())
    rows = tuple(tuple(getattr(figure, name) for name in QUERY_TYPES) for figure in figures)
    return DataTable(view.comment, columns, rows)


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
