from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import duckdb
import pytest

from evisynth.errors import UnknownNameError, UsageError
from evisynth.outcomes import (
    QUERY_COLUMNS,
    ReportedOutcome,
    reported_outcomes_frame,
    select_reported_outcomes,
)

Connection = duckdb.DuckDBPyConnection

# Every median of overall survival in the five sources: group, months (None: not reached), confidence
# limits, printed n, place in the source. 11.5 years are 138 months.
MEDIANS = {
    ("gudmundsdottir-2023", "all"): (122.0, None, None, 546, "line 34"),
    ("mayo-sinet-peritoneal-2024", "liver-complete"): (138.0, None, None, None, "line 8"),
    ("mayo-sinet-peritoneal-2024", "liver-peritoneum-complete"): (134.4, None, None, None, "line 8"),
    ("mayo-sinet-peritoneal-2024", "liver-incomplete"): (76.8, None, None, None, "line 8"),
    ("mayo-sinet-peritoneal-2024", "liver-peritoneum-incomplete"): (85.2, None, None, None, "line 8"),
    ("midgut-debulking", "M1LR"): (151.0, None, None, 80, "line 90 (also line 106)"),
    ("midgut-debulking", "M1LNr"): (109.0, None, None, 37, "line 92 (also line 110)"),
    ("midgut-debulking", "M1OR"): (None, None, None, 31, "line 94"),
    ("midgut-debulking", "M1ONr"): (None, None, None, 6, "line 96"),
    ("midgut-debulking", "M2R"): (142.0, None, None, 147, "line 100"),
    ("midgut-debulking", "M2Nr"): (134.0, None, None, 18, "line 102"),
    ("net-liver-surgery-34", "all"): (70.7, None, None, 34, "line 9"),
    ("net-liver-surgery-34", "R0-R1"): (87.0, 10.0, 164.0, None, "lines 13-14"),
    ("net-liver-surgery-34", "R2"): (71.0, 32.0, 108.0, None, "line 14"),
    ("net-liver-surgery-34", "age-51-69"): (115.0, 26.0, 204.0, None, "lines 16-17"),
    ("net-liver-surgery-34", "age-under-51"): (31.0, 15.0, 137.0, None, "line 17"),
    ("net-liver-surgery-34", "age-over-69"): (39.0, 15.0, 64.0, None, "line 18"),
    ("parenchyma-sparing-debulking", "PNET"): (126.0, None, None, 28, "line 29"),
    ("parenchyma-sparing-debulking", "SBNET"): (None, None, None, 80, "line 31"),
    ("parenchyma-sparing-debulking", "debulked-70"): (None, None, None, None, "line 35"),
    ("parenchyma-sparing-debulking", "SEER-PNET"): (24.0, None, None, None, "line 30"),
    ("parenchyma-sparing-debulking", "SEER-SBNET"): (56.0, None, None, None, "line 33"),
}


def test_every_median_survival_of_the_five_sources_is_found_in_months(connection: Connection) -> None:
    rows = select_reported_outcomes(connection, outcome="OS", statistic="median")
    found = {
        (row.study, row.group): (row.value, row.ci_lower, row.ci_upper, row.n, row.source_location)
        for row in rows
    }
    assert len(rows) == len(MEDIANS)
    assert found == {
        key: (pytest.approx(value[0]), *value[1:]) if value[0] else value for key, value in MEDIANS.items()
    }
    assert all(row.unit == "months" for row in rows)
    assert all((row.state == "not_reached") == (row.value is None) for row in rows)


def test_the_figures_of_each_source_are_as_many_as_were_counted_by_hand(connection: Connection) -> None:
    counted: dict[str, Counter[str]] = {}
    for row in select_reported_outcomes(connection):
        counted.setdefault(row.study, Counter())[row.statistic] += 1
    assert {study: dict(sorted(found.items())) for study, found in counted.items()} == {
        "gudmundsdottir-2023": {"median": 5, "odds_ratio": 2, "p_value": 11, "proportion": 7},
        "mayo-sinet-peritoneal-2024": {"median": 4, "p_value": 3, "proportion": 4},
        "midgut-debulking": {"median": 6, "p_value": 1, "survival": 13},
        "net-liver-surgery-34": {"mean": 1, "median": 6, "p_value": 6, "proportion": 6},
        "parenchyma-sparing-debulking": {"count": 2, "median": 7, "p_value": 2, "proportion": 3},
    }


def one(connection: Connection, **filters: str) -> ReportedOutcome:
    (row,) = select_reported_outcomes(connection, **filters)
    return row


def test_a_p_value_says_what_it_compares(connection: Connection) -> None:
    row = one(connection, study="midgut-debulking", statistic="p")
    assert (row.group, row.compared_with, row.time_months) == ("M1LR", ("M1LNr",), 120.0)
    assert (row.qualifier, row.value, row.unit, row.basis) == ("<", 0.0001, "probability", "inferred")
    three = one(connection, study="net-liver-surgery-34", group="age-51-69", statistic="p-value")
    assert three.compared_with == ("age-under-51", "age-over-69")
    inside = select_reported_outcomes(
        connection, study="net-liver-surgery-34", group="all", statistic="p value"
    )
    assert [(row.value, row.compared_with, row.n) for row in inside] == [
        (0.53, (), 34),
        (0.66, (), 34),
        (0.48, (), 34),
    ]


def test_a_ratio_is_named_as_printed_and_as_read(connection: Connection) -> None:
    row = one(connection, study="gudmundsdottir-2023", group="Ki67-above-20", statistic="odds ratio")
    assert (row.statistic, row.read_as, row.value, row.half_unit) == (
        "odds_ratio",
        "hazard_ratio",
        4.25,
        0.005,
    )
    assert (row.compared_with, row.unit) == ((), "ratio")
    assert row.adjusted == "age, primary site, number of lesions, size of lesions, extrahepatic metastases"


def test_what_is_easily_dropped_is_there(connection: Connection) -> None:
    everyone = one(connection, study="midgut-debulking", group="M1ONr", statistic="survival", at="5 years")
    assert (everyone.value, everyone.n, everyone.as_reported) == (1.0, 6, "100%")
    relief = select_reported_outcomes(
        connection, study="mayo-sinet-peritoneal-2024", outcome="symptom relief"
    )
    assert [(row.qualifier, row.value, row.n, row.n_not_reported) for row in relief] == [
        (">=", 0.97, None, True)
    ] * 2
    vague = one(connection, study="parenchyma-sparing-debulking", outcome="70% hepatic cytoreduction")
    assert (vague.qualifier, vague.value, vague.as_reported) == (
        "~",
        pytest.approx(2 / 3),
        "about two thirds",
    )
    lesions = one(connection, outcome="lesions treated")
    assert (lesions.value, lesions.lower, lesions.upper, lesions.unit) == (6.0, 0.0, 36.0, "lesions")
    none = one(connection, outcome="perioperative mortality", at="30 days")
    assert (none.statistic, none.value, none.n, none.unit) == ("count", 0.0, 108, "patients")
    registry = [row for row in select_reported_outcomes(connection) if row.role == "external"]
    assert [row.group for row in registry] == ["SEER-PNET", "SEER-SBNET"]
    background = one(connection, group="background")
    assert (background.role, background.value, background.time_months) == ("background", 0.5, 60.0)


@pytest.mark.parametrize(
    "name", ["OS", "os", "overall survival", "Overall-Survival", "overall_survival", "survival"]
)
def test_an_outcome_is_found_by_every_name(connection: Connection, name: str) -> None:
    rows = select_reported_outcomes(connection, outcome=name, statistic="median")
    assert len(rows) == len(MEDIANS)


@pytest.mark.parametrize("at", ["5 years", "60 months", "5 yr"])
def test_a_time_is_found_in_any_unit(connection: Connection, at: str) -> None:
    rows = select_reported_outcomes(connection, at=at)
    assert len(rows) == 7 and {row.time_months for row in rows} == {60.0}


def test_ninety_days_are_three_months(connection: Connection) -> None:
    days = select_reported_outcomes(connection, at="90 days")
    assert days == select_reported_outcomes(connection, at="3 months")
    assert [row.study for row in days] == ["gudmundsdottir-2023"]


@pytest.mark.parametrize(
    ("filters", "suggested"),
    [
        ({"study": "midgut-debulkin"}, "'midgut-debulking'"),
        ({"group": "m1lr"}, "'M1LR'"),
        ({"group": "LDS", "study": "midgut-debulking"}, "known: "),
        ({"outcome": "overal survival"}, "'overall_survival'"),
        ({"outcome": "zzz"}, "Overall survival"),
        ({"statistic": "medain"}, "'median'"),
    ],
)
def test_an_unknown_name_is_an_error_that_suggests(
    connection: Connection, filters: dict[str, str], suggested: str
) -> None:
    with pytest.raises(UnknownNameError) as refused:
        select_reported_outcomes(connection, **filters)
    assert suggested.casefold() in str(refused.value).casefold()


def test_a_known_statistic_that_nobody_reports_is_an_empty_answer(connection: Connection) -> None:
    assert select_reported_outcomes(connection, statistic="hazard ratio") == []


@pytest.mark.parametrize("at", ["5", "soon", "5 years (95% CI 4 to 6)", "about 5 years"])
def test_a_time_that_is_none_is_refused(connection: Connection, at: str) -> None:
    with pytest.raises(UsageError, match="--at"):
        select_reported_outcomes(connection, at=at)


def test_places_name_a_line_that_holds_the_figure(connection: Connection, evidence) -> None:  # type: ignore[no-untyped-def]
    rows = select_reported_outcomes(connection)
    assert len(rows) == 89
    for row in rows:
        file, line = row.file_location.split(":")
        text = (evidence.folder / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
        assert row.as_reported in text
        assert row.source_location


def test_a_table_has_the_columns_of_the_interface_and_their_types(connection: Connection) -> None:
    rows = select_reported_outcomes(connection)
    frame = reported_outcomes_frame(rows)
    assert tuple(frame.columns) == QUERY_COLUMNS and len(frame) == 89
    assert str(frame["n"].dtype) == "Int64" and str(frame["value"].dtype) == "float64"
    assert frame["value"].isna().sum() == sum(row.value is None for row in rows)
    assert frame.loc[frame["statistic"] == "p_value", "compared_with"].map(type).eq(tuple).all()
    empty = reported_outcomes_frame([])
    assert list(empty.dtypes) == list(frame.dtypes)


def test_asking_imports_neither_pandas_nor_yaml(run_alone: Callable[[str], str], evidence) -> None:  # type: ignore[no-untyped-def]
    printed = run_alone(
        "import sys\nfrom pathlib import Path\nfrom evisynth.database.connection import open_database\n"
        "from evisynth.outcomes.query import select_reported_outcomes\n"
        f"with open_database(Path({str(evidence.database)!r})) as connection:\n"
        "    select_reported_outcomes(connection, outcome='OS')\n"
        "print(sorted({'numpy', 'pandas', 'pydantic', 'yaml'} & set(sys.modules)))"
    )
    assert printed == "[]"
