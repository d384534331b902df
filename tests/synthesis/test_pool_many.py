"""pool_many(): the numbers of pool(), group by group, whatever the order, size and name of the groups."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evisynth.errors import InvalidDataError
from evisynth.synthesis import INTERVALS, TAU_SQUARED_ESTIMATORS, PooledMany, pool, pool_many
from evisynth.synthesis.many import many_tau_squared as many_likelihood

NUMBERS = (
    "estimate standard_error ci_lower ci_upper p_value tau_squared i_squared h_squared q_statistic q_p_value "
    "prediction_lower prediction_upper"
).split()


def mixed_groups() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(3)
    sizes = generator.integers(1, 40, 80)
    sizes[:6] = [1, 2, 2, 3, 70, 130]
    group = np.repeat(np.arange(80), sizes)
    v = 10 ** generator.uniform(-3, 0, len(group))
    y = generator.normal(0, 1, len(group)) * np.sqrt(v + 0.1)
    order = generator.permutation(len(group))
    return y[order], v[order], group[order]


def assert_same(table: PooledMany, row: int, y: np.ndarray, v: np.ndarray, **options: str) -> None:
    one = pool(y, v, **options)  # type: ignore[arg-type]
    assert table.row_count[row] == one.row_count
    for name in NUMBERS:
        expected = getattr(one, name)
        if expected is None:
            assert math.isnan(getattr(table, name)[row])
        else:
            # Sums are taken in another order: last bits, and cancellation where an estimate is near zero.
            assert getattr(table, name)[row] == pytest.approx(expected, rel=1e-11, abs=1e-14), name


@pytest.mark.parametrize("method", TAU_SQUARED_ESTIMATORS)
@pytest.mark.parametrize("interval", INTERVALS)
def test_every_group_is_pooled_as_if_alone(method: str, interval: str) -> None:
    y, v, group = mixed_groups()
    table = pool_many(y, v, group, tau_squared=method, interval=interval)
    assert table.group.tolist() == list(range(80))
    assert table.converged.all()
    for row in range(80):
        inside = group == row
        assert_same(table, row, y[inside], v[inside], tau_squared=method, interval=interval)


@pytest.mark.parametrize("prediction", ["normal", "t", "hts", "none"])
def test_predictions_by_name(prediction: str) -> None:
    y, v, group = mixed_groups()
    table = pool_many(y, v, group, prediction=prediction)
    for row in range(8):
        inside = group == row
        assert_same(table, row, y[inside], v[inside], prediction=prediction)


def test_groups_may_have_names() -> None:
    table = pool_many([0.1, 0.5, 0.9, 1.0], [0.04, 0.05, 0.06, 0.1], ["b", "a", "b", "a"])
    assert table.group.tolist() == ["a", "b"]
    assert table.row_count.tolist() == [2, 2]
    assert_same(table, 1, np.array([0.1, 0.9]), np.array([0.04, 0.06]))


@pytest.mark.parametrize("method", TAU_SQUARED_ESTIMATORS)
@pytest.mark.parametrize("interval", INTERVALS)
def test_borders(method: str, interval: str) -> None:
    groups = [
        ([0.3], [0.1]),
        ([0.3] * 4, [0.05] * 4),
        ([0.0] * 3, [1.0, 2.0, 3.0]),
        ([1.0, 2.0], [5.0, 0.1]),
        ([1.0, 2.0, 9.0], [1e-12, 1e12, 1.0]),
        ([0.0, 1e6, 1.0], [1e-9, 1e-3, 1e-6]),
        ([1e-9, 3e-9, 2e-9], [1e-22, 1e-20, 3e-21]),
    ]
    sizes = [len(y) for y, _ in groups]
    y, v = np.concatenate([y for y, _ in groups]), np.concatenate([v for _, v in groups])
    group = np.repeat(np.arange(len(groups)), sizes)
    table = pool_many(y, v, group, tau_squared=method, interval=interval)
    for row, (some_y, some_v) in enumerate(groups):
        options = {"tau_squared": method, "interval": interval}
        one = pool(some_y, some_v, **options)  # type: ignore[arg-type]
        for name in NUMBERS[:10]:
            expected = getattr(one, name)
            assert getattr(table, name)[row] == pytest.approx(expected, rel=1e-9, abs=1e-300), (row, name)


def test_a_group_without_an_answer_is_marked_and_holds_no_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    def lose_the_first(*arguments: object) -> tuple[np.ndarray, np.ndarray]:
        roots, found = search(*arguments)  # type: ignore[arg-type]
        roots[0], found[0] = np.nan, False
        return roots, found

    search = many_likelihood.many_bracketed_roots
    monkeypatch.setattr(many_likelihood, "many_bracketed_roots", lose_the_first)
    y, v = [0.0, 1.0, 5.0] * 2, [0.1, 0.2, 0.1] * 2
    table = pool_many(y, v, [1, 1, 1, 2, 2, 2])
    assert table.converged.tolist() == [False, True]
    for name in ("estimate", "standard_error", "ci_lower", "p_value", "tau_squared", "i_squared"):
        assert math.isnan(getattr(table, name)[0]), name
        assert math.isfinite(getattr(table, name)[1]), name
    assert math.isfinite(table.q_statistic[0])  # rests on no iteration


def test_bad_input_is_named() -> None:
    with pytest.raises(InvalidDataError, match=r"row 3.*variance is 0\.0"):
        pool_many([1, 2, 3], [1, 1, 0.0], [1, 1, 2])
    with pytest.raises(InvalidDataError, match=r"group has shape \(2,\)"):
        pool_many([1, 2, 3], [1, 1, 1], [1, 1])
    with pytest.raises(InvalidDataError, match="row 2: the group is nan"):
        pool_many([1, 2, 3], [1, 1, 1], [1, math.nan, 2])
    with pytest.raises(InvalidDataError, match="all names or all numbers"):
        pool_many([1, 2, 3], [1, 1, 1], np.array([1, "a", 2], dtype=object))
    with pytest.raises(InvalidDataError, match="known: common"):
        pool_many([1], [1], [1], tau_squared="X")
    with pytest.raises(InvalidDataError, match="known: wald"):
        pool_many([1], [1], [1], interval="X")
    with pytest.raises(InvalidDataError, match="known: normal"):
        pool_many([1], [1], [1], prediction="X")
    with pytest.raises(InvalidDataError, match=r"row 4.*60 orders"):
        pool_many([1, 2, 1, 2], [1, 1, 1, 1e-70], [1, 1, 2, 2])
    with pytest.raises(InvalidDataError, match=r"row 4.*60 orders"):
        pool_many([1, 2, 1, 1e70], [1, 1, 1, 1], [1, 1, 2, 2])
