"""Deaths set against curves: how often a curve falls, how far it can fall by the median follow-up."""

from __future__ import annotations

import pytest

from evisynth.checks import find_check

HEAD = """\
cohort: {COHORT}
groups:
  all: {label: All, n: N, at: line 1, not_exhaustive: [marker]}
  bad: {label: High marker, n: 12, of: all, by: marker, at: line 1}
outcomes:
  - {outcome: OS, starts: operation, at: line 2, values: {ROWS}}
"""


def study(n: int, rows: str, cohort: str = "") -> str:
    return HEAD.replace("COHORT", cohort).replace("n: N", f"n: {n}").replace("ROWS", rows)


@pytest.mark.parametrize(
    ("rates", "deaths", "found"),
    [
        # Two falls, 94% and 79%: one death is too few, two are enough. 94% twice is one fall.
        ("survival at 2 years: 94%, survival at 5 years: 94%, survival at 8 years: 79%", 1, True),
        ("survival at 2 years: 94%, survival at 5 years: 94%, survival at 8 years: 79%", 2, False),
        # 94% and 93.5% round to one another: it need not have fallen between.
        ("survival at 2 years: 94%, survival at 5 years: 93.5%", 1, False),
        ("survival at 2 years: 100%, survival at 5 years: 95%", 0, True),
        ("survival at 2 years: 100%", 0, False),
    ],
)
def test_a_curve_falls_no_more_often_than_there_were_deaths(outcomes_of, rates, deaths, found) -> None:
    text = study(19, f"all: {{{rates}, deaths: {deaths}}}")
    told = outcomes_of(find_check("deaths-against-curve"), text)
    assert [one is not None for one in told] == [found]


@pytest.mark.parametrize(
    ("figure", "followed", "deaths", "found"),
    [
        # 14 of 54 died; 20 of the 40 survivors were followed for 49 months: no lower than 20/34, 58.8%.
        ("median: 41 months", "49 months", 14, True),
        ("median: 60 months", "49 months", 14, False),
        # 32 of 54 died: 11/43 of the curve may be left.
        ("median: 41 months", "49 months", 32, False),
        ("survival at 4 years: 55%", "49 months", 14, True),
        ("survival at 4 years: 59%", "49 months", 14, False),
        ("survival at 5 years: 55%", "49 months", 14, False),
    ],
)
def test_by_the_median_follow_up_survivors_hold_a_curve_up(
    outcomes_of, figure, followed, deaths, found
) -> None:
    cohort = f"follow_up: {{median: {followed}, at: line 1}}"
    text = study(54, f"all: {{{figure}, deaths: {deaths}}}", cohort)
    told = outcomes_of(find_check("deaths-against-curve"), text)
    assert [one is not None for one in told] == [found]
    if found:
        assert "no lower than 58.8%" in told[0].message


def test_follow_up_by_reverse_kaplan_meier_is_not_of_so_many_patients(outcomes_of) -> None:
    cohort = "follow_up: {median: 49 months, method: reverse Kaplan-Meier, at: line 1}"
    text = study(54, "all: {median: 41 months, deaths: 14}", cohort)
    assert outcomes_of(find_check("deaths-against-curve"), text) == [None]


@pytest.mark.parametrize(
    ("rows", "about"),
    [
        # 15 deaths of 52 and a median: half of 30.
        ("all: {median: 72 months, deaths: 15}", "about 30 patients"),
        # 0% of 12, and no more than the 6 deaths of all.
        (
            "all: {deaths: 6, survival at 1 year: 89%}, bad: {survival at 7 years: 0%}",
            "about 6 patients at most",
        ),
        ("all: {median: 72 months, deaths: 18}", None),
    ],
)
def test_a_curve_that_falls_further_than_its_deaths_rests_on_few(outcomes_of, rows, about) -> None:
    told = [one for one in outcomes_of(find_check("few-deaths-behind-curve"), study(52, rows)) if one]
    assert [about in one.message for one in told] == ([True] if about else [])
