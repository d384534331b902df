"""Names of tests as sources write them: one-sided or not, log-rank or not, of two groups or not."""

from __future__ import annotations

import pytest

from evisynth.named_tests import read_test, two_sided


@pytest.mark.parametrize(
    "name",
    ["one-sided", "1-sided log-rank", "one sided", "onesided", "one-tailed t-test", "One‐tail",
     "single-tailed", "unilateral", "upper-tailed",
     "log-rank left-sided", "lower tail",
     "one-way log-rank", "log-rank (one-sided alpha 0.025)"],
)  # fmt: skip
def test_one_sided(name: str) -> None:
    assert read_test(name).one_sided


@pytest.mark.parametrize(
    "name", [None, "", "log-rank", "two-sided log-rank", "two-tailed", "one-way ANOVA", "Cox"]
)
def test_not_one_sided(name: str | None) -> None:
    assert not read_test(name).one_sided


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Non-inferiority", "non-inferiority"), ("non inferior", "non-inferiority"),
        ("log-rank p for difference between four stages", "several groups"),
        ("noninferiority margin 1.3, one-sided", "non-inferiority"), ("TOST", "equivalence"),
        ("p for trend", "trend"), ("Cochran–Armitage", "trend"), ("Jonckheere-Terpstra", "trend"),
        ("p for interaction", "interaction"), ("test of heterogeneity", "interaction"),
        ("Breslow-Day", "interaction"),
        ("Wilcoxon-Gehan", "weighs"), ("generalised Wilcoxon", "weighs"),
        ("Breslow", "weighs"),
        ("Tarone-Ware", "weighs"), ("Peto-Peto", "weighs"), ("Peto and Peto", "weighs"),
        ("Peto & Peto", "weighs"),
        ("Fleming–Harrington (0, 1)", "weighs"), ("weighted log-rank", "weighs"),
        ("overall log-rank", "several groups"), ("log-rank, three groups", "several groups"),
        ("4-group log-rank", "several groups"), ("across groups", "several groups"),
        ("ANOVA", "several groups"),
        ("Mann–Whitney U", "ranks"), ("log-rank, Bonferroni", "several comparisons"),
    ],
)  # fmt: skip
def test_of_another_kind(name: str, kind: str) -> None:
    assert kind in read_test(name).of_another_kind


@pytest.mark.parametrize(
    "name",
    ["log-rank", "logrank", "Mantel-Cox", "Cox", "Cox regression, Breslow ties", "Wald", "Peto log-rank",
     "log-rank, overall survival", "two-group log-rank", "chi-squared", "t-test", None],
)  # fmt: skip
def test_of_two_groups(name: str | None) -> None:
    assert read_test(name).of_another_kind == ""


def test_what_a_name_says_beside() -> None:
    assert read_test("Log rank test").is_log_rank and read_test("Mantel-Cox").is_log_rank
    assert not read_test("two-sided").is_named and read_test("two-sided log-rank").is_named
    assert read_test("Student's t").of_means and not read_test("log-rank test").of_means
    assert read_test("Fisher's exact").of_tables and not read_test("log-rank chi-squared").of_tables
    assert read_test("Cox, Wald").is_wald


def test_both_sides() -> None:
    assert (two_sided(0.02), two_sided(0.7)) == (pytest.approx(0.04), pytest.approx(0.6))
