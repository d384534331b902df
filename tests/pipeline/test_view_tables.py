from __future__ import annotations

import duckdb

from evisynth.database import View
from evisynth.pipeline.exports import _read


def test_types_are_read_and_rows_stand_in_the_order_of_the_file() -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE made_up AS SELECT * FROM (VALUES "
            "('s2', 1, DATE '2020-01-02', ['a'], 10), ('s1', 11, NULL, NULL, 2), ('s1', 2, NULL, [], 10), "
            "('s1', 2, NULL, [], 9)) t(study, figure_no, accrual, groups, n)"
        )
        names = ("study", "figure_no", "accrual", "groups", "n")
        table = _read(connection, View("made_up", "One row a thing.", "", dict.fromkeys(names, "A thing.")))
    # A type that no other program is told of is text.
    assert [column.type for column in table.columns] == ["string", "integer", "string", "array", "integer"]
    assert [column.unit for column in table.columns] == [
        None, "place in an order", None, "JSON array", "patients",
    ]  # fmt: skip
    assert table.rows == (
        ("s1", 2, None, [], 9),
        ("s1", 2, None, [], 10),
        ("s1", 11, None, None, 2),
        ("s2", 1, "2020-01-02", ["a"], 10),
    )
