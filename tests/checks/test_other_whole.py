"""A whole that is not the group's size is asked about, unless something beside it explains it."""

from __future__ import annotations

import pytest

from evisynth.checks import by_code

STUDY = """\
groups:
  all: {{label: All, n: {n}, at: line 1}}
outcomes:
  - {{outcome: {outcome}, at: line 2, values: {{all: {{{figures}}}}}}}
"""


def found(outcomes_of, figures: str, outcome: str = "major complications", n: str = "70"):
    text = STUDY.format(n=n, outcome=outcome, figures=figures)
    return [one for one in outcomes_of(by_code()["whole-differs-from-n"], text) if one is not None]


def test_a_smaller_whole_is_asked_about(outcomes_of) -> None:
    (one,) = found(outcomes_of, "proportion: 14/50")
    assert one.message == "14/50 is of 50 patients, and 'all' has 70: which 20 are left out is not said"
    assert "type n: 50" in one.fix
    assert found(outcomes_of, "count: 14/50")
    assert found(outcomes_of, "deaths: 14/50", "OS")


@pytest.mark.parametrize(
    "figures",
    [
        "proportion: 14/70",
        "proportion: 14 (20%)",
        "proportion: {value: 14/50, note: those with symptoms}",
        "proportion: 14/50, note: those with symptoms",
        "proportion: {value: 14/50, n: 50}",
        "proportion: 14/50, n: 50",
        "proportion within 30 days: 14/50",
        "proportion: {value: 14/50, worked_out: 64 less 50}",
    ],
)
def test_an_explained_one_is_not(outcomes_of, figures: str) -> None:
    assert found(outcomes_of, figures) == []


def test_without_a_size_there_is_nothing_to_compare(outcomes_of) -> None:
    assert found(outcomes_of, "proportion: 14/50", n="not reported") == []
