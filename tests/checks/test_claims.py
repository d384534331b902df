"""What is said of claims that leave something out."""

from __future__ import annotations

from evisynth.checks import PAIR, claim_example, find_check


def test_a_claim_without_a_reference_names_none(outcomes_of) -> None:
    claim = claim_example("kind: benefit, outcome: OS, index: yes, comparator: concurrent")
    (found,) = outcomes_of(find_check("observational-effect"), claim)
    assert "against other patients of the study" in found.message
    assert "None" not in found.message


def test_a_claim_and_its_own_p_value_are_told_in_one_sentence(outcomes_of) -> None:
    (found,) = outcomes_of(find_check("claim-against-p"), claim_example(f"kind: benefit, {PAIR}", p="0.30"))
    assert "claimed for 'yes' against 'no', with p = 0.30 between the two" in found.message


def test_a_ranking_is_compared_with_rates_where_medians_are_missing(outcomes_of) -> None:
    ranking = "kind: ranking, outcome: OS, order: [no, yes]"
    check = find_check("ranking-against-figures")
    rates = ("survival at 5 years: 70%", "survival at 5 years: 40%")
    (found,) = outcomes_of(check, claim_example(ranking, *rates))
    assert "'no' is ranked above 'yes'" in found.message and "40% against 70%" in found.message
    assert outcomes_of(check, claim_example(ranking, *reversed(rates))) == [None]
