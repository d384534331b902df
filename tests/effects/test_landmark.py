from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from evisynth.arithmetic import clopper_pearson, survival_from_log_minus_log
from evisynth.effects import Effect

SIX_DECIMALS = 6e-7
Only = Callable[..., Effect]


def test_tv_1_rate_with_patients(printed: Any, only: Only) -> None:
    arm = printed.arm("A", 80, printed.survival(120, 0.79))
    effect = only(
        printed.recover("survival", printed.comparison(arm), time_months=120), "survival_with_patients"
    )
    assert (effect.kind, effect.grade, effect.scale, effect.primary) == ("point", "C", "log(-log)", True)
    assert effect.estimate == pytest.approx(-1.445101, abs=SIX_DECIMALS)
    assert effect.standard_error == pytest.approx(0.244540, abs=SIX_DECIMALS)
    # The scale falls as survival rises: the upper end is the lower limit of survival.
    limits = [survival_from_log_minus_log(end) for end in (effect.ci_upper, effect.ci_lower)]
    assert limits == pytest.approx([0.6834, 0.8642], abs=6e-5)
    assert (effect.participants, effect.time_months) == (80, 120)
    assert any("0.282 with 75% and 0.346 with 50%" in told for told in effect.assumptions)


def test_tv_2_rate_with_its_interval_is_grade_b(printed: Any, only: Only) -> None:
    figure = printed.survival(
        60, 0.61, ci_lower=0.46, ci_upper=0.73, level=0.95, ci_lower_half_unit=0.005, ci_upper_half_unit=0.005
    )
    comparison = printed.comparison(printed.arm("A", (), figure))
    effect = only(printed.recover("survival", comparison, time_months=60), "survival_with_interval")
    assert effect.grade == "B"
    assert effect.standard_error == pytest.approx(0.230407, abs=SIX_DECIMALS)
    assert any("like 49 patients" in told for told in effect.assumptions)


def test_tv_2_interval_symmetric_on_the_identity_scale(printed: Any, only: Only) -> None:
    figure = printed.survival(
        60, 0.61, ci_lower=0.48, ci_upper=0.74, level=0.95, ci_lower_half_unit=0.005, ci_upper_half_unit=0.005
    )
    comparison = printed.comparison(printed.arm("A", 50, figure))
    effect = only(printed.recover("survival", comparison, time_months=60), "survival_with_interval")
    # SE(S) = .066328, divided by S |log S|.
    assert effect.standard_error == pytest.approx(0.066328 / (0.61 * -math.log(0.61)), abs=3e-6)


def test_the_interval_shown_is_the_printed_one_at_the_level_of_the_question(printed: Any, only: Only) -> None:
    halves = {"ci_lower_half_unit": 0.005, "ci_upper_half_unit": 0.005}
    figure = printed.survival(60, 0.61, ci_lower=0.48, ci_upper=0.74, level=0.95, **halves)
    comparison = printed.comparison(printed.arm("A", 50, figure))
    same = only(printed.recover("survival", comparison), "survival_with_interval")
    shown = [survival_from_log_minus_log(end) for end in (same.ci_upper, same.ci_lower)]
    assert shown == pytest.approx([0.48, 0.74])
    other = only(printed.recover("survival", comparison, level=0.9), "survival_with_interval")
    # 1.644854 is the normal deviate of 90 %.
    assert other.ci_upper == pytest.approx(other.estimate + 1.644854 * other.standard_error, abs=1e-6)
    assert "the printed 95% interval is shown as a 90% interval" in other.assumptions


def test_a_limit_beyond_the_scale_is_worked_out(printed: Any, only: Only) -> None:
    halves = {"ci_lower_half_unit": 0.005, "ci_upper_half_unit": 0.005}
    figure = printed.survival(60, 0.95, ci_lower=0.90, ci_upper=1.0, level=0.95, **halves)
    comparison = printed.comparison(printed.arm("A", 50, figure))
    effect = only(printed.recover("survival", comparison), "survival_with_interval")
    assert math.isfinite(effect.ci_lower or math.nan)
    assert any("ends where this scale does" in told for told in effect.assumptions)


def test_cumulative_incidence_is_turned_with_its_interval(printed: Any, only: Only) -> None:
    halves = {"half_unit": 0.005, "ci_lower_half_unit": 0.005, "ci_upper_half_unit": 0.005}
    alive = printed.figure(
        "survival", 0.61, time_months=60, ci_lower=0.46, ci_upper=0.73, level=0.95, **halves
    )
    dead = printed.figure(
        "cumulative_incidence", 0.39, time_months=60, ci_lower=0.27, ci_upper=0.54, level=0.95, **halves
    )
    one, other = (
        only(
            printed.recover("survival", printed.comparison(printed.arm("A", 50, figure))),
            "survival_with_interval",
        )
        for figure in (alive, dead)
    )
    assert (other.estimate, other.standard_error) == pytest.approx((one.estimate, one.standard_error))
    assert other.rounding_lower == pytest.approx(one.rounding_lower)


def test_tv_3_all_alive_is_an_exact_interval(printed: Any, only: Only) -> None:
    comparison = printed.comparison(printed.arm("A", 6, printed.survival(60, 1.0)))
    effects = printed.recover("survival", comparison, time_months=60)
    effect = only(effects, "survival_exact_interval")
    assert (effect.kind, effect.grade, effect.standard_error, effect.lower) == ("bound", "X", None, None)
    assert survival_from_log_minus_log(effect.upper or 0) == pytest.approx(0.540742, abs=SIX_DECIMALS)
    assert not any(found.primary for found in effects)
    assert any("all 6 patients were followed" in told for told in effect.assumptions)


def test_rounded_to_all_takes_the_weakest_count(printed: Any, only: Only) -> None:
    # 100 % of 300 may be 299 of 300.
    comparison = printed.comparison(printed.arm("A", 300, printed.survival(60, 1.0)))
    effect = only(printed.recover("survival", comparison), "survival_exact_interval")
    assert survival_from_log_minus_log(effect.upper or 0) == pytest.approx(clopper_pearson(299, 300)[0])


def test_none_alive_is_an_exact_interval_too(printed: Any, only: Only) -> None:
    comparison = printed.comparison(printed.arm("A", 6, printed.survival(60, 0.0)))
    effect = only(printed.recover("survival", comparison), "survival_exact_interval")
    assert effect.upper is None
    assert survival_from_log_minus_log(effect.lower or 0) == pytest.approx(1 - 0.540742, abs=SIX_DECIMALS)


@pytest.mark.parametrize(
    ("figure_fields", "size", "words"),
    [
        ({"time_months": 60}, (), "number of patients"),
        ({"time_months": 36}, 80, "no survival rate at 5 years"),
        ({"time_months": None}, 80, "no survival rate at 5 years"),
        ({"time_months": 60, "state": "not_reported"}, 80, "no survival rate"),
    ],
)
def test_refusals_say_why(printed: Any, figure_fields: dict[str, Any], size: Any, words: str) -> None:
    comparison = printed.comparison(printed.arm("A", size, printed.figure("survival", 0.8, **figure_fields)))
    (effect,) = printed.recover("survival", comparison, time_months=60)
    assert (effect.kind, effect.grade, effect.primary) == ("refused", "X", False)
    assert words in (effect.reason or "")


def test_a_rate_printed_as_a_bound(printed: Any, only: Only) -> None:
    comparison = printed.comparison(printed.arm("A", 80, printed.survival(60, 0.97, qualifier=">=")))
    effect = only(printed.recover("survival", comparison), "survival_bound")
    assert effect.lower is None
    assert survival_from_log_minus_log(effect.upper or 0) == pytest.approx(0.97)


def test_few_survivors_cost_a_grade(printed: Any, only: Only) -> None:
    comparison = printed.comparison(printed.arm("A", 6, printed.survival(120, 0.67)))
    effect = only(printed.recover("survival", comparison), "survival_with_patients")
    assert effect.grade == "D"
    assert "few_at_risk" in effect.flags
    assert len(effect.downgrades) == 1


def test_several_possible_sizes_take_the_widest_and_say_so(printed: Any, only: Only) -> None:
    comparison = printed.comparison(printed.arm("A", (46, 47), printed.survival(60, 0.8)))
    effect = only(printed.recover("survival", comparison), "survival_with_patients")
    assert effect.standard_error == pytest.approx(math.sqrt(0.2 / (46 * 0.8)) / -math.log(0.8))
    assert "patients_not_exact" in effect.flags
    assert effect.grade == "D"
    assert any("46 to 47 patients" in told for told in effect.assumptions)


def test_minimum_follow_up_needs_no_sensitivity(printed: Any, only: Only) -> None:
    arm = printed.arm("A", 80, printed.survival(60, 0.8))
    followed = printed.comparison(arm, minimum_follow_up_months=72)
    effect = only(printed.recover("survival", followed), "survival_with_patients")
    assert "complete_follow_up" in effect.flags
    assert "assumes_full_follow_up" not in effect.flags
    beyond = printed.comparison(arm, follow_up_median_months=48)
    assert (
        "beyond_median_follow_up" in only(printed.recover("survival", beyond), "survival_with_patients").flags
    )


def test_without_a_time_the_latest_landmark_inside_follow_up_is_primary(printed: Any) -> None:
    arm = printed.arm("A", 80, *(printed.survival(time, 1 - time / 400) for time in (36, 60, 120)))
    unknown = printed.recover("survival", printed.comparison(arm))
    assert [effect.time_months for effect in unknown if effect.primary] == [120]
    known = printed.recover("survival", printed.comparison(arm, follow_up_median_months=70))
    assert [effect.time_months for effect in known if effect.primary] == [60]


def test_a_figure_repeated_in_text_and_table_is_one_recovery(printed: Any, only: Only) -> None:
    table = printed.survival(60, 0.88, source_location="table")
    arm = printed.arm("A", 80, printed.survival(60, 0.88), table)
    effect = only(printed.recover("survival", printed.comparison(arm)), "survival_with_patients")
    assert {entry.source_location for entry in effect.inputs} == {"results", "table"}


def test_a_figure_that_differs_between_places_is_flagged(printed: Any) -> None:
    arm = printed.arm("A", 80, printed.survival(60, 0.88), printed.survival(60, 0.80))
    effects = printed.recover("survival", printed.comparison(arm))
    assert len(effects) == 2
    assert all("reported_differently" in effect.flags for effect in effects)
    assert {effect.grade for effect in effects} == {"D"}
    told = 'the source prints different figures for the same: "survival 0.8" (results) and "survival 0.88"'
    assert all(effect.downgrades == (f"{told} (results)",) for effect in effects)
    assert sum(effect.primary for effect in effects) == 1


def test_which_of_two_rates_stands_does_not_depend_on_their_order(printed: Any) -> None:
    figures = printed.survival(60, 0.60), printed.survival(60.0, 0.70, source_location="table")
    chosen = []
    for order in (figures, figures[::-1]):
        effects = printed.recover("survival", printed.comparison(printed.arm("A", 80, *order)))
        chosen.append(next(effect.estimate for effect in effects if effect.primary))
    assert chosen[0] == chosen[1]


def test_the_same_rate_with_another_interval_is_reported_differently(printed: Any) -> None:
    halves = {"ci_lower_half_unit": 0.005, "ci_upper_half_unit": 0.005, "level": 0.95}
    arm = printed.arm(
        "A",
        50,
        printed.survival(60, 0.61, ci_lower=0.48, ci_upper=0.74, **halves),
        printed.survival(60, 0.61, ci_lower=0.40, ci_upper=0.82, **halves),
    )
    effects = printed.recover("survival", printed.comparison(arm))
    assert len(effects) == 2
    assert all("reported_differently" in effect.flags for effect in effects)


def test_a_contradiction_in_an_unreviewed_source_costs_a_grade(printed: Any, only: Only) -> None:
    arm = printed.arm("A", 80, printed.survival(60, 0.88))
    comparison = printed.comparison(arm, unreviewed_contradiction="two medians for one group")
    effect = only(printed.recover("survival", comparison), "survival_with_patients")
    assert effect.grade == "D"
    assert "two medians" in effect.downgrades[0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(low=st.integers(2, 97), size=st.integers(5, 500))
def test_more_survival_means_a_smaller_log_cumulative_hazard(printed: Any, low: int, size: int) -> None:
    estimates = []
    for percent in (low, low + 1):
        arm = printed.arm("A", size, printed.survival(60, percent / 100))
        (effect,) = printed.recover("survival", printed.comparison(arm))
        assert effect.rounding_lower <= effect.estimate <= effect.rounding_upper
        estimates.append(effect.estimate)
    assert estimates[0] > estimates[1]


def test_a_printed_standard_error_is_used(printed: Any, only: Only) -> None:
    comparison = printed.comparison(printed.arm("A", (), printed.survival(60, 0.61, spread="se", sd=0.05)))
    effect = only(printed.recover("survival", comparison), "survival_with_interval")
    assert effect.grade == "B"
    assert effect.standard_error == pytest.approx(0.05 / (0.61 * -math.log(0.61)))


def test_a_rate_of_an_unknown_part_of_the_group_is_refused(printed: Any) -> None:
    comparison = printed.comparison(printed.arm("A", 80, printed.survival(60, 0.61, n_not_reported=True)))
    (effect,) = printed.recover("survival", comparison)
    assert effect.kind == "refused"
