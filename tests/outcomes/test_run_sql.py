from __future__ import annotations

import duckdb
import pytest

from evisynth.errors import ProjectError
from evisynth.outcomes import run_sql


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SELECT count(*) AS n FROM studies", [{"n": 5}]),
        ("select study from groups where n = 1362;", [{"study": "midgut-debulking"}]),
        ("WITH s AS (FROM studies) SELECT max(accrual) AS a FROM s", [{"a": "2000 to 2020"}]),
        ("FROM comparisons SELECT groups WHERE study = 'midgut-debulking'", [{"groups": ["M1LR", "M1LNr"]}]),
        ("SELECT 1 AS a, 2 AS a", [{"a": 1, "a_2": 2}]),
    ],
)
def test_a_statement_that_reads_is_answered(
    connection: duckdb.DuckDBPyConnection, statement: str, expected
) -> None:  # type: ignore[no-untyped-def]
    assert run_sql(connection, statement).records == expected


def test_the_views_can_be_described(connection: duckdb.DuckDBPyConnection) -> None:
    answer = run_sql(connection, "DESCRIBE reported_outcomes")
    assert answer.columns[0] == "column_name" and len(answer.rows) > 22


@pytest.mark.parametrize(
    "statement",
    [
        "",
        "-- nothing",
        "SELECT 1; SELECT 2",
        "INSERT INTO study (study_id) VALUES ('x')",
        "CREATE TEMP TABLE x (a INTEGER)",
        "DROP VIEW studies",
        "DELETE FROM study",
        "COPY (SELECT 1) TO 'x.csv'",
        "ATTACH 'x.duckdb'",
        "SET threads = 1",
        "USE memory",
        "PRAGMA version",
        "BEGIN",
        "CHECKPOINT",
        "EXPORT DATABASE 'x'",
        "INSTALL httpfs",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM '/etc/hostname.csv'",
        "SELECT * FROM nothing",
        "SELECT missing FROM studies",
        "SELEC 1",
        "SELECT 1 / 'a'",
        "SELECT 'unfinished",
    ],
)
def test_anything_else_is_refused_in_one_line(connection: duckdb.DuckDBPyConnection, statement: str) -> None:
    with pytest.raises(ProjectError) as refused:
        run_sql(connection, statement)
    assert "\n" not in str(refused.value)
    # The connection is as good as before.
    assert run_sql(connection, "SELECT count(*) AS n FROM studies").records == [{"n": 5}]


def test_an_unknown_table_is_told_with_the_views_there_are(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ProjectError, match="reported_outcomes, comparisons, groups, studies"):
        run_sql(connection, "SELECT * FROM outcomes")
