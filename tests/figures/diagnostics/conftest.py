"""Pooled results for diagnostic charts: the BCG trials, made-up rows, and what a chart must survive."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from evisynth.figures import Chart
from evisynth.figures.chart.chart import Mark
from evisynth.synthesis import PooledResult, pool

MakeUp = Callable[..., PooledResult]


@pytest.fixture
def bcg_pooled(bcg_result: PooledResult) -> PooledResult:
    """The 13 BCG trials as rma(yi, vi, data=dat) pools them, with a Wald interval as metafor has it."""
    return pool(bcg_result.y, bcg_result.v, interval="wald", labels=bcg_result.labels, effect_measure="RR")


@pytest.fixture(scope="session")
def make_up() -> MakeUp:
    """Rows that scatter by chance and by 0.3 between studies, the same for the same number of rows."""

    def make(row_count: int, effect_measure: str | None = "hazard_ratio", mean: float = -0.3) -> PooledResult:
        generator = np.random.default_rng(row_count)
        errors = generator.uniform(0.08, 0.6, row_count)
        y = generator.normal(mean, np.sqrt(errors**2 + 0.09))
        labels = [f"Author {i} {1980 + i % 40}" for i in range(row_count)]
        return pool(y, errors**2, labels=labels, effect_measure=effect_measure)

    return make


@pytest.fixture(scope="session")
def marks_of() -> Callable[..., list[Mark]]:
    """The marks of one kind in a chart, panel by panel."""

    def find(chart: Chart, kind: type) -> list[Mark]:
        return [
            mark for line in chart.panels for panel in line for mark in panel.marks if isinstance(mark, kind)
        ]

    return find
