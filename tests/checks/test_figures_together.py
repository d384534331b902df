"""Figures that stand beside each other: ratios of a triangle, means and their p-value, curves that cross."""

from __future__ import annotations

import pytest

from evisynth.checks import by_code

GROUPS = """\
groups:
  all: {label: All, n: 82, at: line 1}
  a: {label: A, n: 23, of: all, by: extent, at: line 1}
  b: {label: B, n: 59, of: all, by: extent, at: line 1}
  c: {label: C, of: all, by: site, at: line 1}
"""


@pytest.fixture
def told(outcomes_of):
    def run(code: str, text: str) -> list[str]:
        return [one.message for one in outcomes_of(by_code()[code], GROUPS + text) if one is not None]

    return run


def compared(*ratios: tuple[str, str]) -> str:
    rows = [f"  - {{outcome: OS, of: [{of}], {ratio}, basis: stated, at: line 3}}\n" for of, ratio in ratios]
    return "comparisons:\n" + "".join(rows)


@pytest.mark.parametrize(
    ("ratios", "found"),
    [
        # .50 times .60 is .30.
        ([("a, b", "0.50"), ("b, c", "0.60"), ("a, c", "0.31")], False),
        ([("a, b", "0.50"), ("b, c", "0.60"), ("a, c", "0.60")], True),
        # Turned round: 1/.31 = 3.2; the order of the groups and of the rows decides nothing.
        ([("c, a", "3.2"), ("b, a", "2.0"), ("c, b", "1.67")], False),
        ([("c, a", "0.31"), ("b, a", "2.0"), ("c, b", "1.67")], True),
        # One digit: .5 x .5 may be .2025 to .3025.
        ([("a, b", "0.5"), ("b, c", "0.5"), ("a, c", "0.3")], False),
        ([("a, b", "0.50"), ("b, c", "0.60")], False),
    ],
)
def test_the_ratios_of_a_triangle_multiply(told, ratios, found: bool) -> None:
    for name in ("hazard_ratio", "odds_ratio"):
        text = compared(*((of, f"{name}: {value}") for of, value in ratios))
        assert bool(told("ratio-triangle", text)) is found
    mixed = compared(
        *((of, f"hazard_ratio: {value}, adjusted_for: [x{i}]") for i, (of, value) in enumerate(ratios))
    )
    assert told("ratio-triangle", mixed) == []


def means(one: str, other: str, p: str) -> str:
    return (
        "outcomes:\n  - {outcome: time to recurrence, at: line 2, values: "
        f"{{a: {{mean: {one}}}, b: {{mean: {other}}}}}}}\n"
        f"comparisons:\n  - {{outcome: time to recurrence, of: [a, b], {p}, basis: stated, at: line 3}}\n"
    )


def test_a_p_value_that_means_and_deviations_do_not_give(told) -> None:
    # R: t = (32-24)/sqrt(18.9^2/23 + 15.8^2/59), Welch p .0806; Student p .0550.
    (message,) = told("p-against-means", means("32 months (SD 18.9)", "24 months (SD 15.8)", "p: < 0.001"))
    assert "32 months (SD 18.9) of 23" in message
    assert "a t-test gives 0.08" in message


def test_a_p_value_that_means_and_intervals_do_not_give(told) -> None:
    # (32 - 24)/sqrt(.51^2 + .51^2) is 11.1.
    one, other = "32 months (95% CI 31 to 33)", "24 months (95% CI 23 to 25)"
    assert len(told("p-against-means", means(one, other, "p: 0.6"))) == 1
    assert len(told("p-against-means", means(one, other, "p: not significant"))) == 1


@pytest.mark.parametrize(
    ("one", "other", "p"),
    [
        ("32 months (SD 18.9)", "24 months (SD 15.8)", "p: 0.04"),
        ("32 months (SD 18.9)", "24 months (SD 15.8)", "p: 0.08"),
        # The standard errors of the means above: 18.9/sqrt(23) and 15.8/sqrt(59).
        ("32 months (SE 3.9)", "24 months (SE 2.1)", "p: 0.08"),
        ("32 months (95% CI 24.3 to 39.7)", "24 months (95% CI 20.0 to 28.0)", "p: 0.08"),
        ("42 months (SD 18.9)", "24 months (SD 15.8)", "p: < 0.001"),
        ("32 months (SD 18.9)", "24 months (SD 15.8)", "p: < 0.001, adjusted_for: [age]"),
    ],
)
def test_a_p_value_that_means_may_give(told, one: str, other: str, p: str) -> None:
    assert told("p-against-means", means(one, other, p)) == []


def curves(a: str, b: str, comparison: str = "p: 0.5") -> str:
    return (
        "outcomes:\n  - {outcome: OS, starts: operation, at: line 2, values: "
        f"{{a: {{{a}}}, b: {{{b}}}}}}}\n"
        f"comparisons:\n  - {{outcome: OS, of: [a, b], {comparison}, basis: stated, at: line 3}}\n"
    )


@pytest.mark.parametrize(
    ("a", "b", "p", "found"),
    [
        ("survival at 5 years: 40%", "survival at 5 years: 78%", "p: 1.000", True),
        ("survival at 5 years: 40%", "survival at 5 years: 78%", "p: 1.000, time: 5 years", True),
        ("survival at 5 years: 40%", "survival at 5 years: 78%", "p: 0.01", False),
        ("survival at 5 years: 40%", "survival at 5 years: 40%", "p: 1.000", False),
        ("survival at 5 years: 40%", "survival at 5 years: 44%", "p: 0.99", False),
        ("median: 20 months", "median: 60 months", "p: 1.0", True),
        ("median: 20 months", "median: 22 months", "p: 1.0", False),
        ("survival at 3 years: 40%", "survival at 3 years: 78%", "p: 1.000, time: 5 years", False),
    ],
)
def test_a_p_value_of_one_says_that_nothing_differs(told, a: str, b: str, p: str, found: bool) -> None:
    assert bool(told("p-above-figures", curves(a, b, p))) is found


FIVE = "survival at 5 years"


@pytest.mark.parametrize(
    ("a", "b", "p", "found"),
    [
        # n 23 and 59; with a quarter of them: log(-log) .9 - log(-log) .2 = -2.73, SE 1.35, p .04.
        (f"{FIVE}: 90%", f"{FIVE}: 20%", "p: 0.2", False),
        (f"{FIVE}: 90%", f"{FIVE}: 20%", "p: 0.8", True),
        (f"{FIVE}: 90% (SE 6%)", f"{FIVE}: 20% (SE 5%)", "p: 0.2", True),
        (f"{FIVE}: 90% (95% CI 78 to 97%)", f"{FIVE}: 20% (95% CI 10 to 30%)", "p: not significant", True),
        (f"{FIVE}: 60% (SE 10%)", f"{FIVE}: 50% (SE 6%)", "p: not significant", False),
        (f"{FIVE}: 90% (SE 6%)", f"{FIVE}: 20% (SE 5%)", "p: significant", False),
        # One year says the other way: curves that cross give what they like.
        (f"survival at 1 year: 40%, {FIVE}: 30% (SE 6%)", f"survival at 1 year: 90%, {FIVE}: 5% (SE 3%)",
         "p: 0.6", False),
        # log 20 = 3.0; each SE 1/(ln 2 sqrt(n/4)): .602 and .376, z 4.2.
        ("median: 200 months", "median: 10 months", "p: 0.5", True),
        ("median: 20 months", "median: 10 months", "p: 0.5", False),
    ],
)  # fmt: skip
def test_a_large_p_value_beside_figures_far_apart(told, a: str, b: str, p: str, found: bool) -> None:
    assert bool(told("p-above-figures", curves(a, b, p))) is found


@pytest.mark.parametrize(
    ("ratio", "p", "found"),
    [
        ("hazard_ratio: 0.60 (95% CI 0.40 to 0.90)", "0.5", True),
        ("hazard_ratio: 0.60 (SE of the log 0.20)", "0.5", True),  # log .6/.2 = -2.55, p .011
        ("hazard_ratio: 0.60 (SE of the log 0.20)", "0.011", False),
        ("hazard_ratio: 0.60 (SE of the ratio 0.12)", "0.011", False),
        ("hazard_ratio: 0.60 (95% CI 0.40 to 0.90)", "not significant", True),
        ("hazard_ratio: 0.60 (95% CI 0.40 to 0.90)", "significant", False),
        # Centred in plain numbers: (.7 - 1)/.194 gives .12, log .7/.31 gives .25; either may be printed.
        ("hazard_ratio: 0.70 (95% CI 0.32 to 1.08)", "0.12", False),
        ("hazard_ratio: 0.70 (95% CI 0.32 to 1.08)", "0.25", False),
        ("hazard_ratio: 0.70 (95% CI 0.32 to 1.08)", "0.01", True),
        ("difference: -20 months (95% CI -30 to -10)", "0.6", True),
        ("difference: -20 months (95% CI -30 to -10)", "< 0.001", False),
    ],
)
def test_a_p_value_is_set_beside_every_effect_with_a_precision(told, ratio: str, p: str, found: bool) -> None:
    text = curves("median: 40 months", "median: 60 months", f"{ratio}, p: {p}")
    assert bool(told("p-against-ratio", text)) is found


def test_curves_that_cross_are_told(told) -> None:
    early, late = "survival at 1 year", "survival at 5 years"
    (message,) = told("crossing-curves", curves(f"{early}: 80%, {late}: 60%", f"{early}: 95%, {late}: 40%"))
    assert "80% against 95% at 1 year and 60% against 40% at 5 years" in message
    # Within rounding they may touch: 80 and 80 say nothing of an order.
    assert told("crossing-curves", curves(f"{early}: 80%, {late}: 60%", f"{early}: 80%, {late}: 40%")) == []
    assert told("crossing-curves", curves(f"{early}: 95%, {late}: 60%", f"{early}: 80%, {late}: 40%")) == []


@pytest.mark.parametrize(
    ("ratio", "found"),
    [
        ("0.70 (95% CI 0.32 to 1.08)", True),
        ("0.70 (95% CI 0.41 to 1.20)", False),  # sqrt(.41 x 1.20) = .701
        ("0.90 (95% CI 0.80 to 1.00)", False),  # rounding centres it on the log scale too
    ],
)
def test_a_ratio_plus_and_minus_the_same_is_told(told, ratio: str, found: bool) -> None:
    text = curves("median: 60 months", "median: 40 months", f"hazard_ratio: {ratio}")
    assert [
        message for message in told("interval-off-centre", text) if "plus and minus the same" in message
    ] == (told("interval-off-centre", text) if found else [])
    assert bool(told("interval-off-centre", text)) is found


RELATIVE = """\
outcomes:
  - {outcome: OS, starts: diagnosis, at: line 2, values: {a: {median: MEDIAN}}}
  - {outcome: OS, HOW, starts: diagnosis, at: line 2, values: {GROUP: {survival at 5 years: RATE}}}
"""


@pytest.mark.parametrize(
    ("median", "how", "group", "rate", "codes"),
    [
        # More than half are dead at 60 months: 72 % needs that at most .5/.715 = 70 % of like people live.
        ("41 months", "label: relative survival", "a", "72%", ["median-against-relative"]),
        ("41 months", "method: relative survival", "a", "72%", ["median-against-relative"]),
        ("41 months", "label: relative survival", "a", "55%", []),
        ("41 months", "label: relative survival", "b", "72%", []),
        ("70 months", "label: relative survival", "a", "72%", []),
        # More than half are alive at 60 months, and relative survival is no less.
        ("70 months", "label: relative survival", "a", "42%", ["median-against-relative"]),
        ("41 months", "method: Kaplan-Meier", "a", "72%", ["median-against-rate"]),
    ],
)
def test_a_median_beside_relative_survival(told, median, how, group, rate, codes) -> None:
    text = (
        RELATIVE.replace("MEDIAN", median).replace("HOW", how).replace("GROUP", group).replace("RATE", rate)
    )
    found = [code for code in ("median-against-rate", "median-against-relative") if told(code, text)]
    assert found == codes
