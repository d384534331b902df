from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from evisynth.arithmetic import spoken_fraction_interval
from evisynth.errors import InvalidDataError


def test_about_two_thirds() -> None:
    assert spoken_fraction_interval(2 / 3) == pytest.approx((0.6333, 0.7083), abs=5e-5)


def test_a_number_that_nobody_says_as_a_fraction() -> None:
    assert spoken_fraction_interval(0.87, 0.005) == pytest.approx((0.855, 0.885))
    assert spoken_fraction_interval(0.87) == pytest.approx((0.86, 0.88))


@given(value=st.floats(0, 1))
def test_the_interval_contains_the_value(value: float) -> None:
    lower, upper = spoken_fraction_interval(value)
    assert 0 <= lower <= value <= upper <= 1


def test_a_share_lies_between_none_and_all() -> None:
    with pytest.raises(InvalidDataError):
        spoken_fraction_interval(1.5)
