from __future__ import annotations

import pytest
from hypothesis import assume, given, strategies as st

from evisynth.arithmetic import chi_squared_p, fisher_exact_p, two_rate_z, two_sided_p_from_z
from evisynth.errors import InvalidDataError


@pytest.mark.parametrize(
    # 164 or 165 of 211 against 28 of 50; printed to two figures.
    ("count", "pearson", "yates", "fisher"),
    [(165, 0.0013, 0.0024, 0.0022), (164, 0.0017, 0.0031, 0.0038)],
)
def test_p_values_of_complete_cytoreduction(count: int, pearson: float, yates: float, fisher: float) -> None:
    table = (count, 211 - count, 28, 22)
    assert chi_squared_p(*table) == pytest.approx(pearson, abs=6e-5)
    assert chi_squared_p(*table, continuity_correction=True) == pytest.approx(yates, abs=6e-5)
    assert fisher_exact_p(*table) == pytest.approx(fisher, abs=6e-5)


def test_z_of_two_landmark_rates() -> None:
    # 79 % of 80 against 39 % of 37: z 4.34 (p 1.4e-5), pooled 4.26 (2.1e-5).
    plain, pooled = two_rate_z((0.79, 80), (0.39, 37)), two_rate_z((0.79, 80), (0.39, 37), pooled=True)
    assert (plain, pooled) == pytest.approx((4.34, 4.26), abs=6e-3)
    assert two_sided_p_from_z(plain) == pytest.approx(1.4e-5, abs=6e-7)
    assert two_sided_p_from_z(pooled) == pytest.approx(2.1e-5, abs=6e-7)


def test_fisher_tea_tasting() -> None:
    # Fisher 1935, The Design of Experiments: 3 of 4 cups right, two-sided p = 34/70.
    assert fisher_exact_p(3, 1, 1, 3) == pytest.approx(34 / 70)


cells = st.integers(0, 40)


@given(a=cells, b=cells, c=cells, d=cells)
def test_swapping_rows_or_columns_changes_nothing(a: int, b: int, c: int, d: int) -> None:
    assume(min(a + b, c + d, a + c, b + d) > 0)
    for test in (chi_squared_p, fisher_exact_p):
        assert test(a, b, c, d) == pytest.approx(test(c, d, a, b))
        assert test(a, b, c, d) == pytest.approx(test(b, a, d, c))
        assert 0 <= test(a, b, c, d) <= 1 + 1e-12


def test_tables_without_information_are_refused() -> None:
    with pytest.raises(InvalidDataError):
        chi_squared_p(0, 0, 3, 4)
    with pytest.raises(InvalidDataError):
        fisher_exact_p(-1, 2, 3, 4)
    with pytest.raises(InvalidDataError):
        two_rate_z((1.0, 6), (1.0, 31))
    with pytest.raises(InvalidDataError):
        two_rate_z((0.5, 0), (0.5, 31))
