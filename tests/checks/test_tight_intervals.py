"""The interval of a median is no narrower than the patients behind it allow."""

from __future__ import annotations

import pytest

from evisynth.checks import by_code

STUDY = """\
groups:
  all: {{label: All, n: {n}, at: line 1}}
outcomes:
  - {{outcome: OS, starts: operation, at: line 2, values: {{all: {{{figures}}}}}}}
"""


def found(outcomes_of, figures: str, n: str = "70"):
    text = STUDY.format(n=n, figures=figures)
    return [one for one in outcomes_of(by_code()["interval-too-narrow"], text) if one is not None]


def test_three_months_around_98_are_too_few_for_70_patients(outcomes_of) -> None:
    (one,) = found(outcomes_of, "median: 98 months (95% CI 95 to 101)")
    # 98 exp(-+1.96/(ln 2 sqrt 70)) is 69.9 to 137.4.
    assert "about 69.9 months to 137 months" in one.message
    assert "too narrow for 70 patients" in one.message


@pytest.mark.parametrize(
    ("figures", "n"),
    [
        ("median: 98 months (95% CI 70 to 137)", "70"),
        # a quarter of the log width at constant hazard is still let pass
        ("median: 98 months (95% CI 90 to 107)", "70"),
        ("median: 98 months (95% CI 95 to 101)", "7000"),
        ("median: 98 months (95% CI 95 to 101)", "not reported"),
        ("median: {value: 98 months (95% CI 95 to 101), n: 7000}", "9000"),
        ("median: 98 months (range 95 to 101)", "70"),
        ("median: 1 months (95% CI 0 to 1 months)", "70"),
    ],
)
def test_what_may_be_is_let_pass(outcomes_of, figures: str, n: str) -> None:
    assert found(outcomes_of, figures, n) == []


def test_rounding_is_on_the_side_of_the_source(outcomes_of) -> None:
    assert found(outcomes_of, "median: 3 months (95% CI 2 to 3)") == []


def test_years_are_told_in_years(outcomes_of) -> None:
    (one,) = found(outcomes_of, "median: 8.2 years (95% CI 7.9 to 8.5)")
    assert "about 5.85 years to 11.5 years" in one.message
