"""Odds and risk ratios are recomputed from the counts beside them, every common way."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from scipy.stats.contingency import odds_ratio as odds_ratio_of_scipy

from evisynth.checks import by_code, exact_odds_ratio, odds_ratio, p_example, risk_ratio


def found(outcomes_of, yes: str, no: str, comparison: str, outcome: str = "major complications"):
    text = p_example(outcome, yes, no, comparison)
    return [one for one in outcomes_of(by_code()["ratio-against-counts"], text) if one is not None]


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        ("odds_ratio: 3.4", "12/60 and 6/60, which give 2.25"),
        ("risk_ratio: 3.4", "which give 2"),
        ("risk_ratio: 0.5", "it is that of 'no' against 'yes': type of: [no, yes]"),
        ("odds_ratio: 2.0", "it is their risk ratio: type read_as: risk ratio"),
        ("risk_ratio: 2.25", "it is their odds ratio: type read_as: odds ratio"),
        ("risk_ratio: 0.89", "that of the patients without the event"),
        ("odds_ratio: 3.4, test: univariable logistic regression", "give 2.25"),
    ],
)
def test_a_ratio_that_the_counts_do_not_give_is_told(outcomes_of, ratio: str, words: str) -> None:
    (one,) = found(outcomes_of, "count: 12", "count: 6", ratio)
    assert words in one.message


@pytest.mark.parametrize(
    ("yes", "no", "ratio"),
    [
        ("count: 12", "count: 6", "odds_ratio: 2.25 (95% CI 0.8 to 6.4)"),
        ("count: 12", "count: 6", "odds_ratio: 2.2"),
        ("count: 12", "count: 6", "odds_ratio: 3.4, adjusted_for: [age]"),
        ("count: 12", "count: 6", "odds_ratio: 3.4, test: logistic regression"),
        ("count: 12", "count: 6", "odds_ratio: about 3"),
        ("count: 12", "count: 0", "odds_ratio: 9.9"),
        ("proportion: 20%", "proportion: 10%", "risk_ratio: 2.0"),
        ("count: 12", "proportion: at most 10%", "odds_ratio: 9.9"),
    ],
)
def test_a_ratio_that_may_be_is_not(outcomes_of, yes: str, no: str, ratio: str) -> None:
    assert found(outcomes_of, yes, no, ratio) == []


def test_survival_is_not_counted(outcomes_of) -> None:
    assert found(outcomes_of, "deaths: 12", "deaths: 6", "odds_ratio: 9.9", "OS") == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(1, 59), st.integers(1, 59), st.sampled_from(["plain", "half", "exact", "risk"]))
def test_every_way_to_work_it_out_is_accepted(outcomes_of, index: int, reference: int, way: str) -> None:
    table = (index, 60 - index, reference, 60 - reference)
    if way == "exact":
        value = exact_odds_ratio(table)
    elif way == "half":
        value = odds_ratio(tuple(cell + 0.5 for cell in table))
    else:
        value = odds_ratio(table) if way == "plain" else risk_ratio(table)
    name = "risk_ratio" if way == "risk" else "odds_ratio"
    assert found(outcomes_of, f"count: {index}", f"count: {reference}", f"{name}: {value:.3f}") == []


@pytest.mark.parametrize(
    "table", [(12, 48, 6, 54), (2, 1, 1, 2), (1, 19, 4, 1), (300, 20, 7, 900), (5, 5, 5, 5)]
)
def test_fishers_odds_ratio_is_that_of_scipy(table: tuple[int, int, int, int]) -> None:
    a, b, c, d = table
    expected = odds_ratio_of_scipy([[a, b], [c, d]], kind="conditional").statistic
    # scipy stops its own search at a relative 1e-9 or so.
    assert exact_odds_ratio(table) == pytest.approx(expected, rel=1e-6)
