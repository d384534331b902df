"""Quantiles and crossings: answers to the last digits, and an error instead of a last guess."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evisynth.errors import ConvergenceError
from evisynth.synthesis import find_crossing, invert_distribution


def test_inverts_a_heavy_tail_from_far_away() -> None:
    def half_cauchy(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return 2 / math.pi * np.arctan(x), 2 / math.pi / (1 + x**2)

    target = np.array([1e-6, 0.5, 0.999])
    bracket = (np.zeros(3), np.full(3, 1e12))
    found = invert_distribution(half_cauchy, target, bracket, np.array([1e6, 1e-3, 1e9]))
    # a probability known to 1e-16 fixes the small quantile to 1e-10 of itself
    np.testing.assert_allclose(found, np.tan(math.pi / 2 * target), rtol=1e-9)


def test_a_function_that_never_gets_there_raises() -> None:
    with pytest.raises(ConvergenceError, match="probability"):
        invert_distribution(
            lambda x: (np.where(x < math.pi, 0.0, math.nan), np.zeros_like(x)),
            np.array([0.5]),
            (np.array([0.0]), np.array([9.0])),
            np.array([1.0]),
        )


@pytest.mark.parametrize(("lower", "upper"), [(0.0, 4.0), (4.0, 0.0), (2.0, 4.0), (0.0, 2.0)])
def test_finds_a_crossing(lower: float, upper: float) -> None:
    assert find_crossing(lambda x: x**3 - 8, lower, upper) == pytest.approx(2, rel=1e-14)


def test_no_change_of_sign_is_an_error() -> None:
    with pytest.raises(ConvergenceError, match="no change of sign"):
        find_crossing(lambda x: x**2 + 1, -1, 1)
