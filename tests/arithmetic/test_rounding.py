from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from evisynth.arithmetic import Printed, log_minus_log, rounding_interval, significant_figures


def test_tv_14_equal_rounded_rates_are_an_interval() -> None:
    printed = Printed(0.88, 0.005)
    lower, upper = rounding_interval(lambda s1, s0: log_minus_log(s1) - log_minus_log(s0), [printed, printed])
    assert (lower, upper) == pytest.approx((-0.0889, 0.0889), abs=6e-5)


@given(value=st.floats(0.05, 0.95), half_unit=st.sampled_from([0.0, 0.0005, 0.005]))
def test_the_interval_contains_the_estimate(value: float, half_unit: float) -> None:
    lower, upper = rounding_interval(log_minus_log, [Printed(value, half_unit, 0.0, 1.0)])
    assert lower <= log_minus_log(value) <= upper


def test_ends_stay_inside_what_the_number_can_be() -> None:
    assert Printed(1.0, 0.005, 0.0, 1.0).ends == (0.995, 1.0)
    assert Printed(0.5).ends == (0.5,)


@pytest.mark.parametrize(
    ("value", "half_unit", "figures"),
    [
        (0.018, 0.0005, 2),
        (0.04, 0.005, 1),
        (0.10, 0.005, 2),
        (0.009, 0.0005, 1),
        (0.65, 0.005, 2),
        (0.5, None, None),
    ],
)
def test_significant_figures(value: float, half_unit: float | None, figures: int | None) -> None:
    assert significant_figures(value, half_unit) == figures
