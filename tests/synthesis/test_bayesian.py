"""The Bayesian model against published results, an independent integration, closed forms, and its borders."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.integrate import quad
from scipy.special import ndtr

from evisynth.errors import ConvergenceError, InvalidDataError, UnknownNameError
from evisynth.synthesis import (
    SENSITIVITY_PRIORS,
    BayesianResult,
    HalfCauchy,
    HalfNormal,
    HalfT,
    LogNormal,
    NormalPrior,
    PooledResult,
    TauPrior,
    pool_bayesian,
    prior_sensitivity,
)

FOUR = ([-0.478036, -0.223144, -0.867501, -0.105361], np.array([0.2117, 0.3050, 0.4020, 0.1820]) ** 2)
TWO = ([-1.384935, -0.292356], np.array([0.327839, 0.382610]) ** 2)
ALIKE = ([-0.10, -0.12, -0.11], np.array([0.20, 0.25, 0.30]) ** 2)
SCHOOLS = (
    [28.39, 7.94, -2.75, 6.82, -0.64, 0.63, 18.01, 12.16],
    np.array([14.9, 10.2, 16.3, 11.0, 9.4, 11.4, 10.4, 17.6]) ** 2,
)
# worked beforehand with a midpoint rule on tau = tau_max u^2, printed to six decimals
SIX_DECIMALS = 1e-6


def _pool(data: tuple[Any, Any], prior: TauPrior | str, **more: Any) -> BayesianResult:
    return pool_bayesian(*data, tau_prior=prior, **more)


def _summary(result: BayesianResult) -> tuple[float, float, float]:
    return result.estimate, result.ci_lower, result.ci_upper


@pytest.mark.parametrize(
    ("data", "prior", "mu"),
    [
        (FOUR, "half-normal(0.25)", (-0.332648, -0.671776, -0.011935)),
        (FOUR, "half-normal(0.5)", (-0.340834, -0.781652, 0.055854)),
        (FOUR, "half-normal(1)", (-0.345307, -0.900129, 0.140845)),
        (FOUR, "half-t(0.5, 4)", (-0.340570, -0.788879, 0.061637)),
        (FOUR, "half-cauchy(0.5)", (-0.339694, -0.794005, 0.066589)),
        (TWO, "half-normal(0.25)", (-0.899431, -1.544944, -0.239512)),
        (TWO, "half-normal(0.5)", (-0.883599, -1.824824, 0.097471)),
        (TWO, "half-normal(1)", (-0.872471, -2.375757, 0.679487)),
        (ALIKE, "half-normal(0.5)", (-0.108806, -0.537120, 0.318799)),
    ],
)
def test_mean_effect_of_two_to_four_studies(
    data: tuple[Any, Any], prior: str, mu: tuple[float, float, float]
) -> None:
    assert _summary(_pool(data, prior)) == pytest.approx(mu, abs=SIX_DECIMALS)


@pytest.mark.parametrize(
    ("data", "prior", "tau"),
    [
        (FOUR, "half-normal(0.25)", (0.147157, 0, 0.408996)),
        (FOUR, "half-normal(0.5)", (0.211307, 0, 0.639037)),
        (FOUR, "half-normal(1)", (0.258122, 0, 0.903083)),
        (TWO, "half-normal(0.5)", (0.448446, 0, 1.017365)),
    ],
)
def test_tau_of_two_and_four_studies(
    data: tuple[Any, Any], prior: str, tau: tuple[float, float, float]
) -> None:
    result = _pool(data, prior)
    assert (result.tau, result.tau_ci_lower, result.tau_ci_upper) == pytest.approx(tau, abs=SIX_DECIMALS)
    assert result.tau_squared == result.tau**2


@pytest.mark.parametrize(
    ("data", "prediction", "below_zero"),
    [
        (FOUR, (-0.335418, -1.179929, 0.434628), 0.963954),
        (TWO, (-0.887269, -2.400376, 0.679960), 0.964821),
    ],
)
def test_the_effect_in_a_new_study(
    data: tuple[Any, Any], prediction: tuple[float, float, float], below_zero: float
) -> None:
    result = _pool(data, "half-normal(0.5)")
    median = float(result.posterior.prediction.quantile(0.5))
    limits = (median, result.prediction_lower, result.prediction_upper)
    assert limits == pytest.approx(prediction, abs=SIX_DECIMALS)
    assert float(result.posterior.effect.probability_below(0)) == pytest.approx(below_zero, abs=SIX_DECIMALS)


def test_one_study_with_a_proper_prior_on_the_mean() -> None:
    result = pool_bayesian([-0.5], [0.25**2], tau_prior=HalfNormal(0.5), mu_prior=NormalPrior(0, 2.82))
    assert _summary(result) == pytest.approx((-0.487932, -1.583421, 0.635940), abs=SIX_DECIMALS)
    prediction = result.posterior.prediction
    assert float(prediction.quantile(0.5)) == pytest.approx(-0.488981, abs=SIX_DECIMALS)
    assert (result.prediction_lower, result.prediction_upper) == pytest.approx(
        (-2.016317, 1.071868), abs=SIX_DECIMALS
    )
    assert (result.q_statistic, result.q_p_value, result.weights.tolist()) == (0.0, 1.0, [1.0])


def test_eight_schools_as_published_for_bayesmeta() -> None:
    # Röver 2020, J Stat Softw 93(6): half-Cauchy(25), mu ~ N(0, 50^2). Tau is exact there; mu and the
    # prediction are on bayesmeta's default grid (delta = 0.01): 3e-4 posterior SD, twice that in the tails
    result = _pool(SCHOOLS, HalfCauchy(25), mu_prior=NormalPrior(0, 50))
    assert (result.tau, result.tau_ci_lower) == pytest.approx((4.758539, 0), abs=3e-6)
    assert result.tau_ci_upper == pytest.approx(15.165894, abs=3e-6)
    grid = 3e-4 * result.standard_error
    assert result.estimate == pytest.approx(7.962961, abs=grid)
    assert (result.ci_lower, result.ci_upper) == pytest.approx((-1.823353, 17.824562), abs=2 * grid)
    assert float(result.posterior.prediction.quantile(0.5)) == pytest.approx(7.926819, abs=2 * grid)
    limits = (result.prediction_lower, result.prediction_upper)
    assert limits == pytest.approx((-10.623526, 26.827377), abs=0.025)


def test_eight_schools_worked_with_a_finer_grid() -> None:
    result = _pool(SCHOOLS, HalfCauchy(25), mu_prior=NormalPrior(0, 50))
    assert _summary(result) == pytest.approx((7.963499, -1.820747, 17.822179), abs=SIX_DECIMALS)
    assert float(result.posterior.prediction.quantile(0.5)) == pytest.approx(7.928074, abs=SIX_DECIMALS)
    assert (result.prediction_lower, result.prediction_upper) == pytest.approx((-10.600, 26.803), abs=1e-3)


def test_eight_schools_with_a_prior_that_is_flat_as_far_as_the_data_reach() -> None:
    # published for the improper uniform prior; a half-normal of scale 1e6 differs from it by 1e-10 there
    result = _pool(SCHOOLS, HalfNormal(1e6))
    assert (result.tau, result.tau_ci_upper) == pytest.approx((5.227732, 17.265797), abs=3e-6)
    assert result.estimate == pytest.approx(8.056407, abs=SIX_DECIMALS)


PRIORS = [HalfNormal(0.5), HalfT(0.5, 4), HalfCauchy(0.5), LogNormal(-1.75, 0.63)]


@pytest.mark.parametrize("prior", PRIORS, ids=str)
@pytest.mark.parametrize("mu_prior", [None, NormalPrior(0.2, 0.7)], ids=str)
def test_agrees_with_an_independent_integration(prior: TauPrior, mu_prior: NormalPrior | None) -> None:
    y, v = np.array(FOUR[0]), FOUR[1]

    def joint(tau: float, threshold: float, extra: float) -> float:
        """Return prior x likelihood with mu integrated to ``threshold``, by completing the square."""
        variance = v + tau**2
        covariance_inverse = np.diag(1 / variance)
        ones = np.ones_like(y)
        precision = float(ones @ covariance_inverse @ ones)
        linear = float(ones @ covariance_inverse @ y)
        square = float(y @ covariance_inverse @ y)
        if mu_prior is not None:
            precision += mu_prior.sd**-2
            linear += mu_prior.mean / mu_prior.sd**2
            square += mu_prior.mean**2 / mu_prior.sd**2
        mean = linear / precision
        density = math.exp(float(prior.log_density(np.array([tau]))[0]))
        likelihood = math.exp(-(square - linear * mean) / 2) / math.sqrt(float(np.prod(variance)) * precision)
        spread = math.sqrt(1 / precision + extra * tau**2)
        return density * likelihood * float(ndtr((threshold - mean) / spread))

    def integral(threshold: float, extra: float = 0.0, most: float = math.inf) -> float:
        pieces = [0.0, 0.1, 0.5, 2.0, 20.0, math.inf]
        total = 0.0
        for left, right in itertools.pairwise(pieces):
            if left < most:
                total += quad(
                    joint, left, min(right, most), (threshold, extra), epsabs=0, epsrel=1e-12, limit=200
                )[0]
        return total

    posterior = _pool(FOUR, prior, mu_prior=mu_prior).posterior
    whole = integral(math.inf)
    for threshold in (-1.5, -0.4, 0.1):
        # quad's own error bound is 1e-12 of the whole
        by_quad = integral(threshold) / whole
        assert float(posterior.effect.probability_below(threshold)) == pytest.approx(by_quad, abs=1e-11)
        by_quad = integral(threshold, extra=1.0) / whole
        assert float(posterior.prediction.probability_below(threshold)) == pytest.approx(by_quad, abs=1e-11)
    for tau in (0.01, 0.2, 0.9, 3.0):
        by_quad = integral(math.inf, most=tau) / whole
        assert float(posterior.tau.probability_below(tau)) == pytest.approx(by_quad, abs=1e-11)


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_one_study_and_a_flat_mean_leave_the_prior_on_tau_as_it_was(level: float) -> None:
    from scipy.special import ndtri

    tau = pool_bayesian([0.3], [0.04], tau_prior=HalfNormal(2), level=level).posterior.tau
    assert tau.shortest_interval(level) == pytest.approx((0, 2 * float(ndtri((1 + level) / 2))), rel=1e-12)
    expected = [2 * float(ndtri((1 + p) / 2)) for p in (1e-6, 0.25, 0.5, 0.999)]
    np.testing.assert_allclose(tau.quantile([1e-6, 0.25, 0.5, 0.999]), expected, rtol=1e-9)


def test_one_study_with_half_cauchy_prior_has_a_closed_form() -> None:
    result = pool_bayesian([0.0], [1.0], tau_prior=HalfCauchy(3.0))
    # quartiles of a half-Cauchy: s tan(pi p / 2)
    np.testing.assert_allclose(
        result.posterior.tau.quantile([0.25, 0.5, 0.75]),
        3 * np.tan(np.pi / 8 * np.array([1, 2, 3])),
        rtol=1e-11,
    )
    assert result.standard_error == math.inf
    assert math.isfinite(result.ci_upper)


def test_standard_error_of_one_study_is_the_variance_plus_the_priors() -> None:
    result = pool_bayesian([0.0], [1.0], tau_prior=HalfNormal(3.0))
    # E(tau^2) = 9, and Var(mu | tau) = v + tau^2
    assert result.standard_error == pytest.approx(math.sqrt(10), rel=1e-11)


@pytest.mark.parametrize(
    ("row_count", "mu_prior", "finite"), [(2, None, False), (3, None, True), (2, NormalPrior(0, 1), True)]
)
def test_a_posterior_without_variance_says_so(
    row_count: int, mu_prior: NormalPrior | None, finite: bool
) -> None:
    y, v = np.linspace(-1, 1, row_count), np.full(row_count, 0.1)
    result = pool_bayesian(y, v, tau_prior=HalfCauchy(0.5), mu_prior=mu_prior)
    assert math.isfinite(result.standard_error) is finite


@pytest.mark.parametrize("prior", [*PRIORS, HalfT(0.2, 1.5)], ids=str)
def test_shortest_intervals_hold_their_mass_and_none_is_shorter(prior: TauPrior) -> None:
    posterior = _pool(FOUR, prior).posterior
    for marginal in (posterior.effect, posterior.prediction, posterior.tau):
        lower, upper = marginal.shortest_interval(0.9)
        mass = float(marginal.probability_below(upper) - marginal.probability_below(lower))
        assert mass == pytest.approx(0.9, abs=1e-13)
        below = np.linspace(0.0005, 0.0995, 60)
        others = marginal.quantile(below + 0.9) - marginal.quantile(below)
        assert upper - lower <= np.min(others) + 1e-12
        central = marginal.central_interval(0.9)
        np.testing.assert_allclose(marginal.probability_below(central), [0.05, 0.95], atol=1e-14)


def test_shortest_interval_of_tau_leaves_zero_when_the_density_does() -> None:
    tau = _pool(FOUR, LogNormal(-1.75, 0.63)).posterior.tau
    lower, upper = tau.shortest_interval(0.95)
    assert lower > 0.01
    ends = tau.density([lower, upper])
    assert ends[0] == pytest.approx(ends[1], rel=1e-8)


def test_densities_integrate_to_one_and_differentiate_the_probability() -> None:
    posterior = _pool(FOUR, HalfNormal(0.5)).posterior
    for marginal, lower in ((posterior.effect, -6.0), (posterior.prediction, -9.0), (posterior.tau, 0.0)):
        total = sum(
            quad(lambda x, m=marginal: float(m.density(x)), left, left + 1, epsabs=1e-11)[0]
            for left in np.arange(lower, 9.0)
        )
        assert total == pytest.approx(1, abs=1e-9)
        slope = np.diff(marginal.probability_below([0.3 - 1e-5, 0.3 + 1e-5]))[0] / 2e-5
        assert float(marginal.density(0.3)) == pytest.approx(slope, rel=1e-8)
    # with this prior the density of tau has a limit at 0, and none below
    assert float(posterior.tau.density(0.0)) == pytest.approx(float(posterior.tau.density(1e-9)), rel=1e-8)
    assert float(posterior.tau.density(-0.1)) == 0.0
    assert float(posterior.tau.probability_below(0.0)) == 0.0


def test_result_is_a_pooled_result_with_weights_that_sum_to_one() -> None:
    result = _pool(TWO, "half-normal(0.5)", labels=["a", "b"], effect_measure="hazard_ratio", level=0.9)
    assert isinstance(result, PooledResult)
    assert (result.method, result.interval, result.level, result.row_count) == (
        "bayesian",
        "shortest",
        0.9,
        2,
    )
    assert (result.labels, result.effect_measure) == (("a", "b"), "hazard_ratio")
    assert np.sum(result.weights) == pytest.approx(1, abs=1e-14)
    assert str(result.prior) == "tau ~ half-normal(0.5), mu ~ flat"
    # Q of the two studies: squared difference over the sum of variances
    q = (TWO[0][0] - TWO[0][1]) ** 2 / float(np.sum(TWO[1]))
    assert result.q_statistic == pytest.approx(q, rel=1e-12)
    # for one degree of freedom the tail of chi-squared is that of a squared normal
    assert result.q_p_value == pytest.approx(2 * float(ndtr(-math.sqrt(q))), rel=1e-12)
    # with two studies the typical variance is the mean of both
    typical = float(np.mean(TWO[1]))
    assert result.i_squared == pytest.approx(result.tau_squared / (result.tau_squared + typical), rel=1e-12)
    assert result.h_squared == pytest.approx(1 / (1 - result.i_squared), rel=1e-12)
    below = float(result.posterior.effect.probability_below(0.0))
    assert result.p_value == pytest.approx(2 * min(below, 1 - below), rel=1e-12)


def test_a_spread_of_zero_in_effect_pools_as_the_common_effect() -> None:
    y, v = np.array(FOUR[0]), FOUR[1]
    w = 1 / v
    result = pool_bayesian(y, v, tau_prior=HalfNormal(1e-9))
    assert result.estimate == pytest.approx(float(w @ y / w.sum()), abs=1e-12)
    assert result.ci_upper - result.ci_lower == pytest.approx(
        2 * 1.959963984540054 / w.sum() ** 0.5, rel=1e-12
    )
    np.testing.assert_allclose(result.weights, w / w.sum(), rtol=1e-12)


@pytest.mark.parametrize("factor", [1e-90, 1e-8, 1e-4, 1e4, 1e8, 1e90])
def test_the_unit_does_not_matter(factor: float) -> None:
    y, v = np.array(FOUR[0]), FOUR[1]
    result = _pool(FOUR, HalfNormal(0.5))
    scaled = pool_bayesian(factor * y, factor**2 * v, tau_prior=HalfNormal(0.5 * factor))
    names = ("estimate", "standard_error", "ci_lower", "ci_upper", "prediction_lower", "tau", "tau_ci_upper")
    for name in names:
        assert getattr(scaled, name) == pytest.approx(factor * getattr(result, name), rel=1e-10)
    assert scaled.p_value == pytest.approx(result.p_value, rel=1e-10)


sets = st.lists(st.tuples(st.floats(-3, 3), st.floats(0.01, 4)), min_size=1, max_size=6)


@settings(max_examples=25, deadline=None)
@given(rows=sets, shift=st.floats(-100, 100), turn=st.integers(0, 5))
def test_order_shift_and_sign_change_nothing_else(
    rows: list[tuple[float, float]], shift: float, turn: int
) -> None:
    y, v = np.array(rows).T
    result = pool_bayesian(y, v, tau_prior=HalfNormal(0.5))
    moved = pool_bayesian(np.roll(shift - y, turn), np.roll(v, turn), tau_prior=HalfNormal(0.5))
    # a shift of 100 leaves 14 digits of y; the ends of a flat-topped interval keep about 10
    assert moved.estimate == pytest.approx(shift - result.estimate, abs=1e-9)
    assert (moved.ci_lower, moved.ci_upper) == pytest.approx(
        (shift - result.ci_upper, shift - result.ci_lower), abs=1e-7
    )
    assert moved.tau == pytest.approx(result.tau, abs=1e-9)
    np.testing.assert_allclose(moved.weights, np.roll(result.weights, turn), atol=1e-9)


@pytest.mark.parametrize(
    ("y", "v", "prior", "mu_prior"),
    [
        ([0, 1e6], [1, 1], "half-normal(0.5)", None),
        ([0, 1e3], [1e-6, 1], "half-normal(0.5)", None),
        ([10], [1], "half-cauchy(0.1)", "normal(0, 0.1)"),
        ([0, 0, 0], [1, 1, 1], "half-normal(0.5)", None),
        ([0.1, 0.2, 0.3], [1e-20, 1, 1e20], "half-normal(0.5)", None),
        ([0.1, 0.2, 0.3], [1e-200] * 3, "half-normal(0.5)", None),
        ([0.1, 0.2, 0.3], [1e200] * 3, "half-normal(0.5)", None),
        ([1e9, 1e9 + 0.3], [0.1, 0.2], "half-normal(0.5)", None),
        ([1, 2, 4], [0.1, 0.1, 0.2], "half-t(1, 0.1)", None),
        ([1, 2, 4], [0.1, 0.1, 0.2], "log-normal(0, 1e-6)", None),
        ([1, 2, 4], [0.1, 0.1, 0.2], "log-normal(-100, 20)", None),
    ],
)
def test_borders_have_an_answer(y: list[float], v: list[float], prior: str, mu_prior: str | None) -> None:
    result = pool_bayesian(y, v, tau_prior=prior, mu_prior=mu_prior)
    assert result.ci_lower < result.estimate < result.ci_upper
    assert result.prediction_lower is not None and result.prediction_upper is not None
    assert result.prediction_lower <= result.ci_lower and result.ci_upper <= result.prediction_upper
    effect = result.posterior.effect
    mass = float(effect.probability_below(result.ci_upper) - effect.probability_below(result.ci_lower))
    # at 1e9 a float keeps 1e-7 of the effect
    assert mass == pytest.approx(0.95, abs=1e-6)
    assert math.isfinite(result.i_squared) and 0 <= result.p_value <= 1


@pytest.mark.parametrize("far", [1e30, 1e100])
def test_effects_that_the_prior_cannot_explain_are_no_answer(far: float) -> None:
    with pytest.raises(ConvergenceError, match="than the prior on tau allows"):
        pool_bayesian([-far, far], [1e-200, 1], tau_prior=HalfNormal(0.5))


def test_many_studies_come_to_what_maximum_likelihood_says() -> None:
    generator = np.random.default_rng(7)
    v = generator.uniform(0.01, 0.1, 3000)
    y = generator.normal(0.2, np.sqrt(v + 0.6**2))
    result = pool_bayesian(y, v, tau_prior=HalfNormal(0.5))
    w = 1 / (v + result.tau_squared)
    # the posterior of mu is normal here but for terms of order 1/k
    assert result.estimate == pytest.approx(float(w @ y / w.sum()), abs=1e-5)
    assert result.standard_error == pytest.approx(w.sum() ** -0.5, rel=1e-3)
    assert result.tau == pytest.approx(0.6, abs=0.03)


@pytest.mark.parametrize("prior", ["flat", "uniform", "Improper"])
def test_a_flat_prior_on_tau_is_refused(prior: str) -> None:
    with pytest.raises(InvalidDataError, match=r"improper.*half-normal"):
        _pool(FOUR, prior)


def test_no_prior_on_tau_is_refused() -> None:
    with pytest.raises(InvalidDataError, match=r"tau_prior = None.*half-normal"):
        pool_bayesian(*FOUR, tau_prior=None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("y", "v", "more", "message"),
    [
        ([0.1, 0.2], [0.1, 0.0], {}, "row 2: the sampling variance is 0.0"),
        ([0.1, 0.2], [-1.0, 0.1], {}, "row 1: the sampling variance is -1.0"),
        ([0.1, math.nan], [0.1, 0.1], {"labels": ["a", "b"]}, "row 2 .b.: the estimate is nan"),
        ([0.1, 0.2], [0.1, math.inf], {}, "row 2: the sampling variance is inf"),
        ([0.1, 0.2], [0.1], {}, "y has 2 rows and v has 1"),
        ([], [], {}, "there are no rows to pool"),
        ([0.1, 1e200], [0.1, 0.1], {}, "row 2: estimate 1e.200 and variance 0.1 are beyond"),
        ([0.1, 0.1], [1e-310, 0.1], {"labels": ["a", "b"]}, "row 1 .a.: estimate 0.1 and variance"),
        ([0.1], [0.1], {"level": 95}, "level must lie between 0 and 1"),
        ([0.1], [0.1], {"labels": ["a", "b"]}, "labels has 2 names for 1 rows"),
        ([0.1], [0.1], {"mu_prior": 3}, "mu_prior = 3"),
    ],
)
def test_impossible_data_are_named(y: Any, v: Any, more: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidDataError, match=message):
        pool_bayesian(y, v, tau_prior="half-normal(0.5)", **more)


def test_unknown_priors_are_errors_that_suggest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'half-normal'"):
        _pool(FOUR, "halfnormal(0.5)")


@pytest.mark.parametrize("probability", [0.0, 1.0, -0.1, math.nan])
def test_quantiles_exist_between_zero_and_one(probability: float) -> None:
    posterior = _pool(TWO, "half-normal(0.5)").posterior
    for marginal in (posterior.effect, posterior.tau):
        with pytest.raises(InvalidDataError, match="between 0 and 1"):
            marginal.quantile(probability)


def test_sensitivity_shows_what_the_prior_decides() -> None:
    rows = prior_sensitivity(*TWO)
    assert [row.prior for row in rows] == [f"tau ~ {prior}, mu ~ flat" for prior in SENSITIVITY_PRIORS]
    assert rows[1].estimate == pytest.approx(-0.883599, abs=SIX_DECIMALS)
    assert rows[1].probability_below_zero == pytest.approx(0.964821, abs=SIX_DECIMALS)
    # a wider prior of the same family gives a wider interval
    widths = [row.ci_upper - row.ci_lower for row in rows[:3]]
    assert widths == sorted(widths)
    assert rows[0].tau < rows[1].tau < rows[2].tau
    assert all(row.prediction_lower < row.ci_lower < row.ci_upper < row.prediction_upper for row in rows)
