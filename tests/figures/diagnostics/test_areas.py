"""Areas of points: as the numbers are, never too small to be seen, smaller where there are many."""

from __future__ import annotations

import numpy as np
import pytest

from evisynth.figures import diameters_of


def test_areas_are_as_the_numbers() -> None:
    large, small = diameters_of(np.array([400.0, 100.0]))
    assert large**2 == pytest.approx(4 * small**2)


def test_the_smallest_can_be_seen() -> None:
    assert min(diameters_of(np.array([1e6, 1.0, 0.0]))) == 2.5


def test_many_points_are_smaller() -> None:
    assert max(diameters_of(np.ones(300))) < max(diameters_of(np.ones(10)))
