"""Judgements of risk of bias as robvis draws them: a row an assessment, a column a domain."""

from __future__ import annotations

from collections import Counter
from typing import Any

from evisynth.report.data_table import Column, DataTable

_MEANING = "One row an assessment with this tool, its columns named as the R package robvis names them."


def robvis_tables(judgements: DataTable) -> dict[str, DataTable]:
    """Turn the view ``risk_of_bias`` into a table for each tool; domains that were not judged stay empty.

    Every assessment has weight 1: the plot that robvis weighs belongs to one question, the judgements do not.
    """
    by_tool: dict[str, dict[tuple[Any, ...], list[dict[str, Any]]]] = {}
    for row in judgements.rows:
        record = dict(zip(judgements.names, row, strict=True))
        key = (record["study"], record["assessment_no"], record["outcome"], record["compared_by"])
        by_tool.setdefault(record["tool"], {}).setdefault(key, []).append(record)
    return {tool: _table(assessments) for tool, assessments in sorted(by_tool.items())}


def _table(assessments: dict[tuple[Any, ...], list[dict[str, Any]]]) -> DataTable:
    domains: dict[int, str] = {
        record["domain_no"]: record["domain"]
        for records in assessments.values()
        for record in records
        if record["domain_no"] is not None
    }
    studies = Counter(key[0] for key in assessments)
    rows = []
    for key, records in assessments.items():
        words = {record["domain_no"]: _word(record["judgement"]) for record in records}
        rows.append(
            (_label(key, studies), *(words.get(number) for number in sorted(domains)), words.get(None), 1)
        )
    columns = (
        Column("Study", "string", "Study, and what was judged where it has several assessments."),
        *(Column(f"D{number}", "string", f"Judgement of: {domains[number]}.") for number in sorted(domains)),
        Column("Overall", "string", "Judgement over all domains."),
        Column("Weight", "number", "The same for every assessment.", "none"),
    )
    return DataTable(_MEANING, columns, tuple(rows))


def _label(key: tuple[Any, ...], studies: Counter[str]) -> str:
    study, _, *judged = key
    named = ", ".join(str(word).replace("_", " ") for word in judged if word is not None)
    return f"{study} ({named})" if studies[study] > 1 and named else str(study)


def _word(judgement: str | None) -> str | None:
    return None if judgement is None else judgement[:1].upper() + judgement[1:]
