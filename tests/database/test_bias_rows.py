"""What was judged of the risk of bias, as ``query --sql`` reads it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from evisynth.database import ProjectFiles, build_database, open_database

Judged = Callable[[str, str], list[tuple[Any, ...]]]


@pytest.fixture
def judged(files: ProjectFiles, add_study: Callable[..., Path]) -> Judged:
    """What the view says of a study with this list of assessments."""

    def ask(columns: str, assessments: str) -> list[tuple[Any, ...]]:
        path = add_study("one")
        path.write_text(path.read_text(encoding="utf-8") + f"risk_of_bias:\n{assessments}", encoding="utf-8")
        build_database(files)
        with open_database(files.database) as connection:
            query = f"SELECT {columns} FROM risk_of_bias ORDER BY assessment_no, outcome, position"
            return connection.execute(query).fetchall()

    return ask


def test_every_domain_is_a_row_and_what_was_not_judged_is_null(judged: Judged) -> None:
    rows = judged(
        "tool, outcome, compared_by, domain, domain_no, judgement, because, source_location",
        "  - {tool: RoB 2, by: extent, at: line 3, overall: high,\n"
        "     domains: {missing data: {judgement: some concerns, because: Many left., at: line 4}}}\n",
    )
    start = ("RoB 2", None, "extent")
    assert rows == [
        (*start, "overall", None, "high", None, "line 3"),
        (*start, "randomisation process", 1, None, None, None),
        (*start, "deviations from intended interventions", 2, None, None, None),
        (*start, "missing outcome data", 3, "some concerns", "Many left.", "line 4"),
        (*start, "measurement of the outcome", 4, None, None, None),
        (*start, "selection of the reported result", 5, None, None, None),
    ]


def test_each_outcome_of_an_assessment_has_its_rows(judged: Judged) -> None:
    rows = judged(
        "DISTINCT outcome, judgement, file_location, assessment_no, position",
        "  - {tool: ROBINS-I, outcomes: [major complications, OS], overall: low}\n"
        "  - {tool: ROBINS-I, overall: serious}\n",
    )
    overall = [(outcome, word, place) for outcome, word, place, _, position in rows if position == 0]
    line = 10
    assert overall == [
        ("major_complications", "low", f"studies/one.yaml:{line}"),
        ("overall_survival", "low", f"studies/one.yaml:{line}"),
        (None, "serious", f"studies/one.yaml:{line + 1}"),
    ]
    assert len(rows) == 3 * 8


def test_a_study_without_an_assessment_has_no_row(judged: Judged) -> None:
    assert judged("study", "  []\n") == []


def test_the_tables_refuse_a_judgement_of_nothing(
    files: ProjectFiles, add_study: Callable[..., Path]
) -> None:
    add_study("one")
    build_database(files)
    with duckdb.connect(str(files.database)) as connection, pytest.raises(duckdb.ConstraintException):
        connection.execute(
            "INSERT INTO bias_judgement (study_id, assessment_no, position, domain)"
            " VALUES ('one', 1, 0, 'overall')"
        )
