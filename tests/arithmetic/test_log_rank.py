from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st

from evisynth.arithmetic import (
    log_hazard_ratio_from_z,
    log_rank_variance,
    log_rank_variance_by_events,
    z_from_two_sided_p,
)
from evisynth.errors import InvalidDataError

SIX_DECIMALS = 6e-7


def test_tv_11_even_allocation() -> None:
    variance = log_rank_variance(60, 1, 1)
    value = log_hazard_ratio_from_z(z_from_two_sided_p(0.04), variance, favours_index=True)
    assert variance == 15
    assert value * variance == pytest.approx(-7.954135, abs=SIX_DECIMALS)
    assert value == pytest.approx(-0.530276, abs=SIX_DECIMALS)
    assert 1 / math.sqrt(variance) == pytest.approx(0.258199, abs=SIX_DECIMALS)
    assert math.exp(value) == pytest.approx(0.588443, abs=SIX_DECIMALS)


def test_tv_11_allocation_80_to_37() -> None:
    variance = log_rank_variance(60, 80, 37)
    value = log_hazard_ratio_from_z(z_from_two_sided_p(0.04), variance, favours_index=True)
    assert variance == pytest.approx(12.973921, abs=SIX_DECIMALS)
    assert value == pytest.approx(-0.570180, abs=SIX_DECIMALS)
    assert 1 / math.sqrt(variance) == pytest.approx(0.277629, abs=SIX_DECIMALS)
    assert math.exp(value) == pytest.approx(0.565424, abs=SIX_DECIMALS)


def test_tv_11_events_of_each_arm() -> None:
    variance = log_rank_variance_by_events(45, 15)
    assert variance == pytest.approx(11.25)
    assert 1 / math.sqrt(variance) == pytest.approx(0.298142, abs=SIX_DECIMALS)


@pytest.mark.parametrize(
    ("events", "index", "reference", "hazard_ratio"),
    [(108, 2, 1, 0.586734), (72, 2, 1, 0.520475), (108, 69, 39, 0.592572), (108, 54, 54, 0.604901)],
)
def test_tv_12_bounds_without_events(events: int, index: int, reference: int, hazard_ratio: float) -> None:
    variance = log_rank_variance(events, index, reference)
    value = log_hazard_ratio_from_z(z_from_two_sided_p(0.009), variance, favours_index=True)
    assert math.exp(value) == pytest.approx(hazard_ratio, abs=SIX_DECIMALS)


def test_tv_13_inequalities() -> None:
    variance = log_rank_variance(60, 1, 1)
    closest = log_hazard_ratio_from_z(z_from_two_sided_p(0.001), variance, favours_index=False)
    assert closest == pytest.approx(0.849610, abs=SIX_DECIMALS)
    assert math.exp(-closest) == pytest.approx(0.427582, abs=SIX_DECIMALS)
    assert z_from_two_sided_p(0.05) / math.sqrt(variance) == pytest.approx(0.506061, abs=SIX_DECIMALS)


@given(p=st.floats(1e-6, 0.99), events=st.integers(2, 500), r1=st.integers(1, 300), r0=st.integers(1, 300))
def test_swapping_the_arms_flips_the_sign_only(p: float, events: int, r1: int, r0: int) -> None:
    one = log_hazard_ratio_from_z(
        z_from_two_sided_p(p), log_rank_variance(events, r1, r0), favours_index=True
    )
    other = log_hazard_ratio_from_z(
        z_from_two_sided_p(p), log_rank_variance(events, r0, r1), favours_index=False
    )
    assert one == pytest.approx(-other, rel=1e-12)


def test_nobody_and_no_events_are_refused() -> None:
    with pytest.raises(InvalidDataError):
        log_rank_variance(0, 10, 10)
    with pytest.raises(InvalidDataError):
        log_rank_variance_by_events(5, 0)
