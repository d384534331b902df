"""Numbers at risk and suspected misprints on their way from a study file into the view that is queried."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evisynth.database import ProjectFiles, build_database, open_database
from evisynth.outcomes import ReportedOutcome, select_reported_outcomes

Reported = Callable[..., list[ReportedOutcome]]


@pytest.fixture
def reported(files: ProjectFiles, add_study: Callable[..., Path]) -> Reported:
    """What a query finds of a study with these outcomes."""

    def ask(*outcomes: str, **filters: Any) -> list[ReportedOutcome]:
        add_study("one", *outcomes)
        build_database(files)
        with open_database(files.database) as connection:
            return select_reported_outcomes(connection, **filters)

    return ask


def survival(row: str) -> str:
    return f"{{outcome: overall survival, at: line 4, values: {{all: {{{row}}}}}}}"


def test_a_number_at_risk_is_a_row_and_stands_beside_its_rate(reported: Reported) -> None:
    row = "survival at 5 years: {value: 79%, at_risk: 31, at: table 2}, survival at 10 years: 39%"
    rate, at_risk, later = reported(survival(row))
    assert (rate.statistic, rate.value, rate.at_risk) == ("survival", 0.79, 31)
    assert (at_risk.statistic, at_risk.value, at_risk.unit) == ("at_risk", 31.0, "patients")
    assert (at_risk.time_months, at_risk.n, at_risk.as_reported) == (60.0, 108, "31")
    assert at_risk.source_location == rate.at_risk_source_location == "table 2"
    assert at_risk.file_location == rate.at_risk_file_location == "studies/one.yaml:8"
    assert (rate.at_risk_qualifier, rate.at_risk_as_reported) == ("=", "31")
    assert (later.statistic, later.at_risk) == ("survival", None)


def test_it_can_stand_elsewhere_than_its_rate_and_be_a_bound(reported: Reported) -> None:
    row = "survival at 5 years: {value: 79%, at_risk: {value: < 5, at: figure 2, note: below the curve}}"
    rate, at_risk = reported(survival(row))
    assert (rate.source_location, at_risk.source_location) == ("line 4", "figure 2")
    assert (rate.at_risk, rate.at_risk_qualifier) == (5, "<")
    assert (at_risk.value, at_risk.qualifier) == (5.0, "<")


def test_every_rate_has_its_own(reported: Reported) -> None:
    rows = reported(
        survival(
            "survival at 5 years: {value: 79%, at_risk: 31}, survival at 10 years: {value: 39%, at_risk: 12}"
        ),
        survival("cumulative_incidence at 5 years: {value: 20%, at_risk: 30/108}"),
    )
    assert [(row.statistic, row.at_risk) for row in rows] == [
        ("survival", 31), ("at_risk", None), ("survival", 12), ("at_risk", None),
        ("cumulative_incidence", 30), ("at_risk", None),
    ]  # fmt: skip
    assert rows[-1].denominator == 108


def test_a_number_at_risk_without_its_rate(reported: Reported) -> None:
    silent, at_risk = reported(survival("survival at 5 years: {value: not reported, at_risk: 31}"))
    assert (silent.state, silent.at_risk) == ("not_reported", 31)
    assert at_risk.value == 31.0


def test_a_number_at_risk_that_is_not_printed_gives_a_rate_no_precision(reported: Reported) -> None:
    row = "survival at 5 years: {value: 79%, at_risk: {value: 31, worked_out: half of 62}}"
    rate, worked_out = reported(survival(row))
    assert rate.at_risk is None
    assert (worked_out.value, worked_out.worked_out) == (31.0, "half of 62")
    row = "survival at 5 years: {value: 79%, at_risk: not reported}"
    rate, at_risk = reported(survival(row))
    assert rate.at_risk is None
    assert (at_risk.state, at_risk.value) == ("not_reported", None)


@pytest.mark.parametrize("name", ["at_risk", "at risk", "number at risk", "patients at risk"])
def test_numbers_at_risk_are_asked_for_by_name(reported: Reported, name: str) -> None:
    (row,) = reported(survival("survival at 5 years: {value: 79%, at_risk: 31}"), statistic=name)
    assert row.value == 31.0


def test_a_suspected_misprint_is_stored_beside_the_print_and_is_no_row(reported: Reported) -> None:
    row = "median: {value: 2 years (95% CI 1 to 9 years), perhaps: 5 years, because: it is the middle}"
    (median,) = reported(survival(row))
    assert (median.value, median.ci_upper) == (24.0, 108.0)
    assert (median.perhaps, median.perhaps_half_unit) == (60.0, 6.0)
    assert (median.perhaps_as_reported, median.perhaps_because) == ("5 years", "it is the middle")


def test_a_count_and_its_share_are_suspected_each_for_itself(reported: Reported) -> None:
    def shares(value: str, perhaps: str) -> list[tuple[str, float | None]]:
        suspected = f"{{value: {value}, perhaps: {perhaps}, because: sums}}"
        block = f"{{outcome: major complications, at: line 4, values: {{all: {{proportion: {suspected}}}}}}}"
        return [(row.statistic, row.perhaps) for row in reported(block)]

    assert shares("91 (84.2%)", "19 (17.6%)") == [("count", 19.0), ("proportion", pytest.approx(0.176))]
    assert shares("91 (84.2%)", "17.6%") == [("count", None), ("proportion", pytest.approx(0.176))]
    assert shares("91/108", "19/108") == [("count", 19.0)]


def test_the_suspected_misprint_of_the_real_studies(evidence: ProjectFiles) -> None:
    with open_database(evidence.database) as connection:
        rows = [row for row in select_reported_outcomes(connection) if row.perhaps is not None]
    assert [(row.group, row.value, row.perhaps) for row in rows] == [("age-under-51", 31.0, 76.0)]
