from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from evisynth.effects import Effect

SIX_DECIMALS = 6e-7
Only = Callable[..., Effect]


def compare(printed: Any, *figures: Any, **fields: Any) -> Any:
    placed = tuple(figure if figure.group != "?" else replace(figure, group="A") for figure in figures)
    return printed.comparison(printed.arm("A", 1_000), printed.arm("B", 1_000), figures=placed, **fields)


def test_tv_9_hazard_ratio_with_its_interval(printed: Any, only: Only) -> None:
    effects = printed.recover("hazard_ratio", compare(printed, printed.ratio(0.62, 0.41, 0.94)))
    effect = only(effects, "hazard_ratio_with_interval")
    assert (effect.grade, effect.scale, effect.primary) == ("A", "log", True)
    assert effect.estimate == pytest.approx(-0.478036, abs=SIX_DECIMALS)
    assert effect.standard_error == pytest.approx(0.211668, abs=SIX_DECIMALS)
    assert effect.estimate / effect.standard_error == pytest.approx(-2.258424, abs=3e-6)
    assert (effect.rounding_lower, effect.rounding_upper) == pytest.approx((math.log(0.615), math.log(0.625)))
    # Rounding range of the standard error: .207215 to .216151.
    assert any("0.2072 to 0.2162" in told for told in effect.assumptions)


def test_the_level_of_the_interval_is_respected(printed: Any, only: Only) -> None:
    comparison = compare(printed, printed.ratio(0.62, 0.41, 0.94, level=0.99))
    effect = only(printed.recover("hazard_ratio", comparison), "hazard_ratio_with_interval")
    assert effect.standard_error == pytest.approx(math.log(0.94 / 0.41) / (2 * 2.575829), abs=SIX_DECIMALS)


def test_the_interval_shown_is_the_printed_one(printed: Any, only: Only) -> None:
    comparison = compare(printed, printed.ratio(0.62, 0.41, 0.94))
    effect = only(printed.recover("hazard_ratio", comparison), "hazard_ratio_with_interval")
    assert (effect.ci_lower, effect.ci_upper) == pytest.approx((math.log(0.41), math.log(0.94)))
    wider = compare(printed, printed.ratio(0.62, 0.41, 0.94, level=0.9))
    other = only(printed.recover("hazard_ratio", wider), "hazard_ratio_with_interval")
    reach = 1.959964 * (other.standard_error or 0)
    assert (other.ci_lower, other.ci_upper) == pytest.approx(
        (math.log(0.62) - reach, math.log(0.62) + reach), abs=1e-6
    )
    assert "the printed 90% interval is shown as a 95% interval" in other.assumptions


def test_two_printed_ratios_that_differ_are_no_sign_of_non_proportional_hazards(printed: Any) -> None:
    figures = printed.ratio(0.62, 0.41, 0.94), printed.ratio(0.30, 0.20, 0.45, source_location="table")
    chosen = []
    for order in (figures, figures[::-1]):
        effects = printed.recover("hazard_ratio", compare(printed, *order))
        assert [effect.grade for effect in effects] == ["B", "B"]
        for effect in effects:
            assert {"reported_differently"} == {"reported_differently", "non_PH_suspected"} & set(
                effect.flags
            )
        chosen.append(next(effect.estimate for effect in effects if effect.primary))
    # The one nearer to no difference stands, wherever it is printed.
    assert chosen == [math.log(0.62), math.log(0.62)]


def test_the_inverse_ratio_says_the_same_unless_it_is_not_the_inverse(printed: Any) -> None:
    ratio = printed.ratio(0.50, 0.30, 0.83)
    inverse = printed.ratio(2.00, 1.20, 3.33, group="B", compared_with=("A",))
    agreeing = printed.recover("hazard_ratio", compare(printed, ratio, inverse))
    assert not any("reported_differently" in effect.flags for effect in agreeing)
    other = replace(inverse, value=1.40, ci_lower=0.84, ci_upper=2.33)
    differing = printed.recover("hazard_ratio", compare(printed, ratio, other))
    assert all("reported_differently" in effect.flags for effect in differing)
    assert not any("non_PH_suspected" in effect.flags for effect in differing)


@pytest.mark.parametrize(("basis", "words"), [("inferred", "was inferred"), ("unclear", "not make clear")])
def test_a_ratio_of_groups_that_are_not_stated_is_refused(printed: Any, basis: str, words: str) -> None:
    comparison = compare(printed, printed.ratio(0.62, 0.41, 0.94, basis=basis))
    (effect,) = printed.recover("hazard_ratio", comparison)
    assert effect.kind == "refused"
    assert words in (effect.reason or "")
    (admitted,) = printed.recover("hazard_ratio", comparison, uses_inferred_p_values="only one reading")
    assert admitted.kind == ("point" if basis == "inferred" else "refused")
    assert ("inferred_comparison" in admitted.flags) == (basis == "inferred")


def test_a_ratio_of_reference_against_index_is_inverted(printed: Any, only: Only) -> None:
    one = only(
        printed.recover("hazard_ratio", compare(printed, printed.ratio(0.62, 0.41, 0.94))),
        "hazard_ratio_with_interval",
    )
    turned = printed.ratio(0.62, 0.41, 0.94, group="B", compared_with=("A",))
    other = only(printed.recover("hazard_ratio", compare(printed, turned)), "hazard_ratio_with_interval")
    assert other.estimate == -(one.estimate or 0)
    assert other.standard_error == one.standard_error
    assert (other.ci_lower, other.ci_upper) == pytest.approx((-(one.ci_upper or 0), -(one.ci_lower or 0)))


@pytest.mark.parametrize(
    ("ratio", "grade", "flag"),
    [
        ((0.62, 0.94, 0.41), "B", "limits_exchanged"),
        ((0.62, 0.50, 0.94), "B", "asymmetric_interval"),
        ((0.22, 0.06, 0.81), "B", "symmetry_not_checked"),
        # The upper part is 1.97 times the lower.
        ((0.62, 0.41, 1.4), "B", "asymmetric_interval"),
    ],
)
def test_intervals_that_do_not_fit_cost_a_grade(
    printed: Any, only: Only, ratio: tuple[float, float, float], grade: str, flag: str
) -> None:
    effects = printed.recover("hazard_ratio", compare(printed, printed.ratio(*ratio)))
    effect = only(effects, "hazard_ratio_with_interval")
    assert effect.grade == grade
    assert flag in effect.flags


@pytest.mark.parametrize(
    ("ratio", "error"),
    [
        # (1.08 - 0.32) / (2 x 1.959964 x 0.70); the width of the logs would give 0.310.
        ((0.70, 0.32, 1.08), 0.2769730),
        ((1.50, 0.80, 2.20), 0.2380996),
        # Its lower limit is coarse, and yet the three tell that it is the ratio plus and minus the same.
        ((0.20, 0.09, 0.31), 0.2806174),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_ratio_plus_and_minus_the_same_takes_its_error_from_there(
    printed: Any, only: Only, ratio: tuple[float, float, float], error: float, *, turned: bool
) -> None:
    groups = {"group": "B", "compared_with": ("A",)} if turned else {}
    effects = printed.recover("hazard_ratio", compare(printed, printed.ratio(*ratio, **groups)))
    effect = only(effects, "hazard_ratio_with_interval")
    assert effect.grade == "B"
    assert "asymmetric_interval" in effect.flags
    assert effect.estimate == pytest.approx((-1 if turned else 1) * math.log(ratio[0]))
    assert effect.standard_error == pytest.approx(error, rel=1e-6)
    assert effect.working.written()[-1].value == pytest.approx(error, rel=1e-6)


def test_a_lower_limit_rounded_too_coarsely_leaves_the_upper_one(printed: Any, only: Only) -> None:
    effects = printed.recover("hazard_ratio", compare(printed, printed.ratio(0.22, 0.06, 0.81)))
    effect = only(effects, "hazard_ratio_with_interval")
    assert effect.standard_error == pytest.approx(math.log(0.81 / 0.22) / 1.959964, rel=1e-6)


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        ((0.62, 1.06, 2.44), "inverse"),
        ((0.62, 0.70, 0.94), "outside its own interval"),
        ((0.62, None, None), "without an interval"),
        ((0.62, 0.62, 0.62), "no width"),
        ((0.62, 0.41, 1.5), "one part is 2.01 times as long as the other"),
        ((0.62, 0.41, 9.4), "probably misprinted"),
        ((0.62, 0.15, 0.70), "its centre is 0.324"),
    ],
)
def test_intervals_that_contradict_their_ratio_are_refused(
    printed: Any, ratio: tuple[float, float | None, float | None], words: str
) -> None:
    (effect,) = printed.recover("hazard_ratio", compare(printed, printed.ratio(*ratio)))
    assert effect.kind == "refused"
    assert words in (effect.reason or "")


def test_rounding_may_explain_how_an_interval_is_lopsided(printed: Any, only: Only) -> None:
    # 0.31 against 0.095 as printed; 1.149 (0.95 to 1.45) prints the same, with 0.23 against 0.19.
    fine = printed.ratio(1.1, 1.0, 1.5)
    (refused,) = printed.recover("hazard_ratio", compare(printed, fine))
    assert refused.kind == "refused"
    coarse = replace(fine, half_unit=0.05, ci_lower_half_unit=0.05, ci_upper_half_unit=0.05)
    effect = only(printed.recover("hazard_ratio", compare(printed, coarse)), "hazard_ratio_with_interval")
    assert effect.kind == "point"
    assert "asymmetric_interval" in effect.flags


def test_an_odds_ratio_of_a_cox_model_is_a_hazard_ratio(printed: Any, only: Only) -> None:
    figure = printed.ratio(
        0.62, 0.41, 0.94, statistic="odds_ratio", read_as="hazard_ratio", label="OR", adjusted="age"
    )
    effect = only(printed.recover("hazard_ratio", compare(printed, figure)), "hazard_ratio_with_interval")
    assert {"label_differs_from_meaning", "adjusted"} <= set(effect.flags)
    (refused,) = (e for e in printed.recover("odds_ratio", compare(printed, figure)) if e.kind == "refused")
    assert "a hazard ratio, which is not an odds ratio" in (refused.reason or "")


def test_a_plain_odds_ratio_is_no_hazard_ratio(printed: Any) -> None:
    figure = printed.ratio(0.62, 0.41, 0.94, statistic="odds_ratio")
    (effect,) = printed.recover("hazard_ratio", compare(printed, figure))
    assert effect.kind == "refused"
    (point,) = printed.recover("odds_ratio", compare(printed, figure))
    assert (point.recovery, point.grade) == ("odds_ratio_with_interval", "A")


def test_a_ratio_of_other_groups_is_refused(printed: Any) -> None:
    (effect,) = printed.recover(
        "hazard_ratio", compare(printed, printed.ratio(0.62, 0.41, 0.94, compared_with=("B", "C")))
    )
    assert "a ratio of two groups, and its comparison names more" in (effect.reason or "")


def test_crude_and_adjusted_ratios_stay_apart_and_crude_is_primary(printed: Any) -> None:
    crude, adjusted = printed.ratio(0.62, 0.41, 0.94), printed.ratio(0.70, 0.46, 1.07, adjusted="age")
    effects = printed.recover("hazard_ratio", compare(printed, adjusted, crude))
    assert [("adjusted" in effect.flags, effect.primary) for effect in effects] == [
        (True, False),
        (False, True),
    ]


def test_tv_10_hazard_ratio_with_p(printed: Any, only: Only) -> None:
    comparison = compare(printed, printed.ratio(1.90), printed.p_value(0.018))
    effects = printed.recover("hazard_ratio", comparison)
    effect = only(effects, "hazard_ratio_with_p_value")
    assert (effect.grade, effect.primary) == ("B", True)
    assert effect.estimate == pytest.approx(0.641854, abs=SIX_DECIMALS)
    assert effect.standard_error == pytest.approx(0.271326, abs=SIX_DECIMALS)
    limits = [math.exp(end or 0) for end in (effect.ci_lower, effect.ci_upper)]
    assert limits == pytest.approx([1.116350, 3.233752], abs=3e-6)
    # p in .0175 to .0185 and HR in 1.895 to 1.905: log 1.895/2.376031 to log 1.905/2.355456 (scipy).
    assert any("0.2690 to 0.2736" in told for told in effect.assumptions)


def test_tv_10_a_wald_p_of_two_figures_is_grade_a(printed: Any, only: Only) -> None:
    comparison = compare(printed, printed.ratio(1.90), printed.p_value(0.018, test="Wald test"))
    assert only(printed.recover("hazard_ratio", comparison), "hazard_ratio_with_p_value").grade == "A"
    coarse = compare(printed, printed.ratio(1.90), printed.p_value(0.02, 0.005, test="Wald"))
    assert only(printed.recover("hazard_ratio", coarse), "hazard_ratio_with_p_value").grade == "B"


def test_tv_10_an_inequality_bounds_the_standard_error(printed: Any, only: Only) -> None:
    comparison = compare(printed, printed.ratio(4.25), printed.p_value(0.001, qualifier="<"))
    effects = printed.recover("hazard_ratio", comparison)
    effect = only(effects, "hazard_ratio_with_p_inequality")
    assert (effect.kind, effect.grade) == ("bound", "X")
    limits = [math.exp(end or 0) for end in (effect.lower, effect.upper)]
    assert limits == pytest.approx([1.795132, 10.061935], abs=3e-6)
    assert "0.440" in (effect.reason or "")
    assert not any(found.primary for found in effects)


@pytest.mark.parametrize(("ratio", "p"), [(1.0, 0.5), (1.2, 1.0)])
def test_a_ratio_or_p_of_one_has_no_standard_error(printed: Any, ratio: float, p: float) -> None:
    effects = printed.recover("hazard_ratio", compare(printed, printed.ratio(ratio), printed.p_value(p)))
    assert all(effect.kind == "refused" for effect in effects)


def test_an_inferred_p_value_enters_only_when_the_question_says_so(printed: Any) -> None:
    comparison = compare(printed, printed.ratio(1.90), printed.p_value(0.018, basis="inferred"))
    assert all(effect.kind == "refused" for effect in printed.recover("hazard_ratio", comparison))
    allowed = printed.recover(
        "hazard_ratio", comparison, uses_inferred_p_values="the table leaves no other reading"
    )
    (point,) = (effect for effect in allowed if effect.kind == "point")
    assert "inferred_p_value" in point.flags
    unclear = compare(printed, printed.ratio(1.90), printed.p_value(0.018, basis="unclear"))
    refused = printed.recover("hazard_ratio", unclear, uses_inferred_p_values="no other reading")
    assert all(effect.kind == "refused" for effect in refused)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(log_ratio=st.floats(-1.5, 1.5), spread=st.floats(0.05, 0.5), level=st.sampled_from([0.9, 0.95, 0.99]))
def test_an_interval_gives_back_what_made_it(
    printed: Any, log_ratio: float, spread: float, level: float
) -> None:
    from evisynth.arithmetic import critical_z

    reach = critical_z(level) * spread
    figure = replace(
        printed.ratio(
            math.exp(log_ratio), math.exp(log_ratio - reach), math.exp(log_ratio + reach), level=level
        ),
        half_unit=0.0,
        ci_lower_half_unit=0.0,
        ci_upper_half_unit=0.0,
    )
    (effect,) = printed.recover("hazard_ratio", compare(printed, figure))
    assert effect.grade == "A"
    assert (effect.estimate, effect.standard_error) == pytest.approx((log_ratio, spread), abs=1e-9)
