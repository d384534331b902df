"""Cluster-robust errors: metafor and clubSandwich, worked example TV-E, and direct matrix algebra."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from evisynth.errors import InvalidDataError
from evisynth.synthesis import (
    cluster_robust,
    covariance_from_clusters,
    pool,
    pool_correlated,
    pool_multilevel,
    regress,
)

FOLDER = Path(__file__).parent.parent / "reference" / "metafor_diagnostics"
PUBLISHED: dict[str, Any] = json.loads((FOLDER / "published.json").read_text())["multilevel"]
RECOMPUTED: dict[str, Any] = json.loads((FOLDER / "recomputed.json").read_text())["multilevel"]
Y5, S5, SET = [-0.40, -0.25, -0.10, -0.55, -0.30], np.array([0.20, 0.28, 0.25, 0.35, 0.22]), list("aabcd")


def fitted(case: str) -> tuple[Any, Any]:
    y, v, cluster = PUBLISHED["yi"], PUBLISHED["vi"], PUBLISHED["cluster"]
    if case == "plain":
        return pool_multilevel(y, v, cluster), cluster
    if case == "overlap":
        return pool_multilevel(y, covariance_from_clusters(v, cluster, 0.6), cluster), cluster
    if case == "two_level":
        return pool(y, v, interval="wald"), cluster
    if case == "moderated":
        return regress(y, v, {"year": RECOMPUTED["year"]}), cluster
    return pool_correlated(Y5, covariance_from_clusters(S5**2, SET, 0.6914)), SET


def test_matches_the_published_figures() -> None:
    fit, cluster = fitted("plain")
    # the reference's own optimum is good to 1e-6
    assert cluster_robust(fit, cluster, kind="CR1").standard_error[0] == pytest.approx(
        PUBLISHED["robust_cr1_se"], rel=1e-6
    )
    robust = cluster_robust(fit, cluster)
    assert robust.standard_error[0] == pytest.approx(PUBLISHED["robust_cr2_se"], rel=1e-6)
    assert robust.df[0] == pytest.approx(PUBLISHED["robust_cr2_df"], rel=1e-6)
    assert robust.p_value[0] == pytest.approx(PUBLISHED["robust_cr2_p"], rel=1e-6)


# Where no variance is searched for by a general optimiser, agreement is as close as the fits are.
@pytest.mark.parametrize(
    ("case", "tolerance"),
    [("plain", 1e-6), ("overlap", 1e-6), ("two_level", 1e-8), ("moderated", 1e-8), ("gls", 1e-10)],
)
def test_matches_metafor_and_club_sandwich(case: str, tolerance: float) -> None:
    fit, cluster = fitted(case)
    figures = {key: np.atleast_1d(value) for key, value in RECOMPUTED[case].items()}
    cr1, cr2 = cluster_robust(fit, cluster, kind="CR1"), cluster_robust(fit, cluster)
    for result, name in ((cr1, "cr1"), (cr2, "cr2")):
        assert result.standard_error == pytest.approx(figures[f"{name}_se"], rel=tolerance)
        assert result.df == pytest.approx(
            np.broadcast_to(figures[f"{name}_df"], result.df.shape), rel=tolerance
        )
        for ours, theirs, df in zip(result.p_value, figures[f"{name}_p"], result.df, strict=True):
            assert ours == (pytest.approx(theirs, rel=tolerance) if df >= 4 else None)
    assert cr2.ci_lower == pytest.approx(figures["cr2_lb"], rel=10 * tolerance)
    assert cr2.ci_upper == pytest.approx(figures["cr2_ub"], rel=10 * tolerance)


def test_no_robust_figure_is_left_out() -> None:
    assert set(RECOMPUTED) == {"year", "plain", "overlap", "two_level", "moderated", "gls"}


def test_p_values_are_refused_below_four_degrees_of_freedom() -> None:
    # TV-E
    fit, cluster = fitted("gls")
    result = cluster_robust(fit, cluster)
    assert result.standard_error[0] == pytest.approx(0.071013, abs=5e-7)
    assert result.df[0] == pytest.approx(2.58, abs=5e-3)
    assert (result.ci_lower[0], result.ci_upper[0]) == pytest.approx((-0.565817, -0.069284), abs=1e-6)
    assert result.p_value == (None,)
    assert result.reason == "degrees of freedom below 4, no p-value: intercept (2.58)"


def direct(y: np.ndarray, x: np.ndarray, phi: np.ndarray, code: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """CR2 covariance and degrees of freedom by k x k matrices, as the papers write them."""

    def root(matrix: np.ndarray, power: float) -> np.ndarray:
        values, vectors = np.linalg.eigh(matrix)
        raised = np.where(values > 1e-10, np.abs(values) ** power, 0.0)
        return (vectors * raised) @ vectors.T

    w = np.linalg.inv(phi)
    m = np.linalg.inv(x.T @ w @ x)
    hat = np.eye(len(y)) - x @ m @ x.T @ w
    e = hat @ y
    meat, pulls = np.zeros((x.shape[1], x.shape[1])), []
    for c in np.unique(code):
        rows = code == c
        upper = np.linalg.cholesky(phi[np.ix_(rows, rows)]).T
        inner = upper @ (hat @ phi @ hat.T)[np.ix_(rows, rows)] @ upper.T
        a = upper.T @ root(inner, -0.5) @ upper
        pull = x[rows].T @ w[np.ix_(rows, rows)] @ a
        score = pull @ e[rows]
        meat += np.outer(score, score)
        pulls.append(m @ pull @ hat[rows])
    df = []
    for coefficient in range(x.shape[1]):
        g = np.array([pull[coefficient] for pull in pulls])
        p = g @ phi @ g.T
        df.append(np.trace(p) ** 2 / np.sum(p**2))
    return m @ meat @ m, np.array(df)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 100_000), rho=st.sampled_from([0.0, 0.3, 0.6]))
def test_equals_direct_matrix_algebra_for_correlated_rows(seed: int, rho: float) -> None:
    generator = np.random.default_rng(seed)
    code = np.sort(generator.integers(0, 4, 9))
    code[:2], code[-1] = 0, 3
    v = 10 ** generator.uniform(-1.5, 0, 9)
    y = generator.normal(0, 1, 9)
    phi = covariance_from_clusters(v, code.tolist(), rho)
    covariance, df = direct(y, np.ones((9, 1)), phi, code)
    result = cluster_robust(pool_correlated(y, phi, negative_weights="allow"), code.tolist())
    assert result.covariance == pytest.approx(covariance, rel=1e-8)
    assert result.df == pytest.approx(df, rel=1e-8)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_equals_direct_matrix_algebra_for_regressions(seed: int) -> None:
    generator = np.random.default_rng(seed)
    code = np.repeat(np.arange(5), 3)
    v, x, y = 10 ** generator.uniform(-1.5, 0, 15), generator.normal(0, 1, 15), generator.normal(0, 1, 15)
    fit = regress(y, v, {"dose": x}, tau_squared="DL")
    covariance, df = direct(y, fit.design, np.diag(v + fit.tau_squared), code)
    result = cluster_robust(fit, code.tolist())
    assert result.covariance == pytest.approx(covariance, rel=1e-8)
    assert result.df == pytest.approx(df, rel=1e-8)


def test_every_row_a_cluster_and_equal_weights_is_the_usual_t_test() -> None:
    y = np.array([0.1, 0.5, 0.4, -0.2, 0.3])
    result = cluster_robust(pool(y, [0.1] * 5, tau_squared="common"), range(5))
    assert result.standard_error[0] == pytest.approx(y.std(ddof=1) / 5**0.5, rel=1e-13)
    assert result.df[0] == pytest.approx(4, rel=1e-12)


def test_equal_effects_leave_nothing_to_doubt() -> None:
    result = cluster_robust(pool([0.5] * 5, [0.1] * 5), range(5))
    assert result.standard_error[0] == pytest.approx(0, abs=1e-15)


def test_order_of_rows_and_names_of_clusters_do_not_matter() -> None:
    fit, cluster = fitted("two_level")
    order = np.random.default_rng(1).permutation(len(cluster))
    again = cluster_robust(
        pool(fit.y[order], fit.v[order], interval="wald"), [f"d{cluster[row]}" for row in order]
    )
    plain = cluster_robust(fit, cluster)
    assert again.standard_error == pytest.approx(plain.standard_error, rel=1e-12)
    assert again.df == pytest.approx(plain.df, rel=1e-12)


def test_clusters_must_hold_what_the_model_correlates() -> None:
    fit, _ = fitted("gls")
    with pytest.raises(InvalidDataError, match="row 1 and row 2 are correlated"):
        cluster_robust(fit, range(5))


@pytest.mark.parametrize(
    ("cluster", "message"),
    [(list("aaaaa"), "clusters: 1, coefficients: 1"), (list("ab"), "cluster has 2 names")],
)
def test_clusters_that_cannot_be_used(cluster: list[str], message: str) -> None:
    fit, _ = fitted("gls")
    with pytest.raises(InvalidDataError, match=message):
        cluster_robust(fit, cluster)


def test_unknown_kinds_and_other_objects_are_errors() -> None:
    fit, cluster = fitted("gls")
    with pytest.raises(InvalidDataError, match="known: CR1, CR2"):
        cluster_robust(fit, cluster, kind="CR3")  # type: ignore[arg-type]
    with pytest.raises(InvalidDataError, match="a dict has no rows"):
        cluster_robust({}, cluster)  # type: ignore[arg-type]
