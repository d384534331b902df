"""No printed precision is better than its patients, events or counts allow, and no ratio is 62."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evisynth.checks import by_code

GROUPS = """\
groups:
  all: {label: All, n: 120, at: line 1}
  r: {label: Resected, n: 70, of: all, by: operation, at: line 1}
  c: {label: Not resected, n: 50, of: all, by: operation, at: line 1}
"""

Look = Callable[..., list[str]]


@pytest.fixture
def look(outcomes_of) -> Look:
    """Return the messages of a check on figures of one group, or on a comparison of two."""

    def run(code: str, compared: str = "", outcome: str = "OS", **figures: str) -> list[str]:
        rows = "".join(f"      {group}: {{{said}}}\n" for group, said in figures.items())
        text = GROUPS
        if rows:
            text += f"outcomes:\n  - outcome: {outcome}\n    starts: operation\n    at: line 2\n"
            text += f"    values:\n{rows}"
        if compared:
            text += f"comparisons:\n  - {{outcome: {outcome}, {compared}, basis: stated, at: line 3}}\n"
        return [one.message for one in outcomes_of(by_code()[code], text) if one is not None]

    return run


TOO_PRECISE = [
    # SE .0165 against 2/sqrt(120) = .183
    ("hazard_ratio: 0.62 (95% CI 0.60 to 0.64)", "120 patients"),
    ("hazard_ratio: 0.62 (95% CI 0.60 to 0.64), adjusted_for: [age]", "120 patients"),
    ("hazard_ratio: 0.62 (99% CI 0.60 to 0.64)", "120 patients"),
    ("hazard_ratio: {value: 0.62 (95% CI 0.41 to 0.94), n: 60}", "60 patients"),
    ("hazard_ratio: 1.02 (95% CI 1.01 to 1.03)", "per: 1 year"),
    ("odds_ratio: 0.97 (95% CI 0.95 to 0.99)", "per: 1 year"),
    ("hazard_ratio: 62 (95% CI 41 to 94)", "120 patients"),
    ("odds_ratio: 0.62 (95% CI 0.41 to 0.94)", "one standard error either way"),
    ("risk_ratio: 0.62 (95% CI 0.60 to 0.64)", "120 patients"),
    ("hazard_ratio: 0.62 (SE of the log 0.02)", "120 patients"),
    ("hazard_ratio: 0.62 (SE of the ratio 0.02)", "120 patients"),
    ("difference: 20% (95% CI 18 to 22%)", "120 patients"),
    ("difference: -20% (95% CI -22 to -18%)", "120 patients"),
    ("difference: 20% (SE 1%)", "more precise than 120 patients"),
    ("hazard_ratio: 0.9, p: 0.0001", "0.9 with p = 0.0001"),
    ("hazard_ratio: 0.9, p: < 0.001", "120 patients"),
]
POSSIBLE = [
    "difference: 20% (95% CI 5 to 35%)",
    "difference: -20% (95% CI -35 to -5%)",
    "difference: 4 months (95% CI 3 to 5)",
    "hazard_ratio: 0.62 (95% CI 0.41 to 0.94)",
    "hazard_ratio: 0.62 (95% CI 0.43 to 0.89)",
    "hazard_ratio: {value: 0.62 (95% CI 0.60 to 0.64), n: 20000}",
    "hazard_ratio: 0.62 (SE of the log 0.21)",
    "odds_ratio: 0.62 (95% CI 0.30 to 1.28)",
    "risk_ratio: 0.98 (95% CI 0.95 to 1.01)",
    "hazard_ratio: 1.01, p: 0.93",
    "hazard_ratio: 0.9, p: 0.60",
    "hazard_ratio: 0.9, p: 0.0001, test: non-inferiority",
    'hazard_ratio: 0.9, p: "> 0.05"',
]


@pytest.mark.parametrize(("ratio", "said"), TOO_PRECISE)
def test_a_ratio_of_two_groups_is_too_precise(look: Look, ratio: str, said: str) -> None:
    (message,) = look("interval-too-narrow", f"of: [r, c], {ratio}")
    assert said in message


@pytest.mark.parametrize("ratio", POSSIBLE)
def test_a_ratio_of_two_groups_may_be(look: Look, ratio: str) -> None:
    assert look("interval-too-narrow", f"of: [r, c], {ratio}") == []


def test_events_and_counts_bound_a_ratio(look: Look) -> None:
    ratio = "of: [r, c], hazard_ratio: 0.62 (95% CI 0.41 to 0.94)"
    # sqrt(1/10 + 1/20) = .387, sqrt(1/45 + 1/48) = .208 against .216 at the ends of rounding
    (message,) = look("interval-too-narrow", ratio, r="deaths: 10", c="deaths: 20")
    assert "too narrow for 30 events: its standard error of 0.216 is below 0.387" in message
    assert look("interval-too-narrow", ratio, r="deaths: 45", c="deaths: 48") == []
    counts = {"outcome": "major complications", "r": "proportion: 14/70", "c": "proportion: 4/50"}
    # sqrt(1/14 + 1/56 + 1/4 + 1/46) = .601; exp(log 2.875 -+ 1.96 .601) is 0.885 to 9.34
    (message,) = look("interval-too-narrow", "of: [r, c], odds_ratio: 2.88 (95% CI 2.0 to 4.1)", **counts)
    assert "the counts beside it" in message and "0.601" in message
    assert look("interval-too-narrow", "of: [r, c], odds_ratio: 2.88 (95% CI 0.89 to 9.34)", **counts) == []


@pytest.mark.parametrize(
    ("figures", "outcome", "said"),
    [
        ("survival at 5 years: 79% (95% CI 77 to 81%)", "OS", "70 patients"),
        ("survival at 5 years: 79% (SE 1%)", "OS", "more precise than 70 patients"),
        ("survival at 5 years: 79% (SE 0.05)", "OS", "type it in percent"),
        ("survival at 5 years: 79% (95% CI 74 to 84%)", "OS", "one standard error either way"),
        ("cumulative incidence at 5 years: 21% (95% CI 20 to 22%)", "OS", "70 patients"),
        ("median: 60 months (SE 1)", "OS", "more precise than 70 patients"),
        ("proportion: 20% (95% CI 19 to 21%)", "major complications", "70 patients"),
        ("mean: 8.2 (SD 5; 95% CI 8.0 to 8.4)", "lesions treated", "of that standard deviation"),
    ],
)
def test_a_figure_of_one_group_is_too_precise(look: Look, figures: str, outcome: str, said: str) -> None:
    (message,) = look("interval-too-narrow", outcome=outcome, r=figures)
    assert said in message


@pytest.mark.parametrize(
    ("figures", "outcome"),
    [
        # 1.96 sqrt(.79 .21/70) is 9.5 points; the error of 70 is 4.9, printed as 5
        ("survival at 5 years: 79% (95% CI 69 to 89%)", "OS"),
        ("survival at 5 years: 79% (95% CI 67 to 87%)", "OS"),
        ("survival at 5 years: 79% (SE 5%)", "OS"),
        ("survival at 5 years: {value: 79% (SE 1%), n: 1700}", "OS"),
        ("survival at 5 years: {value: 79% (SE 1%), n: not reported}", "OS"),
        ("median: 60 months (SE 5)", "OS"),
        ("proportion: 20% (95% CI 12 to 31%)", "major complications"),
        ("proportion: 0% (95% CI 0 to 5%)", "major complications"),
        ("mean: 8.2 (SD 5; 95% CI 7.0 to 9.4)", "lesions treated"),
    ],
)
def test_a_figure_of_one_group_may_be(look: Look, figures: str, outcome: str) -> None:
    assert look("interval-too-narrow", outcome=outcome, r=figures) == []


@pytest.mark.parametrize(
    ("ratio", "asked"),
    [
        ("hazard_ratio: 62 (95% CI 41 to 94)", True),
        ("hazard_ratio: 62 (95% CI 41 to 94), adjusted_for: [age]", True),
        ("odds_ratio: 250", True),
        ("hazard_ratio: 0.005", True),
        ("hazard_ratio: 0.06 (95% CI 0.04 to 0.09)", True),
        ("hazard_ratio: 0.62 (95% CI 0.41 to 0.94)", False),
        ("hazard_ratio: 62 (95% CI 1.1 to 3500)", True),
        ("odds_ratio: 0.016 (95% CI 0.0003 to 0.91)", True),
        ("odds_ratio: 25 (95% CI 3 to 208)", False),
        ("hazard_ratio: 12", False),
    ],
)
def test_a_ratio_without_its_decimal_point_is_asked_about(look: Look, ratio: str, *, asked: bool) -> None:
    assert bool(look("ratio-implausible", f"of: [r, c], {ratio}")) == asked


def test_a_ratio_per_unit_names_no_groups(look: Look) -> None:
    ratio = "hazard_ratio: 1.02 (95% CI 1.01 to 1.03), per: 10 years"
    assert look("interval-too-narrow", f"of: [r, c], {ratio}") == []
    (message,) = look("unit-of-groups", f"of: [r, c], {ratio}")
    assert "per 10 years" in message
    assert look("unit-of-groups", f"within: all, by: age, {ratio}") == []


@pytest.mark.parametrize(
    "printed",
    [
        "0.62 (95% CI 0.00 to 0.90)",
        "0.48 (95% CI 0.06 to 0.89)",
        "0.62 (95% CI 0.05 to 0.90)",
        "4.64 (95% CI 1.33 to 6.16)",
    ],
)
def test_an_interval_that_no_rounding_centres_is_told(look: Look, printed: str) -> None:
    assert len(look("interval-off-centre", f"of: [r, c], hazard_ratio: {printed}")) == 1


@pytest.mark.parametrize(
    "printed", ["0.10 (95% CI 0.02 to 0.40)", "0.10 (95% CI 0.00 to 2.1)", "0.6 (95% CI 0.4 to 0.9)"]
)
def test_a_coarse_limit_may_fit(look: Look, printed: str) -> None:
    assert look("interval-off-centre", f"of: [r, c], hazard_ratio: {printed}") == []


def test_a_standard_error_is_a_precision(look: Look) -> None:
    code = "survival-without-precision"
    assert look(code, r="survival at 5 years: 79% (SE 5%)") == []
    assert look(code, r="median: 60 months (SE 5)") == []
    assert len(look(code, r="survival at 5 years: 79%")) == 1
    assert len(look(code, r="median: 60 months (SD 5)")) == 1


def test_a_one_sided_p_value_is_doubled_before_it_is_compared(look: Look) -> None:
    # log .62/.2117 is z 2.258, two-sided p .0239: .018 is near it, .009 is not
    ratio = "of: [r, c], hazard_ratio: 0.62 (95% CI 0.41 to 0.94)"
    assert look("p-against-ratio", f"{ratio}, p: 0.009, test: one-sided log-rank") == []
    assert len(look("p-against-ratio", f"{ratio}, p: 0.009, test: log-rank")) == 1
    assert look("p-against-ratio", f"{ratio}, p: 0.0004, test: test for trend") == []


@pytest.mark.parametrize("test", ["Wilcoxon-Gehan", "non-inferiority", "test for trend", "t-test", "Fisher"])
def test_a_p_value_of_another_test_bounds_no_hazard_ratio(look: Look, test: str) -> None:
    compared = "of: [r, c], p: 0.009, favours: r"
    assert len(look("p-gives-a-bound", compared)) == 1
    assert len(look("p-gives-a-bound", f"{compared}, test: log-rank")) == 1
    assert look("p-gives-a-bound", f"{compared}, test: {test}") == []


def test_a_p_value_beside_means_bounds_no_hazard_ratio(look: Look) -> None:
    means = {"r": "mean: 32 months (SD 18.9)", "c": "mean: 24 months (SD 15.8)"}
    assert look("p-gives-a-bound", "of: [r, c], p: 0.009, favours: r", **means) == []
    (bound,) = look("p-gives-a-bound", "of: [r, c], p: 0.009, favours: r, test: log-rank", **means)
    # z(.009) = 2.612: exp(-2.612 sqrt(120/(70 50))) = .6165
    assert "0.617" in bound
    (doubled,) = look("p-gives-a-bound", "of: [r, c], p: 0.009, favours: r, test: one-sided log-rank")
    assert "0.645" in doubled  # z(.018) = 2.366
