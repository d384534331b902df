from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from evisynth.errors import InvalidDataError
from evisynth.synthesis import i_squared_interval, pool, tau_squared_interval


def test_matches_metafor_on_four_log_ratios() -> None:
    # metafor 3.8-1: confint(rma(y, s^2), control=list(tol=1e-12)), I^2 from 0 to 95.82498129 %
    y = [-0.478036, -0.223144, -0.867501, -0.105361]
    v = np.square([0.2117, 0.3050, 0.4020, 0.1820])
    lower, upper = i_squared_interval(y, v)
    assert lower == 0.0
    assert upper == pytest.approx(0.9582498129, abs=1e-9)  # what is printed


def test_matches_metafor_on_the_bcg_trials() -> None:
    # metafor 3.8-1: confint(rma(yi, vi), control=list(tol=1e-12)): 81.92057188 to 97.67807450 %
    y = [-0.8893113, -1.5853887, -1.3480731, -1.4415512, -0.2175473, -0.7861156, -1.6208982,
         0.0119523, -0.4694176, -1.3713448, -0.3393588, 0.4459134, -0.0173139]  # fmt: skip
    v = [0.3255848, 0.1945811, 0.4153680, 0.0200100, 0.0512102, 0.0069056, 0.2230172,
         0.0039616, 0.0564342, 0.0730248, 0.0124122, 0.5325058, 0.0714047]  # fmt: skip
    lower, upper = i_squared_interval(y, v)
    assert lower == pytest.approx(0.8192057188, abs=1e-9)  # what is printed
    assert upper == pytest.approx(0.9767807450, abs=1e-9)


def test_estimates_more_alike_than_chance_have_no_width() -> None:
    assert i_squared_interval([-0.10, -0.12, -0.11], np.square([0.2, 0.25, 0.3])) == (0.0, 0.0)


def test_one_row_is_refused() -> None:
    with pytest.raises(InvalidDataError, match="at least two rows"):
        i_squared_interval([0.1], [0.2])


rows = st.lists(st.tuples(st.floats(-3, 3), st.floats(0.01, 2)), min_size=2, max_size=8)


@given(rows=rows, factor=st.sampled_from([1e-6, 0.1, 7.0, 1e6]))
def test_the_unit_does_not_matter_and_limits_are_shares(
    rows: list[tuple[float, float]], factor: float
) -> None:
    y, v = np.array(rows).T
    lower, upper = i_squared_interval(y, v)
    assert 0 <= lower <= upper < 1
    scaled = i_squared_interval(factor * y, factor**2 * v)
    assert scaled == pytest.approx((lower, upper), abs=1e-7)  # the roots are closed to about 1e-9


@given(rows=rows)
def test_it_is_the_share_that_pooling_takes_of_the_same_tau_squared(rows: list[tuple[float, float]]) -> None:
    y, v = np.array(rows).T
    result = pool(y, v)
    if result.tau_squared > 1e-6:
        typical = result.tau_squared / (result.h_squared - 1)
        limit = tau_squared_interval(y, v).upper
        assert i_squared_interval(y, v).upper == pytest.approx(
            limit / (limit + typical), rel=1e-6
        )  # rounding
