from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from evisynth.arithmetic import survival_curves as curve
from evisynth.errors import InvalidDataError


def test_tv_7_two_times_of_one_curve() -> None:
    assert curve.variance_log_survival(0.88, 80) == pytest.approx(0.00170455, abs=6e-9)
    assert curve.variance_log_survival(0.79, 80) == pytest.approx(0.00332278, abs=6e-9)
    assert curve.covariance_log_survival(0.88, 80) == pytest.approx(0.00170455, abs=6e-9)
    assert curve.correlation_of_times(0.88, 0.79) == pytest.approx(0.716231, abs=6e-7)


def test_covariance_on_the_log_minus_log_scale_keeps_the_correlation() -> None:
    from evisynth.arithmetic import binomial_variance, standard_error_log_minus_log

    spreads = [standard_error_log_minus_log(s, binomial_variance(s, 80)) for s in (0.88, 0.79)]
    correlation = curve.covariance_log_minus_log(0.88, 0.79, 80) / (spreads[0] * spreads[1])
    assert correlation == pytest.approx(curve.correlation_of_times(0.88, 0.79))


# Test vector 8: S at 60 and 120 months, Weibull shape, implied median.
TV_8 = [
    (0.88, 0.79, 0.8828, 407.2),
    (0.88, 0.39, 2.8809, 107.9),
    (0.82, 0.64, 1.1692, 174.9),
    (0.82, 0.55, 1.5910, 131.7),
    (0.84, 0.70, 1.0326, 228.4),
]


@pytest.mark.parametrize(("early", "late", "shape", "median"), TV_8)
def test_tv_8_weibull_through_two_points(early: float, late: float, shape: float, median: float) -> None:
    found = curve.weibull_shape(60, early, 120, late)
    assert found == pytest.approx(shape, abs=6e-5)
    assert curve.weibull_median(120, late, found) == pytest.approx(median, abs=0.06)


@given(
    early=st.floats(0.2, 0.99),
    share=st.floats(0.05, 0.99),
    n=st.integers(2, 500),
)
def test_conditional_survival_splits_the_variance(early: float, share: float, n: int) -> None:
    late = early * share
    assert curve.conditional_survival(early, late) == pytest.approx(share)
    # Among the n S(s) alive at s a plain binomial rate has the same variance: (1 - c)/(n S(s) c).
    alone = (1 - share) / (n * early * share)
    assert curve.variance_log_conditional_survival(early, late, n) == pytest.approx(alone, rel=1e-9)


def test_a_curve_does_not_rise() -> None:
    with pytest.raises(InvalidDataError):
        curve.conditional_survival(0.5, 0.6)
    with pytest.raises(InvalidDataError):
        curve.weibull_shape(120, 0.5, 60, 0.6)
    with pytest.raises(InvalidDataError):
        curve.weibull_median(60, 0.8, -0.5)
    with pytest.raises(InvalidDataError):
        curve.variance_log_survival(0.5, 0)
