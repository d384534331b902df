"""The three-level model: metafor's figures, the exact optimum, and nestings that cannot be fitted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from evisynth.errors import InvalidDataError
from evisynth.synthesis import (
    ClusteredEffects,
    MultilevelResult,
    covariance_from_clusters,
    maximise_likelihood,
    pool_multilevel,
)

FOLDER = Path(__file__).parent.parent / "reference" / "metafor_diagnostics"
PUBLISHED: dict[str, Any] = json.loads((FOLDER / "published.json").read_text())["multilevel"]
RECOMPUTED: dict[str, Any] = json.loads((FOLDER / "recomputed.json").read_text())["multilevel"]
# metafor's general optimiser is good to 1e-6; the likelihood is flat to 1e-12 there.
AGREEMENT = 1e-6

NUMBERS = (
    "estimate standard_error ci_lower ci_upper p_value sigma_squared_between sigma_squared_within "
    "i_squared_between i_squared_within q_statistic"
).split()


def konstantopoulos(rho: float = 0.0) -> MultilevelResult:
    v: Any = PUBLISHED["vi"]
    if rho:
        v = covariance_from_clusters(v, PUBLISHED["cluster"], rho)
    return pool_multilevel(PUBLISHED["yi"], v, PUBLISHED["cluster"], unit=PUBLISHED["unit"])


def test_matches_the_published_figures() -> None:
    result = konstantopoulos()
    assert result.estimate == pytest.approx(PUBLISHED["estimate"], rel=AGREEMENT)
    assert result.standard_error == pytest.approx(PUBLISHED["se"], rel=AGREEMENT)
    assert result.sigma_squared_between == pytest.approx(PUBLISHED["sigma2"][0], rel=AGREEMENT)
    assert result.sigma_squared_within == pytest.approx(PUBLISHED["sigma2"][1], rel=AGREEMENT)
    assert result.log_likelihood == pytest.approx(PUBLISHED["logLik"], abs=1e-9)


@pytest.mark.parametrize(("case", "rho"), [("plain", 0.0), ("overlap", 0.6)])
def test_matches_metafor_with_and_without_overlap(case: str, rho: float) -> None:
    result, figures = konstantopoulos(rho), RECOMPUTED[case]
    pairs = {
        "estimate": "estimate",
        "se": "standard_error",
        "ci_lb": "ci_lower",
        "ci_ub": "ci_upper",
        "pval": "p_value",
        "QE": "q_statistic",
    }
    for theirs, ours in pairs.items():
        assert getattr(result, ours) == pytest.approx(figures[theirs], rel=AGREEMENT), theirs
    sigma = (result.sigma_squared_between, result.sigma_squared_within)
    assert sigma == pytest.approx(figures["sigma2"], rel=AGREEMENT)
    # not below theirs by more than rounding: ours is the maximum
    assert result.log_likelihood >= figures["logLik"] - 1e-12


def exact_step(result: MultilevelResult) -> tuple[float, float]:
    """A Newton step from our answer with 40 digits, where a variance is not at zero: its length is our error.

    At zero, the likelihood must fall; the step there is given as 0, or NaN when it rises.
    """
    with mpmath.workdps(40):
        rows = [np.flatnonzero(result.cluster == c) for c in range(result.cluster_count)]
        y, v = [mpmath.mpf(float(x)) for x in result.y], [mpmath.mpf(float(x)) for x in result.covariance]

        def log_likelihood(between: Any, within: Any) -> Any:
            # restricted, up to a constant, each row its own unit; by Sherman and Morrison
            total = weighted = log_det = square = mpmath.mpf(0)
            for members in rows:
                w = {i: 1 / (v[i] + within) for i in members}
                s0, s1 = mpmath.fsum(w.values()), mpmath.fsum(w[i] * y[i] for i in members)
                shrink = 1 + between * s0
                total += s0 / shrink
                weighted += s1 / shrink
                square += mpmath.fsum(w[i] * y[i] ** 2 for i in members) - between * s1**2 / shrink
                log_det += mpmath.log(shrink) - mpmath.fsum(mpmath.log(x) for x in w.values())
            return -(log_det + mpmath.log(total) + square - weighted**2 / total) / 2

        point = (mpmath.mpf(result.sigma_squared_between), mpmath.mpf(result.sigma_squared_within))
        orders = [(1, 0), (0, 1)]
        gradient = [mpmath.diff(log_likelihood, point, order) for order in orders]
        free = [number for number in range(2) if point[number] > 0]
        hessian = mpmath.matrix(len(free), len(free))
        for i, first in enumerate(free):
            for j, second in enumerate(free):
                order = tuple(a + b for a, b in zip(orders[first], orders[second], strict=True))
                hessian[i, j] = mpmath.diff(log_likelihood, point, order)
        step = [0.0 if slope <= 0 else float("nan") for slope in gradient]
        if free:
            newton = mpmath.lu_solve(hessian, mpmath.matrix([gradient[number] for number in free]))
            for i, number in enumerate(free):
                step[number] = abs(float(newton[i]))
    return step[0], step[1]


def test_the_variances_are_the_exact_maximum() -> None:
    result = konstantopoulos()
    between, within = exact_step(result)
    assert between <= 1e-11 * result.sigma_squared_between
    assert within <= 1e-11 * result.sigma_squared_within


@pytest.mark.parametrize("seed", range(15))
def test_hard_sets_are_solved_exactly(seed: int) -> None:
    # Sampling variances over eight orders of magnitude, variances of the levels over four.
    generator = np.random.default_rng(seed)
    cluster = generator.integers(0, 4, 12)
    cluster[:3] = [0, 0, 1]
    v = 10 ** generator.uniform(-8, 0, 12)
    y = generator.normal(0, 1, 12) * np.sqrt(v + 10 ** generator.uniform(-4, 0))
    y += generator.normal(0, 1, 4)[cluster] * 10 ** generator.uniform(-2, 1)
    result = pool_multilevel(y, v, cluster.tolist())
    between, within = exact_step(result)
    assert between <= 1e-9 * (result.sigma_squared_between + v.min())
    assert within <= 1e-9 * (result.sigma_squared_within + v.min())


def test_overlapping_reports_of_the_worked_example() -> None:
    # TV-E: the three-level model over the overlap finds both variances at zero
    y, errors = [-0.40, -0.25, -0.10, -0.55, -0.30], np.array([0.20, 0.28, 0.25, 0.35, 0.22])
    cluster = ["a", "a", "b", "c", "d"]
    result = pool_multilevel(y, covariance_from_clusters(errors**2, cluster, 0.6914), cluster)
    assert (result.sigma_squared_between, result.sigma_squared_within) == (0.0, 0.0)
    assert result.estimate == pytest.approx(-0.317550, abs=1e-6)
    assert result.standard_error == pytest.approx(0.119652, abs=1e-6)


def random_set(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    cluster = generator.integers(0, 5, 14)
    cluster[:3] = [0, 0, 1]
    v = 10 ** generator.uniform(-2, 0, 14)
    y = generator.normal(0, 0.6, 5)[cluster] * (seed % 3) + generator.normal(0, 0.5, 14)
    return y, v, cluster


@pytest.mark.parametrize("seed", range(12))
def test_no_point_of_a_fine_grid_is_higher(seed: int) -> None:
    y, v, cluster = random_set(seed)
    blocks = [(np.flatnonzero(cluster == c), np.diag(v[cluster == c])) for c in np.unique(cluster)]
    effects = ClusteredEffects(y, blocks, np.arange(14))
    best = effects.fit(maximise_likelihood(effects)).log_likelihood
    grid = np.concatenate(([0.0], np.geomspace(1e-5, 30, 24))) * effects.spread
    highest = max(effects.fit(np.array([a, b])).log_likelihood for a in grid for b in grid)
    assert best >= highest - 1e-12 * abs(highest)


@settings(max_examples=10)
@given(
    seed=st.integers(0, 10_000),
    scale=st.sampled_from([1e-4, 1e-1, 1e4]),
    shift=st.floats(-10, 10),
)
def test_unit_sign_shift_and_order(seed: int, scale: float, shift: float) -> None:
    y, v, cluster = random_set(seed)
    plain = pool_multilevel(y, v, cluster)
    order = np.random.default_rng(seed).permutation(14)
    moved = pool_multilevel(
        (shift - y[order]) * scale, v[order] * scale**2, [f"c{c}" for c in cluster[order]]
    )
    between, within = plain.sigma_squared_between, plain.sigma_squared_within
    # a flat top leaves half the digits of its place; relative to all variance there is
    spread = (between + within + v.mean()) * scale**2
    assert moved.sigma_squared_between == pytest.approx(between * scale**2, abs=1e-8 * spread)
    assert moved.sigma_squared_within == pytest.approx(within * scale**2, abs=1e-8 * spread)
    assert moved.estimate == pytest.approx((shift - plain.estimate) * scale, abs=1e-8 * scale)
    assert moved.standard_error == pytest.approx(plain.standard_error * scale, rel=1e-7)


def test_rows_of_one_unit_share_their_effect() -> None:
    # Two rows of one unit are, at equal variances, their mean at half the variance.
    y = np.array([0.1, 0.3, 0.9, 0.5, -0.4, 0.2, 0.6])
    v = np.full(7, 0.02)
    split = pool_multilevel(y, v, list("aabbbcc"), unit=[1, 1, 1, 2, 3, 1, 2])
    joined = pool_multilevel([0.2, *y[2:]], [0.01, *v[2:]], list("abbbcc"), unit=[1, 1, 2, 3, 1, 2])
    assert split.estimate == pytest.approx(joined.estimate, abs=1e-9)
    assert split.standard_error == pytest.approx(joined.standard_error, rel=1e-9)
    assert split.sigma_squared_within == pytest.approx(joined.sigma_squared_within, rel=1e-7)


def test_equal_effects_have_no_variance() -> None:
    result = pool_multilevel([0.3] * 5, [0.1, 0.2, 0.1, 0.3, 0.2], list("aabbc"))
    assert (result.sigma_squared_between, result.sigma_squared_within) == (0.0, 0.0)
    assert result.estimate == pytest.approx(0.3, rel=1e-15)


def test_t_interval_has_k_minus_1_degrees_of_freedom() -> None:
    y, v, cluster = random_set(1)
    wald = pool_multilevel(y, v, cluster)
    t = pool_multilevel(y, v, cluster, interval="t")
    assert (t.ci_upper - t.ci_lower) / (wald.ci_upper - wald.ci_lower) == pytest.approx(
        2.160369 / 1.959964, rel=1e-6
    )


@pytest.mark.parametrize(
    ("cluster", "unit", "message"),
    [
        (list("aaaa"), None, "one cluster"),
        (list("abcd"), None, "no cluster holds two units"),
        (list("aabb"), [1, 1, 2, 2], "no cluster holds two units"),
        (list("aab"), None, "cluster has 3 names"),
        (list("aabb"), [1, 2], "unit has 2 names"),
        (["a", None, "b", "b"], None, "row 2: the cluster is None"),
    ],
)
def test_nestings_that_cannot_be_fitted(cluster: list[str], unit: list[int] | None, message: str) -> None:
    with pytest.raises(InvalidDataError, match=message):
        pool_multilevel([0.1, 0.2, 0.3, 0.4], [0.1] * 4, cluster, unit=unit)


def test_correlation_across_clusters_is_refused() -> None:
    v = np.diag([0.1] * 4)
    v[1, 2] = v[2, 1] = 0.01
    with pytest.raises(InvalidDataError, match="row 2 and row 3 are correlated"):
        pool_multilevel([0.1, 0.2, 0.3, 0.4], v, list("aabb"))


def test_hksj_is_no_interval_of_this_model() -> None:
    with pytest.raises(InvalidDataError, match="known: wald, t"):
        pool_multilevel([0.1, 0.2, 0.3], [0.1] * 3, list("aab"), interval="hksj")


def test_no_figure_is_left_out() -> None:
    assert set(PUBLISHED) == set(
        "dataset kind cluster unit yi vi estimate se sigma2 logLik "
        "robust_cr1_se robust_cr2_se robust_cr2_df robust_cr2_p".split()
    )
    assert set(RECOMPUTED) == {"year", "plain", "overlap", "two_level", "moderated", "gls"}
    for case in ("plain", "overlap"):
        assert set(RECOMPUTED[case]) == set(
            "estimate se sigma2 logLik QE ci_lb ci_ub pval "
            "cr1_se cr1_p cr1_df cr2_se cr2_df cr2_p cr2_lb cr2_ub".split()
        )
