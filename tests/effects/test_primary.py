from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from evisynth.effects import Effect, mark_primary, precedence_of


@pytest.fixture
def point() -> Effect:
    return Effect(
        study="s", comparison="A vs B", index_group="A", reference_group="B", row_group="all",
        effect_measure="hazard_ratio", scale="log", recovery="landmark_contrast", kind="point", grade="C",
        estimate=0.0, standard_error=1.0,
    )  # fmt: skip


def chosen(*effects: Effect, **fields: Any) -> list[int]:
    return [place for place, effect in enumerate(mark_primary(effects, **fields)) if effect.primary]


def test_the_best_grade_stands(point: Effect) -> None:
    assert chosen(point, replace(point, grade="B"), replace(point, grade="D")) == [1]


def test_ties_go_to_the_latest_landmark_inside_follow_up(point: Effect) -> None:
    beyond = replace(point, time_months=120.0, flags=("beyond_median_follow_up",))
    assert chosen(replace(point, time_months=36.0), replace(point, time_months=60.0), beyond) == [1]


def test_the_time_asked_for_comes_before_a_later_one(point: Effect) -> None:
    times = [replace(point, time_months=time) for time in (36.0, 60.0, 120.0)]
    assert chosen(*times, wanted_time=60.0) == [1]


def test_landmarks_come_before_medians_and_printed_ratios_before_both(point: Effect) -> None:
    median = replace(point, recovery="median_contrast")
    ratio = replace(point, recovery="hazard_ratio_with_interval")
    assert chosen(median, point) == [1]
    assert chosen(median, point, ratio) == [2]


def test_fewer_assumptions_decide_what_is_left(point: Effect) -> None:
    assert chosen(replace(point, assumptions=("one", "two")), replace(point, assumptions=("one",))) == [1]


def test_no_point_no_primary(point: Effect) -> None:
    bound = replace(point, kind="bound", estimate=None, standard_error=None, lower=0.1)
    survivors_only = replace(point, flags=("other_estimand",))
    assert chosen(bound, survivors_only) == []


def test_the_rule_that_decided_is_the_one_that_is_told(printed) -> None:
    arms = [
        printed.arm(
            name, size, printed.survival(60, 0.88), printed.survival(120, later), printed.median(months)
        )
        for name, size, later, months in (("A", 80, 0.79, 151), ("B", 37, 0.5, 109))
    ]
    effects = printed.recover("hazard_ratio", printed.comparison(*arms))
    chosen = next(effect for effect in effects if effect.primary)
    told = {
        (other.recovery, other.time_months): precedence_of(chosen, other)
        for other in effects
        if other is not chosen
    }
    assert told["landmark_contrast", 60].endswith("it is for the later time")
    assert told["conditional_landmark", 120].startswith("it answers another question")
    assert "the more direct kind" in told["median_contrast", None] or "grade" in told["median_contrast", None]
    early = precedence_of(replace(chosen, time_months=60.0), replace(chosen, time_months=120.0), 60.0)
    assert early.endswith("it is for the time that is asked for")
