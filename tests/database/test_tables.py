from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from evisynth.database import TABLES, documented_views, schema_statements
from evisynth.outcomes import QUERY_COLUMNS


@pytest.fixture
def empty() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(";".join(schema_statements()))
    connection.execute("INSERT INTO outcome VALUES ('os', 'OS', 'd', 'time_to_event', 'death', true, NULL)")
    connection.execute(
        "INSERT INTO study (study_id, file, file_sha256, kind)"
        " VALUES ('a', 'studies/a.yaml', 'x', 'journal abstract')"
    )
    connection.execute(
        "INSERT INTO study_group (study_id, group_id, position, label, role, file_line)"
        " VALUES ('a', 'all', 1, 'All', 'own', 5)"
    )
    connection.execute(
        "INSERT INTO outcome_block (study_id, block_no, outcome_id, file_line) VALUES ('a', 1, 'os', 9)"
    )
    return connection


def test_every_table_view_and_column_is_documented(connection: duckdb.DuckDBPyConnection) -> None:
    names = {entry.name for entry in (*TABLES, *documented_views())}
    found = connection.execute(
        "SELECT table_name, comment FROM duckdb_tables() WHERE database_name = 'evidence'"
        " UNION ALL SELECT view_name, comment FROM duckdb_views()"
        " WHERE database_name = 'evidence' AND NOT internal"
    ).fetchall()
    assert {name for name, _ in found} == names
    assert [name for name, comment in found if not comment] == []
    columns = connection.execute(
        "SELECT table_name, column_name, comment FROM duckdb_columns()"
        " WHERE database_name = 'evidence' AND NOT internal"
    ).fetchall()
    assert len(columns) > 150
    assert [(table, column) for table, column, comment in columns if not comment] == []


@pytest.mark.parametrize("view", documented_views(), ids=lambda view: view.name)
def test_a_view_has_exactly_the_columns_that_are_documented(view, connection) -> None:  # type: ignore[no-untyped-def]
    description = connection.execute(f"SELECT * FROM {view.name}").description
    assert [column[0] for column in description] == list(view.columns)


def test_reported_outcomes_begins_with_the_columns_of_the_query_interface() -> None:
    assert tuple(documented_views()[0].columns)[: len(QUERY_COLUMNS)] == QUERY_COLUMNS


FIGURE = (
    "INSERT INTO reported_figure (study_id, figure_no, group_id, outcome_id, block_no, statistic, state,"
    " unit, value, n_not_reported, as_reported, file_line)"
    " VALUES ('a', 1, {group}, 'os', {block}, {statistic}, {state}, {unit}, {value}, false, 'x', 10)"
)
GOOD = {
    "group": "'all'", "block": "1", "statistic": "'survival'", "state": "'reported'",
    "unit": "'proportion'", "value": "0.5",
}  # fmt: skip


@pytest.mark.parametrize(
    ("column", "bad"),
    [
        ("group", "'nobody'"),
        ("block", "7"),
        ("block", "NULL"),
        ("statistic", "'mode'"),
        ("state", "'lost'"),
        ("state", "'not_reached'"),
        ("value", "1.5"),
        ("unit", "NULL"),
    ],
)
def test_the_tables_refuse_what_makes_no_sense(
    empty: duckdb.DuckDBPyConnection, column: str, bad: str
) -> None:
    with pytest.raises(duckdb.ConstraintException):
        empty.execute(FIGURE.format(**{**GOOD, column: bad}))
    empty.execute(FIGURE.format(**GOOD))
    assert empty.execute("SELECT study, value FROM reported_outcomes").fetchall() == [("a", 0.5)]


def test_a_group_belongs_to_a_study_and_not_to_itself(empty: duckdb.DuckDBPyConnection) -> None:
    for statement in (
        "INSERT INTO study_group (study_id, group_id, position, label, role, file_line)"
        " VALUES ('b', 'x', 1, 'X', 'own', 1)",
        "INSERT INTO group_part VALUES ('a', 'all', 'all', 'parts')",
        "INSERT INTO group_part VALUES ('a', 'all', 'nobody', 'parts')",
        "INSERT INTO group_tag VALUES ('a', 'all', 'site', 'moon')",
        "INSERT INTO overlap (study_id, with_study, extent, file_line) VALUES ('a', 'a', 'possible', 3)",
    ):
        with pytest.raises(duckdb.ConstraintException):
            empty.execute(statement)


def test_the_file_is_a_duckdb_file_of_its_own(evidence) -> None:  # type: ignore[no-untyped-def]
    assert evidence.database.read_bytes()[8:12] == b"DUCK"
    assert [path.name for path in Path(evidence.build).iterdir() if path.name.startswith(".building")] == []


def test_only_group_must_be_quoted_in_a_statement(connection) -> None:  # type: ignore[no-untyped-def]
    refused = set()
    for view in documented_views():
        for column in view.columns:
            try:
                connection.execute(f"SELECT study, {column}, study FROM {view.name} LIMIT 0")
            except duckdb.ParserException:
                refused.add(column)
    assert refused == {"group"}
