from __future__ import annotations

import math

import pytest

from evisynth.errors import InvalidDataError
from evisynth.synthesis import pool_peto


def test_one_table_by_hand() -> None:
    # 4 of 20 against 7 of 22: expected 11 * 20 / 42, variance 20 * 22 * 11 * 31 / (42^2 * 41)
    result = pool_peto(events1=[4], n1=[20], events2=[7], n2=[22])
    variance = 20 * 22 * 11 * 31 / (42**2 * 41)
    assert result.estimate == pytest.approx((4 - 11 * 20 / 42) / variance, rel=1e-14)
    assert result.standard_error == pytest.approx(1 / math.sqrt(variance), rel=1e-14)
    assert result.p_value == pytest.approx(
        math.erfc(abs(4 - 11 * 20 / 42) / math.sqrt(2 * variance)), rel=1e-12
    )
    assert (result.effect_measure, result.method, result.row_count) == ("OR", "peto", 1)


def test_zero_cells_need_no_correction_and_empty_tables_add_nothing() -> None:
    plain = pool_peto(events1=[0, 4], n1=[15, 20], events2=[3, 7], n2=[15, 22])
    longer = pool_peto(events1=[0, 4, 0, 9], n1=[15, 20, 30, 9], events2=[3, 7, 0, 8], n2=[15, 22, 30, 8])
    assert longer.estimate == plain.estimate
    assert longer.standard_error == plain.standard_error


def test_no_information_is_refused() -> None:
    with pytest.raises(InvalidDataError, match="not defined"):
        pool_peto(events1=[0, 5], n1=[15, 5], events2=[0, 4], n2=[15, 4])
