"""Groups formed by what happens after treatment, intervals too wide for their patients, linked reports."""

from __future__ import annotations

import math

import pytest

from evisynth.checks import find_check

SPLIT = """\
groups:
  all: {label: All, n: 200, at: line 1}
  a: {label: First, n: 100, of: all, by: SPLIT, at: line 1}
  b: {label: Second, n: 100, of: all, by: SPLIT, at: line 1}
  a1: {label: "First, low grade", n: 50, of: a, by: grade, at: line 1}
outcomes:
  - {outcome: OS, starts: START, at: line 2, values: {ROWS}}
"""


def study(
    split: str, start: str = "operation", rows: str = "a: {median: 3 years}, b: {median: 5 years}"
) -> str:
    return SPLIT.replace("SPLIT", split).replace("START", start).replace("ROWS", rows)


@pytest.mark.parametrize(
    ("split", "start", "found"),
    [
        ("time of recurrence", "operation", True),
        ("response", "not reported", True),
        ("completion", "operation", True),
        ("recurrence", "recurrence", False),
        ("margin", "operation", False),
        ("completeness of resection", "operation", False),
    ],
)
def test_the_name_of_the_split_says_that_a_group_is_formed_later(outcomes_of, split, start, found) -> None:
    told = [one for one in outcomes_of(find_check("group-formed-later"), study(split, start)) if one]
    assert len(told) == int(found)
    if found:
        assert "overall survival of 'a' and 'b'" in told[0].message


def test_a_part_of_such_a_group_is_formed_later_too(outcomes_of) -> None:
    text = study("recurrence", rows="a1: {median: 3 years}")
    told = [one for one in outcomes_of(find_check("group-formed-later"), text) if one]
    assert [one.about for one in told] == ["a by recurrence"]


WIDE = """\
groups:
  all: {label: All, n: 2361, at: line 1}
  yes: {label: Resected, n: 1003, of: all, by: resection, at: line 1}
  no: {label: Not resected, n: 1358, of: all, by: resection, at: line 1}
comparisons:
  - {outcome: OS, of: [yes, no], hazard_ratio: RATIO, basis: stated, at: line 3}
"""


def test_a_ratio_of_thousands_with_the_precision_of_few_events_is_told(outcomes_of) -> None:
    check = find_check("interval-too-wide")
    (told,) = outcomes_of(check, WIDE.replace("RATIO", "0.46 (95% CI 0.29 to 0.73)"))
    # SE = (log 0.735 - log 0.285)/3.92 = 0.2417 at most: 1/(SE^2 0.4248 0.5752) = 70 events.
    error = (math.log(0.735) - math.log(0.285)) / (2 * 1.959964)
    events = 1 / (error**2 * 1003 / 2361 * 1358 / 2361)
    assert f"about {events:.0f} events" in told.message
    assert "2,361 patients" in told.message


@pytest.mark.parametrize(
    "ratio",
    [
        "0.65 (95% CI 0.56 to 0.76)",
        "0.46 (95% CI 0.37 to 0.57)",
        "{value: 0.46 (95% CI 0.29 to 0.73), n: 300}",
    ],
)
def test_a_ratio_as_precise_as_its_patients_allow_is_fine(outcomes_of, ratio) -> None:
    told = outcomes_of(find_check("interval-too-wide"), WIDE.replace("RATIO", ratio))
    assert not any(told)


LINKED = """\
id: one
cohort: {OVERLAP}
groups:
  all: {label: Operated, n: 339, at: line 1}
outcomes:
  - {outcome: OS, at: line 2, values: {all: {median: 125 months, survival at 5 years: 74%}}}
---
id: two
groups:
  all: {label: Everybody, n: 753, at: line 1}
  surgery: {label: Surgery, n: 339, of: all, by: treatment, at: line 1}
  IAT: {label: Embolisation, n: 414, of: all, by: treatment, at: line 1}
outcomes:
  - outcome: OS
    at: line 2
    values:
      surgery: {median: 123 months, survival at 5 years: 74%}
      all: {median: 80 months}
"""


@pytest.mark.parametrize(("extent", "found"), [("contained", 1), ("possible", 0)])
def test_groups_of_one_size_are_compared_where_one_cohort_lies_inside_the_other(
    outcomes_of, extent, found
) -> None:
    overlap = f"overlaps: [{{with: two, extent: {extent}, because: the same 339}}]"
    told = [
        one for one in outcomes_of(find_check("reports-differ"), LINKED.replace("OVERLAP", overlap)) if one
    ]
    assert len(told) == found
    if found:
        assert "125 months here, 123 months in 'two'" in told[0].message
