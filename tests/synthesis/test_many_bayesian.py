"""Many Bayesian syntheses at once say what each of them says alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from evisynth.errors import InvalidDataError
from evisynth.synthesis import pool_bayesian, pool_many_bayesian
from evisynth.synthesis.many import many_bayesian

# of the width of the interval: the trapezoid rule with these nodes; both integrals settle well below it
AGREE = 1e-8
PRIORS = (
    "half-normal(0.05)", "half-normal(0.5)", "half-normal(5)", "half-t(0.5, 4)", "half-cauchy(0.5)",
    "log-normal(-1.75, 0.63)", "log-normal(-20, 0.5)",
)  # fmt: skip


def assert_each_is_as_alone(y: np.ndarray, v: np.ndarray, prior: str, level: float = 0.95) -> None:
    found = pool_many_bayesian(y, v, tau_prior=prior, level=level)
    for group, (estimates, variances) in enumerate(zip(y, v, strict=True)):
        inside = ~np.isnan(estimates)
        alone = pool_bayesian(estimates[inside], variances[inside], tau_prior=prior, level=level)
        width = AGREE * (alone.ci_upper - alone.ci_lower)
        assert found.estimate[group] == pytest.approx(alone.estimate, abs=width)
        assert found.ci_lower[group] == pytest.approx(alone.ci_lower, abs=width)
        assert found.ci_upper[group] == pytest.approx(alone.ci_upper, abs=width)
        # a second moment rests on the far tail of tau, of which both cut off what they cannot feel
        assert found.standard_error[group] == pytest.approx(alone.standard_error, rel=1e-6)


@pytest.mark.parametrize("prior", PRIORS)
@pytest.mark.parametrize("rows", [2, 3, 5, 30])
def test_each_group_is_as_alone(rows: int, prior: str) -> None:
    generator = np.random.default_rng(rows)
    y = generator.normal(3.0, 0.5, (3, rows))
    v = generator.uniform(0.05, 0.6, (3, rows)) ** 2
    y[1] = y[1, 0]  # all alike
    if rows > 2:
        y[0, 1] = v[0, 1] = np.nan
    assert_each_is_as_alone(y, v, prior)


@settings(max_examples=15, deadline=None)
@given(
    y=st.lists(st.lists(st.floats(-3, 3), min_size=3, max_size=3), min_size=1, max_size=3),
    errors=st.lists(st.floats(0.05, 2), min_size=3, max_size=3),
    level=st.sampled_from([0.5, 0.8, 0.95, 0.99]),
)
def test_whatever_the_estimates(y: list[list[float]], errors: list[float], level: float) -> None:
    assert_each_is_as_alone(np.array(y), np.tile(np.square(errors), (len(y), 1)), "half-normal(0.5)", level)


def test_groups_do_not_touch_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(1)
    y, v = generator.normal(0, 0.5, (7, 4)), generator.uniform(0.1, 0.6, (7, 4)) ** 2
    together = pool_many_bayesian(y, v, tau_prior="half-normal(0.5)")
    monkeypatch.setattr(many_bayesian, "_MOST_ENTRIES", 1)
    one_by_one = pool_many_bayesian(y, v, tau_prior="half-normal(0.5)")
    assert one_by_one.ci_lower == pytest.approx(together.ci_lower, abs=1e-12)  # rounding of a sum
    assert one_by_one.estimate == pytest.approx(together.estimate, abs=1e-12)


def test_an_interval_that_the_search_does_not_find_is_found_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many_bayesian, "_NEWTON_STEPS", 1)
    y, v = np.array([[-0.1, -0.2, -1.6]]), np.array([[0.02, 0.04, 0.2]])
    alone = pool_bayesian(y[0], v[0], tau_prior="half-normal(0.5)")
    found = pool_many_bayesian(y, v, tau_prior="half-normal(0.5)")
    assert (found.ci_lower[0], found.ci_upper[0]) == (alone.ci_lower, alone.ci_upper)


def test_no_group_is_no_answer_and_one_row_is_refused() -> None:
    nothing = pool_many_bayesian(np.empty((0, 3)), np.empty((0, 3)), tau_prior="half-normal(0.5)")
    assert nothing.estimate.shape == (0,)
    single = np.array([[0.1, np.nan]])
    with pytest.raises(InvalidDataError, match="fewer than two rows"):
        pool_many_bayesian(single, single, tau_prior="half-normal(0.5)")
    with pytest.raises(InvalidDataError, match="flat prior on tau"):
        pool_many_bayesian(np.array([[0.1, 0.2]]), np.array([[0.1, 0.1]]), tau_prior="flat")
