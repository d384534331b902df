from __future__ import annotations

import math
import string

import pytest
from hypothesis import given, strategies as st

from evisynth.figures import (
    LINE_HEIGHT,
    SMALL,
    WIDEST_TICK,
    Axis,
    bare_axis,
    guess_width,
    lines_for,
    measure_axis,
    measure_display,
    name_axis,
    plain_axis,
    round_step,
    step_height,
    text_width,
    wrap_text,
)

numbers = st.floats(-1e6, 1e6, allow_nan=False)


def labels(axis: Axis) -> list[str]:
    return [tick.label for tick in axis.ticks]


@given(st.lists(numbers, min_size=1, max_size=20))
def test_a_plain_axis_holds_every_value(values) -> None:
    axis = plain_axis("x", values)
    places = [axis.place(value) for value in values]
    # The ends of the axis are multiples of a step, exact but for the last bits.
    assert min(places) >= -1e-6
    assert max(places) <= 1 + 1e-6
    assert 1 <= len(axis.ticks) <= 9


@given(st.lists(numbers, min_size=1, max_size=20))
def test_ticks_stand_where_their_number_is(values) -> None:
    axis = plain_axis("x", values)
    for tick in axis.ticks:
        number = float(tick.label.replace("\N{MINUS SIGN}", "-"))
        # Labels have ten digits.
        assert axis.place(number) == pytest.approx(tick.place, abs=1e-6)


def test_ticks_are_round_numbers() -> None:
    assert labels(plain_axis("x", [0, 243])) == ["0", "50", "100", "150", "200", "250"]
    assert labels(plain_axis("x", [-0.3, 0.12])) == [
        "\N{MINUS SIGN}0.3",
        "\N{MINUS SIGN}0.2",
        "\N{MINUS SIGN}0.1",
        "0",
        "0.1",
        "0.2",
    ]


def test_percent_labels_shares() -> None:
    axis = plain_axis("x", [], start=0.0, end=1.0, percent=True)
    assert labels(axis) == ["0", "20", "40", "60", "80", "100"]
    assert axis.place(0.2) == pytest.approx(0.2)


def test_an_end_that_is_fixed_need_not_be_round() -> None:
    axis = plain_axis("x", [3, 9.7], start=0.0, end=9.7)
    assert (axis.scale.lower, axis.scale.upper) == (0.0, 9.7)
    assert labels(axis) == ["0", "2", "4", "6", "8"]


@pytest.mark.parametrize("values", [[], [5.0], [5.0, 5.0], [math.inf, math.nan], [0.0], [1e-300, -1e-300]])
def test_equal_or_no_values_give_an_axis(values) -> None:
    axis = plain_axis("x", values)
    assert axis.scale.upper > axis.scale.lower
    assert axis.ticks


@given(st.floats(1e-9, 1e9), st.integers(2, 12))
def test_a_round_step_needs_no_more_than_so_many(span, most) -> None:
    step = round_step(span, most)
    lead = step / 10 ** math.floor(math.log10(step) + 1e-9)
    assert span / step <= most * (1 + 1e-12)
    assert any(math.isclose(lead, round_number) for round_number in (1, 2, 2.5, 5))


def test_ratios_stand_on_a_log_scale_and_say_so() -> None:
    axis = measure_axis(measure_display("hazard_ratio"), [0.25, 4.0])
    assert axis.title == "Hazard ratio (log scale)"
    assert axis.place(1.0) - axis.place(0.5) == pytest.approx(axis.place(2.0) - axis.place(1.0))
    months = measure_axis(measure_display("median"), [20, 60])
    assert months.title == "Median, months"
    assert months.place(40) - months.place(20) == pytest.approx(months.place(60) - months.place(40))
    assert measure_axis(measure_display("median"), [20], title="Own words").title == "Own words"


def test_names_stand_at_whole_steps_half_a_step_from_the_ends() -> None:
    axis = name_axis("Groups", ["a", "b", "c"])
    assert [tick.place for tick in axis.ticks] == pytest.approx([1 / 6, 3 / 6, 5 / 6])
    assert axis.place(1) == pytest.approx(0.5)
    assert name_axis("", []).scale.upper > -0.5


def test_a_reversed_axis_turns_places_and_ticks() -> None:
    plain = name_axis("", ["a", "b"])
    turned = Axis("", plain.scale, plain.ticks, reversed=True)
    assert turned.place(0) == pytest.approx(plain.place(1))
    assert turned.tick_place(turned.ticks[0]) == pytest.approx(turned.place(0))


def test_a_bare_axis_shows_nothing() -> None:
    axis = bare_axis(2.0, 4.0)
    assert (axis.title, axis.ticks, axis.place(3.0)) == ("", (), 0.5)


words = st.text(string.ascii_letters + string.digits + "-,%", min_size=1, max_size=18)
names = st.lists(words, min_size=1, max_size=14).map(" ".join)


@given(names)
def test_a_name_takes_no_more_lines_than_guessed(name) -> None:
    # One line more is the spare half line above and below a step, in names of letters all alike (W, m).
    assert len(wrap_text(name, WIDEST_TICK, SMALL)) <= lines_for(name) + 1


@pytest.mark.parametrize(
    "name",
    [
        "landmark contrast at 10 years, 75% observed",
        "survival with patients at 10 years, lower end of its rounding",
        "parenchyma-sparing-debulking, institution not stated",
        "Cytoreduction at least 70 percent: proportion",
        "肝转移灶切除与未切除患者的总生存期比较研究",
        "πρωτοπαθής όγκος, метастазы печени",
    ],
)
def test_usual_names_have_the_room_they_need(name) -> None:
    assert len(wrap_text(name, WIDEST_TICK, SMALL)) <= lines_for(name)
    assert guess_width(name) == pytest.approx(text_width(name, SMALL), rel=0.35)


def test_a_step_is_as_high_as_its_longest_name() -> None:
    assert step_height(["a", "b"], 13.0) == 13.0
    assert step_height([]) == LINE_HEIGHT
    long = "a name of many words " * 12
    assert step_height(["a", long]) == LINE_HEIGHT * lines_for(long) > LINE_HEIGHT * 5
