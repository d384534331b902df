"""The numbers that every program of the bench is given."""

from __future__ import annotations

import numpy as np

#: Rows of one synthesis.
SIZES = (5, 500, 5000)
#: Syntheses of five rows at once.
FEW, MANY = 10_000, 1_000_000
#: How many of them a program is timed on that fits them one after another; the time is multiplied.
LOOPED = 500


def effects(rows: int, seed: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Make estimates that differ beyond chance, with unequal variances.

    The seed is one whose five rows have a between-study variance above zero, so that nobody's search is over
    before it begins.
    """
    generator = np.random.default_rng(seed)
    v = generator.uniform(0.02, 0.4, rows)
    return generator.normal(0.3, np.sqrt(v + 0.3)), v


def sets_of_five(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Make many sets of five rows: two arrays of shape (count, 5)."""
    y, v = effects(5 * count)
    return y.reshape(count, 5), v.reshape(count, 5)
