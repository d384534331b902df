"""The median of a mixture of exponential curves."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from evisynth.arithmetic import exponential_mixture_median
from evisynth.errors import InvalidDataError


def test_the_median_of_two_parts() -> None:
    # 65 and 35 % with medians 87 and 71: 80.9 to one decimal
    assert exponential_mixture_median([87, 71], [65, 35]) == pytest.approx(80.9, abs=0.05)


@given(st.lists(st.tuples(st.floats(1, 500), st.floats(1, 500)), min_size=1, max_size=5))
def test_half_of_the_whole_lives_to_it(parts: list[tuple[float, float]]) -> None:
    medians, sizes = zip(*parts, strict=True)
    median = exponential_mixture_median(medians, sizes)
    assert min(medians) * (1 - 1e-12) <= median <= max(medians) * (1 + 1e-12)
    alive = sum(n * 2 ** (-median / m) for m, n in parts) / sum(sizes)
    # bisection to the last digit
    assert alive == pytest.approx(0.5, abs=1e-12)


@pytest.mark.parametrize(("medians", "sizes"), [([], []), ([10], [0]), ([10, 20], [5]), ([0], [5])])
def test_parts_without_size_or_median_are_refused(medians: list[float], sizes: list[float]) -> None:
    with pytest.raises(InvalidDataError):
        exponential_mixture_median(medians, sizes)
