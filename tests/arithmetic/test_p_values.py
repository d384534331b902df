from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st

from evisynth.arithmetic import (
    critical_z,
    events_needed,
    two_sided_p_from_z,
    z_from_chi_squared,
    z_from_two_sided_p,
)
from evisynth.errors import InvalidDataError


def test_printed_deviates() -> None:
    assert critical_z() == pytest.approx(1.959964, abs=6e-7)
    assert z_from_two_sided_p(0.001) == pytest.approx(3.2905, abs=6e-5)
    assert z_from_two_sided_p(0.0001) == pytest.approx(3.8906, abs=6e-5)


def test_tv_11_chi_squared_on_one_degree_of_freedom() -> None:
    assert two_sided_p_from_z(z_from_chi_squared(4.22)) == pytest.approx(0.039950, abs=6e-7)


@given(p=st.floats(1e-12, 1))
def test_p_and_z_invert(p: float) -> None:
    # inv_cdf is good to about 1e-15 in z; near p = 1 z is small and loses relative digits.
    assert two_sided_p_from_z(z_from_two_sided_p(p)) == pytest.approx(p, rel=1e-9)


@pytest.mark.parametrize(
    # p-values printed beside two medians, and the events that the ratio of those medians would need.
    ("longer", "shorter", "p", "sizes", "events"),
    [
        (151, 109, 0.0001, (80, 37), 659),
        (11.5, 11.2, 0.10, (165, 28), 31219),
        (7.1, 6.4, 0.12, (46, 22), 1025),
    ],
)
def test_p_values_that_cannot_belong_to_the_medians_beside_them(
    longer: float, shorter: float, p: float, sizes: tuple[int, int], events: int
) -> None:
    needed = events_needed(math.log(longer / shorter), p, *sizes)
    assert needed == pytest.approx(events, abs=0.51)
    assert needed > sum(sizes)


@pytest.mark.parametrize("p", [0.0, -0.1, 1.1, math.nan])
def test_impossible_p_values_are_refused(p: float) -> None:
    with pytest.raises(InvalidDataError):
        z_from_two_sided_p(p)


def test_other_impossible_input_is_refused() -> None:
    with pytest.raises(InvalidDataError):
        critical_z(95)
    with pytest.raises(InvalidDataError):
        z_from_chi_squared(-1)
    with pytest.raises(InvalidDataError):
        events_needed(0.0, 0.05, 10, 10)
