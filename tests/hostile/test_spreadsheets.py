"""A cell that a spreadsheet would run as a formula is text, in every CSV that is written."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from evisynth.report import Column, DataTable, render_csv, render_effects
from evisynth.wording import spreadsheet_cell

FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "@SUM(A1)",
    "+1+cmd|'x'!A0",
    "-2+3+cmd|'x'!A0",
    "\t=1",
    "\r=1",
    "--1",
]
PLAIN = ["=", "<", "~", "-", "-4 months", "+12.5%", "-0.32", "12 (=3)", "Berger 2019", "", "a@b"]


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_marked_as_text(text: str) -> None:
    assert spreadsheet_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [*PLAIN, -4, -0.5, None, True])
def test_what_is_no_formula_stands_as_it_is(value: object) -> None:
    assert spreadsheet_cell(value) is value


def test_every_writer_of_csv_marks_them(project: Path, run) -> None:  # type: ignore[no-untyped-def]
    table = DataTable("One row a thing.", (Column("label", "string", "A label."),), (("=1+1",),))
    for text in (
        run(project, "query", "--sql", "select '=1+1' as label", "--format", "csv")[1],
        render_effects([{"label": "=1+1"}]),
        render_csv(table),
    ):
        assert list(csv.DictReader(io.StringIO(text))) == [{"label": "'=1+1"}], text
