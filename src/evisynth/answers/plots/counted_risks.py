"""The pooled effect of events and patients in two groups, whose curve a L'Abbé plot shows."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.typing import ArrayLike

from evisynth.effects import effect_size
from evisynth.synthesis import PooledResult, pool


def pool_risks(columns: Sequence[ArrayLike], code: str) -> PooledResult:
    """Pool what events and patients (events1, n1, events2, n2) give, by the defaults of ``pool``."""
    y, v = effect_size(code, **dict(zip(("events1", "n1", "events2", "n2"), columns, strict=True)))
    return pool(y, v, effect_measure=code)
