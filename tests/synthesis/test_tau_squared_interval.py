from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy import special

from evisynth.errors import InvalidDataError
from evisynth.synthesis import tau_squared_interval


def generalised_q(y: np.ndarray, v: np.ndarray, tau_squared: float) -> float:
    w = 1 / (v + tau_squared)
    return float(np.sum(w * (y - np.average(y, weights=w)) ** 2))


@settings(max_examples=80, deadline=None)
@given(
    data=st.lists(st.tuples(st.floats(-5, 5), st.floats(0.01, 2)), min_size=2, max_size=15),
    level=st.sampled_from([0.8, 0.95, 0.99]),
)
def test_limits_solve_their_equations(data: list[tuple[float, float]], level: float) -> None:
    y, v = np.array([row[0] for row in data]), np.array([row[1] for row in data])
    df = len(y) - 1
    limits = tau_squared_interval(y, v, level=level)
    assert 0 <= limits.lower <= limits.upper
    for limit, tail in ((limits.lower, 0.5 - level / 2), (limits.upper, 0.5 + level / 2)):
        target = special.chdtri(df, tail)
        if limit == 0:
            assert generalised_q(y, v, 0.0) <= target * (1 + 1e-12)
        else:
            assert generalised_q(y, v, limit) == pytest.approx(target, rel=1e-11)


def test_estimates_more_alike_than_chance_give_zero_to_zero() -> None:
    assert tau_squared_interval([0.1, 0.1, 0.1, 0.1001], [1.0] * 4) == (0.0, 0.0)


def test_one_row_is_refused() -> None:
    with pytest.raises(InvalidDataError, match="at least two rows"):
        tau_squared_interval([0.1], [1.0])


def test_unit_goes_with_its_square() -> None:
    y, v = np.array([0.1, 0.9, -0.4, 0.35]), np.array([0.04, 0.3, 0.11, 0.02])
    plain, scaled = tau_squared_interval(y, v), tau_squared_interval(1e-4 * y, 1e-8 * v)
    assert scaled.upper == pytest.approx(1e-8 * plain.upper, rel=1e-13)
