"""Room guessed from letters must hold what fonts measure: a row too low would write names over each other."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, strategies as st

from evisynth.figures import (
    LINE_HEIGHT,
    SMALL,
    WIDEST_TICK,
    guess_width,
    lines_for,
    step_height,
    text_width,
    wrap_text,
)

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
