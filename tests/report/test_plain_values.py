from __future__ import annotations

import math

from hypothesis import given, strategies as st

from evisynth.report import plain_text, six_digits


def test_values_are_written_as_people_read_them() -> None:
    assert plain_text(None) == "" and plain_text(True) == "yes" and plain_text(False) == "no"
    assert plain_text(0.12345678) == "0.123457" and plain_text(5) == "5"
    assert plain_text(["a", None, 1.50]) == "a, , 1.5"
    assert plain_text({"k": 2, "q": [1, 2]}) == "k 2, q 1, 2"
    assert plain_text("two\n lines ") == "two lines"


def test_six_digits_reach_every_depth_and_leave_words_alone() -> None:
    assert six_digits({"a": [1.23456789, ("x", 3)], "b": None}) == {"a": [1.23457, ["x", 3]], "b": None}
    assert math.copysign(1, six_digits(-0.0)) == 1


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_six_digits_are_near_and_stay(value: float) -> None:
    shown = six_digits(value)
    # half a unit of the sixth digit
    assert math.isclose(shown, value, rel_tol=5.1e-6) or abs(value) < 1e-300
    assert six_digits(shown) == shown
