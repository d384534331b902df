from __future__ import annotations

import math

import pytest

from evisynth.arithmetic import (
    EFFECTIVE_SHARES,
    standard_error_log_median,
    standard_error_log_median_exponential,
)
from evisynth.errors import InvalidDataError

# Test vector 5: patients, SE(log m) with n, 3/4 n, 1/2 n and 1/4 n.
TV_5 = [
    (80, 0.161298, 0.186251, 0.228110, 0.322596),
    (37, 0.237178, 0.273869, 0.335420, 0.474355),
    (147, 0.118991, 0.137400, 0.168279, 0.237983),
    (18, 0.340046, 0.392652, 0.480898, 0.680093),
    (28, 0.272644, 0.314822, 0.385576, 0.545287),
    (546, 0.061742, 0.071293, 0.087316, 0.123483),
    (34, 0.247420, 0.285696, 0.349905, 0.494840),
]


@pytest.mark.parametrize("row", TV_5, ids=lambda row: f"n={row[0]}")
def test_tv_5_medians_with_patients_only(row: tuple[float, ...]) -> None:
    size, *printed = row
    found = [standard_error_log_median(share * size) for share in EFFECTIVE_SHARES]
    assert found == pytest.approx(printed, abs=6e-7)


def test_tv_5_the_person_time_estimate_is_smaller_by_ln_2() -> None:
    ratio = standard_error_log_median_exponential(101) / standard_error_log_median(101)
    assert ratio == pytest.approx(math.log(2))
    # Printed beside the vector: .14355 and .0995 for 101 patients.
    assert standard_error_log_median(101) == pytest.approx(0.14355, abs=6e-6)
    assert standard_error_log_median_exponential(101) == pytest.approx(0.0995, abs=6e-5)


def test_nobody_has_no_median() -> None:
    for formula in (standard_error_log_median, standard_error_log_median_exponential):
        with pytest.raises(InvalidDataError):
            formula(0)
