from __future__ import annotations

import csv
import io
import json

from hypothesis import given, strategies as st

from evisynth.report import Column, DataTable, render_csv
from evisynth.wording import spreadsheet_cell

COLUMNS = (
    Column("word", "string", "A word."),
    Column("whole", "integer", "A count.", "patients"),
    Column("number", "number", "A number.", "months"),
    Column("holds", "boolean", "Whether."),
    Column("listed", "array", "Words.", "JSON array"),
)


def table(*rows: tuple[object, ...]) -> DataTable:
    return DataTable("One row a thing.", COLUMNS, rows)


def test_text_stands_in_quotes_and_what_is_absent_is_nothing() -> None:
    rows = [('say "yes", é', 3, 0.1, True, ("a", "b")), ("", 0, -2.0, False, ()), (None,) * 5]
    text = render_csv(table(*rows))
    assert text.split("\r\n") == [
        "word,whole,number,holds,listed",
        '"say ""yes"", é",3,0.1,TRUE,"[""a"", ""b""]"',
        '"",0,-2.0,FALSE,"[]"',
        ",,,,",
        "",
    ]


def test_what_is_no_number_is_absent() -> None:
    assert render_csv(table(("a", 1, float("nan"), None, None))).splitlines()[1] == '"a",1,,,'
    assert render_csv(table(("a", 1, float("-inf"), None, None))).splitlines()[1] == '"a",1,,,'


def test_no_rows_are_a_line_of_names() -> None:
    assert render_csv(table()) == "word,whole,number,holds,listed\r\n"


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@given(
    texts,
    st.integers(-(2**31), 2**31 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.lists(texts),
)
def test_every_value_reads_back(word: str, whole: int, number: float, holds: bool, listed: list[str]) -> None:
    text = render_csv(table((word, whole, number, holds, listed)))
    _, (first, *rest) = csv.reader(io.StringIO(text, newline=""))
    assert first == spreadsheet_cell(word)
    assert (int(rest[0]), float(rest[1]), rest[2], json.loads(rest[3])) == (
        whole,
        number,
        "TRUE" if holds else "FALSE",
        listed,
    )
