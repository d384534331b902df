from __future__ import annotations

import csv
import io
import json

from evisynth.cli.tables import display_width, render_rows

ROWS = [
    {"study": "a", "value": 1.5, "with": ["x", "y"], "note": "one | two"},
    {"study": "β-列", "value": None, "with": None, "note": "line\nbreak"},
]
COLUMNS = ("study", "value", "with", "note")


def test_json_keeps_every_column_and_null() -> None:
    assert json.loads(render_rows(ROWS, COLUMNS, "json", ("study",))) == ROWS


def test_csv_reads_back() -> None:
    rows = list(csv.DictReader(io.StringIO(render_rows(ROWS, COLUMNS, "csv", ("study",)))))
    assert rows[0] == {"study": "a", "value": "1.5", "with": "x;y", "note": "one | two"}
    assert rows[1]["note"] == "line\nbreak"


def test_markdown_escapes_the_column_mark() -> None:
    lines = render_rows(ROWS, COLUMNS, "markdown").splitlines()
    assert lines[2] == "| a | 1.5 | x, y | one \\| two |"
    assert len(lines) == 4


def test_table_columns_line_up_for_wide_characters_too() -> None:
    header, rule, first, second = render_rows(ROWS, ("study", "note"), "table").splitlines()
    start = header.index("note")
    assert rule.startswith("-" * 4)
    assert first[start:] == "one | two"
    assert display_width(second[: second.index("line")]) == start


def test_numbers_are_aligned_right() -> None:
    text = render_rows([{"v": 1.0}, {"v": 12.25}], ("v",), "table")
    assert text.splitlines()[2:] == ["    1", "12.25"]


def test_no_rows_leave_the_header() -> None:
    assert render_rows([], COLUMNS, "json") == "[]"
    assert render_rows([], COLUMNS, "csv") == "study,value,with,note"
    assert render_rows([], COLUMNS, "table").splitlines()[0] == "study  value  with  note"
