"""Covariances from shared patients: worked example TV-E, and what cannot be a covariance matrix."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from evisynth.errors import InvalidDataError
from evisynth.synthesis import (
    checked_covariance,
    cluster_codes,
    covariance_from_clusters,
    covariance_from_shared_patients,
    overlap_correlation,
)


def test_a_series_within_another_has_the_root_of_the_ratio_of_sizes() -> None:
    # TV-E: 261 patients, all among 546
    assert overlap_correlation(261, 261, 546) == pytest.approx(0.691391, abs=1e-6)


@given(
    n1=st.integers(1, 10_000),
    n2=st.integers(1, 10_000),
    share=st.floats(0, 1),
)
def test_the_correlation_is_symmetric_and_between_0_and_1(n1: int, n2: int, share: float) -> None:
    shared = share * min(n1, n2)
    r = overlap_correlation(shared, n1, n2)
    assert r == overlap_correlation(shared, n2, n1)
    assert 0 <= r <= 1 + 1e-15


@pytest.mark.parametrize(
    ("shared", "n1", "n2"), [(11, 10, 20), (-1, 10, 20), (1, 0, 20), (1, 10, math.inf), (math.nan, 10, 20)]
)
def test_impossible_overlaps_are_errors(shared: float, n1: float, n2: float) -> None:
    with pytest.raises(InvalidDataError):
        overlap_correlation(shared, n1, n2)


def test_covariance_of_the_worked_example() -> None:
    v = np.square([0.20, 0.28, 0.25, 0.35, 0.22])
    matrix = covariance_from_shared_patients(v, [261, 546, 100, 60, 80], {(1, 0): 261})
    assert matrix[0, 1] == matrix[1, 0] == pytest.approx(0.038718, abs=5e-7)  # TV-E prints six decimals
    others = matrix.copy()
    others[0, 1] = others[1, 0] = 0
    assert np.array_equal(others, np.diag(np.diag(others)))
    assert np.diag(matrix) == pytest.approx(v, rel=1e-15)


def test_clusters_have_one_correlation_within_and_none_between() -> None:
    v = np.array([0.04, 0.09, 0.16, 0.25])
    matrix = covariance_from_clusters(v, ["a", "b", "a", "b"], 0.5)
    expected = np.diag(v)
    expected[0, 2] = expected[2, 0] = 0.5 * 0.2 * 0.4
    expected[1, 3] = expected[3, 1] = 0.5 * 0.3 * 0.5
    assert matrix == pytest.approx(expected, rel=1e-15)


@given(
    v=st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=8),
    rho=st.floats(0, 0.999),
    data=st.data(),
)
def test_matrices_from_clusters_are_positive_definite(
    v: list[float], rho: float, data: st.DataObject
) -> None:
    cluster = data.draw(st.lists(st.sampled_from("abc"), min_size=len(v), max_size=len(v)))
    matrix = covariance_from_clusters(v, cluster, rho)
    assert np.linalg.eigvalsh(matrix / np.sqrt(np.outer(v, v))).min() > 0


def test_clusters_are_numbered_as_they_appear() -> None:
    assert cluster_codes([7, 3, 7, 1]).tolist() == [0, 1, 0, 2]


def test_overlaps_that_contradict_each_other_are_named() -> None:
    # The first is within both others, which share nobody.
    shared = {(0, 1): 100, (0, 2): 100}
    with pytest.raises(
        InvalidDataError, match=r"not positive definite .*row 1 \(A\), row 2 \(B\), row 3 \(C\)"
    ):
        covariance_from_shared_patients([0.1, 0.1, 0.1], [100, 110, 110], shared, labels=["A", "B", "C"])


def test_the_same_patients_twice_are_refused() -> None:
    with pytest.raises(InvalidDataError, match="keep one report"):
        covariance_from_shared_patients([0.1, 0.1], [100, 100], {(0, 1): 100})


@pytest.mark.parametrize(
    ("shared", "message"),
    [
        ({(0, 0): 5}, "not a pair of rows"),
        ({(0, 3): 5}, "rows count from 0 to 1"),
        ({(0, 1): 5, (1, 0): 5}, "given twice"),
        ({(0, 1): 500}, "overlap must lie between"),
    ],
)
def test_pairs_that_cannot_be_are_errors(shared: dict[tuple[int, int], float], message: str) -> None:
    with pytest.raises(InvalidDataError, match=message):
        covariance_from_shared_patients([0.1, 0.2], [10, 20], shared)


@pytest.mark.parametrize(
    ("n", "message"),
    [
        ([10], "n has shape"),
        ([10, 0], "row 2: n is 0.0"),
        ([10, math.nan], "row 2: n is nan"),
        (["x", 1], "numbers"),
    ],
)
def test_sizes_that_cannot_be_are_errors(n: list[float], message: str) -> None:
    with pytest.raises(InvalidDataError, match=message):
        covariance_from_shared_patients([0.1, 0.2], n, {})


@pytest.mark.parametrize("rho", [-0.1, 1.0, math.nan])
def test_rho_out_of_range_is_an_error(rho: float) -> None:
    with pytest.raises(InvalidDataError, match="rho"):
        covariance_from_clusters([0.1, 0.2], ["a", "a"], rho)


def test_every_row_needs_a_cluster() -> None:
    with pytest.raises(InvalidDataError, match="cluster has 1 names for 2 rows"):
        covariance_from_clusters([0.1, 0.2], ["a"], 0.5)


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[1.0, 0.5]], "shape"),
        ([], "shape"),
        ([["a"]], "numbers only"),
        ([[1.0, 0.2], [0.3, 1.0]], "row 1 and row 2"),
        ([[1.0, math.nan], [math.nan, 1.0]], "row 1 and row 2"),
        ([[1.0, 0.0], [0.0, 0.0]], "row 2: the variance is 0.0"),
        ([[1.0, 1.2], [1.2, 1.0]], "not positive definite"),
    ],
)
def test_other_matrices_are_errors(matrix: object, message: str) -> None:
    with pytest.raises(InvalidDataError, match=message):
        checked_covariance(matrix)  # type: ignore[arg-type]


def test_units_of_the_rows_do_not_matter() -> None:
    assert checked_covariance([[1e-8, 0.5], [0.5, 1e8]]).shape == (2, 2)
