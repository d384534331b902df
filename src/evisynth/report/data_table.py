"""Tables for other programs: columns with type, unit and meaning, and their rows as CSV.

CSV follows RFC 4180 in UTF-8: text always stands in quotes and numbers never do, a value that is absent is
nothing at all, and lists are JSON arrays, so that one with nothing in it differs from none.

Judgements of risk of bias as robvis draws them: a row an assessment, a column a domain.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from evisynth.wording import spreadsheet_cell, term_words

#: The types of a Frictionless Table Schema that are used here.
FieldType = Literal["string", "integer", "number", "boolean", "array"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; ``unit`` is None for words, and for numbers without one it says so."""

    name: str
    type: FieldType
    meaning: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class DataTable:
    """Rows in their order, each with a value a column; ``meaning`` says what one row is."""

    meaning: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)


def render_csv(table: DataTable) -> str:
    """Write a table as CSV, its columns named in the first line."""
    lines = [",".join(table.names)]
    lines += [",".join(_cell(value) for value in row) for row in table.rows]
    return "".join(line + "\r\n" for line in lines)


def plain_value(value: Any) -> Any:
    """Give a value as JSON can hold it: no tuples, and nothing for numbers that are none."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [plain_value(part) for part in value]
    return value


def _cell(value: Any) -> str:
    value = plain_value(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"  # what R, Excel and pandas take for truth values
    if isinstance(value, int | float):
        return repr(value)
    text = spreadsheet_cell(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return '"' + text.replace('"', '""') + '"'


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
    named = ", ".join(term_words(str(word)) for word in judged if word is not None)
    return f"{study} ({named})" if studies[study] > 1 and named else str(study)


def _word(judgement: str | None) -> str | None:
    return None if judgement is None else judgement[:1].upper() + judgement[1:]
