"""Counts beside medians say whether they are of deaths; shares in brackets go with them."""

from __future__ import annotations

import pytest

from evisynth.checks import by_code

STUDY = """\
groups:
  all: {{label: All, n: 70, at: line 1}}
outcomes:
  - {{outcome: {outcome}, starts: operation, at: line 2, values: {{all: {{{figures}}}}}}}
"""


def found(outcomes_of, code: str, figures: str, outcome: str = "OS"):
    text = STUDY.format(outcome=outcome, figures=figures)
    return [one for one in outcomes_of(by_code()[code], text) if one is not None]


@pytest.mark.parametrize(
    ("figures", "outcome", "fix"),
    [
        ("median: 98 months, count: 40", "OS", "type deaths: 40 if"),
        ("survival at 5 years: 60%, count: 40/70", "OS", "type deaths: 40/70 if"),
        ("median: 98 months, count: 40", "PFS", "type events: 40 if"),
    ],
)
def test_a_bare_count_is_asked_about(outcomes_of, figures: str, outcome: str, fix: str) -> None:
    (one,) = found(outcomes_of, "count-of-what", figures, outcome)
    assert one.fix.startswith(fix)


@pytest.mark.parametrize(
    "figures",
    [
        "median: 98 months, deaths: 40",
        "median: 98 months, count: 40 events",
        "count: 40",
        "median: 98 months",
    ],
)
def test_a_named_one_or_one_alone_is_not(outcomes_of, figures: str) -> None:
    assert found(outcomes_of, "count-of-what", figures) == []


def test_only_deaths_are_a_precision(outcomes_of) -> None:
    assert found(outcomes_of, "survival-without-precision", "median: 98 months, count: 40")
    assert found(outcomes_of, "survival-without-precision", "median: 98 months, deaths: 40") == []
    assert found(outcomes_of, "survival-without-precision", "median: 98 months, deaths within 2 years: 9")


def test_the_share_of_the_deaths_is_recomputed(outcomes_of) -> None:
    (one,) = found(outcomes_of, "percent-against-count", "deaths: 16 (26%)")
    assert one.message == "16/70 is 22.9%, not 26%"
    assert found(outcomes_of, "percent-against-count", "deaths: 18 (26%)") == []
    assert found(outcomes_of, "percent-against-count", "deaths: {value: 16 (26%), n: 61}") == []
