"""What a rate, a median, a bound let us know of a curve: worked out by hand, and by sampling curves."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from evisynth.figures import CurveMedian, CurvePoint, KnownCurve, known_curves


def curve(points=(), medians=()):
    rates = tuple(CurvePoint(t, s, s, s, "exact") for t, s in points)
    return KnownCurve("a", "g", "G", 50, "own", rates, tuple(medians))


def test_a_rate_bounds_the_curve_from_below_before_it_and_from_above_after_it() -> None:
    band = curve([(60.0, 0.8)]).band(100.0)
    assert band is not None
    assert band.months == (0.0, 0.0, 60.0, 60.0, 100.0, 100.0)
    assert band.lower == (0.8, 0.8, 0.8, 0.0, 0.0, 0.0)
    assert band.upper == (1.0, 1.0, 1.0, 0.8, 0.8, 0.8)


def test_a_median_is_the_time_at_which_the_curve_comes_to_a_half() -> None:
    band = curve(medians=[CurveMedian(87.0, half_unit=0.5)]).band(100.0)
    assert band is not None
    # Above 50% up to 86.5 months at least, at most 50% from 87.5 on; both ends of the rounding are kept.
    assert dict(zip(band.months[1::2], band.lower[1::2], strict=True)) == {
        0.0: 0.5, 86.5: 0.0, 87.5: 0.0, 100.0: 0.0,
    }  # fmt: skip
    assert dict(zip(band.months[1::2], band.upper[1::2], strict=True)) == {
        0.0: 1.0, 86.5: 1.0, 87.5: 0.5, 100.0: 0.5,
    }  # fmt: skip


def test_rounding_widens_the_band(printed) -> None:
    [known] = known_curves([printed("a", "g", 0.79, 120.0), printed("a", "g", 0.88, 60.0)])
    band = known.band(150.0)
    assert band is not None
    after_first = band.months.index(60.0) + 1
    assert band.upper[after_first] == pytest.approx(0.885, abs=1e-12)
    assert band.lower[after_first] == pytest.approx(0.785, abs=1e-12)


def test_a_median_not_reached_holds_the_curve_up_as_far_as_is_known(printed, not_reached) -> None:
    rates = [printed("a", "g", 0.84, 60.0), printed("a", "g", 0.7, 120.0), not_reached("a", "g")]
    [known] = known_curves(rates)
    assert known.medians[0].reach == 120.0
    [followed] = known_curves(rates, {"a": 150.0})
    assert followed.medians[0].reach == 150.0
    band = followed.band(200.0)
    assert band is not None
    assert dict(zip(band.months[::2], band.lower[::2], strict=True))[150.0] == 0.5
    [nothing] = known_curves([not_reached("a", "g")])
    assert nothing.medians[0].reach is None
    assert nothing.band(100.0) is None


def test_a_rate_below_a_half_says_nothing_on_a_median_not_reached(printed, not_reached) -> None:
    [known] = known_curves([printed("a", "g", 0.4, 60.0), not_reached("a", "g")])
    assert known.medians[0].reach is None
    assert known.contradicts_itself
    assert known.band(100.0) is None


def test_figures_that_no_falling_curve_meets_give_no_band() -> None:
    assert curve([(60.0, 0.5), (120.0, 0.7)]).contradicts_itself
    assert curve([(60.0, 0.8)], [CurveMedian(40.0)]).contradicts_itself
    assert curve([(60.0, 0.5), (120.0, 0.7)]).band(200.0) is None
    assert curve([(60.0, 0.8)], [CurveMedian(60.0)]).contradicts_itself


def test_bounds_bound_on_one_side_only(printed) -> None:
    [known] = known_curves([printed("a", "g", 0.97, 12.0, qualifier=">=")])
    band = known.band(24.0)
    assert band is not None
    assert set(band.upper) == {1.0}
    assert band.lower == (0.97, 0.97, 0.97, 0.0, 0.0, 0.0)
    [at_most] = known_curves([printed("a", "g", 40.0, qualifier="<")])
    assert at_most.floors == []
    assert [(c.months, c.survival) for c in at_most.ceilings] == [(40.0, 0.5)]


def test_about_covers_what_people_call_so(printed) -> None:
    [known] = known_curves([printed("a", "g", 2 / 3, 60.0, qualifier="~", half_unit=None)])
    # METHODS 1A.6: the midpoints to 3/5 and 3/4.
    assert known.points[0].least == pytest.approx(0.6333, abs=5e-5)
    assert known.points[0].most == pytest.approx(0.7083, abs=5e-5)
    assert known.points[0].interval is None


def test_intervals_are_worked_out_on_the_log_minus_log_scale(printed) -> None:
    # METHODS TV-1: .79, n = 80 gives .6834 to .8642.
    [known] = known_curves([printed("a", "g", 0.79, 120.0, n=80)])
    assert known.points[0].interval == pytest.approx((0.6834, 0.8642), abs=5e-5)
    assert not known.points[0].interval_printed


def test_a_rate_of_all_has_the_exact_interval(printed) -> None:
    # METHODS TV-3: Clopper-Pearson for 6 of 6 is .540742 to 1.
    [known] = known_curves([printed("a", "g", 1.0, 60.0, n=6)])
    assert known.points[0].interval == pytest.approx((0.540742, 1.0), abs=5e-7)


def test_a_printed_interval_stands_and_none_is_made_up(printed) -> None:
    [known] = known_curves([printed("a", "g", 0.6, 60.0, ci_lower=0.4, ci_upper=0.75)])
    assert known.points[0].interval == (0.4, 0.75)
    assert known.points[0].interval_printed
    for changes in ({"n": None}, {"n_not_reported": True}, {"qualifier": ">="}):
        [without] = known_curves([printed("a", "g", 0.6, 60.0, **changes)])
        assert without.points[0].interval is None


def test_other_figures_are_passed_over(printed) -> None:
    rows = [
        printed("a", "g", 0.6, 60.0, compared_with=("h",)),
        printed("a", "g", 0.6, 60.0, adjusted="age"),
        printed("a", "g", 6.0, unit="lesions"),
        printed("a", "g", 0.6, statistic="survival"),
        printed("a", "g", None, 60.0, state="not_reported"),
    ]
    assert known_curves(rows) == []


def test_an_upper_limit_not_reached_is_open(printed) -> None:
    [known] = known_curves([printed("a", "g", 39.0, ci_lower=15.0, ci_upper_state="not_reached")])
    assert known.medians[0].upper is None
    assert known.medians[0].upper_not_reached


@given(
    hazards=st.lists(st.floats(0.001, 0.2), min_size=5, max_size=5),
    times=st.lists(st.integers(1, 49), min_size=1, max_size=4, unique=True),
    with_median=st.booleans(),
)
def test_the_band_holds_the_curve_that_the_figures_were_read_from(hazards, times, with_median) -> None:
    months = np.arange(0.0, 51.0)
    survival = np.exp(-np.cumsum([0.0, *np.repeat(hazards, 10)]))
    read = [(float(t), float(survival[t])) for t in sorted(times)]
    reached = np.flatnonzero(survival <= 0.5)
    medians = [CurveMedian(float(months[reached[0]]))] if with_median and len(reached) else []
    known = curve(read, medians)
    assert not known.contradicts_itself
    band = known.band(50.0)
    assert band is not None
    for month, share in zip(months, survival, strict=True):
        here = [i for i, t in enumerate(band.months) if t == month]
        lower = min(band.lower[i] for i in here) if here else _between(band, band.lower, month)
        upper = max(band.upper[i] for i in here) if here else _between(band, band.upper, month)
        assert lower - 1e-9 <= share <= upper + 1e-9


def _between(band, heights, month: float) -> float:
    before = max(i for i, t in enumerate(band.months) if t < month)
    return heights[before]


def test_no_curve_outside_the_band_meets_the_figures() -> None:
    # At every place the two edges are reached by a curve through the figures: steps just before and after.
    known = curve([(10.0, 0.9), (30.0, 0.6)])
    band = known.band(40.0)
    assert band is not None
    latest = lambda t: 1.0 if t < 10 else 0.9 if t < 30 else 0.6  # noqa: E731
    earliest = lambda t: 1.0 if t == 0 else 0.9 if t <= 10 else 0.6 if t <= 30 else 0.0  # noqa: E731
    for i, t in enumerate(band.months):
        if i % 2 and t < 40:
            assert band.upper[i] == latest(t)
            assert band.lower[i] == earliest(math.nextafter(t, 50))
