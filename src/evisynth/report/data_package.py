"""What an export says of itself: a Frictionless Data Package for programs, and a README for people."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from evisynth.report.data_table import Column, DataTable
from evisynth.report.metafor_script import reason_not_refitted
from evisynth.report.question_tables import ExportedQuestion

#: The file that tells an export from any other folder, and the name in it that does.
PACKAGE_FILE = "datapackage.json"
PACKAGE_NAME = "evisynth-export"
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_MEDIA_TYPES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "R": "text/x-r",
    "md": "text/markdown",
}


@dataclass(frozen=True, slots=True)
class Resource:
    """A file of the export: its path in the folder, its bytes, and the table it holds, if any."""

    path: str
    content: bytes
    meaning: str
    table: DataTable | None = None


def render_package(resources: Sequence[Resource]) -> str:
    """Describe every file: columns with types, units and meaning, size and hash."""
    package = {
        "$schema": _PROFILE,
        "name": PACKAGE_NAME,
        "title": "What studies report, and what they answer together",
        "description": (
            "Figures as studies print them, the effects recovered from them with how each was had, and "
            "pooled estimates or the reason why there is none."
        ),
        "resources": [_describe(resource) for resource in resources],
    }
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"


def _describe(resource: Resource) -> dict[str, Any]:
    stem, _, ending = resource.path.rpartition(".")
    described: dict[str, Any] = {
        "name": _resource_name(stem, ending, tabular=resource.table is not None),
        "path": resource.path,
        "description": resource.meaning,
        "format": ending,
        "mediatype": _MEDIA_TYPES[ending],
        "bytes": len(resource.content),
        "hash": f"sha256:{hashlib.sha256(resource.content).hexdigest()}",
    }
    if ending != "parquet":
        described["encoding"] = "utf-8"
    if resource.table is not None:
        described["type"] = "table"
        described["schema"] = {"fields": [_field(column) for column in resource.table.columns]}
    return described


def _resource_name(stem: str, ending: str, *, tabular: bool) -> str:
    of_question = stem.startswith("questions/")
    name = stem.removeprefix("questions/").replace("/", ".")
    name = name if tabular and ending == "csv" else f"{name}-{ending}"
    # Names are small letters where ids of people do not decide: two of those may differ in nothing else.
    return name if of_question else name.lower()


def _field(column: Column) -> dict[str, str]:
    field = {"name": column.name, "type": column.type, "description": column.meaning}
    return field if column.unit is None else {**field, "unit": column.unit}


def render_readme(questions: Sequence[ExportedQuestion], views: Sequence[tuple[str, DataTable]]) -> str:
    """Tell people what lies here and how to go on in R, Python, Excel or Stata."""
    tables = "\n".join(
        f"| `{name}.csv`, `{name}.parquet` | {table.meaning.removeprefix('One row ').rstrip('.')} |"
        for name, table in views
    )
    template = (files("evisynth.report") / "templates" / "export.md").read_text(encoding="utf-8")
    return template.replace("TABLES\n", f"{tables}\n").replace(
        "QUESTIONS\n", f"{_question_lines(questions)}\n"
    )


def _question_lines(questions: Sequence[ExportedQuestion]) -> str:
    lines = []
    for exported in questions:
        for block in exported.blocks:
            label = "" if len(exported.blocks) == 1 else f", {block.summary.label}"
            reason = reason_not_refitted(block)
            state = "refitted in `metafor.R`" if reason is None else reason
            lines.append(
                f"- `{exported.question.id}`: {_line(exported.question.title + label)}; {_line(state)}."
            )
    return "\n".join(lines) or "None was exported."


def _line(text: str) -> str:
    return " ".join(text.split()).rstrip(".")
