from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from evisynth.arithmetic import fitting_denominators, recover_counts, rounding_test_has_power
from evisynth.errors import InvalidDataError

WHOLE, TENTH = 0.005, 0.0005

# Test vector 6: printed share, half unit, denominator, by rounding, by truncation (None: not printed there).
TV_6 = [
    (0.842, TENTH, 108, (), (91,)),
    (0.129, TENTH, 108, (), (14,)),
    (0.78, WHOLE, 211, (164, 165), (165, 166)),
    (0.56, WHOLE, 50, (28,), None),
    (0.27, WHOLE, 546, tuple(range(145, 151)), None),
    (0.016, TENTH, 546, (9,), None),
    (0.68, WHOLE, 34, (23,), None),
    (0.41, WHOLE, 22, (9,), None),
]


@pytest.mark.parametrize(("share", "half_unit", "size", "rounded", "truncated"), TV_6)
def test_tv_6_counts_behind_percentages(
    share: float, half_unit: float, size: int, rounded: tuple[int, ...], truncated: tuple[int, ...] | None
) -> None:
    found = recover_counts(share, half_unit, size)
    assert found.rounded == rounded
    if truncated is not None:
        assert found.truncated == truncated


def test_only_truncation_is_told_apart() -> None:
    found = recover_counts(0.842, TENTH, 108)
    assert found.only_by_truncation
    assert (found.exact, found.nearest) == (None, 91)


def test_the_nearest_of_several_counts() -> None:
    # 165/211 = 78.2 %, 164/211 = 77.7 %.
    assert recover_counts(0.78, WHOLE, 211).nearest == 165


def test_percentages_of_a_subset_fit_other_denominators() -> None:
    # 12.9 % of the 226 charts or fewer, by rounding; no count of 108 gives it.
    fitting = fitting_denominators(0.129, TENTH, 226)
    assert fitting[:8] == (31, 62, 70, 85, 93, 101, 116, 124)
    assert 108 not in fitting


def test_ties_are_accepted_both_ways() -> None:
    # 1 of 8 is 12.5 %: half up prints 13 %, half even 12 %.
    assert recover_counts(0.12, WHOLE, 8).rounded == (1,)
    assert recover_counts(0.13, WHOLE, 8).rounded == (1,)


def test_whole_percentages_have_no_power_beyond_a_hundred_patients() -> None:
    assert rounding_test_has_power(WHOLE, 99)
    assert not rounding_test_has_power(WHOLE, 101)


@given(size=st.integers(1, 2000), data=st.data(), digits=st.integers(0, 2))
def test_a_rounded_share_always_gives_its_count_back(size: int, data: st.DataObject, digits: int) -> None:
    count = data.draw(st.integers(0, size))
    half_unit = 0.005 * 10**-digits
    assert count in recover_counts(round(count / size, digits + 2), half_unit, size).rounded


@given(size=st.integers(1, 2000), data=st.data())
def test_a_truncated_share_always_gives_its_count_back(size: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, size))
    assert count in recover_counts((100 * count // size) / 100, WHOLE, size).truncated


@pytest.mark.parametrize(("share", "half_unit", "size"), [(1.1, WHOLE, 10), (0.5, -1.0, 10), (0.5, WHOLE, 0)])
def test_impossible_input_is_refused(share: float, half_unit: float, size: int) -> None:
    with pytest.raises(InvalidDataError):
        recover_counts(share, half_unit, size)
