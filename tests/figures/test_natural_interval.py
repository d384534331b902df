from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st

from evisynth.arithmetic import TRANSFORMATIONS
from evisynth.errors import UnknownNameError
from evisynth.figures import natural_interval

numbers = st.floats(-30, 30)


def test_survival_comes_back_with_its_limits_in_order() -> None:
    # METHODS TV-1: 79% of 80 patients, log(-log) -1.445101 with SE .244540, interval .6834 to .8642.
    g, se = -1.445101, 0.244540
    interval = natural_interval("log(-log)", g, g - 1.959964 * se, g + 1.959964 * se)
    assert interval.estimate == pytest.approx(0.79, abs=5e-7)  # six decimals are printed
    assert interval.lower == pytest.approx(0.6834, abs=5e-5)  # four decimals are printed
    assert interval.upper == pytest.approx(0.8642, abs=5e-5)


def test_a_hazard_ratio_is_the_exponential() -> None:
    # METHODS TV-14: beta -1.384935, hazard ratio .2503 (.1317 to .4760).
    interval = natural_interval("log", -1.384935, -2.027488, -0.742382)
    assert (interval.estimate, interval.lower, interval.upper) == pytest.approx(
        (0.2503, 0.1317, 0.4760),
        abs=5e-5,  # four decimals are printed
    )


def test_an_upper_bound_of_log_minus_log_is_a_lower_bound_of_survival() -> None:
    interval = natural_interval("log(-log)", None, None, math.log(-math.log(0.97)))
    assert interval.upper is None
    assert interval.lower == pytest.approx(0.97, rel=1e-12)  # exact but for rounding of two logs


@given(
    estimate=numbers,
    below=st.floats(0, 5),
    above=st.floats(0, 5),
    scale=st.sampled_from(sorted(TRANSFORMATIONS)),
)
def test_limits_enclose_the_estimate_on_every_scale(
    estimate: float, below: float, above: float, scale: str
) -> None:
    interval = natural_interval(scale, estimate, estimate - below, estimate + above)
    assert interval.estimate is not None and interval.lower is not None and interval.upper is not None
    assert interval.lower <= interval.estimate <= interval.upper


@given(share=st.floats(1e-6, 1 - 1e-6))
def test_shares_come_back_from_the_logit_and_the_arcsine(share: float) -> None:
    logit = math.log(share / (1 - share))
    # Two roundings of numbers near 1; the arcsine loses half the digits near 0 and 1.
    assert natural_interval("logit", logit, None, None).estimate == pytest.approx(share, rel=1e-9)
    arcsine = math.asin(math.sqrt(share))
    assert natural_interval("arcsine", arcsine, None, None).estimate == pytest.approx(share, rel=1e-9)


@pytest.mark.parametrize("scale", sorted(TRANSFORMATIONS))
def test_huge_values_do_not_overflow(scale: str) -> None:
    for value in (-1e6, 1e6):
        assert not math.isnan(natural_interval(scale, value, None, None).estimate or 0.0)


def test_an_unknown_scale_names_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="logit"):
        natural_interval("logitt", 0.0, None, None)
