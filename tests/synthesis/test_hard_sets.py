"""Data on which iterations fail: two maxima, tau squared near zero, tiny and huge scales, unequal precision.

The exact answers are found here by another route: a dense search of the likelihood for its highest point,
then mpmath.
"""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from numpy.typing import NDArray

from evisynth.errors import InvalidDataError
from evisynth.synthesis import pool, pool_many

Vector = NDArray[np.float64]


def log_likelihoods(y: Vector, v: Vector, t: Vector, restricted: bool) -> Vector:
    w = 1 / (v + t[:, None])
    total = w.sum(axis=1)
    mean = (w @ y) / total
    value = np.log(v + t[:, None]).sum(axis=1) + (w * (y - mean[:, None]) ** 2).sum(axis=1)
    return -0.5 * (value + (np.log(total) if restricted else 0))


def exact_tau_squared(y: Vector, v: Vector, restricted: bool) -> mpmath.mpf:
    """Search a dense grid for the highest likelihood, then solve the score there with 30 digits."""
    top = v.min() + 20 * (np.var(y) + v.max())
    t = np.concatenate(([0.0], np.geomspace(v.min() * 1.0001, top, 20000) - v.min()))
    best = int(log_likelihoods(y, v, t, restricted).argmax())
    with mpmath.workdps(30):
        ys, vs = [mpmath.mpf(float(a)) for a in y], [mpmath.mpf(float(b)) for b in v]

        def score(x: mpmath.mpf) -> mpmath.mpf:
            w = [1 / (b + x) for b in vs]
            total = mpmath.fsum(w)
            mean = mpmath.fsum(a * b for a, b in zip(w, ys, strict=True)) / total
            squares = mpmath.fsum((a * (b - mean)) ** 2 for a, b in zip(w, ys, strict=True))
            return squares - total + (mpmath.fsum(a * a for a in w) / total if restricted else 0)

        low, high = mpmath.mpf(float(t[max(best - 1, 0)])), mpmath.mpf(float(t[best + 1]))
        if score(low) <= 0:
            return mpmath.mpf(0)
        for _ in range(70):  # the grid leaves a thousandth of tau squared; these leave 1e-24 of it
            middle = (low + high) / 2
            low, high = (middle, high) if score(middle) > 0 else (low, middle)
        return low


TWO_MAXIMA = {
    # an answer at zero and another far away; which is higher differs
    "zero is higher": ([0.0, 0.05, -0.03, 2.0], [0.01, 0.012, 0.009, 1.0]),
    "two inner": ([0.0, 1.0, 0.4, 9.0, -8.0], [1e-4, 1e-4, 1.0, 1.0, 1.0]),
}


def random_sets() -> list[tuple[Vector, Vector]]:
    generator = np.random.default_rng(20240229)
    sets = []
    for number in range(150):
        k = int(generator.integers(2, 13))
        v = 10 ** generator.uniform(-generator.uniform(0, 5), generator.uniform(0, 2), k)
        y = (
            generator.normal(0, 1, k)
            * np.sqrt(v + 10 ** generator.uniform(-4, 1))
            * generator.uniform(0.5, 3)
        )
        if number % 3 == 0:
            y *= generator.choice([1, 1, 1, 8], k)
        sets.append((y, v))
    return sets


@pytest.mark.parametrize("method", ["ML", "REML"])
def test_the_global_maximum_is_found_on_random_hard_sets(method: str) -> None:
    sets = random_sets()
    several_maxima = 0
    for y, v in sets:
        exact = float(exact_tau_squared(y, v, method == "REML"))
        found = pool(y, v, tau_squared=method).tau_squared
        assert found == pytest.approx(exact, abs=1e-12 * (exact + v.min()))
        grid = np.concatenate(([0.0], np.geomspace(1e-9, 1e4, 3000)))
        heights = log_likelihoods(y, v, grid, method == "REML")
        inner = (heights[1:-1] > heights[:-2]) & (heights[1:-1] > heights[2:])
        several_maxima += int(inner.sum() + (heights[0] > heights[1]) > 1)
    assert several_maxima >= 3  # the test means something only if such sets are among them


@pytest.mark.parametrize("method", ["ML", "REML"])
def test_pool_many_finds_the_same_maxima(method: str) -> None:
    sets = random_sets()
    group = np.repeat(np.arange(len(sets)), [len(y) for y, _ in sets])
    table = pool_many(
        np.concatenate([y for y, _ in sets]), np.concatenate([v for _, v in sets]), group, tau_squared=method
    )
    assert table.converged.all()
    for row, (y, v) in enumerate(sets):
        one = pool(y, v, tau_squared=method)
        near = 1e-12 * (one.tau_squared + v.min())
        assert table.tau_squared[row] == pytest.approx(one.tau_squared, abs=near)


@pytest.mark.parametrize("name", TWO_MAXIMA)
@pytest.mark.parametrize("method", ["ML", "REML"])
def test_two_maxima(name: str, method: str) -> None:
    y, v = (np.array(values) for values in TWO_MAXIMA[name])
    exact = float(exact_tau_squared(y, v, method == "REML"))
    assert pool(y, v, tau_squared=method).tau_squared == pytest.approx(exact, abs=1e-13 * (exact + v.min()))


def test_two_maxima_of_one_set_are_both_seen_and_the_higher_is_kept() -> None:
    # Moving a far, imprecise study outwards makes the far maximum overtake the one at zero: a jump.
    v = np.array([0.01, 0.012, 0.009, 1.0])
    answers = []
    for far in np.linspace(2, 40, 400):
        y = np.array([0.0, 0.05, -0.03, far])
        found = pool(y, v, tau_squared="ML").tau_squared
        height = log_likelihoods(y, v, np.array([found]), restricted=False)[0]
        grid = np.concatenate(([0.0], np.geomspace(1e-6, 1e4, 400)))
        assert height >= log_likelihoods(y, v, grid, restricted=False).max() - 1e-12
        answers.append(found)
    assert answers[0] == 0
    assert max(np.diff(answers)) > 1  # a jump, not a slope


@pytest.mark.parametrize("scale", [1e-150, 1e-12, 1e-4, 1.0, 1e4, 1e12, 1e140])
@pytest.mark.parametrize("method", ["DL", "HE", "HS", "HSk", "SJ", "ML", "REML", "EB", "PM", "PMM"])
def test_any_unit_gives_the_same_answer(method: str, scale: float) -> None:
    y = np.array([-0.478036, -0.223144, -0.867501, 0.305361, 0.5])
    v = np.array([0.2117, 0.3050, 0.4020, 0.1820, 0.11]) ** 2
    plain, scaled = pool(y, v, tau_squared=method), pool(scale * y, scale**2 * v, tau_squared=method)
    # scale * y itself rounds in the last bit
    assert scaled.tau_squared / scale / scale == pytest.approx(plain.tau_squared, rel=1e-13)
    assert scaled.estimate / scale == pytest.approx(plain.estimate, rel=1e-13)
    assert scaled.standard_error / scale == pytest.approx(plain.standard_error, rel=1e-13)
    assert scaled.p_value == pytest.approx(plain.p_value, rel=1e-12)


@pytest.mark.parametrize("excess", [1e-3, 1e-6, 1e-9, 1e-12])
@pytest.mark.parametrize("method", ["ML", "REML", "PM"])
def test_tau_squared_just_above_zero(method: str, excess: float) -> None:
    # Two studies of equal variance: REML and PM solve to d^2/2 - v, ML to d^2/4 - v.
    v = 0.04
    d = np.sqrt((4 if method == "ML" else 2) * (v + excess))
    exact = d**2 / (4 if method == "ML" else 2) - v
    found = pool([0.0, d], [v, v], tau_squared=method).tau_squared
    assert found == pytest.approx(exact, abs=1e-15)


def test_one_dominant_study_does_not_cancel_the_rest() -> None:
    y, v = np.array([0.0, 1.0, 3.0, 2.5]), np.array([1e-14, 1.0, 0.5, 2.0])
    for method, restricted in (("REML", True), ("ML", False)):
        exact = float(exact_tau_squared(y, v, restricted))
        assert pool(y, v, tau_squared=method).tau_squared == pytest.approx(exact, rel=1e-12)
    with mpmath.workdps(50):
        w = [1 / mpmath.mpf(float(b)) for b in v]
        total = mpmath.fsum(w)
        mean = mpmath.fsum(a * mpmath.mpf(float(b)) for a, b in zip(w, y, strict=True)) / total
        q = mpmath.fsum(a * (mpmath.mpf(float(b)) - mean) ** 2 for a, b in zip(w, y, strict=True))
        exact = float((q - 3) / (total - mpmath.fsum(a * a for a in w) / total))
    assert pool(y, v, tau_squared="DL").tau_squared == pytest.approx(exact, rel=1e-13)


def test_a_large_common_offset_costs_no_digits() -> None:
    y, v = np.array([1.0, 2.0, -1.0, 4.0]), np.array([0.5, 0.25, 1.0, 0.5])
    near, far = pool(y, v), pool(y + 2.0**40, v)
    assert far.tau_squared == near.tau_squared
    assert far.estimate - 2.0**40 == pytest.approx(near.estimate, abs=2.0**-11)


def test_variances_sixty_orders_apart_are_refused_by_name() -> None:
    with pytest.raises(InvalidDataError, match=r"row 2 \(tiny\).*60 orders"):
        pool([1.0, 2.0], [1.0, 1e-70], labels=["plain", "tiny"])
