from __future__ import annotations

import math

import mpmath
import pytest
from hypothesis import given, strategies as st

from evisynth.arithmetic import regularised_gamma, stirling_error


@given(shape=st.floats(0.01, 2000), share=st.floats(0.01, 5))
def test_the_smaller_tail_is_exact(shape: float, share: float) -> None:
    x = shape * share
    lower, upper = regularised_gamma(shape, x)
    with mpmath.workdps(50):
        below = mpmath.gammainc(mpmath.mpf(shape), 0, mpmath.mpf(x), regularized=True)
        above = mpmath.gammainc(mpmath.mpf(shape), mpmath.mpf(x), regularized=True)
        smaller = float(min(below, above))
    # Exponents of up to 700 in size leave 1e-13 of the tail.
    assert min(lower, upper) == pytest.approx(smaller, rel=3e-13, abs=1e-300)
    assert lower + upper == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("x", [15.0, 20.5, 1e3, 1e8])
def test_stirling_error_is_what_stirling_leaves_out(x: float) -> None:
    with mpmath.workdps(50):
        z = mpmath.mpf(x)
        exact = mpmath.loggamma(z + 1) - (z + 0.5) * mpmath.log(z) + z - mpmath.log(2 * mpmath.pi) / 2
    assert stirling_error(x) == pytest.approx(float(exact), rel=1e-14)


def test_ends_of_the_range() -> None:
    assert regularised_gamma(2.5, 0.0) == (0.0, 1.0)
    assert regularised_gamma(2.5, math.inf) == (1.0, 0.0)
