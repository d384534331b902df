"""pool(): borders, errors, and what must not change when the data are merely written differently."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st

from evisynth.errors import EvidenceError, InvalidDataError
from evisynth.synthesis import INTERVALS, TAU_SQUARED_ESTIMATORS, PooledResult, pool

METHODS = tuple(TAU_SQUARED_ESTIMATORS)
ITERATED = ("ML", "REML", "PM", "PMM")
# Rounding of the inputs moves answers by a few last bits, but for a double root of the likelihood, where no
# floating-point answer is stable (see ``unstable``).
SAME = 1e-9

rows = st.lists(
    st.tuples(st.floats(-3, 3).map(lambda y: round(y, 3)), st.floats(0.001, 2).map(lambda v: round(v, 4))),
    min_size=2,
    max_size=12,
)


def columns(data: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([y for y, _ in data]), np.array([v for _, v in data])


def numbers(result: PooledResult) -> dict[str, float]:
    return {
        name: getattr(result, name)
        for name in PooledResult.__slots__
        if isinstance(getattr(result, name), float) and name != "level"
    }


def unstable(y: np.ndarray, v: np.ndarray, method: str) -> bool:
    """Say whether a change of the data by 1e-9 moves the answer by much more: a double root, or a tie."""
    nudged = y * (1 + 1e-9 * np.cos(np.arange(len(y))))
    here, there = pool(y, v, tau_squared=method).tau_squared, pool(nudged, v, tau_squared=method).tau_squared
    return abs(here - there) > 1e-7 * (here + v.min())


class TestInvariance:
    @settings(max_examples=60, deadline=None)
    @given(data=rows, method=st.sampled_from(METHODS), seed=st.integers(0, 1000))
    def test_the_order_of_rows_does_not_matter(
        self, data: list[tuple[float, float]], method: str, seed: int
    ) -> None:
        y, v = columns(data)
        assume(not unstable(y, v, method))
        order = np.random.default_rng(seed).permutation(len(y))
        plain, mixed = pool(y, v, tau_squared=method), pool(y[order], v[order], tau_squared=method)
        assert numbers(mixed) == pytest.approx(numbers(plain), rel=SAME, abs=SAME)
        assert mixed.weights == pytest.approx(plain.weights[order], rel=SAME)

    @settings(max_examples=60, deadline=None)
    @given(data=rows, method=st.sampled_from(METHODS), shift=st.integers(-64, 64))
    def test_a_shift_moves_only_the_place(
        self, data: list[tuple[float, float]], method: str, shift: int
    ) -> None:
        y, v = columns(data)
        assume(not unstable(y, v, method))
        plain, moved = pool(y, v, tau_squared=method), pool(y + shift, v, tau_squared=method)
        for name in ("estimate", "ci_lower", "ci_upper"):
            assert getattr(moved, name) == pytest.approx(getattr(plain, name) + shift, rel=SAME, abs=SAME)
        for name in ("tau_squared", "standard_error", "q_statistic", "i_squared", "h_squared"):
            assert getattr(moved, name) == pytest.approx(getattr(plain, name), rel=SAME, abs=SAME)

    @settings(max_examples=60, deadline=None)
    @given(data=rows, method=st.sampled_from(METHODS), interval=st.sampled_from(INTERVALS))
    def test_swapping_the_arms_swaps_the_signs(
        self, data: list[tuple[float, float]], method: str, interval: str
    ) -> None:
        y, v = columns(data)
        plain = pool(y, v, tau_squared=method, interval=interval)
        swapped = pool(-y, v, tau_squared=method, interval=interval)
        # Negation is exact in floating point, so that nothing may differ.
        assert swapped.estimate == -plain.estimate
        assert (swapped.ci_lower, swapped.ci_upper) == (-plain.ci_upper, -plain.ci_lower)
        for name in ("tau_squared", "standard_error", "p_value", "q_statistic", "i_squared"):
            assert getattr(swapped, name) == getattr(plain, name)

    @settings(max_examples=60, deadline=None)
    @given(data=rows, method=st.sampled_from(METHODS), power=st.integers(-40, 40))
    def test_a_unit_of_a_power_of_two_is_exact(
        self, data: list[tuple[float, float]], method: str, power: int
    ) -> None:
        y, v = columns(data)
        scale = 2.0**power
        plain, scaled = pool(y, v, tau_squared=method), pool(scale * y, scale**2 * v, tau_squared=method)
        assert scaled.tau_squared == scale**2 * plain.tau_squared
        assert scaled.standard_error == scale * plain.standard_error
        assert scaled.estimate == scale * plain.estimate

    @settings(max_examples=60, deadline=None)
    @given(data=rows)
    def test_a_study_twice_is_a_study_of_half_the_variance(self, data: list[tuple[float, float]]) -> None:
        # Exact for the common effect; elsewhere two rows share less of tau squared than one.
        y, v = columns(data)
        twice = pool(
            np.append(y, y[0]), np.append(v, v[0]), tau_squared="common", interval="wald", prediction="none"
        )
        halved = v.copy()
        halved[0] /= 2
        once = pool(y, halved, tau_squared="common", interval="wald")
        assert twice.estimate == pytest.approx(once.estimate, rel=1e-12, abs=1e-12)
        assert twice.standard_error == pytest.approx(once.standard_error, rel=1e-12)
        assert twice.q_statistic == pytest.approx(once.q_statistic, rel=1e-9, abs=1e-9)

    @settings(max_examples=40, deadline=None)
    @given(data=rows, method=st.sampled_from(METHODS), interval=st.sampled_from(INTERVALS))
    def test_every_answer_is_whole(self, data: list[tuple[float, float]], method: str, interval: str) -> None:
        y, v = columns(data)
        result = pool(y, v, tau_squared=method, interval=interval)
        assert all(math.isfinite(value) for value in numbers(result).values())
        assert result.weights.sum() == pytest.approx(1, abs=1e-14)
        assert result.tau_squared >= 0
        assert 0 <= result.i_squared <= 1
        assert result.ci_lower <= result.estimate <= result.ci_upper
        assert 0 <= result.p_value <= 1
        assert y.min() - 1e-12 <= result.estimate <= y.max() + 1e-12


class TestByMatrixAlgebra:
    """The same answers from k x k matrices, as in the textbook."""

    y = np.array([0.1, 1.4, -0.9, 0.45, 2.6, 0.2])
    v = np.array([0.04, 0.3, 0.11, 0.02, 0.5, 0.09])

    def projection(self, tau_squared: float) -> np.ndarray:
        w = np.diag(1 / (self.v + tau_squared))
        one = np.ones((len(self.y), 1))
        return w - w @ one @ np.linalg.inv(one.T @ w @ one) @ one.T @ w

    def test_moment_estimators(self) -> None:
        k = len(self.y)
        p = self.projection(0)
        q = self.y @ p @ self.y
        total = (1 / self.v).sum()
        expected = {
            "DL": (q - (k - 1)) / np.trace(p),
            "HE": np.var(self.y, ddof=1) - self.v.mean(),
            "HS": (q - k) / total,
            "HSk": (q * k / (k - 1) - k) / total,
            "SJ": np.var(self.y) * (self.y @ self.projection(np.var(self.y)) @ self.y) / (k - 1),
        }
        for method, value in expected.items():
            assert value > 0
            assert pool(self.y, self.v, tau_squared=method).tau_squared == pytest.approx(value, rel=1e-12)

    def test_iterated_estimators_solve_their_equations(self) -> None:
        k = len(self.y)
        for method in ITERATED:
            t = pool(self.y, self.v, tau_squared=method).tau_squared
            assert t > 0
            p = self.projection(t)
            left, right = {
                "REML": (self.y @ p @ p @ self.y, np.trace(p)),
                "ML": (self.y @ p @ p @ self.y, (1 / (self.v + t)).sum()),
                "PM": (self.y @ p @ self.y, k - 1),
                # the median of chi-squared with 5 degrees of freedom
                "PMM": (self.y @ p @ self.y, 4.351460191095526),
            }[method]
            assert left == pytest.approx(right, rel=1e-12)

    def test_i_squared_from_the_typical_variance(self) -> None:
        result = pool(self.y, self.v)
        typical = (len(self.y) - 1) / np.trace(self.projection(0))
        assert result.i_squared == pytest.approx(
            result.tau_squared / (result.tau_squared + typical), rel=1e-12
        )
        assert result.h_squared == pytest.approx(1 + result.tau_squared / typical, rel=1e-12)


class TestBorders:
    @pytest.mark.parametrize("method", METHODS)
    @pytest.mark.parametrize("interval", INTERVALS)
    def test_one_row_is_its_own_answer(self, method: str, interval: str) -> None:
        result = pool([-0.5], [0.0625], tau_squared=method, interval=interval)
        assert (result.estimate, result.standard_error) == (-0.5, 0.25)
        assert (result.ci_lower, result.ci_upper) == pytest.approx((-0.5 - 0.48999100, -0.5 + 0.48999100))
        assert (result.tau_squared, result.i_squared, result.h_squared) == (0, 0, 1)
        assert (result.q_statistic, result.q_p_value) == (0, 1)
        assert (result.prediction_lower, result.prediction_upper) == (None, None)
        assert (result.method, result.interval, result.weights.tolist()) == ("common", "wald", [1.0])

    @pytest.mark.parametrize("method", METHODS)
    def test_identical_effects_show_no_heterogeneity(self, method: str) -> None:
        result = pool([0.3] * 4, [0.05, 0.1, 0.2, 0.05], tau_squared=method)
        assert (result.tau_squared, result.q_statistic, result.i_squared) == (0, 0, 0)
        assert result.estimate == 0.3
        assert result.standard_error == pytest.approx(math.sqrt(1 / 55), rel=1e-15)

    def test_identical_effects_under_plain_hksj_leave_no_width(self) -> None:
        result = pool([0.3] * 4, [0.05] * 4, interval="hksj-plain")
        assert (result.standard_error, result.ci_lower, result.ci_upper, result.p_value) == (0, 0.3, 0.3, 0)
        assert pool([0.0] * 4, [0.05] * 4, interval="hksj-plain").p_value == 1

    @pytest.mark.parametrize("method", [method for method in METHODS if method not in ("SJ", "common")])
    def test_q_below_its_degrees_of_freedom_gives_zero(self, method: str) -> None:
        assert pool([0.10, 0.12, 0.09], [0.04, 0.05, 0.06], tau_squared=method).tau_squared == 0

    def test_two_equal_studies_by_hand(self) -> None:
        result = pool([1.0, 2.0], [0.1, 0.1])
        assert result.tau_squared == pytest.approx(0.4, rel=1e-15)
        # t with 1 degree of freedom: tan(0.475 pi)
        assert result.ci_upper == pytest.approx(1.5 + 0.5 * math.tan(0.475 * math.pi), rel=1e-14)
        assert (result.prediction_lower, result.prediction_upper) == (None, None)

    def test_hksj_is_never_narrower_than_t(self) -> None:
        y, v = [0.10, 0.12, 0.09], [0.04, 0.05, 0.06]
        assert pool(y, v, interval="hksj").standard_error == pool(y, v, interval="t").standard_error
        assert pool(y, v, interval="hksj-plain").standard_error < pool(y, v, interval="t").standard_error

    def test_level_widens_both_intervals(self) -> None:
        y, v = [0.1, 0.5, 0.9], [0.04, 0.05, 0.06]
        narrow, wide = pool(y, v, level=0.9), pool(y, v, level=0.99)
        assert wide.ci_lower < narrow.ci_lower < narrow.ci_upper < wide.ci_upper
        assert wide.prediction_lower is not None
        assert narrow.prediction_lower is not None
        assert wide.prediction_lower < narrow.prediction_lower


class TestErrors:
    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ({"y": [1, 2], "v": [1]}, "y has 2 rows and v has 1"),
            ({"y": [], "v": []}, "no rows"),
            ({"y": [1, math.nan], "v": [1, 1], "labels": ["a", "b"]}, r"row 2 \(b\).*nan"),
            ({"y": [1, None], "v": [1, 1]}, "row 2.*nan"),
            ({"y": [math.inf, 2], "v": [1, 1]}, "row 1.*inf"),
            ({"y": [1, 2], "v": [1, 0.0], "labels": ["a", "b"]}, r"row 2 \(b\).*variance is 0.0"),
            ({"y": [1, 2], "v": [-0.5, 1]}, "row 1.*variance is -0.5"),
            ({"y": [1, 2], "v": [1, math.inf]}, "row 2.*variance is inf"),
            ({"y": [1, 2], "v": [1, math.nan]}, "row 2.*variance is nan"),
            ({"y": [1, 1e301], "v": [1, 1]}, "row 2.*too large"),
            ({"y": [[1, 2]], "v": [[1, 2]]}, "flat list"),
            ({"y": ["x", 2], "v": [1, 2]}, "numbers only"),
            ({"y": [1, 2], "v": [1, 2], "labels": ["a"]}, "1 names for 2 rows"),
            ({"y": [1, 2], "v": [1, 2], "level": 95}, "level.*95"),
            ({"y": [1, 2], "v": [1, 2], "level": 1.0}, "level.*1.0"),
            ({"y": [1, 2], "v": [1, 2], "tau_squared": "reml"}, "did you mean 'REML'.*known: common, DL, HE"),
            ({"y": [1, 2], "v": [1, 2], "interval": "z"}, "unknown interval 'z'.*wald, t, hksj, hksj-plain"),
            ({"y": [1, 2], "v": [1, 2], "prediction": "z"}, "prediction.*'z'.*normal, t, hts, none"),
        ],
    )
    def test_bad_input_is_named(self, arguments: dict[str, Any], words: str) -> None:
        with pytest.raises(InvalidDataError, match=words) as caught:
            pool(**arguments)
        assert isinstance(caught.value, EvidenceError)
        assert isinstance(caught.value, ValueError)


def test_the_result_is_frozen_and_its_arrays_are_its_own() -> None:
    y, v = np.array([0.1, 0.5, 0.9]), np.array([0.04, 0.05, 0.06])
    result = pool(y, v, labels=["a", "b", "c"], effect_measure="hazard_ratio")
    y[0] = 99
    assert result.y.tolist() == [0.1, 0.5, 0.9]
    assert (result.labels, result.effect_measure, result.row_count) == (("a", "b", "c"), "hazard_ratio", 3)
    with pytest.raises(FrozenInstanceError):
        result.estimate = 0.0  # type: ignore[misc]
    for array in (result.y, result.v, result.weights):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_a_long_set_stays_within_memory_of_its_own_size() -> None:
    generator = np.random.default_rng(1)
    v = generator.uniform(0.02, 0.4, 200_000)  # a k x k matrix would take 320 GB
    y = generator.normal(0.3, np.sqrt(v + 0.05))
    result = pool(y, v)
    assert result.estimate == pytest.approx(0.3, abs=4 * result.standard_error)
    assert result.tau_squared == pytest.approx(0.05, abs=0.002)  # three sampling errors of tau squared here


def test_pooling_starts_without_what_it_does_not_need() -> None:
    code = (
        "import sys; from evisynth.synthesis import pool; pool([0.1, 0.5, 0.9], [0.04, 0.05, 0.06]); "
        "print({'scipy.stats', 'scipy.optimize', 'pandas', 'matplotlib', 'duckdb'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
