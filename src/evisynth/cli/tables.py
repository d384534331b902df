"""Rows as text: an aligned table for people, JSON and CSV for programs, Markdown for manuscripts."""

from __future__ import annotations

import csv
import io
import json
import math
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from evisynth.wording import plain_text, spreadsheet_cell

Row = Mapping[str, Any]

#: The formats that can be printed; Parquet is written to a file.
FORMATS = ("table", "json", "csv", "markdown")


def render_rows(rows: Sequence[Row], columns: Sequence[str], style: str, brief: Sequence[str] = ()) -> str:
    """Write ``rows`` in one of the FORMATS.

    JSON and CSV hold every one of ``columns``; the two readable styles hold ``brief`` when it is given.
    """
    if style == "json":
        plain = [{name: _json_value(row.get(name)) for name in columns} for row in rows]
        return json.dumps(plain, indent=2, ensure_ascii=False, default=str)
    if style == "csv":
        return _render_csv(rows, columns)
    shown = list(brief or columns)
    cells = [[plain_text(row.get(name)) for name in shown] for row in rows]
    return _render_markdown(shown, cells) if style == "markdown" else _render_table(shown, cells)


def _json_value(value: object) -> object:
    """JSON has neither infinity nor not-a-number."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _render_csv(rows: Sequence[Row], columns: Sequence[str]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([spreadsheet_cell(_csv_value(row.get(name))) for name in columns])
    return text.getvalue().rstrip("\n")


def _csv_value(value: object) -> object:
    if isinstance(value, Mapping):
        return ", ".join(str(part) for part in value.values() if part)
    if isinstance(value, list | tuple):
        return ";".join(str(_csv_value(part)) for part in value)
    return value


def _render_markdown(header: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    def line(parts: Sequence[str]) -> str:
        return "| " + " | ".join(part.replace("|", "\\|") for part in parts) + " |"

    return "\n".join([line(header), line(["---"] * len(header)), *(line(row) for row in cells)])


def _render_table(header: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    rows = [list(header), *cells]
    widths = [max(display_width(row[column]) for row in rows) for column in range(len(header))]
    numeric = [_all_numbers([row[column] for row in cells]) for column in range(len(header))]

    def line(row: Sequence[str]) -> str:
        parts = []
        for text, width, right in zip(row, widths, numeric, strict=True):
            space = " " * (width - display_width(text))
            parts.append(space + text if right else text + space)
        return "  ".join(parts).rstrip()

    return "\n".join(
        [line(header), "  ".join("-" * width for width in widths), *(line(row) for row in cells)]
    )


def _all_numbers(texts: Sequence[str]) -> bool:
    filled = [text for text in texts if text]
    return bool(filled) and all(text.lstrip("-").replace(".", "", 1).isdigit() for text in filled)


def display_width(text: str) -> int:
    """Count terminal columns: wide characters take two, combining marks none."""
    wide = sum(1 for char in text if unicodedata.east_asian_width(char) in "WF")
    silent = sum(1 for char in text if unicodedata.combining(char))
    return len(text) + wide - silent
