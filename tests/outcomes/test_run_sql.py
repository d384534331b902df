from __future__ import annotations

from contextlib import closing
from unittest.mock import ANY

import duckdb
import pytest

from evisynth.database import open_database
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
        ("SELECT 1 AS a, 2 AS a, 3 AS a_2", [{"a": 1, "a_3": 2, "a_2": 3}]),
        ("SELECT 1 AS a_2, 2 AS a, 3 AS a", [{"a_2": 1, "a": 2, "a_3": 3}]),
        ("SELECT INTERVAL 3 MONTH AS i, 1 AS n;", [{"i": "3 months", "n": "1"}]),
        ("SELECT TIMESTAMPTZ '2020-01-01 10:00:00+00' AS t, 1 AS t", [{"t": ANY, "t_2": "1"}]),
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


def test_every_type_of_the_engine_is_answered(connection: duckdb.DuckDBPyConnection) -> None:
    answer = run_sql(connection, "SELECT * FROM test_all_types()")
    assert len(answer.rows) == 3 and len(set(answer.columns)) == len(answer.columns) > 40


def test_a_statement_without_end_is_stopped(connection: duckdb.DuckDBPyConnection) -> None:
    endless = "SELECT count(*) FROM range(100000000) a, range(100000) b"
    with pytest.raises(ProjectError, match=r"stopped after 0\.2 seconds.*--timeout"):
        run_sql(connection, endless, seconds=0.2)
    assert run_sql(connection, "SELECT count(*) AS n FROM studies").records == [{"n": 5}]


def test_rows_are_bounded_and_that_is_said(connection: duckdb.DuckDBPyConnection) -> None:
    assert run_sql(connection, "FROM range(5)", most=5).cut is False
    answer = run_sql(connection, "FROM range(1000000000)", most=5)
    assert (len(answer.rows), answer.cut) == (5, True)


def test_memory_and_output_are_bounded(five_studies) -> None:  # type: ignore[no-untyped-def]
    with closing(open_database(five_studies.database, memory="100MB")) as connection:
        with pytest.raises(ProjectError, match="memory"):
            run_sql(connection, "SELECT list(range) FROM range(1000000000)")
        with pytest.raises(ProjectError, match="50 million characters"):
            run_sql(connection, "SELECT repeat('x', 1000000) FROM range(60)")
        assert run_sql(connection, "SELECT count(*) AS n FROM studies").records == [{"n": 5}]
