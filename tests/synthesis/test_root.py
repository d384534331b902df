from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from evisynth.errors import ConvergenceError
from evisynth.synthesis import bracketed_root, many_bracketed_roots


def flat_then_steep(root: float):  # type: ignore[no-untyped-def]
    """A function on which plain Newton steps run away: atan far from its root."""
    return lambda x: (math.atan(50 * (x - root)), 50 / (1 + (50 * (x - root)) ** 2))


@given(root=st.floats(1e-6, 999), start=st.floats(0, 1000))
def test_newton_is_rescued_by_the_bracket(root: float, start: float) -> None:
    found = bracketed_root(flat_then_steep(root), 0.0, 1000.0, start, 0.01)
    assert found == pytest.approx(root, abs=1e-12 * (root + 0.01))


@given(roots=st.lists(st.floats(1e-6, 999), min_size=1, max_size=6), start=st.floats(0, 1000))
def test_many_find_what_one_finds(roots: list[float], start: float) -> None:
    goal = np.array(roots)
    n = len(roots)

    def function(x: np.ndarray, number: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        z = 50 * (x - goal[number])
        return np.arctan(z), 50 / (1 + z**2)

    found, converged = many_bracketed_roots(
        function, np.zeros(n), np.full(n, 1000.0), np.full(n, start), np.full(n, 0.01)
    )
    assert converged.all()
    for answer, root in zip(found, roots, strict=True):
        alone = bracketed_root(flat_then_steep(root), 0.0, 1000.0, start, 0.01)
        assert answer == pytest.approx(alone, abs=1e-12 * (root + 0.01))


def test_a_wrong_slope_still_ends_at_the_root() -> None:
    # The last step is trusted to shrink quadratically; a slope 1,000 times too flat leaves more.
    assert bracketed_root(lambda x: (x - 0.7, 1e-3), 0.0, 10.0, 5.0, 0.1) == pytest.approx(0.7, abs=1e-8)


def test_what_is_no_number_is_no_answer() -> None:
    with pytest.raises(ConvergenceError, match="between"):
        bracketed_root(lambda x: (math.nan, 1.0), 0.0, 1.0, 0.5, 0.1)
    roots, converged = many_bracketed_roots(
        lambda x, number: (np.where(number == 0, np.nan, x - 0.25), np.ones(len(x))),
        np.zeros(2),
        np.ones(2),
        np.full(2, 0.5),
        np.full(2, 0.1),
    )
    assert converged.tolist() == [False, True]
    assert math.isnan(roots[0])
    assert roots[1] == pytest.approx(0.25)
