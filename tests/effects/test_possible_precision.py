"""A precision that cannot be is not used, and p-values give one only to what they stand beside."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from evisynth.effects import Effect

Only = Callable[..., Effect]


def two(printed: Any, *figures: Any, sizes: tuple[int, int] = (70, 50), arms: Any = ((), ())) -> Any:
    placed = tuple(replace(figure, group="A") if figure.group == "?" else figure for figure in figures)
    index, reference = printed.arm("A", sizes[0], *arms[0]), printed.arm("B", sizes[1], *arms[1])
    return printed.comparison(index, reference, figures=placed)


def single(printed: Any, size: int, *figures: Any) -> Any:
    return printed.comparison(printed.arm("A", size, *figures))


@pytest.mark.parametrize("adjusted", [None, "age"])
def test_a_ratio_more_precise_than_its_patients_is_refused(printed: Any, adjusted: str | None) -> None:
    # SE .0165, and 120 patients give no less than 2/sqrt(120) = .183
    figure = printed.ratio(0.62, 0.60, 0.64, adjusted=adjusted)
    (effect,) = printed.recover("hazard_ratio", two(printed, figure))
    assert effect.kind == "refused"
    assert "too narrow for 120 patients" in (effect.reason or "")
    (point,) = printed.recover("hazard_ratio", two(printed, figure, sizes=(12_000, 13_000)))
    assert (point.kind, point.grade) == ("point", "A")
    (of_many,) = printed.recover("hazard_ratio", two(printed, replace(figure, n=25_000)))
    assert of_many.kind == "point"


def test_events_bound_a_hazard_ratio(printed: Any) -> None:
    ratio = printed.ratio(0.62, 0.41, 0.94)
    few = ((printed.count(10, unit="deaths"),), (printed.count(20, unit="deaths"),))
    (effect,) = printed.recover("hazard_ratio", two(printed, ratio, arms=few))
    assert (effect.kind, "30 events" in (effect.reason or "")) == ("refused", True)
    (effect,) = printed.recover("hazard_ratio", two(printed, ratio))
    assert (effect.kind, effect.grade) == ("point", "A")


def test_counts_stand_where_the_printed_odds_ratio_cannot(printed: Any, only: Only) -> None:
    counts = ((printed.count(14, 70),), (printed.count(4, 50),))
    ratio = printed.ratio(2.88, 2.0, 4.1, statistic="odds_ratio")
    effects = printed.recover("odds_ratio", two(printed, ratio, arms=counts))
    assert [effect.kind for effect in effects if effect.recovery == "odds_ratio"] == ["refused"]
    effect = only(effects, "risk_contrast_of_counts")
    # log(14 46/(56 4)) and sqrt(1/14 + 1/56 + 1/4 + 1/46)
    assert (effect.primary, effect.estimate, effect.standard_error) == (
        True,
        pytest.approx(1.0560527, abs=1e-7),
        pytest.approx(0.6008534, abs=1e-7),
    )


def test_a_ratio_of_62_from_120_patients_is_refused(printed: Any) -> None:
    for measure in ("hazard_ratio", "odds_ratio", "risk_ratio"):
        figure = replace(printed.ratio(62, 41, 94, statistic=measure), half_unit=0.5, ci_lower_half_unit=0.5)
        effects = printed.recover(measure, two(printed, figure))
        assert [effect.kind for effect in effects] == ["refused"]


def test_a_ratio_per_unit_compares_no_groups(printed: Any) -> None:
    figure = printed.ratio(0.62, 0.41, 0.94, per_unit="10 years")
    (effect,) = printed.recover("hazard_ratio", two(printed, figure))
    assert (effect.kind, effect.reason) == (
        "refused",
        f"{figure.as_reported} is per 10 years, and no comparison of two groups",
    )


def test_a_standard_error_gives_a_ratio_its_precision(printed: Any, only: Only) -> None:
    of_log = printed.ratio(0.62, spread="log_se", sd=0.21, sd_half_unit=0.005)
    effect = only(printed.recover("hazard_ratio", two(printed, of_log)), "hazard_ratio_with_standard_error")
    assert (effect.grade, effect.estimate, effect.standard_error) == (
        "A",
        pytest.approx(math.log(0.62)),
        pytest.approx(0.21),
    )
    of_ratio = printed.ratio(0.62, spread="se", sd=0.15, sd_half_unit=0.005)
    effect = only(printed.recover("hazard_ratio", two(printed, of_ratio)), "hazard_ratio_with_standard_error")
    # delta method: .15/.62
    assert (effect.grade, effect.standard_error) == ("B", pytest.approx(0.2419355, abs=1e-7))
    impossible = printed.ratio(0.62, spread="log_se", sd=0.02, sd_half_unit=0.005)
    (refused,) = printed.recover("hazard_ratio", two(printed, impossible))
    assert "more precise than 120 patients" in (refused.reason or "")


@pytest.mark.parametrize(
    ("ratio", "lower", "upper"),
    [(0.62, 0.0, 0.90), (0.48, 0.06, 0.89), (0.62, 0.05, 0.90), (4.64, 1.33, 6.16)],
)
def test_an_interval_that_no_rounding_centres_is_refused(
    printed: Any, ratio: float, lower: float, upper: float
) -> None:
    comparison = two(printed, printed.ratio(ratio, lower, upper), sizes=(700, 500))
    (effect,) = printed.recover("hazard_ratio", comparison)
    assert (effect.kind, "does not fit its ratio" in (effect.reason or "")) == ("refused", True)


def test_a_coarse_lower_limit_that_fits_leaves_the_upper_one(printed: Any, only: Only) -> None:
    comparison = two(printed, printed.ratio(0.10, 0.02, 0.40))
    effect = only(printed.recover("hazard_ratio", comparison), "hazard_ratio_with_interval")
    # log(.40/.10)/1.959964
    assert (effect.grade, effect.standard_error) == ("B", pytest.approx(0.7073062, abs=1e-6))


def test_the_number_of_patients_stands_where_the_interval_of_a_rate_cannot(printed: Any) -> None:
    limits = {"level": 0.95, "ci_lower_half_unit": 0.005, "ci_upper_half_unit": 0.005}
    rate = printed.survival(60, 0.79, ci_lower=0.77, ci_upper=0.81, **limits)
    (effect,) = printed.recover("survival", single(printed, 70, rate))
    assert (effect.recovery, effect.grade) == ("survival_with_patients", "C")
    # sqrt(.21/(70 .79))/|log .79|
    assert effect.standard_error == pytest.approx(0.2614245, abs=1e-6)
    assert "printed_precision_impossible" in effect.flags
    assert any("too narrow for 70 patients" in told for told in effect.assumptions)
    wide = printed.survival(60, 0.79, ci_lower=0.69, ci_upper=0.89, **limits)
    (effect,) = printed.recover("survival", single(printed, 70, wide))
    assert (effect.recovery, effect.grade) == ("survival_with_interval", "B")


@pytest.mark.parametrize(
    ("error", "recovery"), [(0.05, "survival_with_interval"), (0.01, "survival_with_patients")]
)
def test_a_standard_error_of_a_rate_is_used_where_it_can_be(
    printed: Any, error: float, recovery: str
) -> None:
    rate = printed.survival(60, 0.79, sd=error, spread="se", sd_half_unit=0.005)
    (effect,) = printed.recover("survival", single(printed, 70, rate))
    assert effect.recovery == recovery
    if error == 0.05:  # .05/(.79 |log .79|)
        assert effect.standard_error == pytest.approx(0.2684982, abs=1e-6)


@pytest.mark.parametrize(
    "fields", [{"ci_lower": 58.0, "ci_upper": 62.0, "level": 0.95}, {"spread": "se", "sd": 1.0}]
)
def test_the_number_of_patients_stands_where_the_interval_of_a_median_cannot(
    printed: Any, fields: dict[str, Any]
) -> None:
    (effect,) = printed.recover("median", single(printed, 70, printed.median(60, **fields)))
    assert (effect.recovery, effect.grade) == ("median_with_patients", "D")
    assert effect.standard_error == pytest.approx(1 / (math.log(2) * math.sqrt(70)))
    measured = replace(
        single(printed, 70, printed.median(60, **fields)), outcome_type="measurement"
    )  # days in hospital may spread less than survival does
    (effect,) = printed.recover("median", measured)
    assert effect.recovery == "median_with_interval"


OF_ANOTHER_KIND = [
    "non-inferiority", "noninferiority, one-sided", "equivalence (TOST)", "test for trend",
    "log-rank for trend",
    "interaction", "Wilcoxon-Gehan", "Gehan-Breslow", "Breslow", "Tarone-Ware", "Peto-Peto",
    "Fleming-Harrington", "weighted log-rank", "log-rank of three groups",
    "Kruskal-Wallis", "ANOVA", "Mann-Whitney",
]  # fmt: skip


@pytest.mark.parametrize("test", OF_ANOTHER_KIND)
def test_a_test_of_another_kind_gives_no_precision(printed: Any, test: str) -> None:
    events = ((printed.count(40, unit="deaths"),), (printed.count(33, unit="deaths"),))
    p = printed.p_value(0.04, test=test, favours="A")
    effects = printed.recover("hazard_ratio", two(printed, printed.ratio(0.62), p, arms=events))
    assert {effect.kind for effect in effects} == {"refused"}


@pytest.mark.parametrize(
    "test",
    ["one-sided log-rank", "log-rank, 1-sided", "one-tailed log-rank", "single-tailed log-rank",
     "unilateral logrank",
     "log rank (one tail)"],
)  # fmt: skip
def test_a_one_sided_p_value_is_doubled(printed: Any, only: Only, test: str) -> None:
    events = ((printed.count(40, unit="deaths"),), (printed.count(33, unit="deaths"),))
    one, both = (
        only(
            printed.recover("hazard_ratio", two(printed, figure, arms=events)), "log_rank_p_value_with_events"
        )
        for figure in (
            printed.p_value(0.02, 0.0005, test=test, favours="A"),
            printed.p_value(0.04, 0.001, test="log-rank", favours="A"),
        )
    )
    assert one.estimate == pytest.approx(both.estimate)
    assert any("one-sided and was doubled" in told for told in one.assumptions)


def test_a_one_sided_p_value_beyond_one_half_looks_the_other_way(printed: Any, only: Only) -> None:
    one = printed.p_value(0.70, 0.005, test="Wald, one-sided")
    effects = printed.recover("hazard_ratio", two(printed, printed.ratio(1.12), one))
    effect = only(effects, "hazard_ratio_with_p_value")
    # 2 (1 - .7) = .6, z .524401: log 1.12/.524401
    assert effect.standard_error == pytest.approx(0.2161109, abs=1e-6)


def test_a_p_value_beside_means_is_no_log_rank_test(printed: Any) -> None:
    means = ((printed.figure("mean", 32.0, unit="months"),), (printed.figure("mean", 24.0, unit="months"),))
    p = printed.p_value(0.001, favours="A")
    (effect,) = printed.recover("hazard_ratio", two(printed, p, arms=means))
    assert (effect.kind, "beside means" in (effect.reason or "")) == ("refused", True)
    (bound,) = printed.recover("hazard_ratio", two(printed, replace(p, test="log-rank"), arms=means))
    assert bound.kind == "bound"


def test_the_told_range_counts_the_rounding_of_the_ratio(printed: Any, only: Only) -> None:
    p = printed.p_value(0.93, 0.005, test="Wald")
    effects = printed.recover("hazard_ratio", two(printed, printed.ratio(1.01), p))
    effect = only(effects, "hazard_ratio_with_p_value")
    # log 1.005/.094145 to log 1.015/.081555
    assert any("0.0530 to 0.1826" in told for told in effect.assumptions)
    assert {"unstable_near_one", "coarse_rounding"} <= set(effect.flags)


def test_a_p_value_of_another_test_may_be_half_as_large_again(printed: Any, only: Only) -> None:
    # log .745/z(.0185) = .125 is below 2/sqrt(200) = .141; with p = .0278 it is .134, and a tenth is let pass
    p = printed.p_value(0.018)
    near = printed.recover("hazard_ratio", two(printed, printed.ratio(0.75), p, sizes=(100, 100)))
    assert only(near, "hazard_ratio_with_p_value").kind == "point"
    wald = replace(p, test="Wald")
    effects = printed.recover("hazard_ratio", two(printed, printed.ratio(0.75), wald, sizes=(100, 100)))
    assert {effect.kind for effect in effects} == {"refused"}


def test_a_ratio_with_a_p_value_that_its_patients_cannot_give_is_refused(printed: Any) -> None:
    p = printed.p_value(0.0001, 0.00005)
    effects = printed.recover("hazard_ratio", two(printed, printed.ratio(0.90), p))
    (refused,) = (effect for effect in effects if effect.recovery == "hazard_ratio")
    assert "more precise than 120 patients" in (refused.reason or "")
    for test in ("t-test", "Fisher's exact", "chi-squared"):
        beside = printed.p_value(0.60, 0.005, test=test)
        effects = printed.recover("hazard_ratio", two(printed, printed.ratio(0.90), beside))
        assert {effect.kind for effect in effects} == {"refused"}


def test_a_printed_difference_more_precise_than_its_patients_is_refused(printed: Any) -> None:
    def difference(lower: float, upper: float) -> Any:
        halves = {"half_unit": 0.005, "ci_lower_half_unit": 0.005, "ci_upper_half_unit": 0.005}
        return printed.figure(
            "difference", 0.20, ci_lower=lower, ci_upper=upper, level=0.95, unit="proportion", group="A",
            compared_with=("B",), **halves,
        )  # fmt: skip

    # sqrt(.195 .805/70) = .0474; half widths of 2 and 15 points are .0128 and .0791 at most
    (effect,) = printed.recover("risk_difference", two(printed, difference(0.18, 0.22)))
    assert (effect.kind, "120 patients" in (effect.reason or "")) == ("refused", True)
    (effect,) = printed.recover("risk_difference", two(printed, difference(0.05, 0.35)))
    assert effect.kind == "point"
