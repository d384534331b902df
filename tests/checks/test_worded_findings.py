"""Findings that were false or badly worded are neither."""

from __future__ import annotations

import pytest

from evisynth.checks import claim_example, find_check

PARTS = """\
groups:
  all: {label: All, n: LARGE, at: line 1, not_exhaustive: [dose]}
  a: {label: Low, n: SMALL, of: all, by: dose, at: line 1}
  b: {label: High, n: 1011, of: all, by: dose, at: line 1}
outcomes:
  - {outcome: major complications, at: line 2, values: {a: {count: 1}, b: {count: 3}}}
"""


@pytest.mark.parametrize(("small", "found"), [(33, True), (34, False), (51, False), (5, True)])
def test_unequal_groups_are_told_where_one_patient_moves_a_rate_by_over_3_percent(
    outcomes_of, small, found
) -> None:
    text = PARTS.replace("LARGE", "1362").replace("SMALL", str(small))
    (told,) = outcomes_of(find_check("unequal-groups"), text)
    assert (told is not None) is found


def factors(ratio_of: str, named: str) -> str:
    claim = claim_example(f"kind: risk factor, outcome: OS, factors: [{named}]", p="0.01")
    text = claim.replace("label: Resected,", "label: Resected, intervention: resection,")
    text = text.replace("label: Not resected,", "label: Not resected, intervention: no resection,")
    return text.replace("of: [yes, no], p: 0.01", ratio_of)


@pytest.mark.parametrize(
    ("ratio_of", "named", "found"),
    [
        # The ratio of the treatment is no ratio of age.
        ("of: [yes, no], hazard_ratio: 0.6", "age", True),
        ("of: [yes, no], hazard_ratio: 0.6", "resection", False),
        ("within: all, by: age, per: 1 year, hazard_ratio: 1.02", "age", False),
    ],
)
def test_the_ratio_of_the_treatment_is_no_ratio_of_a_factor(outcomes_of, ratio_of, named, found) -> None:
    (told,) = outcomes_of(find_check("factors-without-ratios"), factors(ratio_of, named))
    assert (told is not None) is found


CENTRES = """\
id: one
cohort: {institution: ONE}
groups: {all: {label: All, n: 36, at: line 1}}
---
id: two
cohort: {institution: TWO}
groups: {all: {label: All, n: 339, at: line 1}}
"""


@pytest.mark.parametrize(
    ("one", "two", "found"),
    [
        ("three hepatobiliary centres in China", "eight hepatobiliary centres, international", False),
        ("nine hepatobiliary centres", "eight hepatobiliary centres, international", False),
        ("Mayo Clinic", "Department of Surgery, Mayo Clinic", True),
    ],
)
def test_what_many_centres_are_called_is_no_institution(outcomes_of, one, two, found) -> None:
    text = CENTRES.replace("ONE", f'"{one}"').replace("TWO", f'"{two}"')
    told = [each for each in outcomes_of(find_check("overlap-undecided"), text) if each]
    assert bool(told) is found


STAGES = """\
id: one
cohort: {overlaps: [{with: two, extent: possible, because: same registry}]}
groups:
  all: {label: Any stage, n: 4723, population: siNET, at: line 1, not_exhaustive: [spread]}
  liver:
    label: Liver metastases
    n: 168
    of: all
    by: spread
    site: liver
    population: neuroendocrine metastases
    at: line 1
---
id: two
groups:
  all: {label: All, n: 14510, site: liver, population: neuroendocrine metastases, at: line 1}
"""


def test_only_patients_with_metastases_are_shared_with_a_study_of_metastases(outcomes_of) -> None:
    told = [each for each in outcomes_of(find_check("overlap-recorded"), STAGES) if each]
    # 168 / 14510 = 1.2%
    assert [each.message for each in told] == [
        "patients are shared with 'two' (possible), 168 patients at most: 1.2% of the 14510 of 'two'"
    ]


ROOTS = """\
id: one
cohort: {overlaps: [{with: two, extent: possible, because: same centres}]}
groups:
  operated: {label: Operated, n: 322, intervention: surgery, at: line 1}
  recurred: {label: Recurred, n: 209, at: line 1}
---
id: two
groups:
  all: {label: All, n: 481, at: line 1}
"""


def test_those_operated_on_and_those_with_a_recurrence_are_not_added_up(outcomes_of) -> None:
    (told,) = [each for each in outcomes_of(find_check("overlap-recorded"), ROOTS) if each]
    assert "531" not in told.message


def test_a_share_that_is_the_size_of_a_group_is_not_given_an_n(outcomes_of) -> None:
    text = (
        "groups:\n  all: {label: All, n: 209, at: line 1, not_exhaustive: [treatment]}\n"
        "  again: {label: Repeat surgery, n: 49 (36.6%), of: all, by: treatment, at: line 1}\n"
    )
    (told,) = outcomes_of(find_check("percent-against-count"), text)
    assert "type n:" not in told.fix and "of: names those" in told.fix


SIDES = """\
groups:
  all: {label: Recurred, n: 169, at: line 1, not_exhaustive: [any outside]}
  inside: {label: In the liver, n: 111, of: all, by: site of recurrence, at: line 1}
  outside: {label: Outside, n: 19, of: all, by: site of recurrence, at: line 1}
  both: {label: Both, n: 39, of: all, by: site of recurrence, at: line 1}
  any-outside: {label: Any outside, n: 58, of: all, by: any outside, at: line 1}
outcomes:
  - {outcome: OS, starts: recurrence, at: line 2, values: {inside: {survival at 10 years: 42%}, ROWS}}
comparisons:
  - {outcome: OS, of: [inside, any-outside], p: < 0.001, basis: stated, at: line 3}
"""


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("outside: {survival at 10 years: 0%}, both: {survival at 10 years: 21%}", False),
        ("outside: {survival at 10 years: 0%}", True),
    ],
)
def test_a_side_that_is_printed_in_its_parts_is_not_hidden(outcomes_of, rows, found) -> None:
    (told,) = outcomes_of(find_check("comparator-figure-missing"), SIDES.replace("ROWS", rows))
    assert (told is not None) is found


def test_an_effect_of_selected_patients_is_a_note() -> None:
    assert find_check("observational-effect").level == "note"
