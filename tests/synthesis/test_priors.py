"""Priors: proper densities, their names, and what gives none."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

from evisynth.errors import InvalidDataError, UnknownNameError
from evisynth.synthesis import (
    HalfCauchy,
    HalfNormal,
    HalfT,
    LogNormal,
    NormalPrior,
    TauPrior,
    read_mu_prior,
    read_tau_prior,
)

EVERY_PRIOR = [
    HalfNormal(0.5),
    HalfNormal(20),
    HalfT(0.5, 4),
    HalfT(2, 0.5),
    HalfCauchy(25),
    LogNormal(-1.75, 0.63),
]


@pytest.mark.parametrize("prior", EVERY_PRIOR, ids=str)
def test_densities_integrate_to_one(prior: TauPrior) -> None:
    def density_of_log_tau(log_tau: float) -> float:
        tau = math.exp(log_tau)
        return tau * math.exp(float(prior.log_density(np.array([tau]))[0]))

    middle = math.log(prior.scale)
    total = sum(quad(density_of_log_tau, middle + left, middle + left + 10)[0] for left in range(-40, 60, 10))
    assert total == pytest.approx(1, abs=1e-8)


@pytest.mark.parametrize("prior", EVERY_PRIOR, ids=str)
def test_names_are_read_back(prior: TauPrior) -> None:
    assert read_tau_prior(str(prior)) == prior
    assert read_tau_prior(prior) is prior


def test_half_t_with_one_degree_of_freedom_is_half_cauchy() -> None:
    tau = np.array([1e-6, 0.3, 2.0, 1e5])
    np.testing.assert_allclose(HalfT(0.7, 1).log_density(tau), HalfCauchy(0.7).log_density(tau), rtol=1e-13)


def test_half_t_with_many_degrees_of_freedom_is_half_normal() -> None:
    tau = np.array([1e-6, 0.3, 2.0])
    # the difference falls as 1 / degrees of freedom
    np.testing.assert_allclose(HalfT(0.7, 1e7).log_density(tau), HalfNormal(0.7).log_density(tau), atol=1e-5)


@pytest.mark.parametrize(
    ("prior", "quantile", "mass"),
    [
        # half-normal(0.5): median 0.34, 95 % below 0.98
        (HalfNormal(0.5), 0.3372449, 0.5),
        (HalfNormal(0.5), 0.9799820, 0.95),
        (HalfCauchy(0.5), 0.5, 0.5),
        # Turner 2015, non-pharmacological comparisons, mortality: median 0.174, 97.5 % below 0.597
        (LogNormal(-1.75, 0.63), 0.1737739, 0.5),
        (LogNormal(-1.75, 0.63), 0.59737, 0.975),
    ],
)
def test_mass_lies_where_it_is_said_to(prior: TauPrior, quantile: float, mass: float) -> None:
    below = quad(lambda tau: math.exp(float(prior.log_density(np.array([tau]))[0])), 1e-12, quantile)[0]
    # the quantiles are given to five digits or more
    assert below == pytest.approx(mass, abs=1e-5)


@pytest.mark.parametrize("wrong", [0, -1, math.nan, math.inf, "0.5", None])
def test_a_scale_is_a_number_above_zero(wrong: object) -> None:
    with pytest.raises(InvalidDataError, match="HalfNormal: scale = "):
        HalfNormal(wrong)  # type: ignore[arg-type]
    with pytest.raises(InvalidDataError, match="NormalPrior: sd = "):
        NormalPrior(0, wrong)  # type: ignore[arg-type]


def test_means_are_finite() -> None:
    with pytest.raises(InvalidDataError, match="mean = nan"):
        NormalPrior(math.nan, 1)
    with pytest.raises(InvalidDataError, match="log_mean = 1000"):
        LogNormal(1000, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("half-normal", "takes .scale., not 0 figures"),
        ("half-normal(1, 2)", "takes .scale., not 2 figures"),
        ("half-t(1)", "takes .scale, degrees_of_freedom., not 1 figures"),
        ("half-normal(a)", "names no prior"),
        ("half-normal(0.5", "names no prior"),
        ("", "names no prior"),
        ("half-normal(0)", "scale = 0"),
    ],
)
def test_figures_that_give_no_density_are_named(text: str, message: str) -> None:
    with pytest.raises(InvalidDataError, match=message):
        read_tau_prior(text)


def test_priors_on_the_mean() -> None:
    assert read_mu_prior("normal(0, 2.82)") == NormalPrior(0, 2.82)
    assert read_mu_prior("flat") is None
    assert read_mu_prior(None) is None
    assert str(NormalPrior(0, 2.82)) == "normal(0, 2.82)"
    with pytest.raises(UnknownNameError, match="did you mean 'normal'"):
        read_mu_prior("normale(0, 1)")
