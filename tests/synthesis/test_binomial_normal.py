"""The binomial-normal model against lme4, metafor and exact integration, and at its borders."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from evisynth.errors import ConvergenceError, InvalidDataError
from evisynth.synthesis import (
    BinomialLikelihood,
    BinomialNormalResult,
    ExactLimit,
    Quadrature,
    pool_binomial_normal,
)

REFERENCE = Path(__file__).parents[1] / "reference" / "metafor_glmm"
FITS = {case["dataset"]: case for case in json.loads((REFERENCE / "fits.json").read_text(encoding="utf-8"))}
EXACT = {case["dataset"]: case for case in json.loads((REFERENCE / "exact.json").read_text(encoding="utf-8"))}
CASES = [(name, fit) for name, case in FITS.items() for fit in case["fits"]]
NAMES = [f"{name}-{fit['nodes']}" for name, fit in CASES]


def _fit(events: Any, n: Any, **more: Any) -> BinomialNormalResult:
    result = pool_binomial_normal(events, n, **more)
    assert isinstance(result, BinomialNormalResult)
    return result


@cache
def _fit_named(name: str, **more: Any) -> BinomialNormalResult:
    return _fit(FITS[name]["events"], FITS[name]["n"], **more)


def _limit(events: Any, n: Any, **more: Any) -> ExactLimit:
    result = pool_binomial_normal(events, n, **more)
    assert isinstance(result, ExactLimit)
    return result


def _figures(result: BinomialNormalResult) -> tuple[float, float, float]:
    return result.estimate, result.standard_error, result.tau_squared


@pytest.mark.parametrize("name", list(EXACT))
def test_matches_the_exact_maximum(name: str) -> None:
    result = _fit_named(name)
    exact = [float(EXACT[name][figure]) for figure in ("estimate", "se", "tau2")]
    # 21 nodes leave 1e-10 of these integrals
    assert _figures(result) == pytest.approx(exact, abs=1e-9)
    assert result.log_likelihood == pytest.approx(float(EXACT[name]["logLik"]), abs=1e-9)


@pytest.mark.parametrize(("name", "fit"), CASES, ids=NAMES)
def test_matches_lme4_with_tight_thresholds(name: str, fit: dict[str, Any]) -> None:
    result = _fit_named(name, nodes=fit["nodes"])
    tight = fit["lme4_tight"]
    # lme4 minimises a deviance known to 1e-15 of itself, which leaves 1e-7 of the place of the minimum
    found = (result.estimate, result.tau_squared)
    assert found == pytest.approx((tight["estimate"], tight["tau2"]), abs=2e-7)
    # it takes second differences of that deviance; with one node they are off by up to 3e-5, which
    # test_standard_error_comes_from_the_curvature shows
    near = 3e-5 if fit["nodes"] == 1 else 2e-7
    assert result.standard_error == pytest.approx(tight["se"], abs=near)
    log_likelihood = result.log_likelihood
    if fit["nodes"] > 1:
        # lme4 leaves out the saturated part there; ours is the sum of both tests away
        log_likelihood = (result.tau_squared_statistic - result.heterogeneity_statistic) / 2
    assert log_likelihood == pytest.approx(tight["logLik"], abs=1e-8)
    assert result.heterogeneity_statistic == pytest.approx(fit["lrt"], abs=1e-8)
    assert result.heterogeneity_p_value == pytest.approx(fit["lrt_p"], rel=1e-8)


@pytest.mark.parametrize(("name", "fit"), [case for case in CASES if case[1]["nodes"] == 21], ids=list(FITS))
def test_is_near_metafors_defaults(name: str, fit: dict[str, Any]) -> None:
    default = fit["metafor_default"]
    # they stop early; the exact maximum is at most this far from them
    expected = [default["estimate"], default["se"], default["tau2"]]
    assert _figures(_fit_named(name)) == pytest.approx(expected, abs=1.1e-5)


@pytest.mark.parametrize("nodes", [1, 21])
@pytest.mark.parametrize("name", list(EXACT))
def test_standard_error_comes_from_the_curvature(name: str, nodes: int) -> None:
    result = _fit_named(name, nodes=nodes)
    likelihood = BinomialLikelihood(result.events, result.n, Quadrature.of_size(nodes))
    tau, step = math.sqrt(result.tau_squared), 1e-3

    def value(mu_steps: int, tau_steps: int) -> float:
        return likelihood.value_and_gradient(result.estimate + mu_steps * step, tau + tau_steps * step)[0]

    by_mu = value(1, 0) - 2 * value(0, 0) + value(-1, 0)
    by_tau = value(0, 1) - 2 * value(0, 0) + value(0, -1)
    mixed = (value(1, 1) - value(1, -1) - value(-1, 1) + value(-1, -1)) / 4
    information = -np.array([[by_mu, mixed], [mixed, by_tau]]) / step**2
    # second differences with a step of 1e-3 are good to about 1e-6
    assert result.standard_error == pytest.approx(math.sqrt(np.linalg.inv(information)[0, 0]), abs=1e-6)


def test_every_case_with_a_spread_is_solved_exactly() -> None:
    spread = {name for name, fit in CASES if fit["nodes"] == 21 and fit["lme4_tight"]["tau2"] > 0}
    assert spread == set(EXACT)
    assert set(FITS) - spread == {"few_events"}
    assert all([fit["nodes"] for fit in case["fits"]] == [1, 7, 21] for case in FITS.values())


def test_few_events_pool_to_the_crude_proportion_when_nothing_varies() -> None:
    result = _fit([0, 9, 3, 1, 2], [108, 546, 120, 45, 210])
    assert result.tau_squared == 0.0
    assert result.estimate == pytest.approx(math.log(15 / 1014), rel=1e-14)
    assert result.standard_error == pytest.approx(1 / math.sqrt(15 * (1 - 15 / 1029)), rel=1e-9)
    # worked by hand and with metafor: 1.4577 % (0.8807 to 2.4037)
    limits = [1 / (1 + math.exp(-x)) for x in (result.estimate, result.ci_lower, result.ci_upper)]
    assert limits == pytest.approx([0.014577, 0.008807, 0.024037], abs=5e-7)
    assert result.log_likelihood == pytest.approx(-8.110561, abs=1e-6)
    assert result.heterogeneity_statistic == pytest.approx(4.6358, abs=5e-5)
    assert result.heterogeneity_p_value == pytest.approx(0.327, abs=5e-4)
    assert (result.tau_squared_statistic, result.tau_squared_p_value) == (0.0, 1.0)
    assert (result.prediction_lower, result.prediction_upper) == (result.ci_lower, result.ci_upper)


@pytest.mark.parametrize(
    ("nodes", "estimate", "tau_squared"),
    [(1, -1.785635, 0.662948), (7, -1.786214, 0.667679), (21, -1.786201, 0.667655)],
)
def test_widely_spread_proportions(nodes: int, estimate: float, tau_squared: float) -> None:
    result = _fit_named("wide_spread", nodes=nodes)
    # metafor's defaults, which stop up to 1.6e-4 and 2.8e-4 (one node) short of the maximum
    near = 3e-4 if nodes == 1 else 1.1e-5
    assert (result.estimate, result.tau_squared) == pytest.approx((estimate, tau_squared), abs=near)
    limits = [1 / (1 + math.exp(-x)) for x in (result.estimate, result.ci_lower, result.ci_upper)]
    # these were printed for 21 nodes; Laplace's standard error is 1e-3 smaller
    assert limits == pytest.approx([0.14354, 0.07117, 0.26825], abs=5e-4 if nodes == 1 else 1e-5)
    z = 1.959963984540054
    spread = math.sqrt(result.tau_squared + result.standard_error**2)
    assert result.prediction_upper - result.estimate == pytest.approx(z * spread, rel=1e-12)
    # the test of tau squared = 0 is on the border: half of the tail of a squared normal
    tail = math.erfc(math.sqrt(result.tau_squared_statistic / 2))
    assert result.tau_squared_p_value == pytest.approx(tail / 2, rel=1e-10)


def test_no_events_at_all_give_an_upper_limit_and_no_estimate() -> None:
    limit = _limit([0, 0], [108, 40])
    assert (limit.side, limit.events, limit.n, limit.row_count) == ("upper", 0, 148, 2)
    # nobody of 148: 1 - 0.025^(1/148) and 1 - 0.05^(1/148)
    assert limit.limit == pytest.approx(1 - 0.025 ** (1 / 148), rel=1e-12)
    assert limit.limit == pytest.approx(0.02462, abs=5e-6)
    assert limit.one_sided_limit == pytest.approx(0.02004, abs=5e-6)
    assert "0 of 148 patients" in limit.reason


def test_events_in_everybody_give_a_lower_limit() -> None:
    limit = _limit([4, 3], [4, 3], level=0.9)
    assert limit.side == "lower"
    assert limit.limit == pytest.approx(0.05 ** (1 / 7), rel=1e-12)
    assert limit.one_sided_limit == pytest.approx(0.1 ** (1 / 7), rel=1e-12)


@pytest.mark.parametrize("nodes", [1, 2, 5, 21])
@pytest.mark.parametrize(("mu", "tau"), [(-1.0, 0.7), (0.5, 2.0), (-4.0, 0.01), (2.0, 9.0), (1.0, -0.7)])
def test_gradient_is_that_of_the_approximated_likelihood(nodes: int, mu: float, tau: float) -> None:
    likelihood = BinomialLikelihood(
        np.array([0.0, 5, 0, 6, 300]), np.array([40.0, 50, 60, 7, 301]), Quadrature.of_size(nodes)
    )
    _, gradient = likelihood.value_and_gradient(mu, tau)
    step = 1e-5

    def value(by_mu: float, by_tau: float) -> float:
        return likelihood.value_and_gradient(mu + by_mu, tau + by_tau)[0]

    slopes = [
        (value(step, 0) - value(-step, 0)) / (2 * step),
        (value(0, step) - value(0, -step)) / (2 * step),
    ]
    # central differences of values known to 1e-13 or so
    np.testing.assert_allclose(gradient, slopes, rtol=1e-6, atol=1e-6)


def test_likelihood_is_the_same_on_both_sides_of_tau_zero() -> None:
    likelihood = BinomialLikelihood(np.array([3.0, 9]), np.array([10.0, 11]), Quadrature.of_size(21))
    ahead, slope_ahead = likelihood.value_and_gradient(0.3, 0.8)
    behind, slope_behind = likelihood.value_and_gradient(0.3, -0.8)
    assert ahead == pytest.approx(behind, rel=1e-14)
    assert slope_ahead[1] == pytest.approx(-slope_behind[1], rel=1e-12)


counts = st.integers(2, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(max_examples=10)
@given(rows=st.lists(counts, min_size=2, max_size=4))
def test_counting_those_without_the_event_turns_the_sign(rows: list[tuple[int, int]]) -> None:
    events, n = np.array(rows).T
    try:
        result = pool_binomial_normal(events, n)
    except ConvergenceError:
        with pytest.raises(ConvergenceError):
            pool_binomial_normal(n - events, n)
        return
    other = pool_binomial_normal((n - events)[::-1], n[::-1])
    if isinstance(result, ExactLimit):
        assert isinstance(other, ExactLimit)
        assert other.limit == pytest.approx(1 - result.limit, abs=1e-12)
        return
    assert isinstance(other, BinomialNormalResult)
    # a likelihood that is nearly flat in tau fixes its maximum to a few digits less than the rest
    assert other.log_likelihood == pytest.approx(result.log_likelihood, abs=1e-9)
    assert other.estimate == pytest.approx(-result.estimate, abs=1e-5 * (1 + result.standard_error))
    assert other.tau_squared == pytest.approx(result.tau_squared, abs=1e-5, rel=1e-4)


@settings(max_examples=10)
@given(rows=st.lists(counts, min_size=2, max_size=4))
def test_nothing_nearby_is_more_likely(rows: list[tuple[int, int]]) -> None:
    events, n = np.array(rows, dtype=float).T
    try:
        result = pool_binomial_normal(events, n)
    except ConvergenceError:
        # no maximum: only empty and full rows can do that to a set of these sizes
        return
    if isinstance(result, ExactLimit):
        assert events.sum() in (0, n.sum())
        return
    likelihood = BinomialLikelihood(events, n, Quadrature.of_size(21))
    tau = math.sqrt(result.tau_squared)
    for by_mu, by_tau in ((0.01, 0), (-0.01, 0), (0, 0.01), (0, -0.01), (0.1, 0.1), (0, 0.5), (0, 2)):
        nearby, _ = likelihood.value_and_gradient(result.estimate + by_mu, tau + by_tau)
        assert nearby <= result.log_likelihood + 1e-10
    assert result.tau_squared_statistic >= 0
    assert result.heterogeneity_statistic >= result.tau_squared_statistic - 1e-9


def test_one_study_is_its_own_answer() -> None:
    result = _fit([3], [10])
    assert (result.tau_squared, result.heterogeneity_p_value) == (0.0, 1.0)
    assert result.estimate == pytest.approx(math.log(3 / 7), rel=1e-14)
    assert result.standard_error == pytest.approx(math.sqrt(1 / 3 + 1 / 7), rel=1e-9)


def test_single_patients_say_nothing_of_a_spread() -> None:
    result = _fit([1, 0, 1, 1, 0], [1] * 5)
    assert result.tau_squared == 0.0
    assert result.estimate == pytest.approx(math.log(1.5), rel=1e-14)


def test_large_and_very_different_studies_have_an_answer() -> None:
    result = _fit([100, 30000], [1000000, 100000])
    # two precise studies: mu is the mean of their logits, tau half of their difference
    logits = [math.log(100 / 999900), math.log(30000 / 70000)]
    assert result.estimate == pytest.approx(sum(logits) / 2, abs=0.01)
    assert math.sqrt(result.tau_squared) == pytest.approx((logits[1] - logits[0]) / 2, rel=0.01)


def test_only_empty_and_full_rows_have_no_maximum() -> None:
    with pytest.raises(ConvergenceError, match="empty or full"):
        pool_binomial_normal([0, 5, 0, 7], [4, 5, 6, 7])


def test_labels_and_level_are_handed_on() -> None:
    result = _fit([3, 9], [10, 11], labels=["a", "b"], level=0.9, nodes=7)
    assert (result.labels, result.level, result.nodes, result.row_count) == (("a", "b"), 0.9, 7, 2)
    assert (result.method, result.effect_measure) == ("binomial-normal", "PLO")
    half = (result.ci_upper - result.ci_lower) / 2
    assert half == pytest.approx(1.6448536269514722 * result.standard_error, rel=1e-12)


@pytest.mark.parametrize(
    ("events", "n", "more", "message"),
    [
        ([3, 12], [10, 11], {}, "row 2: events = 12, n = 11"),
        ([3, -1], [10, 11], {}, "row 2: events = -1"),
        ([3.5, 1], [10, 11], {}, "row 1: events = 3.5: events must be a whole number"),
        ([3, 1], [10, 11.5], {}, "row 2: n = 11.5: n must be a whole number"),
        ([3, math.nan], [10, 11], {}, "row 2: events = nan"),
        ([0, 0], [10, 0], {}, "row 2: n = 0"),
        ([3], [10, 11], {}, "differ in length"),
        ([3], [10], {"nodes": 0}, "nodes = 0"),
        ([3], [10], {"nodes": 2.5}, "nodes = 2.5"),
        ([3], [10], {"level": 95}, "level must lie between 0 and 1"),
        ([3], [10], {"labels": ["a", "b"]}, "2 labels for 1 rows"),
    ],
)
def test_impossible_counts_are_named(events: Any, n: Any, more: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidDataError, match=message):
        pool_binomial_normal(events, n, **more)
