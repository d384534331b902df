"""A comma in braces that parts the ends of an interval, or the digits of a number, is told once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evisynth.errors import Finding

FindingsOf = Callable[[str, str | bytes], list[Finding]]
STUDY = """\
id: cut
source: {{kind: journal abstract}}
cohort: {{}}
groups:
  all: {{label: All, n: 70, at: line 1}}
outcomes:
  - outcome: overall survival
    at: line 2
    values:
      all: {{{figures}}}
"""


def only(findings_of: FindingsOf, figures: str) -> Finding:
    (found,) = findings_of("cut.yaml", STUDY.format(figures=figures))
    return found


@pytest.mark.parametrize(
    ("figures", "fix"),
    [
        ("median: 98 months (95% CI 80, 121)", "type 98 months (95% CI 80 to 121)"),
        ("median: 98 months (95% CI 80,121)", "type 98 months (95% CI 80 to 121)"),
        ("median: 98 (95% CI 80, 121) months", "type 98 (95% CI 80 to 121) months"),
        ("median: 98 months (95% CI 80, NR)", "type 98 months (95% CI 80 to not reached)"),
        ("median: 98 months (range 8, 121)", "type 98 months (range 8 to 121)"),
        ("survival at 5 years: 70% (95% CI 60, 80%)", "type 70% (95% CI 60 to 80%)"),
    ],
)
def test_the_ends_of_an_interval_are_put_together(findings_of: FindingsOf, figures: str, fix: str) -> None:
    found = only(findings_of, figures)
    assert (found.code, found.fix) == ("flow-comma", fix)
    typed = figures.partition(": ")[0] + ": " + fix.removeprefix("type ")
    assert findings_of("cut.yaml", STUDY.format(figures=typed)) == []


def test_an_interval_without_a_name_gets_the_choice(findings_of: FindingsOf) -> None:
    found = only(findings_of, "median: 98 months (80, 121), survival at 5 years: 70%")
    assert found.fix == (
        "type 98 months (95% CI 80 to 121) or 98 months (range 80 to 121) or 98 months (IQR 80 to 121), "
        "whichever it is"
    )


@pytest.mark.parametrize(
    ("figures", "fix"),
    [
        ("median: 98 months (95% CI 80,5 to 121)", "type 98 months (95% CI 80.5 to 121): a point"),
        ("median: 9,5 months", "type 9.5 months: a point"),
        ("mean: 98 months (SD 3,5)", "type 98 months (SD 3.5): a point"),
    ],
)
def test_decimal_commas_stay_decimal(findings_of: FindingsOf, figures: str, fix: str) -> None:
    found = only(findings_of, figures)
    assert found.code == "decimal-comma"
    assert found.fix.startswith(fix)


def test_a_text_with_brackets_is_no_interval(findings_of: FindingsOf) -> None:
    found = only(findings_of, "median: 98 months, note: patients (young, old)")
    assert found.code == "flow-comma"
    assert "quotes" in found.fix


def test_outside_braces_the_ends_are_told_alike(findings_of: FindingsOf) -> None:
    text = STUDY.format(figures="FIGURES").replace(
        "all: {FIGURES}", "all:\n        median: 98 months (95% CI 80, 121)"
    )
    (found,) = findings_of("cut.yaml", text)
    assert found.fix == "type 98 months (95% CI 80 to 121)"
