from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st

from evisynth.arithmetic import Printed, PrintedInterval, detect_scale, log_asymmetry, symmetry_on
from evisynth.errors import InvalidDataError

SIX_DECIMALS = 6e-7
SURVIVAL_SCALES = ("identity", "log", "log(-log)")


def interval(
    estimate: float, lower: float, upper: float, half_unit: float, level: float = 0.95
) -> PrintedInterval:
    return PrintedInterval(*(Printed(value, half_unit) for value in (estimate, lower, upper)), level)


def test_tv_2_survival_interval_symmetric_on_the_identity_scale() -> None:
    found = detect_scale(interval(0.61, 0.48, 0.74, 0.005), SURVIVAL_SCALES)
    assert (found.scale, found.symmetric) == ("identity", True)
    assert found.standard_error == pytest.approx(0.066328, abs=SIX_DECIMALS)


def test_tv_2_survival_interval_symmetric_on_log_minus_log() -> None:
    found = detect_scale(interval(0.61, 0.46, 0.73, 0.005), SURVIVAL_SCALES)
    assert (found.scale, found.symmetric) == ("log(-log)", True)
    assert found.standard_error == pytest.approx(0.230407, abs=SIX_DECIMALS)
    assert found.standard_error * 0.61 * abs(math.log(0.61)) == pytest.approx(0.069473, abs=SIX_DECIMALS)


# Test vector 4; the last two columns are printed to three decimals, SE(m) too, the log width to six.
TV_4 = [
    # m, L, U, linear, SE(m), SE(log m) = SE(m)/m, log width, log asymmetry
    (87, 10, 164, True, 39.286, 0.4516, 0.713605, 0.293),
    (71, 32, 108, True, 19.388, 0.2731, 0.310311, 0.526),
    (115, 26, 204, True, 45.409, 0.3949, 0.525526, 0.386),
    (39, 15, 64, True, 12.500, 0.3205, 0.370117, 0.518),
    (31, 15, 137, False, 31.123, 1.0040, 0.564278, 2.047),
]


@pytest.mark.parametrize(("m", "lower", "upper", "linear", "se", "se_log", "width", "ratio"), TV_4)
def test_tv_4_intervals_of_medians(
    m: float, lower: float, upper: float, linear: bool, se: float, se_log: float, width: float, ratio: float
) -> None:
    printed = interval(m, lower, upper, 0.5)
    on_time, on_log = symmetry_on("identity", printed), symmetry_on("log", printed)
    assert on_time.symmetric is linear
    assert on_time.standard_error == pytest.approx(se, abs=6e-4)
    assert on_time.standard_error / m == pytest.approx(se_log, abs=6e-5)
    assert on_log.standard_error == pytest.approx(width, abs=SIX_DECIMALS)
    assert log_asymmetry(printed) == pytest.approx(ratio, abs=6e-4)


def test_the_level_is_respected() -> None:
    at_90 = symmetry_on("log", interval(0.62, 0.41, 0.94, 0.005, level=0.90))
    at_95 = symmetry_on("log", interval(0.62, 0.41, 0.94, 0.005))
    # Ratio of the normal deviates 1.959964/1.644854.
    assert at_90.standard_error / at_95.standard_error == pytest.approx(1.191573, abs=SIX_DECIMALS)


@given(
    estimate=st.floats(0.1, 10),
    spread=st.floats(0.05, 1.5),
    level=st.sampled_from([0.8, 0.9, 0.95, 0.99]),
)
def test_a_symmetric_interval_gives_its_standard_error_back(
    estimate: float, spread: float, level: float
) -> None:
    from evisynth.arithmetic import critical_z

    reach = critical_z(level) * spread
    printed = interval(estimate, estimate * math.exp(-reach), estimate * math.exp(reach), 0.0, level)
    found = detect_scale(printed, ("identity", "log"))
    assert found.scale == "log"
    assert found.standard_error == pytest.approx(spread, rel=1e-9)


def test_a_limit_of_all_passes_over_the_scales_that_cannot_take_it() -> None:
    found = detect_scale(interval(0.9, 0.8, 1.0, 0.005), SURVIVAL_SCALES)
    assert found.scale in ("identity", "log")
    assert math.isfinite(found.standard_error)


def test_limits_out_of_order_are_refused() -> None:
    with pytest.raises(InvalidDataError, match="not in order"):
        interval(0.5, 0.6, 0.4, 0.005)
