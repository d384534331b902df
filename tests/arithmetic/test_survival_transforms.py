from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st

from evisynth.arithmetic import (
    arcsine_of_root,
    critical_z,
    share_from_logit,
    survival_curves as scale,
    survival_from_log_minus_log,
    variance_on_scale,
    wilson_interval,
)
from evisynth.errors import InvalidDataError

# Test vector 1: rates of six arms on five scales with complete follow-up, to six decimals, intervals to four.
SIX_DECIMALS = 6e-7
FOUR_DECIMALS = 6e-5
TV_1 = [
    # S, n, SE(S), logit, SE, log(-log), SE, log S, SE, asin, SE, interval, Wilson
    (.79, 80, .045538, 1.324925, .274493, -1.445101, .244540, -.235722, .057644, 1.094763, .055902,
     (.6834, .8642), (.6885, .8649)),
    (.39, 37, .080186, -.447312, .337056, -.060166, .218354, -.941609, .205604, .674491, .082199,
     (.2359, .5413), (.2504, .5503)),
    (.88, 80, .036332, 1.992430, .344051, -2.057028, .322968, -.127833, .041286, 1.217055, .055902,
     (.7860, .9344), (.7909, .9343)),
    (.82, 147, .031687, 1.516347, .214683, -1.617213, .194723, -.198451, .038643, 1.132647, .041239,
     (.7478, .8733), (.7500, .8737)),
    (.55, 18, .117260, .200671, .473779, -.514437, .356620, -.597837, .213201, .835482, .117851,
     (.3004, .7429), (.3324, .7500)),
    (.67, 6, .191964, .708185, .868220, -.915098, .715428, -.400478, .286513, .958857, .204124,
     (.1964, .9062), (.3025, .9048)),
]  # fmt: skip

rates = st.floats(0.01, 0.99)


@pytest.mark.parametrize("row", TV_1, ids=lambda row: f"{row[0]} of {row[1]}")
def test_tv_1_rates_of_six_arms(row: tuple[float, ...]) -> None:
    s, n, se, logit, se_logit, lml, se_lml, log, se_log, asin, se_asin, interval, wilson = row
    variance = scale.binomial_variance(s, n)
    errors = [math.sqrt(variance_on_scale(name, s, variance)) for name in ("logit", "log", "arcsine")]
    found = [
        math.sqrt(variance), scale.logit(s), errors[0], scale.log_minus_log(s),
        scale.standard_error_log_minus_log(s, variance), math.log(s), errors[1],
        arcsine_of_root(s), errors[2],
    ]  # fmt: skip
    printed = [se, logit, se_logit, lml, se_lml, log, se_log, asin, se_asin]
    assert found == pytest.approx(printed, abs=SIX_DECIMALS)
    assert scale.survival_interval(s, variance, critical_z()) == pytest.approx(interval, abs=FOUR_DECIMALS)
    assert wilson_interval(s, n) == pytest.approx(wilson, abs=FOUR_DECIMALS)


@pytest.mark.parametrize(
    ("share", "se", "se_lml", "interval"),
    [(0.75, 0.052583, 0.282371, (0.6637, 0.8733)), (0.5, 0.064401, 0.345832, (0.6286, 0.8872))],
)
def test_tv_1_with_fewer_under_observation(
    share: float, se: float, se_lml: float, interval: tuple[float, float]
) -> None:
    variance = scale.binomial_variance(0.79, 80 * share)
    assert math.sqrt(variance) == pytest.approx(se, abs=SIX_DECIMALS)
    assert scale.standard_error_log_minus_log(0.79, variance) == pytest.approx(se_lml, abs=SIX_DECIMALS)
    assert scale.survival_interval(0.79, variance, critical_z()) == pytest.approx(interval, abs=FOUR_DECIMALS)


def test_tv_1_number_at_risk() -> None:
    assert math.sqrt(scale.peto_variance(0.79, 40)) == pytest.approx(0.057241, abs=SIX_DECIMALS)


def test_tv_1_the_other_complementary_log_log_is_another_quantity() -> None:
    # log(-log(1 - S)) of .79 would be +.445101 with SE .138949.
    assert scale.log_minus_log(1 - 0.79) == pytest.approx(0.445101, abs=SIX_DECIMALS)
    variance = scale.binomial_variance(0.79, 80)
    wrong = scale.standard_error_log_minus_log(1 - 0.79, variance)
    assert wrong == pytest.approx(0.138949, abs=SIX_DECIMALS)
    assert scale.log_minus_log(0.79) < 0


def test_tv_3_continuity_correction_carries_the_estimate() -> None:
    share = scale.continuity_corrected_share(6, 6)
    variance = scale.binomial_variance(share, 7)
    assert share == pytest.approx(0.928571, abs=SIX_DECIMALS)
    assert scale.logit(share) == pytest.approx(2.564949, abs=SIX_DECIMALS)
    assert math.sqrt(variance_on_scale("logit", share, variance)) == pytest.approx(1.467599, abs=SIX_DECIMALS)
    assert scale.log_minus_log(share) == pytest.approx(-2.602232, abs=SIX_DECIMALS)
    assert scale.standard_error_log_minus_log(share, variance) == pytest.approx(1.414537, abs=SIX_DECIMALS)


@given(survival=rates)
def test_transforms_invert(survival: float) -> None:
    # 1e-12: a handful of roundings of doubles.
    there = scale.log_minus_log(survival)
    assert survival_from_log_minus_log(there) == pytest.approx(survival, abs=1e-12)
    assert share_from_logit(scale.logit(survival)) == pytest.approx(survival, abs=1e-12)


@given(first=rates, second=rates)
def test_log_minus_log_falls_and_logit_rises(first: float, second: float) -> None:
    low, high = sorted((first, second))
    assert scale.log_minus_log(low) >= scale.log_minus_log(high)
    assert scale.logit(low) <= scale.logit(high)


@given(survival=rates, n=st.integers(1, 1000), share=st.floats(0.1, 1))
def test_binomial_is_the_lower_and_peto_the_upper_limit(survival: float, n: int, share: float) -> None:
    lower = scale.binomial_variance(survival, n)
    upper = scale.peto_variance(survival, n * survival * share)
    assert lower <= upper * (1 + 1e-12)
    assert scale.effective_sample_size(survival, lower) == pytest.approx(n)


@pytest.mark.parametrize("rate", [0.0, 1.0, -0.1, 1.1, math.nan])
def test_no_finite_value_outside_zero_and_one(rate: float) -> None:
    for transform in (scale.log_minus_log, scale.logit):
        with pytest.raises(InvalidDataError):
            transform(rate)


def test_impossible_sizes_are_refused() -> None:
    with pytest.raises(InvalidDataError):
        scale.binomial_variance(0.5, 0)
    with pytest.raises(InvalidDataError):
        scale.peto_variance(0.5, 0)
    with pytest.raises(InvalidDataError):
        scale.continuity_corrected_share(7, 6)
    with pytest.raises(InvalidDataError):
        scale.effective_sample_size(0.5, 0)


def test_share_from_logit_does_not_overflow() -> None:
    assert share_from_logit(-800) == 0.0
    assert share_from_logit(800) == 1.0
