"""Generalised least squares: worked example TV-E, direct algebra, and negative weights."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from evisynth.errors import InvalidDataError
from evisynth.synthesis import covariance_from_clusters, pool, pool_correlated

Y = np.array([-0.40, -0.25, -0.10, -0.55, -0.30])
ERRORS = np.array([0.20, 0.28, 0.25, 0.35, 0.22])
PRINTED = 1e-6


def two(r: float) -> np.ndarray:
    return covariance_from_clusters(ERRORS[:2] ** 2, ["a", "a"], r)


def five(r: float) -> np.ndarray:
    return covariance_from_clusters(ERRORS**2, ["a", "a", "b", "c", "d"], r)


@pytest.mark.parametrize(
    ("r", "estimate", "error", "weight"),
    [
        (0.0, -0.349324, 0.162747, 0.6622),
        (0.5, -0.371154, 0.194145, 0.8077),
        (0.691384, -0.395304, 0.199900, 0.9687),
    ],
)
def test_two_overlapping_estimates(r: float, estimate: float, error: float, weight: float) -> None:
    result = pool_correlated(Y[:2], two(r))
    assert result.estimate == pytest.approx(estimate, abs=PRINTED)
    assert result.standard_error == pytest.approx(error, abs=PRINTED)
    assert result.weights == pytest.approx([weight, 1 - weight], abs=5e-5)
    assert result.negative_weights == ()


def test_five_estimates_of_which_two_overlap() -> None:
    result = pool_correlated(Y, five(0.6914))
    assert result.estimate == pytest.approx(-0.317550, abs=PRINTED)
    assert result.standard_error == pytest.approx(0.119652, abs=PRINTED)
    ignoring = pool_correlated(Y, np.diag(ERRORS**2))
    assert ignoring.estimate == pytest.approx(-0.308514, abs=PRINTED)
    assert ignoring.standard_error == pytest.approx(0.110043, abs=PRINTED)
    chosen = pool_correlated(np.delete(Y, 1), np.diag(np.delete(ERRORS, 1) ** 2))
    assert chosen.estimate == pytest.approx(-0.319203, abs=PRINTED)
    assert chosen.standard_error == pytest.approx(0.119673, abs=PRINTED)


def test_the_weight_turns_negative_where_r_exceeds_the_ratio_of_the_errors() -> None:
    border = 0.20 / 0.28
    assert pool_correlated(Y[:2], two(border)).weights == pytest.approx([1, 0], abs=1e-12)
    assert pool_correlated(Y[:2], two(border - 1e-6)).weights[1] > 0
    with pytest.raises(InvalidDataError, match=r"negative weights \(row 2 \(S2\) -0\..*keep one report"):
        pool_correlated(Y[:2], two(border + 1e-3), labels=["S3", "S2"])
    allowed = pool_correlated(Y[:2], two(0.9), negative_weights="allow")
    assert allowed.negative_weights == (1,)
    assert allowed.estimate < Y[:2].min()  # further out than either row: why it is refused


def test_rows_without_overlap_are_the_common_effect_model() -> None:
    result = pool_correlated(Y, np.diag(ERRORS**2))
    common = pool(Y, ERRORS**2, tau_squared="common", interval="wald")
    for name in ("estimate", "standard_error", "ci_lower", "ci_upper", "p_value", "q_statistic", "q_p_value"):
        assert getattr(result, name) == pytest.approx(getattr(common, name), rel=1e-13)


def test_one_row_is_its_own_answer() -> None:
    result = pool_correlated([0.3], [[0.04]])
    assert (result.estimate, result.standard_error) == (0.3, pytest.approx(0.2))
    assert (result.q_statistic, result.q_p_value) == (0.0, 1.0)


@given(
    y=st.lists(st.floats(-3, 3), min_size=2, max_size=6),
    data=st.data(),
    rho=st.floats(0, 0.9),
)
def test_equals_direct_matrix_algebra(y: list[float], data: st.DataObject, rho: float) -> None:
    k = len(y)
    v = data.draw(st.lists(st.floats(0.01, 1), min_size=k, max_size=k))
    cluster = data.draw(st.lists(st.sampled_from("ab"), min_size=k, max_size=k))
    matrix = covariance_from_clusters(v, cluster, rho)
    result = pool_correlated(y, matrix, negative_weights="allow")
    inverse = np.linalg.inv(matrix)
    total = inverse.sum()
    mean = (inverse @ y).sum() / total
    residual = np.array(y) - mean
    # the inverse loses up to three digits at rho = 0.9 with variances a hundredfold apart
    assert result.estimate == pytest.approx(mean, rel=1e-10, abs=1e-10)
    assert result.standard_error == pytest.approx(total**-0.5, rel=1e-10)
    assert result.q_statistic == pytest.approx(residual @ inverse @ residual, rel=1e-9, abs=1e-9)
    assert result.weights.sum() == pytest.approx(1, abs=1e-12)


@given(
    y=st.lists(st.floats(-3, 3), min_size=3, max_size=3),
    scale=st.sampled_from([1e-4, 1e-2, 1e2, 1e4]),
    shift=st.floats(-100, 100),
)
def test_unit_shift_and_sign(y: list[float], scale: float, shift: float) -> None:
    matrix = covariance_from_clusters([0.04, 0.05, 0.06], ["a", "a", "b"], 0.4)
    plain = pool_correlated(y, matrix)
    scaled = pool_correlated(np.array(y) * scale, matrix * scale**2)
    assert scaled.estimate == pytest.approx(plain.estimate * scale, rel=1e-12, abs=1e-13 * scale)
    assert scaled.standard_error == pytest.approx(plain.standard_error * scale, rel=1e-12)
    assert scaled.q_statistic == pytest.approx(plain.q_statistic, rel=1e-10, abs=1e-11)
    moved = pool_correlated(np.array(y) + shift, matrix)
    assert moved.estimate == pytest.approx(plain.estimate + shift, abs=1e-11)
    swapped = pool_correlated(-np.array(y), matrix)
    assert swapped.estimate == pytest.approx(-plain.estimate, abs=1e-15)


def test_unknown_names_and_unequal_lengths_are_errors() -> None:
    with pytest.raises(InvalidDataError, match="rule for negative weights"):
        pool_correlated(Y[:2], two(0.1), negative_weights="ignore")  # type: ignore[arg-type]
    with pytest.raises(InvalidDataError, match="y has 3 rows"):
        pool_correlated(Y[:3], two(0.1))
    with pytest.raises(InvalidDataError, match="level"):
        pool_correlated(Y[:2], two(0.1), level=1.0)
