from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from evisynth.arithmetic import logit, share_from_logit
from evisynth.effects import Effect

Only = Callable[..., Effect]


def test_an_exact_count_is_grade_a(printed: Any, only: Only) -> None:
    comparison = printed.comparison(printed.arm("A", 108, printed.count(91)))
    effect = only(printed.recover("proportion", comparison), "proportion_of_patients")
    assert (effect.grade, effect.scale, effect.events, effect.participants) == ("A", "logit", 91, 108)
    assert effect.estimate == pytest.approx(math.log(91 / 17))
    assert effect.standard_error == pytest.approx(math.sqrt(1 / 91 + 1 / 17))
    assert effect.primary


def test_tv_6_a_count_and_its_truncated_percentage_are_one_recovery(printed: Any, only: Only) -> None:
    comparison = printed.comparison(printed.arm("A", 108, printed.count(91), printed.percent(0.842, 0.0005)))
    effect = only(printed.recover("proportion", comparison), "proportion_of_patients")
    assert len(effect.inputs) == 3
    assert "count_and_percent_disagree" not in effect.flags


def test_a_percentage_that_contradicts_its_count_is_flagged(printed: Any, only: Only) -> None:
    comparison = printed.comparison(printed.arm("A", 108, printed.count(91), printed.percent(0.79)))
    effect = only(printed.recover("proportion", comparison), "proportion_of_patients")
    assert (effect.grade, "count_and_percent_disagree" in effect.flags) == ("B", True)
    assert effect.downgrades == (
        "the source prints count 91, which is 84.3% of 108 patients, beside proportion 0.79",
    )


def test_two_counts_for_the_same_are_both_kept_and_cost_a_grade(printed: Any) -> None:
    figures = printed.count(91), printed.count(85)
    chosen = []
    for order in (figures, figures[::-1]):
        effects = printed.recover("proportion", printed.comparison(printed.arm("A", 108, *order)))
        assert sorted(effect.events or 0 for effect in effects) == [85, 91]
        assert {effect.grade for effect in effects} == {"B"}
        assert all("reported_differently" in effect.flags for effect in effects)
        chosen.append(next(effect.estimate for effect in effects if effect.primary))
    assert chosen[0] == chosen[1]


@pytest.mark.parametrize(
    # Test vector 6.
    ("share", "half_unit", "size", "count", "grade", "flag"),
    [
        (0.842, 0.0005, 108, 91, "B", "truncated_or_misrounded"),
        (0.129, 0.0005, 108, 14, "B", "truncated_or_misrounded"),
        (0.78, 0.005, 211, 165, "B", "several_counts"),
        (0.56, 0.005, 50, 28, "A", None),
        (0.27, 0.005, 546, 147, "B", "several_counts"),
        (0.016, 0.0005, 546, 9, "A", None),
        (0.68, 0.005, 34, 23, "A", None),
        (0.41, 0.005, 22, 9, "A", None),
    ],
)
def test_tv_6_percentages(
    printed: Any, share: float, half_unit: float, size: int, count: int, grade: str, flag: str | None
) -> None:
    # The abstract of 84.2 and 12.9 % of 108 cuts both off.
    arm = printed.arm("A", size, printed.percent(share, half_unit))
    comparison = printed.comparison(arm, cuts_percentages_off=True)
    (effect,) = printed.recover("proportion", comparison)
    assert (effect.kind, effect.grade) == ("point", grade)
    assert effect.estimate == pytest.approx(logit(count / size))
    assert flag is None or flag in effect.flags


def test_tv_6_several_counts_span_the_rounding_interval(printed: Any) -> None:
    comparison = printed.comparison(printed.arm("A", 211, printed.percent(0.78)))
    (effect,) = printed.recover("proportion", comparison)
    ends = (effect.rounding_lower, effect.rounding_upper)
    assert ends == pytest.approx((logit(164 / 211), logit(165 / 211)))
    assert effect.events is None


def test_tv_6_nobody_is_an_exact_bound(printed: Any, only: Only) -> None:
    comparison = printed.comparison(printed.arm("A", 108, printed.count(0)))
    effect = only(printed.recover("proportion", comparison), "proportion_exact_interval")
    assert (effect.kind, effect.grade, effect.lower, effect.standard_error) == ("bound", "X", None, None)
    assert share_from_logit(effect.upper or 0) == pytest.approx(0.033580, abs=6e-7)
    assert effect.ci_upper == effect.upper
    assert effect.events == 0


def test_everybody_is_an_exact_bound(printed: Any, only: Only) -> None:
    comparison = printed.comparison(printed.arm("A", 6, printed.percent(1.0)))
    effect = only(printed.recover("proportion", comparison), "proportion_exact_interval")
    assert effect.upper is None
    assert share_from_logit(effect.lower or 0) == pytest.approx(0.540742, abs=6e-7)


def test_about_two_thirds(printed: Any, only: Only) -> None:
    figure = printed.percent(2 / 3, None, qualifier="~", as_reported="approximately two thirds")
    effect = only(
        printed.recover("proportion", printed.comparison(printed.arm("A", 108, figure))), "proportion_bound"
    )
    limits = [share_from_logit(end or 0) for end in (effect.lower, effect.upper)]
    assert limits == pytest.approx([0.6333, 0.7083], abs=5e-5)
    assert any("69 to 76" in told for told in effect.assumptions)


@pytest.mark.parametrize(("size", "words"), [(50, "49 to 50"), (28, "28 to 28"), (37, "36 to 37")])
def test_at_least_97_percent(printed: Any, only: Only, size: int, words: str) -> None:
    comparison = printed.comparison(printed.arm("A", size, printed.percent(0.97, qualifier=">=")))
    effect = only(printed.recover("proportion", comparison), "proportion_bound")
    assert (share_from_logit(effect.lower or 0), effect.upper) == (pytest.approx(0.97), None)
    assert any(words in told for told in effect.assumptions)


def test_a_bound_needs_no_number_of_patients(printed: Any, only: Only) -> None:
    comparison = printed.comparison(printed.arm("A", (), printed.percent(0.97, qualifier=">=")))
    assert only(printed.recover("proportion", comparison), "proportion_bound").kind == "bound"


def test_the_denominator_of_the_figure_comes_before_that_of_the_arm(printed: Any) -> None:
    comparison = printed.comparison(printed.arm("A", 546, printed.percent(0.96, n=202)))
    (effect,) = printed.recover("proportion", comparison)
    assert effect.participants == 202


def test_a_percentage_of_nobody_knows_how_many_is_refused(printed: Any) -> None:
    comparison = printed.comparison(printed.arm("A", (), printed.percent(0.96)))
    (effect,) = printed.recover("proportion", comparison)
    assert effect.kind == "refused"
    assert "without the number of patients" in (effect.reason or "")


@pytest.mark.parametrize(
    # 12.5 % of 30 is neither rounded nor truncated: 3/30 = 10 %, 4/30 = 13.3 %; 39/55 is 70.9 %.
    ("share", "half_unit", "size", "would_fit"),
    [
        (0.125, 0.0005, 30, "8, 16, 24"),
        (0.70, 0.005, 55, "50, 53, 54"),
        (0.842, 0.0005, 108, "76, 95, 101"),
    ],
)
def test_a_percentage_that_no_count_gives_stands_as_printed(
    printed: Any, only: Only, share: float, half_unit: float, size: int, would_fit: str
) -> None:
    comparison = printed.comparison(printed.arm("A", size, printed.percent(share, half_unit)))
    effect = only(printed.recover("proportion", comparison), "proportion_as_printed")
    assert (effect.grade, effect.events, effect.participants) == ("C", None, size)
    assert effect.estimate == pytest.approx(math.log(share / (1 - share)))
    assert effect.standard_error == pytest.approx(1 / math.sqrt(size * share * (1 - share)))
    low, high = share - half_unit, share + half_unit
    ends = [math.log(end / (1 - end)) for end in (low, high)]
    assert [effect.rounding_lower, effect.rounding_upper] == pytest.approx(ends)
    assert would_fit in " ".join(effect.downgrades)


def test_a_contrast_takes_a_percentage_that_no_count_gives_as_printed(printed: Any) -> None:
    contrast = printed.comparison(
        printed.arm("A", 55, printed.percent(0.70)), printed.arm("B", 50, printed.count(20))
    )
    (effect,) = printed.recover("risk_difference", contrast)
    assert effect.estimate == pytest.approx(0.70 - 0.40)
    assert (effect.grade, effect.events) == ("C", None)


def test_thirty_and_ninety_days_are_kept_apart(printed: Any) -> None:
    days_30, days_90 = 30 / 30.4375, 90 / 30.4375
    arm = printed.arm("A", 100, printed.count(1, time_months=days_30), printed.count(3, time_months=days_90))
    for months, events in ((days_30, 1), (1.0, 1), (days_90, 3), (3.0, 3)):
        (effect,) = printed.recover("proportion", printed.comparison(arm, time_months=months))
        assert effect.events == events
    (other,) = printed.recover("proportion", printed.comparison(arm, time_months=6.0))
    assert other.kind == "refused"
    assert "not for the 6 months" in (other.reason or "")


def test_a_figure_without_a_window_is_no_answer_to_a_question_with_one(printed: Any) -> None:
    comparison = printed.comparison(printed.arm("A", 100, printed.count(3)), time_months=90 / 30.4375)
    (effect,) = printed.recover("proportion", comparison)
    assert effect.kind == "refused"
    assert effect.reason == "count 3 is printed without a time window, and 90 days are asked for"


def test_a_figure_of_another_window_says_which(printed: Any) -> None:
    figures = printed.count(3, time_months=2.0), printed.percent(0.05)
    comparison = printed.comparison(printed.arm("A", 100, *figures), time_months=30 / 30.4375)
    (effect,) = printed.recover("proportion", comparison)
    assert effect.kind == "refused"
    assert "within 2 months" in (effect.reason or "") and "without a window" in (effect.reason or "")


@pytest.mark.parametrize(
    ("months", "told"),
    [
        (
            30 / 30.4375,
            "what is reported (22 (18.3%) within 30 days) is not for the 90 days that are asked for",
        ),
        (None, "22 (18.3%) is printed without a time window, and 90 days are asked for"),
    ],
)
def test_a_count_and_the_percentage_beside_it_are_said_once(printed: Any, months: Any, told: str) -> None:
    both = {"time_months": months, "as_reported": "22 (18.3%)"}
    arm = printed.arm("A", 120, printed.count(22, **both), printed.percent(0.183, 0.0005, **both))
    (effect,) = printed.recover("proportion", printed.comparison(arm, time_months=90 / 30.4375))
    assert effect.reason == told


def test_a_window_that_was_not_asked_for_is_named(printed: Any) -> None:
    comparison = printed.comparison(printed.arm("A", 100, printed.count(3, time_months=1.0)))
    (effect,) = printed.recover("proportion", comparison)
    assert effect.kind == "point"
    assert "time_window_not_asked" in effect.flags


def test_several_sizes_run_at_both_ends(printed: Any) -> None:
    comparison = printed.comparison(printed.arm("A", (46, 47), printed.count(10)))
    (effect,) = printed.recover("proportion", comparison)
    assert (effect.rounding_lower, effect.rounding_upper) == pytest.approx((logit(10 / 47), logit(10 / 46)))
    assert effect.grade == "B"


def test_more_patients_than_there_are_is_refused(printed: Any) -> None:
    (effect,) = printed.recover("proportion", printed.comparison(printed.arm("A", 10, printed.count(11))))
    assert effect.kind == "refused"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(2, 99), data=st.data())
def test_percent_and_count_agree_below_a_hundred_patients(
    printed: Any, size: int, data: st.DataObject
) -> None:
    count = data.draw(st.integers(1, size - 1))
    figures = printed.count(count), printed.percent(round(count / size, 2))
    from_count, from_percent = (
        printed.recover("proportion", printed.comparison(printed.arm("A", size, figure)))[0]
        for figure in figures
    )
    assert from_count.grade == from_percent.grade == "A"
    assert from_count.estimate == from_percent.estimate
    assert from_count.standard_error == from_percent.standard_error
