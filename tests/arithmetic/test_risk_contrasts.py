from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from evisynth.arithmetic import (
    binomial_variance,
    contrast,
    critical_z,
    letters,
    standard_error_of_contrast,
    two_sided_p_from_z,
)

SIX_DECIMALS = 6e-7


#: A rate, and its variance.
Rate = tuple[float, float]
SCALES = ("identity", "log", "logit", "log(-log)", "arcsine")


def rate(survival: float, size: float) -> Rate:
    return survival, binomial_variance(survival, size)


def complement(rate: Rate) -> Rate:
    return 1 - rate[0], rate[1]


def contrast_of_rates(index: Rate, reference: Rate, scale: str) -> tuple[float, float]:
    return contrast(scale, index[0], reference[0]), standard_error_of_contrast(scale, index, reference)


# Test vector 14: S1, n1, S0, n0, beta, SE, HR and its interval (four decimals), p, SE with half observed.
TV_14 = [
    (0.79, 80, 0.39, 37, -1.384935, 0.327839, (0.2503, 0.1317, 0.4760), 2.40e-5, 0.463634),
    (0.88, 80, 0.88, 37, 0.0, 0.574318, (1.0, 0.3244, 3.0822), 1.0, 0.812208),
    (0.82, 147, 0.82, 18, 0.0, 0.589553, (1.0, 0.3149, 3.1756), 1.0, 0.833755),
    (0.64, 147, 0.55, 18, -0.292356, 0.382610, (0.7465, 0.3527, 1.5802), 0.445, 0.541092),
    (0.70, 31, 0.67, 6, -0.115833, 0.787724, (0.8906, 0.1902, 4.1707), 0.883, 1.114009),
]


@pytest.mark.parametrize(("s1", "n1", "s0", "n0", "beta", "se", "ratio", "p", "se_half"), TV_14)
def test_tv_14_two_landmark_rates(
    s1: float, n1: int, s0: float, n0: int, beta: float, se: float,
    ratio: tuple[float, float, float], p: float, se_half: float,
) -> None:  # fmt: skip
    value, spread = contrast_of_rates(rate(s1, n1), rate(s0, n0), "log(-log)")
    reach = critical_z() * spread
    assert (value, spread) == pytest.approx((beta, se), abs=SIX_DECIMALS)
    found = [math.exp(end) for end in (value, value - reach, value + reach)]
    assert found == pytest.approx(ratio, abs=6e-5)
    # Printed to three figures.
    assert two_sided_p_from_z(value / spread) == pytest.approx(p, rel=2e-3)
    _, halved = contrast_of_rates(rate(s1, n1 / 2), rate(s0, n0 / 2), "log(-log)")
    assert halved == pytest.approx(se_half, abs=SIX_DECIMALS)


def test_tv_14_interval_and_p_with_half_under_observation() -> None:
    value, spread = contrast_of_rates(rate(0.79, 40), rate(0.39, 18.5), "log(-log)")
    reach = critical_z() * spread
    assert math.exp(value - reach) == pytest.approx(0.1009, abs=6e-5)
    assert math.exp(value + reach) == pytest.approx(0.6211, abs=6e-5)
    assert two_sided_p_from_z(value / spread) == pytest.approx(0.00282, abs=6e-6)


# Test vector 16: RD, log RR of survival, log RR of death, log OR of death, each with its SE.
TV_16 = [
    (0.79, 80, 0.39, 37, (0.4, 0.092214), (0.705886, 0.213532), (-1.066351, 0.253581), (-1.772238, 0.434688)),
    (0.64, 147, 0.55, 18, (0.09, 0.123763), (.15155, .221993), (-0.223144, 0.282834), (-0.374693, .503977)),
]  # fmt: skip


@pytest.mark.parametrize(("s1", "n1", "s0", "n0", "difference", "survival", "death", "odds"), TV_16)
def test_tv_16_contrasts_at_a_landmark(
    s1: float, n1: int, s0: float, n0: int,
    difference: tuple[float, float], survival: tuple[float, float],
    death: tuple[float, float], odds: tuple[float, float],
) -> None:  # fmt: skip
    one, other = rate(s1, n1), rate(s0, n0)
    assert contrast_of_rates(one, other, "identity") == pytest.approx(difference, abs=SIX_DECIMALS)
    assert contrast_of_rates(one, other, "log") == pytest.approx(survival, abs=SIX_DECIMALS)
    assert contrast_of_rates(complement(one), complement(other), "log") == pytest.approx(
        death, abs=SIX_DECIMALS
    )
    assert contrast_of_rates(complement(one), complement(other), "logit") == pytest.approx(
        odds, abs=SIX_DECIMALS
    )


rates = st.builds(rate, st.floats(0.02, 0.98), st.integers(2, 500))


@given(one=rates, other=rates)
def test_swapping_the_arms_flips_the_sign_only(one: Rate, other: Rate) -> None:
    for scale in SCALES:
        value, spread = contrast_of_rates(one, other, scale)
        assert contrast_of_rates(other, one, scale) == pytest.approx((-value, spread), abs=1e-12)


@given(one=rates, other=rates)
def test_the_hazard_ratio_lies_between_risk_and_odds_ratio_of_death(one: Rate, other: Rate) -> None:
    hazard = contrast_of_rates(one, other, "log(-log)")[0]
    risk = contrast_of_rates(complement(one), complement(other), "log")[0]
    odds = contrast_of_rates(complement(one), complement(other), "logit")[0]
    low, high = sorted((risk, odds))
    assert low - 1e-9 <= hazard <= high + 1e-9


@pytest.mark.parametrize("scale", SCALES)
@given(one=rates, other=rates)
def test_letters_numbers_and_columns_give_the_same(scale: str, one: Rate, other: Rate) -> None:
    s1, v1, s0, v0 = letters("S1 V1 S0 V0")
    numbers = dict(zip(("S1", "V1", "S0", "V0"), (*one, *other), strict=True))
    value, spread = contrast_of_rates(one, other, scale)
    assert contrast(scale, s1, s0).value(numbers) == value
    assert standard_error_of_contrast(scale, (s1, v1), (s0, v0)).value(numbers) == spread
    columns = [(np.array([rate]), np.array([variance])) for rate, variance in (one, other)]
    # numpy's logarithm may differ from the C library's in its last bit; a difference of two near ones more.
    assert contrast(scale, columns[0][0], columns[1][0]) == pytest.approx(value, abs=1e-14)
    assert standard_error_of_contrast(scale, *columns) == pytest.approx(spread, rel=1e-13)
