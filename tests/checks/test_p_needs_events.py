"""The events that a p-value needs are compared with those that the source counts."""

from __future__ import annotations

import pytest

from evisynth.checks import by_code, p_example

CHECK = by_code()["p-needs-more-events"]


def messages(outcomes_of, yes: str, no: str, more: str = "") -> list[str]:
    text = p_example("OS", yes, no, "p: 0.003")
    if more:
        text = text.replace("      yes:", f"      all: {{{more}}}\n      yes:", 1)
    return [one.message for one in outcomes_of(CHECK, text) if one is not None]


def test_patients_bound_the_events_where_no_deaths_are_typed(outcomes_of) -> None:
    (message,) = messages(outcomes_of, "median: 90 months", "median: 70 months")
    assert "there are at most 120 patients" in message


@pytest.mark.parametrize(
    ("yes", "no", "more"),
    [
        ("median: 90 months, deaths: 33", "median: 70 months, deaths: 40", ""),
        ("median: 90 months, count: 33 events", "median: 70 months, events: 40", ""),
        ("median: 90 months", "median: 70 months", "deaths: 73"),
    ],
)
def test_typed_deaths_bound_them_instead(outcomes_of, yes: str, no: str, more: str) -> None:
    (message,) = messages(outcomes_of, yes, no, more)
    assert "there are 73, as the source counts them" in message
    assert "at most 120" not in message


def test_enough_patients_may_have_too_few_deaths(outcomes_of) -> None:
    assert messages(outcomes_of, "median: 90 months", "median: 50 months") == []
    assert messages(outcomes_of, "median: 90 months, deaths: 15", "median: 50 months, deaths: 20")


def test_deaths_of_one_side_alone_bound_nothing(outcomes_of) -> None:
    (message,) = messages(outcomes_of, "median: 90 months, deaths: 33", "median: 70 months")
    assert "at most 120 patients" in message


def test_the_advice_forbids_no_recovery_that_there_is() -> None:
    assert "medians and the p-value together" in CHECK.fix
