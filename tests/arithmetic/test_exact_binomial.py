from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from evisynth.arithmetic import (
    clopper_pearson,
    clopper_pearson_one_sided,
    jeffreys_interval,
    newcombe_interval,
    wilson_interval,
)
from evisynth.errors import InvalidDataError

SIX_DECIMALS = 6e-7


def test_tv_3_six_of_six() -> None:
    assert clopper_pearson(6, 6) == pytest.approx((0.540742, 1.0), abs=SIX_DECIMALS)
    assert clopper_pearson_one_sided(6, 6, "lower") == pytest.approx(0.606962, abs=SIX_DECIMALS)
    assert jeffreys_interval(6, 6) == pytest.approx((0.669611, 0.999922), abs=SIX_DECIMALS)


@pytest.mark.parametrize(
    ("count", "size", "lower", "upper"),
    [
        (0, 108, 0, 0.033580),
        (14, 108, 0.072719, 0.207924),
        (91, 108, 0.759979, 0.905547),
        (9, 546, 0.007564, 0.031059),
    ],
)
def test_tv_6_exact_intervals(count: int, size: int, lower: float, upper: float) -> None:
    assert clopper_pearson(count, size) == pytest.approx((lower, upper), abs=SIX_DECIMALS)


def test_tv_6_one_sided_limit_of_none() -> None:
    assert clopper_pearson_one_sided(0, 108, "upper") == pytest.approx(0.027357, abs=SIX_DECIMALS)


@given(size=st.integers(1, 300), data=st.data(), level=st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_counting_the_others_mirrors_the_interval(size: int, data: st.DataObject, level: float) -> None:
    count = data.draw(st.integers(0, size))
    lower, upper = clopper_pearson(count, size, level)
    mirrored = clopper_pearson(size - count, size, level)
    assert mirrored == pytest.approx((1 - upper, 1 - lower), abs=1e-12)
    assert lower <= count / size <= upper


def test_newcombe_1998_table_ii_example() -> None:
    # Newcombe 1998, Table II, (a) 56/70 - 48/80, method 10: 0.0524 to 0.3339.
    assert newcombe_interval((56 / 70, 70), (48 / 80, 80)) == pytest.approx((0.0524, 0.3339), abs=6e-5)
    # 10/10 - 0/10: 0.6075 to 1.0000, where the simple standard error would be zero.
    assert newcombe_interval((1.0, 10), (0.0, 10)) == pytest.approx((0.6075, 1.0), abs=6e-5)


def test_wilson_is_defined_at_the_extremes() -> None:
    lower, upper = wilson_interval(0.0, 10)
    assert lower == pytest.approx(0.0, abs=1e-12)
    assert 0 < upper < 1


@pytest.mark.parametrize(("count", "size"), [(-1, 10), (11, 10), (0, 0)])
def test_impossible_counts_are_refused(count: int, size: int) -> None:
    for interval in (clopper_pearson, jeffreys_interval):
        with pytest.raises(InvalidDataError):
            interval(count, size)
