"""Tails and quantiles beside exact ones (mpmath), from 0.01 to a thousand million degrees of freedom."""

from __future__ import annotations

import math

import mpmath
import pytest
from hypothesis import given, strategies as st
from scipy import special

from evisynth.arithmetic import (
    chi_squared_quantile,
    chi_squared_tail,
    critical_z,
    normal_quantile,
    normal_tail,
    student_t_quantile,
    student_t_tail,
    student_t_two_sided,
    two_sided_p_from_z,
    z_from_two_sided_p,
)
from evisynth.errors import InvalidDataError

DEGREES = (0.01, 0.3, 1, 1.7, 2, 3, 4, 5, 7.5, 12, 29, 29.9, 30, 31, 64, 100, 1000, 4999, 1e5, 1e6, 1e9)
PROBABILITIES = (1e-300, 1e-100, 1e-30, 1e-10, 1e-4, 0.01, 0.025, 0.2, 0.5, 0.9, 0.975, 0.9999)


def exact_t_two_sided(t: float, df: float) -> mpmath.mpf:
    with mpmath.workdps(60):
        half = mpmath.mpf(df) / 2
        x = mpmath.mpf(df) / (mpmath.mpf(df) + mpmath.mpf(t) ** 2)
        return mpmath.betainc(half, mpmath.mpf("0.5"), 0, x, regularized=True)


def exact_chi_tail(x: float, df: float) -> mpmath.mpf:
    with mpmath.workdps(60):
        return mpmath.gammainc(mpmath.mpf(df) / 2, mpmath.mpf(x) / 2, regularized=True)


@pytest.mark.parametrize("df", DEGREES)
def test_t_tail_is_exact(df: float) -> None:
    for t in (1e-8, 1e-3, 0.1, 0.5, 1.2, 1.2248, 1.23, 2, 3, 5, 10, 20, 37):
        exact = exact_t_two_sided(t, df)
        if exact > 1e-300:
            # The exponent of a tail of 1e-300 is near 700: its last bit is 1e-13 of the tail. At one degree
            # of freedom scipy takes the complement of a square root of 1e-16.
            close = 5e-9 if df == 1 and t < 1e-6 else 2e-13
            assert student_t_two_sided(t, df) == pytest.approx(float(exact), rel=close)
            assert student_t_tail(t, df) == student_t_two_sided(t, df) / 2
            assert student_t_tail(-t, df) == pytest.approx(1 - float(exact) / 2, rel=close)


@pytest.mark.parametrize("df", DEGREES)
def test_chi_squared_tail_is_exact(df: float) -> None:
    # mpmath needs minutes near the middle of a thousand million degrees of freedom, and a second at it.
    for share in (
        (1e-3, 0.5, 1, 1.1) if df == 1e9 else (1e-3, 0.1, 0.5, 0.9, 0.99, 1, 1.01, 1.1, 1.5, 2, 5, 20)
    ):
        exact = exact_chi_tail(df * share, df)
        if exact > 1e-300:
            assert chi_squared_tail(df * share, df) == pytest.approx(float(exact), rel=2e-13)


@pytest.mark.parametrize("df", DEGREES)
@pytest.mark.parametrize("probability", PROBABILITIES)
def test_t_quantile_is_exact(probability: float, df: float) -> None:
    quantile = student_t_quantile(probability, df)
    if abs(quantile) > 1e140:
        assert df < 3  # only so heavy a tail reaches so far
        return
    tail = float(exact_t_two_sided(quantile, df)) / 2
    smaller = min(probability, 1 - probability)
    # One last bit of the quantile moves the tail by up to df (far tail) of its last bits.
    assert tail == pytest.approx(smaller, rel=2e-13 * max(1.0, df if abs(quantile) > 5 else 1.0))
    assert (quantile > 0) == (probability > 0.5)


@pytest.mark.parametrize("df", [1, 2, 3, 4, 5, 7.5, 12, 30, 100, 4999, 1e6])
@pytest.mark.parametrize("probability", PROBABILITIES)
def test_chi_squared_quantile_is_exact(probability: float, df: float) -> None:
    quantile = chi_squared_quantile(probability, df)
    if quantile < 1e-300:
        assert probability <= 1e-100
        assert df <= 2
        return
    with mpmath.workdps(60):
        half, x = mpmath.mpf(df) / 2, mpmath.mpf(quantile) / 2
        lower = mpmath.gammainc(half, 0, x, regularized=True)
        density = mpmath.exp(half * mpmath.log(x) - x - mpmath.loggamma(half))
        relative_error = float((lower - mpmath.mpf(probability)) / density)
    assert relative_error == pytest.approx(0, abs=1e-13)


@pytest.mark.parametrize("p", [1e-300, 1e-100, 1e-16, 1e-4, 0.01, 0.05, 0.2, 0.8, 0.999])
def test_the_deviate_of_a_p_value_is_exact(p: float) -> None:
    with mpmath.workdps(60):
        exact = mpmath.sqrt(2) * mpmath.findroot(
            lambda u: mpmath.log(mpmath.erfc(u)) - mpmath.log(mpmath.mpf(p)), z_from_two_sided_p(p) / 1.4
        )
    assert z_from_two_sided_p(p) == pytest.approx(float(exact), rel=1e-14)
    assert -normal_quantile(p / 2) == pytest.approx(float(exact), rel=1e-14)
    # One last bit of a deviate of 37 moves the tail by 37 squared of its last bits.
    assert two_sided_p_from_z(float(exact)) == pytest.approx(p, rel=2e-13)


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.95, 0.99, 0.999])
def test_the_critical_value_agrees_with_scipy(level: float) -> None:
    assert critical_z(level) == pytest.approx(-special.ndtri((1 - level) / 2), rel=2e-15)


@given(z=st.floats(-37, 37))
def test_normal_tail_and_quantile_are_inverse(z: float) -> None:
    assert normal_tail(z) == pytest.approx(special.ndtr(-z), rel=1e-13)
    assert two_sided_p_from_z(z) == pytest.approx(2 * special.ndtr(-abs(z)), rel=1e-13)
    if z < 0:
        # Above zero the probability 1 - tiny holds no more digits.
        assert normal_quantile(special.ndtr(z)) == pytest.approx(z, rel=1e-12, abs=1e-12)


def test_edges_have_defined_answers() -> None:
    assert student_t_two_sided(0.0, 4) == 1.0
    assert student_t_two_sided(math.inf, 4) == 0.0
    assert student_t_two_sided(2.0, math.inf) == two_sided_p_from_z(2.0)
    assert student_t_quantile(0.975, math.inf) == normal_quantile(0.975)
    assert (student_t_quantile(0, 3), student_t_quantile(1, 3)) == (-math.inf, math.inf)
    assert (normal_quantile(0), normal_quantile(1)) == (-math.inf, math.inf)
    assert (chi_squared_quantile(0, 3), chi_squared_quantile(1, 3)) == (0.0, math.inf)
    assert chi_squared_tail(0.0, 3) == 1.0
    assert chi_squared_tail(math.inf, 3) == 0.0
    assert student_t_quantile(1e-300, 0.7) == -math.inf  # beyond the largest float


@pytest.mark.parametrize("wrong", [-0.1, 1.1, math.nan])
def test_a_probability_outside_zero_and_one_is_refused(wrong: float) -> None:
    for quantile in (
        lambda p: student_t_quantile(p, 3),
        lambda p: chi_squared_quantile(p, 3),
        normal_quantile,
    ):
        with pytest.raises(InvalidDataError, match="between 0 and 1"):
            quantile(wrong)


def test_degrees_of_freedom_must_be_positive() -> None:
    with pytest.raises(InvalidDataError, match="above 0"):
        student_t_two_sided(1.0, 0)
    with pytest.raises(InvalidDataError, match="above 0"):
        chi_squared_tail(1.0, math.nan)
