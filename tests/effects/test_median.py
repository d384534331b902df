from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from evisynth.effects import Effect, alternatives

Only = Callable[..., Effect]


@pytest.mark.parametrize(
    # Test vector 4: linear intervals give SE(m)/m, printed to four decimals. Grade C: see the simulation.
    ("m", "lower", "upper", "standard_error"),
    [(87, 10, 164, 0.4516), (71, 32, 108, 0.2731), (115, 26, 204, 0.3949), (39, 15, 64, 0.3205)],
)
def test_tv_4_interval_symmetric_in_months(
    printed: Any, only: Only, m: float, lower: float, upper: float, standard_error: float
) -> None:
    arm = printed.arm("A", 22, printed.median_with_interval(m, lower, upper))
    effect = only(printed.recover("median", printed.comparison(arm)), "median_with_interval")
    assert (effect.kind, effect.grade, effect.scale) == ("point", "C", "log")
    assert effect.estimate == pytest.approx(math.log(m))
    assert effect.standard_error == pytest.approx(standard_error, abs=6e-5)


def test_tv_4_interval_on_no_scale_uses_the_log_width_and_costs_a_grade(printed: Any, only: Only) -> None:
    arm = printed.arm("A", 22, printed.median_with_interval(31, 15, 137))
    effect = only(printed.recover("median", printed.comparison(arm)), "median_with_interval")
    assert effect.standard_error == pytest.approx(0.564278, abs=6e-7)
    assert effect.grade == "C"
    assert "asymmetric_interval" in effect.flags


def test_an_asymmetric_kaplan_meier_interval_keeps_its_grade(printed: Any, only: Only) -> None:
    # 126 (90 to 170) is symmetric on no scale, but by no more than such intervals are.
    arm = printed.arm("A", 22, printed.median_with_interval(126, 90, 170))
    effect = only(printed.recover("median", printed.comparison(arm)), "median_with_interval")
    assert (effect.grade, "asymmetric_interval" in effect.flags) == ("B", False)
    assert (effect.ci_lower, effect.ci_upper) == pytest.approx((math.log(90), math.log(170)))
    assert effect.standard_error == pytest.approx(math.log(170 / 90) / 3.919928, rel=1e-6)


def test_the_interval_shown_is_the_printed_one(printed: Any, only: Only) -> None:
    arm = printed.arm("A", 22, printed.median_with_interval(87, 10, 164))
    effect = only(printed.recover("median", printed.comparison(arm)), "median_with_interval")
    assert (effect.ci_lower, effect.ci_upper) == pytest.approx((math.log(10), math.log(164)))
    # The standard error stays that of an interval symmetric in months: 39.28 months over 87.
    assert effect.standard_error == pytest.approx(154 / 3.919928 / 87, rel=1e-6)


def test_two_medians_for_one_arm_do_not_depend_on_their_order(printed: Any) -> None:
    figures = printed.median(87), printed.median(120)
    chosen = []
    for order in (figures, figures[::-1]):
        effects = printed.recover("median", printed.comparison(printed.arm("A", 80, *order)))
        assert len(effects) == 2
        assert all("reported_differently" in effect.flags for effect in effects)
        chosen.append(next(effect.estimate for effect in effects if effect.primary))
    # Of two single arms with the same standard error the smaller figure stands.
    assert chosen == [math.log(87), math.log(87)]


def test_tv_5_median_with_patients(printed: Any, only: Only) -> None:
    comparison = printed.comparison(printed.arm("A", 80, printed.median(151)))
    effect = only(printed.recover("median", comparison), "median_with_patients")
    assert effect.grade == "D"
    assert effect.standard_error == pytest.approx(0.161298, abs=6e-7)
    found = [(other.share, other.standard_error) for other in alternatives(effect)]
    assert found == [
        (0.75, pytest.approx(0.186251, abs=6e-7)),
        (0.5, pytest.approx(0.228110, abs=6e-7)),
        (0.25, pytest.approx(0.322596, abs=6e-7)),
    ]


def test_not_reached_is_a_bound_from_the_latest_rate_above_half(printed: Any, only: Only) -> None:
    arm = printed.arm("A", 31, printed.survival(60, 0.84), printed.survival(120, 0.70), printed.not_reached())
    effect = only(printed.recover("median", printed.comparison(arm)), "median_not_reached")
    assert (effect.kind, effect.grade, effect.upper, effect.estimate) == ("bound", "X", None, None)
    assert effect.lower == pytest.approx(math.log(120))
    assert len(effect.inputs) == 2


@pytest.mark.parametrize(
    ("follow_up", "lower"),
    [
        ({}, None),
        ({"follow_up_median_months": 48.0}, math.log(48)),
        ({"minimum_follow_up_months": 24.0}, math.log(24)),
    ],
)
def test_not_reached_is_open_when_no_follow_up_is_given(
    printed: Any, only: Only, follow_up: dict[str, float], lower: float | None
) -> None:
    comparison = printed.comparison(printed.arm("A", 80, printed.not_reached()), **follow_up)
    effect = only(printed.recover("median", comparison), "median_not_reached")
    assert effect.lower == (None if lower is None else pytest.approx(lower))


def test_a_rate_that_may_be_half_says_nothing_about_the_median(printed: Any, only: Only) -> None:
    arm = printed.arm("A", 31, printed.survival(60, 0.50), printed.not_reached())
    assert only(printed.recover("median", printed.comparison(arm)), "median_not_reached").lower is None


def test_upper_limit_not_reached_uses_the_lower_tail(printed: Any, only: Only) -> None:
    figure = printed.median(60, ci_lower=40, ci_lower_half_unit=0.5, level=0.95, ci_upper_state="not_reached")
    effect = only(
        printed.recover("median", printed.comparison(printed.arm("A", 50, figure))), "median_with_lower_limit"
    )
    assert effect.grade == "D"
    assert effect.standard_error == pytest.approx(math.log(1.5) / 1.959964, rel=1e-6)


@pytest.mark.parametrize(
    ("make", "size", "words"),
    [
        (lambda p: p.median(60), 9, "fewer than 10"),
        (lambda p: p.median(60), (), "without an interval or the number of patients"),
        (lambda p: p.median_with_interval(60, 0, 90), 50, "does not enclose"),
        (lambda p: p.median_with_interval(60, 70, 90), 50, "does not enclose"),
        (lambda p: p.figure("survival", 0.5, time_months=60), 50, "no median is reported"),
        (lambda p: p.median(60, qualifier="~"), 50, "printed as a bound"),
    ],
)
def test_refusals_say_why(printed: Any, make: Callable[[Any], Any], size: Any, words: str) -> None:
    (effect,) = printed.recover("median", printed.comparison(printed.arm("A", size, make(printed))))
    assert effect.kind == "refused"
    assert words in (effect.reason or "")


def test_more_than_sixty_months_is_a_bound(printed: Any, only: Only) -> None:
    comparison = printed.comparison(printed.arm("A", 50, printed.median(60, qualifier=">")))
    effect = only(printed.recover("median", comparison), "median_bound")
    assert (effect.lower, effect.upper) == (pytest.approx(math.log(60)), None)


def test_the_level_of_the_interval_is_respected(printed: Any, only: Only) -> None:
    figure = printed.median(
        70, ci_lower=50, ci_upper=98, level=0.90, ci_lower_half_unit=0.5, ci_upper_half_unit=0.5
    )
    effect = only(
        printed.recover("median", printed.comparison(printed.arm("A", 50, figure))), "median_with_interval"
    )
    assert effect.standard_error == pytest.approx(math.log(98 / 50) / (2 * 1.644854), rel=1e-6)


def test_a_printed_standard_error_is_divided_by_the_median(printed: Any, only: Only) -> None:
    comparison = printed.comparison(printed.arm("A", 50, printed.median(60, spread="se", sd=6.0)))
    effect = only(printed.recover("median", comparison), "median_with_interval")
    assert (effect.grade, effect.standard_error) == ("B", pytest.approx(0.1))


def test_deaths_give_a_single_median_its_precision(printed: Any, only: Only) -> None:
    # 1/(ln 2 sqrt(40)) = .2281: 60 patients of whom 40 died say as much as 40, not as 60.
    arm = printed.arm("A", 60, printed.median(60), printed.count(40, unit="deaths"))
    effect = only(printed.recover("median", printed.comparison(arm)), "median_with_events")
    assert (effect.grade, effect.kind, effect.events) == ("D", "point", 40)
    assert effect.standard_error == pytest.approx(0.2281101, abs=6e-7)
    assert not alternatives(effect)


def test_a_median_with_deaths_and_no_patients_is_a_point(printed: Any, only: Only) -> None:
    arm = printed.arm("A", (), printed.median(60), printed.count(40, unit="deaths"))
    assert only(printed.recover("median", printed.comparison(arm)), "median_with_events").kind == "point"


def test_a_printed_interval_comes_before_deaths(printed: Any, only: Only) -> None:
    arm = printed.arm("A", 60, printed.median_with_interval(60, 40, 90), printed.count(40, unit="deaths"))
    assert only(printed.recover("median", printed.comparison(arm)), "median_with_interval").kind == "point"


@pytest.mark.parametrize(
    # R: w <- 2*qnorm((.75*n-.125)/(n+.25)), for the range 2*qnorm((n-.375)/(n+.25)), n = 72;
    # sqrt(pi/2)*log(150/40)/(w*sqrt(n)), sqrt(pi/2)*(110-40)/77/(w*sqrt(n)), sqrt(pi/2)*150/77/(w*sqrt(n)).
    ("spread", "lower", "upper", "standard_error", "grade"),
    [
        ("iqr", 40.0, 150.0, 0.1476905, "C"),
        ("iqr", 40.0, 110.0, 0.1015801, "C"),
        ("range", 0.0, 150.0, 0.06044247, "D"),
    ],
)
def test_quartiles_or_a_range_give_a_measured_median_its_precision(
    printed: Any, only: Only, spread: str, lower: float, upper: float, standard_error: float, grade: str
) -> None:
    inside = printed.median(77, spread=spread, lower=lower, upper=upper)
    beside = printed.figure(spread, None, lower=lower, upper=upper, half_unit=0.5)
    for figures in ([inside], [printed.median(77), beside]):
        comparison = printed.comparison(printed.arm("A", 72, *figures), outcome_type="measurement")
        effect = only(printed.recover("median", comparison), "median_with_spread")
        assert effect.standard_error == pytest.approx(standard_error, rel=1e-6)
        assert effect.grade == grade


@pytest.mark.parametrize("outcome_type", ["measurement", "duration"])
def test_a_median_of_no_time_to_event_has_no_exponential_curve(
    printed: Any, only: Only, outcome_type: str
) -> None:
    arms = [printed.arm(name, 72, printed.median(77), printed.count(40, unit="events")) for name in "AB"]
    (effect,) = printed.recover("median", printed.comparison(arms[0], outcome_type=outcome_type))
    assert effect.kind == "refused"
    assert "no exponential curve stands behind it" in (effect.reason or "")
    contrast = printed.comparison(*arms, outcome_type=outcome_type)
    refused = only(printed.recover("hazard_ratio", contrast), "median_contrast")
    assert (refused.kind, "no curve stands behind them" in (refused.reason or "")) == ("refused", True)
