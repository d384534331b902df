from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, strategies as st

from evisynth.figures import LEAST_DISTANCE, LEAST_SIDE, choose_scale
from evisynth.measures import AxisKind

ratios = st.lists(st.floats(1e-4, 1e4), min_size=1, max_size=8)
kinds: st.SearchStrategy[AxisKind] = st.sampled_from(["ratio", "percent", "months", "difference", "amount"])


def test_ratios_get_the_ticks_that_journals_print() -> None:
    scale, ticks = choose_scale("ratio", [0.25, 0.89], [0.13, 4.17], 1.0)
    assert [tick.label for tick in ticks] == ["0.1", "0.2", "0.5", "1", "2", "5"]
    assert scale.place(1.0) == pytest.approx(math.log(10) / math.log(50))  # rounding only


def test_a_narrow_ratio_axis_is_not_blown_up() -> None:
    _, ticks = choose_scale("ratio", [0.97, 1.02], [0.95, 1.04], 1.0)
    assert float(ticks[0].label) >= 0.7 and float(ticks[-1].label) <= 1.5
    assert "1" in [tick.label for tick in ticks]


def test_survival_is_shown_from_0_to_100() -> None:
    _, ticks = choose_scale("percent", [0.39, 0.79], [0.24, 0.86], None)
    assert [tick.label for tick in ticks] == ["0", "20", "40", "60", "80", "100"]


def test_shares_near_all_are_told_apart() -> None:
    scale, ticks = choose_scale("percent", [0.96, 0.97], [0.922, 0.98], None)
    assert (scale.lower, scale.upper) == pytest.approx((0.8, 1.0))
    assert ticks[0].label == "80"


def test_rare_events_are_not_squeezed_into_a_corner() -> None:
    scale, ticks = choose_scale("percent", [0.016, 0.027], [0.009, 0.044], None)
    assert scale.upper <= 0.06
    assert ticks[0].label == "0"


def test_months_start_at_nothing() -> None:
    scale, ticks = choose_scale("months", [151.0, 87.0], [36.0, 211.0], None)
    assert (scale.lower, scale.upper) == (0.0, 250.0)
    assert ticks[1].label == "50"


def test_differences_have_true_minus_signs() -> None:
    _, ticks = choose_scale("difference", [-0.4], [-0.6, -0.2], 0.0)
    assert any(tick.label.startswith("\N{MINUS SIGN}") for tick in ticks)
    assert not any("-" in tick.label for tick in ticks)


def test_one_endless_interval_does_not_squeeze_the_others() -> None:
    scale, _ = choose_scale("ratio", [0.7, 0.8, 0.9], [0.5, 1.2, 1e-9, 1e9], 1.0)
    assert scale.lower > 0.01 and scale.upper < 100


def test_a_single_interval_of_ordinary_length_is_shown_whole() -> None:
    scale, _ = choose_scale("ratio", [0.89], [0.19, 4.17], 1.0)
    assert scale.lower <= 0.19 and scale.upper >= 4.17


@given(centre=ratios, outer=ratios)
def test_a_ratio_axis_holds_every_estimate_and_both_sides(centre: list[float], outer: list[float]) -> None:
    scale, ticks = choose_scale("ratio", centre, outer, 1.0)
    hair = 1e-9  # rounding of logarithms
    assert all(-hair <= scale.place(value) <= 1 + hair for value in centre)
    # Snapping to a labelled tick may take some room from the smaller side, never most of it.
    assert LEAST_SIDE / 2 <= scale.place(1.0) <= 1 - LEAST_SIDE / 2
    assert 1 <= len(ticks) <= 8
    assert "1" in [tick.label for tick in ticks]
    assert all(b.place - a.place >= LEAST_DISTANCE for a, b in itertools.pairwise(ticks))


@given(kind=kinds, centre=st.lists(st.floats(1e-3, 0.999), min_size=1), outer=st.lists(st.floats(0, 1)))
def test_every_axis_holds_its_estimates(kind: AxisKind, centre: list[float], outer: list[float]) -> None:
    null = {"ratio": 1.0, "difference": 0.0}.get(kind)
    scale, ticks = choose_scale(kind, centre, outer, null)
    assert all(-1e-9 <= scale.place(value) <= 1 + 1e-9 for value in centre)  # rounding
    places = [tick.place for tick in ticks]
    assert places == sorted(places) and len(places) <= 9
    assert len({tick.label for tick in ticks}) == len(ticks)


@given(value=st.floats(1e-3, 1e3))
def test_ticks_stand_where_their_labels_say(value: float) -> None:
    scale, ticks = choose_scale("ratio", [value], [], 1.0)
    for tick in ticks:
        assert scale.place(float(tick.label)) == pytest.approx(tick.place, abs=1e-9)  # rounding


@pytest.mark.parametrize("kind", ["ratio", "percent", "months", "difference", "amount"])
def test_zero_and_infinity_break_no_axis(kind: AxisKind) -> None:
    null = {"ratio": 1.0, "difference": 0.0}.get(kind)
    scale, _ = choose_scale(kind, [0.0], [0.0, math.inf], null)
    assert scale.upper > scale.lower
    assert math.isfinite(scale.upper)


def test_ticks_far_from_1_are_powers_of_ten() -> None:
    _, ticks = choose_scale("ratio", [1e-12, 1e18], [], 1.0)
    labels = [tick.label for tick in ticks]
    assert "1" in labels and all(label == "1" or label.startswith("10") for label in labels)
    assert "10²⁰" in labels and not any("e" in label or "000" in label for label in labels)
