from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from evisynth.effects import RECOVERIES
from evisynth.measures import question_measure, question_measures


def test_every_recovery_that_a_measure_lists_is_there_and_no_other() -> None:
    assert set(RECOVERIES) == {name for record in question_measures().values() for name in record.recoveries}


def test_importing_the_recoveries_stays_light() -> None:
    # A command that needs no arrays must not pay for numpy, scipy or pandas.
    code = (
        "import sys, evisynth.effects.recovery, evisynth.effects.build_effect; "
        "print([name for name in ('numpy', 'scipy', 'pandas') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("measure", list(question_measures()))
def test_nothing_reported_is_a_refusal_with_its_reason(printed: Any, measure: str) -> None:
    contrast = measure in ("hazard_ratio", "odds_ratio", "risk_ratio", "risk_difference")
    comparison = printed.comparison(printed.arm("A", 50), printed.arm("B", 50) if contrast else None)
    (effect,) = printed.recover(measure, comparison)
    assert (effect.kind, effect.grade, effect.primary, effect.estimate) == ("refused", "X", False, None)
    assert "reported" in (effect.reason or "")
    assert effect.scale == question_measure(measure).scale


@pytest.mark.parametrize("role", ["external", "background"])
def test_a_registry_is_no_comparator(printed: Any, role: str) -> None:
    own = printed.arm("PNET", 28, printed.median(126))
    registry = printed.arm("SEER", 5000, printed.median(24), role=role)
    (effect,) = printed.recover("hazard_ratio", printed.comparison(own, registry))
    assert (effect.recovery, effect.kind) == ("external_comparator", "refused")
    assert "is not a group of this study" in (effect.reason or "")


def test_a_contrast_needs_two_groups_and_a_rate_one(printed: Any) -> None:
    one, two = printed.arm("A", 50, printed.survival(60, 0.8)), printed.arm("B", 50)
    assert "needs a group" in printed.recover("hazard_ratio", printed.comparison(one))[0].reason
    assert "describes one group" in printed.recover("survival", printed.comparison(one, two))[0].reason


def test_extrahepatic_groups_of_31_and_6(printed: Any) -> None:
    comparison = printed.comparison(
        printed.arm("A", 31, printed.survival(60, 0.84), printed.survival(120, 0.70), printed.not_reached()),
        printed.arm("B", 6, printed.survival(60, 1.0), printed.survival(120, 0.67), printed.not_reached()),
    )
    effects = printed.recover("hazard_ratio", comparison)
    by_time = {effect.time_months: effect for effect in effects if effect.recovery == "landmark_contrast"}
    assert by_time[60].kind == "refused"
    ten_years = by_time[120]
    assert (ten_years.kind, ten_years.grade, ten_years.primary) == ("point", "D", True)
    assert "few_at_risk" in ten_years.flags
    assert (ten_years.estimate, ten_years.standard_error) == pytest.approx((-0.115833, 0.787724), abs=6e-7)
    assert [effect.kind for effect in effects if effect.recovery == "median_contrast"] == ["refused"]


def test_p_at_ten_years_is_combined_with_nothing(printed: Any) -> None:
    comparison = printed.comparison(
        printed.arm("A", 80, printed.survival(120, 0.79), printed.median(151)),
        printed.arm("B", 37, printed.survival(120, 0.39), printed.median(109)),
        figures=(printed.p_value(0.0001, qualifier="<", time_months=120.0, favours="A", group="A"),),
    )
    effects = printed.recover("hazard_ratio", comparison)
    refused = [effect for effect in effects if effect.kind == "refused"]
    assert [effect.recovery for effect in refused] == ["log_rank_p_value"]
    spreads = {effect.recovery: effect.standard_error for effect in effects if effect.kind == "point"}
    assert spreads["landmark_contrast"] == pytest.approx(0.327839, abs=6e-7)
    assert spreads["median_contrast"] == pytest.approx(0.286828, abs=6e-7)


def test_exactly_one_point_is_primary_and_bounds_never_are(printed: Any) -> None:
    index = printed.arm("A", 80, printed.survival(60, 0.9), printed.survival(120, 0.8), printed.median(151))
    reference = printed.arm(
        "B", 70, printed.survival(60, 0.85), printed.survival(120, 0.7), printed.median(130)
    )
    ratio = printed.ratio(0.62, 0.41, 0.94, group="A")
    p = printed.p_value(0.02, 0.005, group="A", favours="A")
    effects = printed.recover("hazard_ratio", printed.comparison(index, reference, figures=(ratio, p)))
    assert {effect.kind for effect in effects} == {"point", "bound"}
    assert [effect.recovery for effect in effects if effect.primary] == ["hazard_ratio_with_interval"]


def test_every_effect_names_its_place(printed: Any) -> None:
    comparison = printed.comparison(
        printed.arm("A", 80, printed.survival(120, 0.79, source_location="table", file_location="x.yaml:7"))
    )
    (effect,) = printed.recover("survival", comparison)
    assert [(entry.name, entry.source_location) for entry in effect.inputs] == [
        ("survival at 10 years, A", "table"),
        ("patients, A", "results"),
    ]
    assert effect.inputs[0].file_location == "x.yaml:7"
    assert (effect.study, effect.comparison, effect.row_group) == ("made-up", "A", "all")


def test_the_level_of_the_question_sets_the_interval(printed: Any) -> None:
    comparison = printed.comparison(printed.arm("A", 80, printed.median(151)))
    (effect,) = printed.recover("median", comparison, level=0.90)
    assert effect.ci_upper - effect.estimate == pytest.approx(1.644854 * effect.standard_error, rel=1e-6)


def test_coarse_rounding_costs_a_grade(printed: Any) -> None:
    # "About" whole tens of percent in 500 patients: ± 5 points move the rate by more than half its SE.
    comparison = printed.comparison(printed.arm("A", 500, printed.survival(60, 0.8, 0.05)))
    (effect,) = printed.recover("survival", comparison)
    assert ("coarse_rounding" in effect.flags, effect.grade) == (True, "D")
    half_width = (effect.rounding_upper - effect.rounding_lower) / 2
    assert half_width > effect.standard_error / 2


def test_rounding_that_reaches_all_is_open(printed: Any) -> None:
    comparison = printed.comparison(printed.arm("A", 40, printed.survival(60, 0.99, 0.01)))
    (effect,) = printed.recover("survival", comparison)
    assert effect.rounding_lower is None
    assert math.isfinite(effect.rounding_upper)
    assert "coarse_rounding" in effect.flags


shares = st.one_of(st.sampled_from([0.0, 0.5, 1.0]), st.floats(0, 1))
positive = st.one_of(st.sampled_from([0.0, 0.5, 1.0, 60.0]), st.floats(0, 400))
maybe_months = st.sampled_from([None, 1.0, 60.0, 120.0])
figures_of_arms = st.one_of(
    st.tuples(st.just("survival"), shares),
    st.tuples(st.just("cumulative_incidence"), shares),
    st.tuples(st.just("proportion"), shares),
    st.tuples(st.just("median"), positive),
    st.tuples(st.just("count"), st.integers(0, 120)),
    st.tuples(st.just("mean"), positive),
)
figures_between = st.one_of(
    st.tuples(st.just("hazard_ratio"), positive),
    st.tuples(st.just("odds_ratio"), positive),
    st.tuples(st.just("p_value"), shares),
)


@st.composite
def figure(draw: st.DrawFn, printed: Any, kinds: st.SearchStrategy[tuple[str, float]], group: str) -> Any:
    statistic, value = draw(kinds)
    between = kinds is figures_between
    limits = shares if statistic in ("survival", "cumulative_incidence", "proportion") else positive
    return printed.figure(
        statistic,
        value if draw(st.integers(0, 9)) else None,
        group=group,
        time_months=draw(maybe_months),
        ci_lower=draw(st.one_of(st.none(), limits)),
        ci_upper=draw(st.one_of(st.none(), limits)),
        level=draw(st.sampled_from([None, 0.9, 0.95])),
        qualifier=draw(st.sampled_from(["=", "=", "=", None, "<", "<=", ">", ">=", "~"])),
        state=draw(st.sampled_from(["reported", "reported", "not_reached", "not_reported"])),
        half_unit=draw(st.sampled_from([None, 0.0, 0.005, 0.5])),
        ci_lower_half_unit=draw(st.sampled_from([None, 0.005, 0.5])),
        ci_upper_half_unit=draw(st.sampled_from([None, 0.005, 0.5])),
        ci_upper_state=draw(st.sampled_from([None, "not_reached"])),
        unit=draw(st.sampled_from(["patients", "events", "months"])),
        compared_with=draw(st.sampled_from([("B",), ("A",), (), ("B", "C")])) if between else None,
        basis=draw(st.sampled_from([None, "stated", "inferred", "unclear"])),
        favours=draw(st.sampled_from([None, "A", "B"])),
        denominator=draw(st.sampled_from([None, None, 50])),
        spread=draw(st.sampled_from([None, "se"])),
        sd=draw(st.sampled_from([None, 0.0, 0.1])),
    )


sizes = st.sampled_from([(), (0,), (1,), (6,), (80,), (40, 41)])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data(), measure=st.sampled_from(list(question_measures())))
def test_whatever_was_printed_gives_effects_that_hold_together(
    printed: Any, data: st.DataObject, measure: str
) -> None:
    contrast = question_measure(measure).contrast
    arms = [
        printed.arm(
            name,
            data.draw(sizes),
            *data.draw(st.lists(figure(printed, figures_of_arms, name), max_size=4)),
        )
        for name in ("A", "B")[: 2 if contrast else 1]
    ]
    between = (
        tuple(data.draw(st.lists(figure(printed, figures_between, "A"), max_size=3))) if contrast else ()
    )
    follow_up = data.draw(st.sampled_from([None, 70.0]))
    comparison = printed.comparison(*arms, figures=between, follow_up_median_months=follow_up)
    effects = printed.recover(measure, comparison, time_months=data.draw(maybe_months))
    assert effects
    eligible = [
        effect for effect in effects if effect.kind == "point" and "other_estimand" not in effect.flags
    ]
    assert sum(effect.primary for effect in effects) == bool(eligible)
    for effect in effects:
        if effect.kind == "point":
            assert math.isfinite(effect.estimate) and 0 < effect.standard_error < math.inf
            assert effect.grade in "ABCD"
            lower = -math.inf if effect.rounding_lower is None else effect.rounding_lower
            upper = math.inf if effect.rounding_upper is None else effect.rounding_upper
            assert lower - 1e-9 <= effect.estimate <= upper + 1e-9
        else:
            assert effect.grade == "X" and effect.reason and not effect.primary
            assert effect.estimate is None and effect.standard_error is None
        if effect.kind == "bound" and effect.lower is not None and effect.upper is not None:
            assert effect.lower <= effect.upper


@pytest.mark.parametrize(
    ("measure", "words"), [("odds_ratio", "an odds ratio"), ("risk_ratio", "a risk ratio")]
)
def test_nothing_to_work_with_is_told_in_good_english(printed: Any, measure: str, words: str) -> None:
    comparison = printed.comparison(printed.arm("A", 80), printed.arm("B", 37))
    (effect,) = printed.recover(measure, comparison)
    assert effect.reason == f"nothing is reported from which {words} could be worked out"
