"""The table of the report and the plot above it say the same of a row."""

from __future__ import annotations

import pytest
from five_studies import FIVE_ANSWERED, FIVE_STUDIES

from evisynth.figures import forest_rows
from evisynth.pipeline import Evidence
from evisynth.report import view_blocks

QUESTIONS = sorted(path.stem for path in (FIVE_STUDIES / "evidence" / "questions").glob("*.yaml"))


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return FIVE_ANSWERED


@pytest.mark.parametrize("question", QUESTIONS)
def test_both_count_the_same_patients(evidence: Evidence, question: str) -> None:
    answer = evidence.answer(question)
    lines = [line.cells for line in forest_rows(answer).lines if line.kind == "row"]
    # Where the plot counts events too, it writes 3/40.
    plotted = sorted((cells["study"], cells["grade"], cells["n"].rpartition("/")[2]) for cells in lines)
    tabled = sorted((row.study, row.grade, row.size) for block in view_blocks(answer) for row in block.rows)
    assert plotted == tabled
    assert len(tabled) == len(answer.rows)


def test_a_bound_of_two_arms_counts_the_patients_of_both_together(evidence: Evidence) -> None:
    answer = evidence.answer("completeness-overall-survival")
    rows = [row for block in view_blocks(answer) for row in block.rows]
    # About two thirds of 108 were debulked so far: how many are in either arm is not printed, their sum is.
    assert [row.size for row in rows if row.study == "parenchyma-sparing-debulking"] == ["108"]
