"""The marginal distributions themselves: a rough mixture tells where to look, and changes no answer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from evisynth.synthesis import ROUGH_COMPONENTS, NormalMixture, pool_bayesian, shortest_interval

# sums of some hundred products of numbers about 1, and a root of their difference
ROUNDING = 1e-9


def mixture(count: int, spread: float = 1.0, at: float = 0.0, seed: int = 1) -> NormalMixture:
    generator = np.random.default_rng(seed)
    weights = generator.random(count) + 0.01
    means = at + spread * np.linspace(-1, 1, count)
    return NormalMixture(weights / weights.sum(), means, spread * (0.2 + generator.random(count)))


def mean_and_variance(of: NormalMixture) -> tuple[float, float]:
    # about a value near the mean, so that no digits are lost far from zero
    centre = float(of.means[0])
    mean = float(of.weights @ (of.means - centre))
    square = float(of.weights @ ((of.means - centre) ** 2 + of.standard_deviations**2))
    return centre + mean, square - mean**2


@given(
    count=st.integers(2 * ROUGH_COMPONENTS, 700),
    spread=st.floats(1e-3, 1e3),
    at=st.floats(-10, 10),
    seed=st.integers(0, 50),
)
def test_a_rough_mixture_keeps_mass_mean_and_variance(
    count: int, spread: float, at: float, seed: int
) -> None:
    exact = mixture(count, spread, at * spread, seed)
    rough = exact.rough()
    # neighbours go together in groups of count // 40, so that at most 40 and the half of 40 again are left
    assert len(rough.weights) <= ROUGH_COMPONENTS * 3 // 2 + 1
    assert rough.weights.sum() == pytest.approx(1, abs=ROUNDING)
    mean, variance = mean_and_variance(exact)
    rough_mean, rough_variance = mean_and_variance(rough)
    assert rough_mean == pytest.approx(mean, abs=ROUNDING * spread)
    assert rough_variance == pytest.approx(variance, rel=ROUNDING)


@pytest.mark.parametrize("count", [1, 5, ROUGH_COMPONENTS, 2 * ROUGH_COMPONENTS - 1])
def test_few_components_stay_as_they_are(count: int) -> None:
    exact = mixture(count)
    assert exact.rough() is exact


def test_components_without_mass_leave_the_mixture_as_it_is() -> None:
    # The mean of a group of no mass is 0 / 0.
    exact = mixture(4 * ROUGH_COMPONENTS)
    weights = exact.weights.copy()
    weights[:8] = 0.0
    empty = NormalMixture(weights / weights.sum(), exact.means, exact.standard_deviations)
    assert empty.rough() is empty


def test_what_overflows_leaves_the_mixture_as_it_is() -> None:
    exact = mixture(4 * ROUGH_COMPONENTS)
    wide = NormalMixture(exact.weights, exact.means, exact.standard_deviations * 1e200)
    assert wide.rough() is wide


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
@pytest.mark.parametrize("prior", ["half-normal(0.1)", "half-normal(0.5)", "half-cauchy(2)"])
def test_the_shortest_interval_is_that_of_the_whole_mixture(
    level: float, prior: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # an estimate far from the others, so that the posterior is skewed and the shortest is not the central
    result = pool_bayesian([-0.1, -0.2, -1.6], [0.02, 0.04, 0.2], tau_prior=prior)
    effect = result.posterior.effect
    found = shortest_interval(effect, level)
    assert effect.rough() is not effect
    monkeypatch.setattr(NormalMixture, "rough", lambda self: self)
    assert found == pytest.approx(shortest_interval(effect, level), abs=ROUNDING)
    lower, upper = effect.density(found)
    assert lower == pytest.approx(upper, rel=1e-6)  # the search ends within rounding of the limits
    inside = np.diff(effect.probability_below(found))[0]
    assert inside == pytest.approx(level, abs=ROUNDING)


def test_two_humps_are_not_smoothed_into_one() -> None:
    # Two far components of unequal width and mass 0.5 each: half the mass is shortest in the narrow one.
    half = 2 * ROUGH_COMPONENTS
    means = np.concatenate([np.full(half, -10.0), np.full(half, 10.0)])
    deviations = np.concatenate([np.full(half, 3.0), np.full(half, 0.5)])
    two = NormalMixture(np.full(2 * half, 0.5 / half), means, deviations)
    lower, upper = shortest_interval(two, 0.45)
    assert 8 < lower < 10 < upper < 12
    # 0.9 of the narrow normal: 1.644854 of its standard deviations on either side
    assert (lower, upper) == pytest.approx((10 - 0.8224268, 10 + 0.8224268), abs=1e-6)
