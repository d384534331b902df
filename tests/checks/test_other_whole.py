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


PARTS = """\
groups:
  all: {label: All, n: 800, at: line 1}
  some: {label: Some, of: all, by: operation, at: line 1}
  half: {label: Half, n: 50%, of: all, by: site, at: line 1}
outcomes:
  - {outcome: major complications, at: line 2, values: {GROUP: {FIGURE}}}
"""


@pytest.mark.parametrize(
    ("group", "figure", "told"),
    [
        ("some", "proportion: 14%, n: 1001", "14% is of 1,001 patients, and 'some' has no more than 800"),
        ("some", "proportion: 140/801", "140/801 is of 801 patients, and 'some' has no more than 800"),
        ("half", "proportion: 14%, n: 500", "14% is of 500 patients, and 'half' has no more than 404"),
        ("half", "proportion: 14%, n: 400", None),
        ("some", "proportion: 14%, n: 800", None),
    ],
)
def test_more_patients_than_the_group_can_have_are_asked_about(outcomes_of, group, figure, told) -> None:
    text = PARTS.replace("GROUP", group).replace("FIGURE", figure)
    assert [one and one.message for one in outcomes_of(by_code()["whole-above-group"], text)] == [told]


def test_a_figure_of_too_many_patients_is_not_used_before_it_is_settled(outcomes_of) -> None:
    check = by_code()["whole-above-group"]
    text = PARTS.replace("GROUP", "some").replace("FIGURE", "proportion: 14%, n: 1001")
    (one,) = outcomes_of(check, text)
    assert (check.unsettles, one.unsettles) == (True, ((one.line, one.column),))


TWO_PARTS = """\
groups:
  all: {label: All, n: 13, at: line 1}
  yes: {label: Resected, of: all, by: resection, at: line 1}
  no: {label: Not resected, of: all, by: resection, at: line 1}
comparisons:
  - {outcome: OS, of: [yes, no], p: 0.04, favours: yes, basis: stated, at: line 2}
"""


def test_parts_of_unknown_size_have_no_more_deaths_than_their_whole_has_patients(outcomes_of) -> None:
    (one,) = outcomes_of(by_code()["p-gives-a-bound"], TWO_PARTS)
    # exp(-2.0537/sqrt(13/4)) = .320: were each part 13 of 13, 26 deaths would give .447.
    assert "with at most 13 events" in one.message
    assert "a hazard ratio of 0.320 or less" in one.message
