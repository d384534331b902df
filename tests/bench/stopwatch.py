"""Taking times: medians, after a warm-up."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def seconds(run: Callable[[], object]) -> float:
    """Time one call."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def median_seconds(run: Callable[[], object], calls: int) -> float:
    """Time ``run`` after one warm-up call."""
    run()
    return statistics.median(seconds(run) for _ in range(calls))


def median_milliseconds(run: Callable[[], object], *, most_calls: int, patience: float = 4.0) -> float:
    """Time ``run`` as often as ``patience``, in seconds, allows: three times or more."""
    run()
    calls = int(patience / max(seconds(run), 1e-6))
    return 1000 * statistics.median(seconds(run) for _ in range(max(3, min(most_calls, calls))))


def medians_in_turn(runs: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Time several runs by turns, so that a slow minute of the machine falls on all of them; in seconds."""
    for run in runs.values():
        run()
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            times[name].append(seconds(run))
    return {name: statistics.median(found) for name, found in times.items()}
