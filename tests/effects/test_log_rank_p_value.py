from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from evisynth.effects import Effect
from evisynth.outcomes import GroupSize

SIX_DECIMALS = 6e-7
Only = Callable[..., Effect]
WHOLE = GroupSize((108,), "printed", "108 patients", "results")


def compare(
    printed: Any, n1: Any, n0: Any, p: Any, events: tuple[int, int] | None = None, **fields: Any
) -> Any:
    counts = [() if events is None else (printed.count(d, unit="events"),) for d in events or (0, 0)]
    index, reference = printed.arm("A", n1, *counts[0]), printed.arm("B", n0, *counts[1])
    return printed.comparison(index, reference, figures=(p,), **fields)


def test_tv_11_p_with_the_events_of_each_arm(printed: Any, only: Only) -> None:
    comparison = compare(
        printed, 60, 60, printed.p_value(0.04, 0.005, favours="A", test="log-rank"), (45, 15)
    )
    effects = printed.recover("hazard_ratio", comparison)
    effect = only(effects, "log_rank_p_value_with_events")
    assert (effect.kind, effect.grade, effect.events, effect.primary) == ("point", "B", 60, True)
    assert effect.standard_error == pytest.approx(0.298142, abs=SIX_DECIMALS)
    # Of the printed p alone: z of .035 and .045 is 2.10836 and 2.00465, by that standard error. What D/4
    # gives (-.530276) is not admissible where the events of each arm are known.
    ends = (effect.rounding_lower, effect.rounding_upper)
    assert ends == pytest.approx((-0.628591, -0.597671), abs=1e-5)


def test_known_events_of_lopsided_arms_keep_grade_b(printed: Any, only: Only) -> None:
    p = printed.p_value(0.004, 0.0005, favours="A", test="log-rank")
    effect = only(
        printed.recover("hazard_ratio", compare(printed, 147, 18, p, (100, 12))),
        "log_rank_p_value_with_events",
    )
    # V = 100 x 12 / 112, z of .004 is 2.87816
    assert (effect.grade, effect.standard_error) == ("B", pytest.approx((112 / 1200) ** 0.5, abs=1e-9))
    assert effect.estimate == pytest.approx(-2.87816 * (112 / 1200) ** 0.5, abs=1e-5)
    # z of .0035 and .0045 is 2.91998 and 2.84073 (R: qnorm)
    ends = (effect.rounding_lower, effect.rounding_upper)
    assert ends == pytest.approx((-0.8921, -0.8679), abs=1e-3)


def test_tv_11_p_with_events_of_both_arms_together(printed: Any, only: Only) -> None:
    total = printed.count(60, unit="events", group="A")
    p = printed.p_value(0.04, 0.005, favours="A")
    comparison = printed.comparison(printed.arm("A", 80), printed.arm("B", 37), figures=(p, total))
    effect = only(printed.recover("hazard_ratio", comparison), "log_rank_p_value_with_events")
    assert effect.estimate == pytest.approx(-0.570180, abs=SIX_DECIMALS)
    assert effect.standard_error == pytest.approx(0.277629, abs=SIX_DECIMALS)
    assert effect.rounding_lower <= -0.570180 <= -0.530276 <= effect.rounding_upper
    assert any("two-sided log-rank test" in told for told in effect.assumptions)


def test_tv_12_the_weakest_split_of_two_thirds(printed: Any, only: Only) -> None:
    p = printed.p_value(0.009, favours="A")
    comparison = compare(printed, range(69, 77), range(32, 40), p, whole_size=WHOLE)
    effect = only(printed.recover("hazard_ratio", comparison), "p_value_bound")
    assert (effect.kind, effect.grade, effect.lower, effect.participants) == ("bound", "X", None, 108)
    assert math.exp(effect.upper or 0) == pytest.approx(0.592572, abs=SIX_DECIMALS)
    assert effect.rounding_lower <= effect.upper <= effect.rounding_upper


@pytest.mark.parametrize(
    ("n1", "n0", "hazard_ratio"),
    [(72, 36, 0.586734), (range(69, 77), (), 0.592572), ((), range(32, 40), 0.592572), ((), (), 0.604901)],
)
def test_tv_12_other_knowledge_of_the_split(
    printed: Any, only: Only, n1: Any, n0: Any, hazard_ratio: float
) -> None:
    comparison = compare(printed, n1, n0, printed.p_value(0.009, favours="A"), whole_size=WHOLE)
    effect = only(printed.recover("hazard_ratio", comparison), "p_value_bound")
    assert math.exp(effect.upper or 0) == pytest.approx(hazard_ratio, abs=SIX_DECIMALS)


def test_if_it_were_the_log_rank_test_of_80_against_37(printed: Any, only: Only) -> None:
    comparison = compare(printed, 80, 37, printed.p_value(0.0001, qualifier="<", favours="A"))
    effect = only(printed.recover("hazard_ratio", comparison), "p_value_bound")
    assert math.exp(effect.upper or 0) == pytest.approx(0.461, abs=6e-4)


def test_favouring_the_reference_turns_the_bound(printed: Any, only: Only) -> None:
    comparison = compare(printed, 72, 36, printed.p_value(0.009, favours="B"))
    effect = only(printed.recover("hazard_ratio", comparison), "p_value_bound")
    assert effect.upper is None
    assert math.exp(-(effect.lower or 0)) == pytest.approx(0.586734, abs=SIX_DECIMALS)


def test_tv_13_an_inequality_with_events(printed: Any, only: Only) -> None:
    comparison = compare(printed, 60, 60, printed.p_value(0.001, qualifier="<", favours="A"), (30, 30))
    effects = printed.recover("hazard_ratio", comparison)
    effect = only(effects, "p_value_bound")
    assert math.exp(effect.upper or 0) == pytest.approx(0.427582, abs=SIX_DECIMALS)
    assert not any(found.primary for found in effects)


def test_tv_13_not_significant_is_not_a_ratio_of_one(printed: Any, only: Only) -> None:
    comparison = compare(printed, 60, 60, printed.p_value(0.05, qualifier=">="), (30, 30))
    effect = only(printed.recover("hazard_ratio", comparison), "p_value_bound")
    assert (effect.lower, effect.upper) == pytest.approx((-0.506061, 0.506061), abs=SIX_DECIMALS)
    without = compare(printed, 60, 60, printed.p_value(0.05, qualifier=">="))
    (refused,) = printed.recover("hazard_ratio", without)
    assert "does not mean no difference" in (refused.reason or "")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "does not say which group"),
        ({}, "where it does, type favours: A or B beside the p-value"),
        ({"favours": "A", "time_months": 120.0}, "belongs to survival at 10 years"),
        ({"favours": "A", "adjusted": "age"}, "adjusted for age"),
        ({"favours": "A", "test": "chi-squared"}, "chi-squared test"),
        ({"favours": "A", "basis": "inferred"}, "inferred by the reader"),
        ({"favours": "A", "basis": "unclear"}, "does not make clear"),
        ({"favours": "A", "compared_with": ("B", "C")}, "more or other groups"),
        ({"favours": "A", "compared_with": ()}, "does not name the groups"),
        ({"favours": "A", "qualifier": "~"}, "not a usable p-value"),
    ],
)
def test_refusals_say_why(printed: Any, fields: dict[str, Any], words: str) -> None:
    (effect,) = printed.recover("hazard_ratio", compare(printed, 80, 37, printed.p_value(0.009, **fields)))
    assert effect.kind == "refused"
    assert words in (effect.reason or "")


@pytest.mark.parametrize("state", ["significant", "not_significant"])
def test_from_a_p_value_without_a_number_nothing_is_recovered(printed: Any, state: str) -> None:
    called = printed.p_value(None, None, favours="A", state=state, qualifier=None)
    (effect,) = printed.recover("hazard_ratio", compare(printed, 80, 37, called, (45, 15)))
    assert (effect.kind, effect.estimate, effect.lower, effect.upper) == ("refused", None, None, None)
    assert f"only called {state.replace('_', ' ')}" in (effect.reason or "")


def test_a_p_value_without_patients_or_events_is_refused(printed: Any) -> None:
    (effect,) = printed.recover("hazard_ratio", compare(printed, (), (), printed.p_value(0.009, favours="A")))
    assert "neither events nor the number of patients" in (effect.reason or "")


def test_patients_counted_alive_are_no_events(printed: Any, only: Only) -> None:
    comparison = printed.comparison(
        printed.arm("A", 80, printed.count(60)),
        printed.arm("B", 37, printed.count(20)),
        figures=(printed.p_value(0.009, favours="A"),),
    )
    assert only(printed.recover("hazard_ratio", comparison), "p_value_bound").events is None


def test_deaths_are_known_by_their_word(printed: Any, only: Only) -> None:
    comparison = printed.comparison(
        printed.arm("A", 80, printed.count(40, as_reported="40 deaths")),
        printed.arm("B", 37, printed.count(20, as_reported="20 deaths")),
        figures=(printed.p_value(0.04, 0.005, favours="A", test="log-rank"),),
    )
    effect = only(printed.recover("hazard_ratio", comparison), "log_rank_p_value_with_events")
    assert effect.events == 60


def test_tv_11_a_one_sided_p_is_doubled(printed: Any, only: Only) -> None:
    one_sided = printed.p_value(0.02, 0.0025, favours="A", test="one-sided log-rank")
    two_sided = printed.p_value(0.04, 0.005, favours="A", test="log-rank")
    found = [
        only(
            printed.recover("hazard_ratio", compare(printed, 60, 60, p, (30, 30))),
            "log_rank_p_value_with_events",
        )
        for p in (one_sided, two_sided)
    ]
    assert found[0].estimate == found[1].estimate == pytest.approx(-0.530276, abs=SIX_DECIMALS)
    assert found[0].rounding_lower == pytest.approx(found[1].rounding_lower)


@pytest.mark.parametrize(
    ("index", "reference", "events", "grade"),
    # The allocation of 147 v 18 loses its cover; three to one is still held.
    [(147, 18, (60,), "C"), (90, 30, (60,), "B"), (93, 30, (60,), "C"), (147, 18, (50, 10), "B")],
)
def test_lopsided_arms_need_the_events_of_each(
    printed: Any, only: Any, index: int, reference: int, events: tuple[int, ...], grade: str
) -> None:
    own = [printed.count(count, unit="events") for count in events] if len(events) == 2 else []
    whole = () if own else (printed.count(events[0], unit="events"),)
    comparison = printed.comparison(
        printed.arm("A", index, *own[:1]),
        printed.arm("B", reference, *own[1:]),
        figures=(printed.p_value(0.018, group="A", favours="A", test="log-rank"), *whole),
    )
    effect = only(printed.recover("hazard_ratio", comparison), "log_rank_p_value_with_events")
    assert (effect.grade, "lopsided_arms" in effect.flags) == (grade, grade == "C")
