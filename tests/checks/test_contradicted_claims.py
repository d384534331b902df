"""Claims against the study's own comparisons, and p-values that are only called significant, or not."""

from __future__ import annotations

import pytest

from evisynth.checks import PAIR, claim_example, find_check

CLAIM = f"kind: benefit, {PAIR}"


@pytest.mark.parametrize(
    ("comparison", "found"),
    [
        ("0.021, favours: no", True),
        ("significant, favours: no", True),
        ("0.021, favours: yes", False),
        ("0.30, favours: no", False),  # told as a claim against its p-value
        ("not significant, favours: no", False),
        ("not reported, favours: no", True),
        # A ratio of death above 1 is worse for the index group.
        ("0.01, hazard_ratio: 1.61 (95% CI 1.12 to 2.31)", True),
        ("0.01, hazard_ratio: 0.62 (95% CI 0.43 to 0.89)", False),
    ],
)
def test_a_benefit_is_set_against_the_comparison_of_its_groups(outcomes_of, comparison, found) -> None:
    text = claim_example(CLAIM, yes="", no="", p=comparison)
    told = outcomes_of(find_check("claim-against-comparison"), text)
    assert [one is not None for one in told] == [found]


def test_the_claim_and_the_comparison_are_told_together(outcomes_of) -> None:
    text = claim_example(CLAIM, yes="", no="", p="0.021, favours: no")
    (told,) = outcomes_of(find_check("claim-against-comparison"), text)
    assert "claimed for 'yes' against 'no'" in told.message
    assert "the study's own comparison is in favour of 'no' (p = 0.021)" in told.message


MATCHED = """\
groups:
  all: {label: All, n: 200, at: line 1}
  yes: {label: Resected, n: 100, of: all, by: resection, at: line 1}
  no: {label: Not resected, n: 100, of: all, by: resection, at: line 1}
  yes-m: {label: "Resected, matched", n: 50, matched_from: yes, matched_by: age, at: line 1}
  no-m: {label: "Not resected, matched", n: 50, matched_from: no, matched_by: age, at: line 1}
comparisons:
  - {outcome: OS, of: [yes, no], CRUDE, basis: stated, at: line 2}
  - {outcome: OS, of: [yes-m, no-m], MATCHED, basis: stated, at: line 3}
"""


@pytest.mark.parametrize(
    ("crude", "matched", "found"),
    [
        ("p: significant, favours: yes", "p: not significant", True),
        ("p: 0.01, favours: yes", "p: 0.40", True),
        ("p: 0.01, favours: yes", "p: 0.01, favours: no-m", True),
        ("p: 0.01, favours: yes", "hazard_ratio: 0.7 (95% CI 0.4 to 1.2)", True),
        ("p: 0.01, favours: yes", "p: 0.03, favours: yes-m", False),
        ("p: 0.30", "p: 0.40", False),
        # Neither says whether it is significant: nothing to compare.
        ("favours: yes", "favours: yes-m", False),
    ],
)
def test_crude_and_matched_answers_are_set_against_each_other(outcomes_of, crude, matched, found) -> None:
    text = MATCHED.replace("CRUDE", crude).replace("MATCHED", matched)
    told = outcomes_of(find_check("crude-against-adjusted"), text)
    assert [one is not None for one in told] == [found]


@pytest.mark.parametrize(
    ("kind", "p", "found"),
    [
        ("benefit", "not significant", True),
        ("benefit", "NS", True),
        ("benefit", "significant", False),
        ("no difference", "significant", True),
        ("no difference", "not significant", False),
    ],
)
def test_a_claim_is_set_against_what_its_p_value_is_called(outcomes_of, kind, p, found) -> None:
    told = outcomes_of(find_check("claim-against-p"), claim_example(f"kind: {kind}, {PAIR}", p=p))
    assert [one is not None for one in told] == [found]


def test_no_difference_may_rest_on_a_p_value_only_called_not_significant(outcomes_of) -> None:
    check = find_check("not-significant-is-not-equal")
    (told,) = outcomes_of(check, claim_example(f"kind: no difference, {PAIR}", p="not significant"))
    assert told.message.endswith("rests on p called not significant: not significant is not the same")


def test_a_group_without_a_size_is_not_taken_at_the_size_of_its_whole(outcomes_of) -> None:
    text = claim_example(f"kind: no difference, {PAIR}", p="0.40").replace(
        "Not resected, n: 60", "Not resected"
    )
    text = text.replace("label: All, n: 120", "label: All, n: 120, not_exhaustive: [resection]")
    (told,) = outcomes_of(find_check("not-significant-is-not-equal"), text)
    assert "patients" not in told.message
