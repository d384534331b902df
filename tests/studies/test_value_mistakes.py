"""Slips of people in a hurry: each is refused at its place, with the text to type instead."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from evisynth.errors import Finding
from evisynth.quantities import EXAMPLES, Kind, QuantityError, parse_quantity
from evisynth.studies import advice, digits_for_words, meant, quoted

FindingsOf = Callable[[str, str | bytes], list[Finding]]
STUDY = """\
id: slip
source:
  kind: journal abstract
  title: not reported
  year: 2010
  pmid: 20585879
cohort:
  design: retrospective
  accrual: 1985 to 2009
groups:
  all: {label: All operated, n: 61, intervention: surgery, at: line 3}
  R0: {label: Complete, n: 40, of: all, by: margin, at: line 3}
  R2: {label: Incomplete, n: 21, of: all, by: margin, at: line 3}
outcomes:
  - outcome: overall survival
    at: line 4
    values:
      all: {median: 125 months, survival at 5 years: 74%}
      R0:
        median: 151 months (95% CI 100 to 200)
        survival at 5 years: 84%
  - outcome: major complications
    at: line 5
    values:
      all: {proportion: 20%}
comparisons:
  - {outcome: OS, of: [R0, R2], p: 0.04, basis: stated, favours: R0, at: line 6}
  - outcome: overall survival
    of: [R0, R2]
    hazard_ratio: 0.62 (95% CI 0.41 to 0.94)
    basis: stated
    at: line 7
"""
RATE, SHARE = "        survival at 5 years: 84%", "{proportion: 20%}"
MEDIAN, RATIO = "median: 151 months (95% CI 100 to 200)", "hazard_ratio: 0.62 (95% CI 0.41 to 0.94)"
ACCRUAL, PLACE = "accrual: 1985 to 2009", "at: line 4"
SLIPS = [
    # What stands in the file, what is typed instead, and what the advice must hold.
    ("n: 61", "n: sixty-one", "type 61"),
    ("n: 61", "n: one hundred and eight", "type 108"),
    ("n: 61", "n: n=61", "type 61"),
    ("n: 61", "n: 1.362", 'type "1,362"'),
    ("n: 61", "n: 61.0", "type 61"),
    ("n: 61", "n: 6l", "type 61"),
    ("n: 61", "n: 1,362", 'type 1362, or put it in quotes: "1,362"'),
    ("median: 125 months", "median: 3,5 years", "type 3.5 years: a point before decimals"),
    ("median: 125 months", "median: 3,5 years (95% CI 2,1 to 4,5)", "type 3.5 years (95% CI 2.1 to 4.5)"),
    (MEDIAN, 'median: "3,5 years"', "type 3.5 years"),
    (MEDIAN, "median: 151 months (100-200)", "151 months (range 100 to 200)"),
    (MEDIAN, "median: 151 months, 95% CI 100-200", "type 151 months (95% CI 100-200)"),
    (MEDIAN, "median: 151 months [95% CI 100-200]", "type 151 months (95% CI 100-200)"),
    (MEDIAN, "median: 151 months (95% CI 100-NR)", "100 to not reached)"),
    (MEDIAN, "median: not reached (95% CI 100 to NE)", "write the upper end out"),
    (MEDIAN, "median: 12 years 7 months", "type 151 months"),
    (MEDIAN, "median: 151 mths", "type 151 months"),
    (MEDIAN, "median: 151+ months", "type at least 151 months"),
    (MEDIAN, "median: 12.6 Jahre", "type 12.6 years"),
    (RATIO, "difference: -4 months [95% CI -7; -1]", 'type "-4 months (95% CI -7 to -1)"'),
    (RATIO, "difference: -4 months (95% CI −7, −1)", 'type "-4 months (95% CI −7 to −1)"'),
    (RATIO, "difference: -4 months (-7; -1)", "type -4 months (95% CI -7 to -1)"),
    (RATIO, "hazard_ratio: 0,62 (95% CI 0,41 to 0,94)", "type 0.62 (95% CI 0.41 to 0.94)"),
    (RATIO, 'hazard_ratio: "0,54"', "type 0.54"),
    (RATIO, "hazard_ratio: 0.62 (0.41-0.94)", "type 0.62 (95% CI 0.41 to 0.94) if it is"),
    (RATIO, "hazard_ratio: 0.62 [0.41; 0.94]", "type 0.62 (95% CI 0.41 to 0.94) if it is"),
    (RATIO, "hazard_ratio: 0.62 (95% CI 0.41-0.94, p=0.02)", "p: 0.02"),
    (RATIO, "HR: 0.62 (95% CI 0.41 to 0.94)", "type hazard_ratio:"),
    (SHARE, "{proportion: sixty percent}", "type 60%"),
    (SHARE, "{proportion: 12 (20)}", "type 12 (20%)"),
    (SHARE, "{proportion: 1 in 5}", "type a fifth"),
    (SHARE, "{proportion: <1}", "type <1%"),
    (SHARE, "{proportion: 20}", "type 20%"),
    (SHARE, "{proportion: no}", "type none"),
    (SHARE, "{n: 12}", "count: 12"),
    (SHARE, "{percentage: 20%}", "type proportion:"),
    (SHARE, "{30-day proportion: 20%}", "type proportion within 30 days:"),
    (RATE, RATE.replace("survival at 5 years", "5-year survival"), "type survival at 5 years:"),
    (RATE, RATE.replace("survival at 5 years", "5 year OS"), "type survival at 5 years:"),
    (RATE, RATE.replace("survival at 5 years", "OS 5y"), "type survival at 5 years:"),
    (RATE, RATE.replace("5 years:", "five years:"), "type survival at 5 years:"),
    (RATE, RATE.replace("survival", "Survival"), "type survival at 5 years:"),
    (RATE, RATE.replace("5 years", "5/10 years"), "survival at 5 years: and survival at 10 years:"),
    (RATE, RATE.replace("84%", "84 percent"), "type 84%"),
    (RATE, RATE.replace("84%", "84% (31 at risk)"), "type {value: 84%, at_risk: 31}"),
    (RATE, RATE.replace("84%", "84% (0.70-0.92)"), "type 84% (95% CI 70 to 92%) if it is"),
    (MEDIAN, MEDIAN.replace("median", "median OS"), "type median:"),
    ("p: 0.04", "p: p<0.001", "type <0.001"),
    ("p: 0.04", "p: P = 0.04", "type 0.04"),
    ("p: 0.04", "p: < 0,001", "type < 0.001"),
    ("p: 0.04", "p: 4%", "type 0.04"),
    ("p: 0.04", "p: 0.04*", "type 0.04"),
    ("p: 0.04", "p_value: 0.04", "type p:"),
    ("p: 0.04", "P: 0.04", "did you mean 'p'?"),
    ("hazard_ratio: 0.62", "hazard ratio: 0.62", "did you mean 'hazard_ratio'?"),
    ("[R0, R2], p", "R0 vs R2, p", "type [R0, R2]"),
    ("[R0, R2], p", "[R0 vs R2], p", "R0, R2"),
    (ACCRUAL, "accrual: 1985-01-01", "type the first and the last year, as in 1985 to 1994"),
    (ACCRUAL, "accrual: 01/1985 - 12/2009", "type 1985 to 2009"),
    (ACCRUAL, "accrual: since 1985", "type the first and the last year"),
    ("year: 2010", "year: May 2010", "type 2010"),
    ("pmid: 20585879", "pmid: PMID 20585879", "type 20585879"),
    ("pmid: 20585879", "doi: https://doi.org/10.1245/s10434", "type 10.1245/s10434"),
    (PLACE, "at: p. 3", "type page 3"),
    (PLACE, "at: Results", "type section results"),
    # Figures that belong elsewhere, and keys of other tables.
    (
        SHARE,
        "{proportion: 20%, HR: 0.6}",
        "type it under comparisons: {outcome: ..., of: [index, reference], ",
    ),
    (SHARE, "{proportion: 20%, 95% CI: 10 to 30%}", "type it behind its value"),
    (SHARE, "{proportion: {value: 20%, ci: 10 to 30%}}", "type it behind its value"),
    (SHARE, "{proportion 20%}", "type proportion: 20%"),
    (
        RATE,
        RATE.replace("survival at 5 years", "mortality at 5 years"),
        "type cumulative_incidence at 5 years:",
    ),
    (RATE, RATE.replace("survival at 5 years", "alive"), "type it with its time, as in survival at 5 years:"),
    ("groups:", "arms:", "type groups:"),
    ("kind: journal abstract", "type: journal abstract", "type kind:"),
    ("title: not reported", "title: n/a", "type not reported"),
    ("id: slip", "id: Slip", "type slip:"),
    # What says more than its key: the text that says it all.
    (RATE, "        survival at 5 years: 84% (34/40)", "type 34/40 (84%)"),
    (SHARE, "{proportion: 20% (12/61)}", "type 12/61 (20%)"),
    (SHARE, "{proportion: 20% (12)}", "type 12 (20%)"),
    (SHARE, "{30-day: 2%}", "type proportion within 30 days:"),
    (SHARE, "{90 day: 2%}", "type proportion within 90 days:"),
    (SHARE, '{"30-day rate": 2%}', "type proportion within 30 days:"),
    (SHARE, "{alive: 42}", "type count: and how many these are"),
    (RATE, "        5-year: 84%", "type survival at 5 years: for the share without the event"),
    (RATE, "        alive: 42", "type deaths: and how many these are, with worked_out: 70 less 42"),
    (RATE, "        survivors: 42", "type deaths: and how many these are"),
    (MEDIAN, "median: 43 (26.1) months", "type 43 months (SD 26.1) if it is a standard deviation"),
    (MEDIAN, "median: 43 months (26.1)", "43 months (SE 26.1) if it is a standard error"),
    (RATIO, "hazard_ratio: 0.5 [0.3; 0.9]", "type 0.5 (95% CI 0.3 to 0.9)"),
    (RATIO, "aHR: 0.62 (95% CI 0.41 to 0.94)", "type hazard_ratio: and its value, and adjusted_for: ["),
    (
        RATIO,
        "adjusted HR: 0.62 (95% CI 0.41 to 0.94)",
        "type hazard_ratio: and its value, and adjusted_for: [",
    ),
    (RATIO, "aOR: 0.62 (95% CI 0.41 to 0.94)", "type odds_ratio: and its value, and adjusted_for: ["),
    (RATIO, "crude hazard ratio: 0.62 (95% CI 0.41 to 0.94)", "type hazard_ratio:"),
    (RATIO, "relative_risk: 0.62 (95% CI 0.41 to 0.94)", "type risk_ratio:"),
    (RATIO, "relative risk: 0.62 (95% CI 0.41 to 0.94)", "type risk_ratio:"),
    ("p: 0.04", "p: 0.04 (log-rank)", "type p: 0.04 and, as a key of its own, test: log-rank"),
    (
        "p: 0.04",
        "p: < 0.01 (Fisher's exact test)",
        "type p: < 0.01 and, as a key of its own, test: Fisher's exact",
    ),
    ("p: 0.04", "p: log-rank p = 0.04", "type p: 0.04 and, as a key of its own, test: log-rank"),
    ("p: 0.04", 'p: "0.04, Cox model"', "type p: 0.04 and, as a key of its own, test: Cox model"),
]


@pytest.mark.parametrize(("right", "wrong", "told"), SLIPS, ids=[wrong.strip() for _, wrong, _ in SLIPS])
def test_a_slip_is_told_once_at_its_place(findings_of: FindingsOf, right: str, wrong: str, told: str) -> None:
    assert right in STUDY
    assert findings_of("slip.yaml", STUDY) == []
    (finding,) = findings_of("slip.yaml", STUDY.replace(right, wrong, 1))
    assert told in finding.fix
    line = STUDY.replace(right, wrong, 1).splitlines()[finding.line - 1]
    assert wrong.strip() in line
    # The place is inside what was typed wrongly, or the block that lacks something.
    start = line.index(wrong.strip())
    assert start <= finding.column - 1 <= start + len(wrong)


OTHER_MEASURES = [
    ("ARR: 5%", "type difference: with a minus where fewer have it"),
    ("log_hazard_ratio: -0.5", "type hazard_ratio: and the exponent of the number"),
    ("rate_ratio: 0.62", "it cannot be used yet: put it in note:"),
    ("standardised_mean_difference: 0.5", "it cannot be used yet: put it in note:"),
    ("subdistribution_hazard_ratio: 0.62", "it cannot be used yet: put it in note:"),
]


@pytest.mark.parametrize(("typed", "told"), OTHER_MEASURES)
def test_an_effect_of_another_kind_is_not_taken_for_one_of_ours(
    findings_of: FindingsOf, typed: str, told: str
) -> None:
    found = findings_of("slip.yaml", STUDY.replace(RATIO, typed, 1))
    (unknown,) = [one for one in found if one.message == f"unknown key '{typed.partition(':')[0]}'"]
    assert told in unknown.fix and "did you mean" not in unknown.fix


KINDS = sorted(EXAMPLES)


@given(st.text(alphabet="0123456789.,%<>()[]-–+* abpCInRmoyetrs½", max_size=24), st.sampled_from(KINDS))
def test_what_is_proposed_can_always_be_read(text: str, kind: Kind) -> None:
    found = meant(text, kind)
    if found is not None:
        assert parse_quantity(found.as_reported, kind) == found
    try:
        parse_quantity(text, kind)
    except QuantityError as error:
        assert advice(text, kind, error)


@given(st.integers(min_value=0, max_value=99))
def test_numbers_in_words_are_put_into_digits(number: int) -> None:
    ones = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen".split()
    ones += "fifteen sixteen seventeen eighteen nineteen".split()
    tens = "twenty thirty forty fifty sixty seventy eighty ninety".split()
    words = ones[number] if number < 20 else tens[number // 10 - 2]
    if number >= 20 and number % 10:
        words += f"-{ones[number % 10]}"
    assert digits_for_words(f"{words} patients") == f"{number} patients"


@pytest.mark.parametrize(
    "text", ["about two thirds", "survival at 5 years", "twenty twelve", "someone", "at"]
)
def test_other_words_stay(text: str) -> None:
    assert digits_for_words(text) in (text, text.replace("two", "2"))


@pytest.mark.parametrize(
    ("text", "typed"), [("84%", "84%"), ("1,362", '"1,362"'), ("> 0.05", '"> 0.05"'), ("< 0.05", "< 0.05")]
)
def test_what_yaml_would_take_for_something_else_is_quoted(text: str, typed: str) -> None:
    assert quoted(text) == typed


def test_a_comma_of_thousands_outside_braces_is_read(findings_of: FindingsOf, tmp_path: Path) -> None:
    groups = "  all: {label: All operated, n: 61, intervention: surgery, at: line 3}\n"
    block = "  all:\n    label: All operated\n    n: 1,061\n    intervention: surgery\n    at: line 3\n"
    assert findings_of("slip.yaml", STUDY.replace(groups, block)) == []
