"""Axes on which effects stand as they were analysed, labelled in natural numbers."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, strategies as st

from evisynth.arithmetic import TRANSFORMATIONS, from_natural_scale, to_natural_scale
from evisynth.errors import UnknownNameError
from evisynth.figures import analysed_words, effect_axis, effect_ticks, measure_display
from evisynth.measures import MEASURES

WITHIN = {"arcsine": (0.1, 1.4), "square root": (0.0, 3.0), "log(-log)": (-3.0, 1.5)}


@pytest.mark.parametrize("scale", TRANSFORMATIONS)
@given(share=st.floats(0.01, 0.99))
def test_to_the_natural_scale_and_back(scale: str, share: float) -> None:
    low, high = WITHIN.get(scale, (-3.0, 3.0))
    value = low + share * (high - low)
    # the natural scale is flat near its ends: up to 20 times the rounding of a float
    assert from_natural_scale(to_natural_scale(value, scale), scale) == pytest.approx(value, abs=1e-12)


def test_the_ends_of_a_scale_are_infinite() -> None:
    assert from_natural_scale(0.0, "log") == -math.inf
    assert from_natural_scale(1.0, "log(-log)") == -math.inf
    assert from_natural_scale(1.0, "logit") == math.inf
    assert from_natural_scale(-1.0, "fisher z") == -math.inf
    with pytest.raises(UnknownNameError, match="analysis scale"):
        from_natural_scale(1.0, "probit")


@pytest.mark.parametrize("measure", sorted(MEASURES))
@pytest.mark.parametrize("span", [0.02, 0.5, 3.0])
def test_equal_steps_of_the_analysis_stand_equally_far_apart(measure: str, span: float) -> None:
    display = measure_display(measure)
    # within what the measure can be: rates above 0, shares up to 1, angles up to a quarter turn
    bounded = display.axis in ("percent", "amount")
    low = 0.4 if bounded else -0.4
    if display.axis == "percent" and display.scale in ("identity", "arcsine"):
        span = min(span, 0.5)
    steps = [low + span * i / 4 for i in range(5)]
    axis = effect_axis(display, steps)
    places = [axis.axis.place(x) for x in axis.naturals(steps)]
    assert all(-1e-9 <= place <= 1 + 1e-9 for place in places)
    gaps = [abs(b - a) for a, b in itertools.pairwise(places)]
    assert gaps == pytest.approx([gaps[0]] * 4, rel=1e-6)  # rounding near the flat ends
    assert len(axis.axis.ticks) >= 2


@pytest.mark.parametrize("measure", ["survival", "PLO", "median", "IRLN"])
def test_ticks_are_round_numbers_where_they_say(measure: str) -> None:
    display = measure_display(measure)
    axis = effect_axis(display, [-1.5, 1.0])
    factor = 100 if display.axis == "percent" else 1
    for tick in axis.axis.ticks:
        assert tick.place == pytest.approx(axis.axis.place(float(tick.label) / factor))
    places = [tick.place for tick in axis.axis.ticks]
    assert places == sorted(places)


def test_survival_runs_to_the_right() -> None:
    axis = effect_axis(measure_display("survival"), [-2.0, 0.0])
    assert axis.axis.place(0.9) > axis.axis.place(0.5)
    assert axis.lower < -2.0 < 0.0 < axis.upper


def test_all_at_one_place_still_has_an_axis() -> None:
    axis = effect_axis(measure_display("survival"), [-1.0, -1.0])
    assert axis.axis.place(to_natural_scale(-1.0, "log(-log)")) == pytest.approx(0.5)
    assert len(axis.axis.ticks) >= 2


def test_far_limits_do_not_squeeze_the_centre() -> None:
    axis = effect_axis(measure_display("PLO"), [0.0, 1.0], [-20.0, 20.0, -0.2])
    assert axis.upper - axis.lower < 50
    assert axis.held(-1000.0) == axis.lower


@pytest.mark.parametrize("measure", ["survival", "PLO", "PAS", "ZCOR", "IRS", "median"])
@pytest.mark.parametrize("centre", [[-60.0, 50.0], [200.0, 300.0], [-900.0, -800.0], [1e-12, 2e-12]])
def test_effects_beyond_the_natural_scale_still_have_an_axis(measure: str, centre: list[float]) -> None:
    axis = effect_axis(measure_display(measure), centre)
    ends = [axis.axis.place(end) for end in axis.naturals([axis.lower, axis.upper])]
    assert sorted(ends) == pytest.approx([0.0, 1.0], abs=1e-9)
    assert all(math.isfinite(tick.place) for tick in axis.axis.ticks)


def test_what_was_analysed_is_named() -> None:
    assert analysed_words(measure_display("hazard_ratio")) == " of the log hazard ratio"
    assert analysed_words(measure_display("proportion")) == " of the logit of the proportion"
    assert analysed_words(measure_display("RD")) == ""


def test_an_axis_without_end_has_ticks_only_where_numbers_are() -> None:
    # exp(800) is beyond all floats: no step divides such an axis.
    ticks = effect_ticks(measure_display("hazard_ratio"), -800.0, 800.0)
    assert all(math.isfinite(at) for at, _ in ticks)
    assert "1" in [text for _, text in ticks]
