"""Inputs that once gave a plausible wrong answer: what is computed, and what is refused with the reason."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evisynth.errors import InvalidDataError
from evisynth.synthesis import (
    assess_small_study_effects,
    fit_pet_peese,
    pool,
    pool_bayesian,
    pool_many,
    pool_multilevel,
    regress,
    share_beyond,
    trim_and_fill,
)

THREE_GROUPS = {"g": list("aaabbbccc")}
EFFECTS = [0.9, 1.1, 1.0, 2.0, 2.2, 1.9, 3.0, 3.1, 2.9]


def test_without_an_intercept_every_level_has_its_mean() -> None:
    # metafor 3.8-1, rma(yi, vi, mods = ~ 0 + g): 1.0, 2.0333, 3.0; QE = 1.7333
    fit = regress(EFFECTS, [0.05] * 9, THREE_GROUPS, intercept=False)
    assert fit.names == ("g: a", "g: b", "g: c")
    assert fit.estimate == pytest.approx([1.0, 6.1 / 3, 3.0])
    assert fit.q_residual == pytest.approx(1.7333333333)


def test_a_common_effect_regression_measures_what_is_left() -> None:
    # metafor 3.8-1, rma(yi, vi, mods = ~ x, method = "FE"): I2 = 99.86564 %, H2 = 744.2857
    fit = regress([0, 1, 4, 9, 3, 7.0], [0.01] * 6, {"x": range(6)}, tau_squared="common")
    assert fit.i_squared == pytest.approx(0.9986564, abs=1e-7)
    assert fit.h_squared == pytest.approx(744.2857, abs=1e-4)


def test_moderators_whose_columns_share_a_name_are_refused() -> None:
    with pytest.raises(InvalidDataError, match="two columns are called 'g: b'"):
        regress(EFFECTS, [0.05] * 9, {"g: b": range(9), **THREE_GROUPS})


def test_a_ridge_that_ends_at_zero_is_followed_to_its_end() -> None:
    y = [
        -0.854177, -0.129385, 0.816581, 1.501762, 0.416340, 0.318940, 0.390851, -2.163907, -0.441968,
        1.844617, 3.759347, 4.086761, 3.596444, 4.238187, 4.172564,
    ]  # fmt: skip
    v = [
        0.042185, 0.971157, 0.498625, 0.012475, 0.019873, 0.116356, 0.589942, 0.080900, 0.180865,
        0.409139, 0.047232, 0.415776, 1.505991, 0.360604, 0.010000,
    ]  # fmt: skip
    fit = pool_multilevel(y, v, [0, 0, 1, 1, 2, 2, 2, 3, 4, 4, 5, 6, 6, 6, 6])
    # metafor 3.8-1, rma.mv: mu 1.019476, SE 0.874882, sigma squared (5.310769, 0); six decimals are printed.
    assert fit.estimate == pytest.approx(1.019476, abs=2e-6)
    assert fit.standard_error == pytest.approx(0.874882, abs=2e-6)
    assert (fit.sigma_squared_between, fit.sigma_squared_within) == pytest.approx((5.310769, 0), abs=2e-6)


@pytest.mark.parametrize(
    "group",
    [
        np.array([1, np.nan, 1, 2], dtype=object),
        ["a", np.nan, "a", "b"],
        np.array(["2020-01-01", "NaT", "2020-01-01", "2021-01-01"], dtype="datetime64[D]"),
        ["a", None, "a", "b"],
    ],
)
def test_a_row_without_a_group_is_refused(group: Any) -> None:
    with pytest.raises(InvalidDataError, match=r"row 2: the group is .*; every row needs a group"):
        pool_many([0.1, 0.2, 0.3, 0.4], [1.0, 1.0, 1.0, 1.0], group)


def test_hidden_and_unreal_numbers_are_refused() -> None:
    v = [1.0, 1.0, 1.0]
    with pytest.raises(InvalidDataError, match="row 2: y is masked"):
        pool(np.ma.array([0.1, 0.2, 0.3], mask=[0, 1, 0]), v)
    with pytest.raises(InvalidDataError, match="real numbers"):
        pool(np.array([0.1 + 1j, 0.2, 0.3]), v)
    with pytest.raises(InvalidDataError, match="real numbers"):
        pool(np.array(["2020-01-01"] * 3, dtype="datetime64[D]"), v)


def test_effects_on_a_line_have_no_small_study_effect_to_test() -> None:
    v = np.linspace(0.02, 0.3, 12)
    for y in (np.full(12, 0.3), 0.1 + 2 * np.sqrt(v)):
        with pytest.raises(InvalidDataError, match="without any scatter"):
            fit_pet_peese(y, v)
        with pytest.raises(InvalidDataError, match="without any scatter"):
            assess_small_study_effects(y, v, model="classic")
    with pytest.raises(InvalidDataError, match="all equal"):
        trim_and_fill([0.3] * 12, v, estimator="R0")


def test_the_share_beyond_a_threshold_follows_a_posterior_too() -> None:
    result = pool_bayesian([-0.5, -0.2, -0.4], [0.04, 0.09, 0.06], tau_prior="half-normal(0.5)")
    below = share_beyond(result, 0.0, side="below")
    assert below == pytest.approx(float(result.posterior.prediction.probability_below(0.0)))
    assert below + share_beyond(result, 0.0) == pytest.approx(1)


def test_results_cannot_be_written_to() -> None:
    many = pool_many([0.1, 0.2, 0.3, 0.4], [1.0, 2.0, 1.0, 2.0], [1, 1, 2, 2])
    fit = regress(EFFECTS, [0.05] * 9, THREE_GROUPS)
    for array in (many.estimate, many.tau_squared, fit.estimate, fit.covariance):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 9.0
