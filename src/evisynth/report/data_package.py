"""The papers of an export: a Data Package for programs, a README for people, and a script of R.

The script refits every pooled estimate with metafor, beside ours; what metafor has no model for is named in a
comment, with the reason.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from evisynth.answers import ROBUST_INTERVAL
from evisynth.measures import question_measure
from evisynth.report.answer_tables import Block, ExportedQuestion
from evisynth.report.data_table import Column, DataTable
from evisynth.synthesis import BayesianResult, CountsResult, PooledResult

_PLACE = "#### the estimates ####\n"
#: Our intervals under metafor's names; its "adhoc" is Knapp and Hartung with q* = max(1, q).
_TESTS = {"wald": "z", "t": "t", "hksj": "adhoc", "hksj-plain": "knha"}
#: How far tau squared is searched, by the names that the script gives its settings.
_CONTROLS = {
    **dict.fromkeys(("ML", "REML", "EB"), "stepwise"),
    **dict.fromkeys(("PM", "PMM"), "root"),
}
_TWICE = (
    "rows of one control group are put together before those of overlapping studies are, "
    "which no one covariance of the rows describes"
)


def render_metafor_script(questions: Sequence[ExportedQuestion]) -> str:
    """Write the script for these questions, in their order."""
    template = (files("evisynth.report") / "templates" / "metafor.R").read_text(encoding="utf-8")
    parts = [line for question in questions for line in ("", *_lines_of_question(question))]
    return template.replace(_PLACE, _PLACE + "".join(line + "\n" for line in parts))


def reason_not_refitted(block: Block) -> str | None:
    """Say why metafor is not used for an estimate; None where it is."""
    pooled = block.summary.pooled
    if pooled is None:
        return f"nothing is pooled: {block.summary.refused}"
    if isinstance(pooled, BayesianResult):
        return "the answer is Bayesian, and metafor has no priors"
    return _TWICE if block.covariance is None else None


def _lines_of_question(exported: ExportedQuestion) -> list[str]:
    question = exported.question
    lines = [
        _comment(f"{question.title} ({question_measure(question.effect_measure).words}, {exported.scale})")
    ]
    for block in exported.blocks:
        name = f"{question.id}, {block.number} ({block.summary.label})"
        reason = reason_not_refitted(block)
        if block.summary.pooled is None:
            lines.append(_comment(f"{name}: {reason}"))
        elif reason is not None:
            lines += [_comment(name), f"left_out({_named(question.id, block)}, {_quoted(reason)})"]
        else:
            lines += [_comment(name), *_refit(question.id, block, block.summary.pooled)]
    return lines


def _refit(question: str, block: Block, pooled: PooledResult) -> list[str]:
    named = _named(question, block)
    lines = [f"rows <- read_rows({named})"]
    if isinstance(pooled, CountsResult):
        return [*lines, *_refit_counts(named, pooled)]
    if pooled.interval == ROBUST_INTERVAL:
        shared = block.covariance is not None and block.covariance.shared()
        lines.append(f"V <- covariance_of({_quoted(question)}, rows)" if shared else "V <- rows$vi")
        level = f"level = {pooled.level!r}"
        common = f"rma.mv(yi, V, data = rows, slab = slab, {level})"
        lines.append(f"fit <- {common if pooled.method == 'common' else f'fit_by_sets(rows, V, {level})'}")
        values = "robust_values_of(fit, rows$set)"
    else:
        data = "rows"
        if block.covariance is not None and not block.covariance.independent:
            lines.append(f"sets <- put_together(rows, covariance_of({_quoted(question)}, rows))")
            data = "sets"
        lines.append(f"fit <- rma(yi, vi, data = {data}, slab = slab, {_settings(pooled)})")
        values = "values_of(fit)"
    return [*lines, f"compare({named}, {values})"]


def _refit_counts(named: str, pooled: CountsResult) -> list[str]:
    level = f"level = {pooled.level!r}"
    compared = f"compare({named}, counted_values_of(fit))"
    two_groups = "ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = rows, slab = slab"
    if pooled.method == "peto":
        return [f"fit <- rma.peto({two_groups}, {level})", compared]
    if pooled.method == "mantel-haenszel":
        code = question_measure(str(pooled.effect_measure)).code
        return [f'fit <- rma.mh(measure = "{code}", {two_groups}, {level})', compared]
    # one node is enough, and all that metafor allows, where tau squared is taken as zero
    how = 'method = "EE"' if pooled.prediction == "none" else "nAGQ = 21, control = by_lme4"
    shares = 'rma.glmm(measure = "PLO", xi = ai, ni = n1i, data = rows, slab = slab'
    test = f'test = "{_TESTS[pooled.interval]}"'
    return [f"fit <- counted_fit({named}, {shares}, {how}, {test}, {level}))", compared]


def _settings(pooled: PooledResult) -> str:
    method = "FE" if pooled.estimator == "common" else pooled.method
    parts = [f'method = "{method}"', f'test = "{_TESTS[pooled.interval]}"', f"level = {pooled.level!r}"]
    if control := _CONTROLS.get(method):
        parts.append(f"control = {control}")
    return ", ".join(parts)


def _comment(text: str) -> str:
    return "# " + " ".join(text.split())


def _named(question: str, block: Block) -> str:
    return f"{_quoted(question)}, {block.number}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


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
