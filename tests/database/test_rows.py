from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evisynth.database import TABLES, ProjectFiles, build_database, open_database, study_rows, vocabulary_rows
from evisynth.studies import read_studies, read_vocabulary

Reported = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def reported(files: ProjectFiles, add_study: Callable[..., Path]) -> Reported:
    """What the query view says of a study with these outcomes."""

    def ask(columns: str, *outcomes: str) -> list[tuple[Any, ...]]:
        add_study("one", *outcomes)
        build_database(files)
        with open_database(files.database) as connection:
            return connection.execute(
                f"SELECT {columns} FROM reported_outcomes ORDER BY figure_no"
            ).fetchall()

    return ask


def share(row: str) -> str:
    return f"{{outcome: major complications, at: line 4, values: {{all: {{{row}}}}}}}"


def test_a_count_with_its_percentage_is_two_rows(reported: Reported) -> None:
    rows = reported("statistic, value, unit, n, half_unit, as_reported", share("proportion: 91 (84.2%)"))
    assert rows == [
        ("count", 91.0, "patients", 108, None, "91 (84.2%)"),
        ("proportion", pytest.approx(0.842), "proportion", 108, pytest.approx(0.0005), "91 (84.2%)"),
    ]


def test_a_count_of_a_whole_is_one_row_as_no_percentage_is_printed(reported: Reported) -> None:
    rows = reported("statistic, value, unit, n, denominator", share("proportion: 17/90"))
    assert rows == [("count", 17.0, "patients", 90, 90)]


def test_a_count_of_a_whole_with_an_interval_prints_a_share_too(reported: Reported) -> None:
    rows = reported("statistic, value, ci_lower", share('proportion: "17/90 (95% CI 11% to 28%)"'))
    assert rows == [("count", 17.0, None), ("proportion", pytest.approx(17 / 90), pytest.approx(0.11))]


@pytest.mark.parametrize(
    ("group", "row", "n", "hidden"),
    [
        ("all", "proportion: 12%", 108, False),
        ("all", "proportion: 12%, n: 90", 90, False),
        ("all", "proportion: 12%, n: not reported", None, True),
        ("part", "proportion: 12%", None, False),
    ],
)
def test_n_is_the_number_printed_for_the_figure_or_for_its_group(
    reported: Reported, group: str, row: str, n: int | None, hidden: bool
) -> None:
    block = f"{{outcome: major complications, at: line 4, values: {{{group}: {{{row}}}}}}}"
    assert reported("n, n_not_reported", block) == [(n, hidden)]


def test_what_the_reader_worked_out_is_reported_with_how(reported: Reported, files: ProjectFiles) -> None:
    worked = "proportion: {value: 14%, worked_out: 15 of 108}"
    assert reported("value, worked_out", share(worked)) == [(pytest.approx(0.14), "15 of 108")]
    with open_database(files.database) as connection:
        stored = connection.execute("SELECT value, worked_out FROM reported_figure").fetchall()
    assert stored == [(pytest.approx(0.14), "15 of 108")]


def test_a_median_keeps_its_interval_and_its_range_in_one_row(reported: Reported) -> None:
    blocks = (
        "{outcome: overall survival, at: line 4, values: {all: {median: 87 months (95% CI 10 to 164)}}}",
        "{outcome: lesions treated, at: line 5, values: {all: {median: 6.0 (range 0 to 36)}}}",
    )
    rows = reported("statistic, value, ci_lower, ci_upper, level, lower, upper, spread, unit", *blocks)
    assert rows == [
        ("median", 87.0, 10.0, 164.0, pytest.approx(0.95), None, None, None, "months"),
        ("median", 6.0, None, None, None, 0.0, 36.0, "range", "lesions"),
    ]


def test_the_rows_of_the_real_studies_are_json_and_name_only_columns_that_exist(
    evidence: ProjectFiles,
) -> None:
    vocabulary = read_vocabulary(evidence.vocabulary)
    studies, findings = read_studies(evidence.studies, vocabulary)
    assert findings == [] and len(studies) == 5
    columns = {table.name: {column.name for column in table.columns} for table in TABLES}
    for rows in (vocabulary_rows(vocabulary), *map(study_rows, studies)):
        assert json.loads(json.dumps(rows)) == rows
        for table, entries in rows.items():
            assert {name for entry in entries for name in entry} <= columns[table]


def test_tags_and_ancestors_of_a_part_include_those_of_its_wholes(connection) -> None:  # type: ignore[no-untyped-def]
    row = connection.execute(
        """SELECT ancestors, depth, intervention, site, population, n FROM groups
        WHERE study = 'midgut-debulking' AND "group" = 'M1LR'"""
    ).fetchone()
    assert row == (["M1LR", "M1L", "M1", "M", "reviewed"], 4, "resection", "liver", "midgut_net", 80)


def test_the_views_have_one_row_a_study_group_and_comparison(connection) -> None:  # type: ignore[no-untyped-def]
    def counted(view: str) -> dict[str, int]:
        return dict(connection.execute(f"SELECT study, count(*) FROM {view} GROUP BY study").fetchall())

    # Counted in the five files by hand.
    assert counted("groups") == {
        "gudmundsdottir-2023": 11,
        "mayo-sinet-peritoneal-2024": 7,
        "midgut-debulking": 13,
        "net-liver-surgery-34": 11,
        "parenchyma-sparing-debulking": 8,
    }
    assert counted("comparisons") == {
        "gudmundsdottir-2023": 11,
        "mayo-sinet-peritoneal-2024": 3,
        "midgut-debulking": 1,
        "net-liver-surgery-34": 6,
        "parenchyma-sparing-debulking": 2,
    }
    studies = connection.execute(
        "SELECT study, accrual, overlapping_studies, authors FROM studies ORDER BY study"
    ).fetchall()
    assert [row[0] for row in studies] == sorted(counted("groups"))
    assert studies[0][1:] == (
        "2000 to 2020",
        ["mayo-sinet-peritoneal-2024"],
        ["Gudmundsdottir H", "et al."],
    )


def test_a_comparison_shows_its_groups_and_its_figures_as_printed(connection) -> None:  # type: ignore[no-untyped-def]
    rows = connection.execute(
        """SELECT groups, within_group, split, p_value, odds_ratio, read_as, adjusted, basis, file_location
        FROM comparisons WHERE study = 'gudmundsdottir-2023' AND comparison_no IN (1, 4)
        ORDER BY comparison_no"""
    ).fetchall()
    adjusted = "age, primary site, number of lesions, size of lesions, extrahepatic metastases"
    assert rows == [
        (
            ["Ki67-3-20"],
            None,
            None,
            "0.018",
            "1.90",
            "hazard_ratio",
            adjusted,
            "stated",
            "studies/gudmundsdottir-2023.yaml:100",
        ),
        (
            [],
            "all",
            "year of operation",
            "< 0.001",
            None,
            None,
            None,
            "stated",
            "studies/gudmundsdottir-2023.yaml:121",
        ),
    ]
