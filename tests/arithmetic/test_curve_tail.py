"""The hazard of a curve's tail, against the hazard before it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st

from evisynth.arithmetic import mean_hazard, tail_hazard_ratio
from evisynth.errors import InvalidDataError


def test_a_median_long_after_a_high_rate_rests_on_its_tail() -> None:
    # log(.79/.5)/31 against log(.88/.79)/60, by hand to four decimals
    ratio, tail, before = tail_hazard_ratio((60, 0.88), (120, 0.79), 151)
    assert tail == pytest.approx(0.01476, abs=5e-6)
    assert before == pytest.approx(0.00180, abs=5e-6)
    assert ratio == pytest.approx(8.2, abs=0.05)


@given(median=st.floats(10, 200), first=st.floats(0.1, 0.4), second=st.floats(0.5, 0.9))
def test_a_constant_hazard_has_no_tail(median: float, first: float, second: float) -> None:
    points = [(share * median, 2**-share) for share in (first, second)]
    # two logarithms of nearby numbers lose a few of the sixteen digits
    assert tail_hazard_ratio(points[0], points[1], median)[0] == pytest.approx(1, rel=1e-9)


def test_a_flat_curve_gives_an_infinite_ratio() -> None:
    assert tail_hazard_ratio((60, 0.8), (120, 0.8), 130)[0] == math.inf


@pytest.mark.parametrize(("start", "end", "duration"), [(0.5, 0.8, 10), (0.8, 0, 10), (0.8, 0.5, 0)])
def test_what_no_curve_does_is_refused(start: float, end: float, duration: float) -> None:
    with pytest.raises(InvalidDataError):
        mean_hazard(start, end, duration)
