"""How long syntheses take, beside R metafor and the Python peers.

One session, medians of repeated calls, the same data for all. R is asked when `Rscript` is there. The peers
live in an environment of their own, since none is a dependency. None of them fits many sets at once by REML:
a loop over 10,000 sets is timed on LOOPED sets and multiplied (in R, on one set).

Each row fits REML with a Knapp-Hartung interval where the peer has one. statsmodels has no REML: its iterated
(Paule-Mandel) estimator stands in. The ratio is the peer's time over ours. Nothing here is a test.
"""

from __future__ import annotations

import json
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

SIZES = (5, 500, 5000)
#: How many of 10,000 sets a peer without a vectorised fit is timed on.
LOOPED = 500
MANY_ROW = "10,000 REML fits, k = 5"
#: What each row is to reach, in milliseconds, on two cores.
GOALS = {
    "one REML fit, k = 5": 0.1,
    "one REML fit, k = 500": 0.2,
    "one REML fit, k = 5000": 0.5,
    "10,000 REML fits, k = 5": 20.0,
    "1,000,000 REML fits, k = 5": 3000.0,
}
R_SCRIPT = """
suppressPackageStartupMessages(library(metafor))
fit <- function(d) rma(d$y, d$v, method = "REML", test = "knha")
for (path in commandArgs(trailingOnly = TRUE)) {
  d <- read.csv(path)
  times <- replicate(40, system.time(for (i in 1:5) fit(d))[["elapsed"]] / 5)
  cat(1000 * median(times), "\\n")
}
cat(paste("R", getRversion(), "metafor", packageVersion("metafor")), "\\n")
"""


def effects(rows: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Make estimates that differ beyond chance, with unequal variances."""
    generator = np.random.default_rng(seed)
    v = generator.uniform(0.02, 0.4, rows)
    return generator.normal(0.3, np.sqrt(v + 0.3)), v


def median_milliseconds(run: Callable[[], object], calls: int) -> float:
    """Time ``run`` after two warm-up calls."""
    run(), run()
    times = []
    for _ in range(calls):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def measure_ours() -> dict[str, float]:
    """Measure every row of ``GOALS`` here."""
    from evisynth.synthesis import pool, pool_many

    found = {}
    for rows in SIZES:
        y, v = effects(rows)
        found[f"one REML fit, k = {rows}"] = median_milliseconds(lambda y=y, v=v: pool(y, v), 300)
    for count, calls in ((10_000, 15), (1_000_000, 3)):
        y, v = effects(5 * count)
        group = np.repeat(np.arange(count), 5)
        run: Callable[[], object] = lambda y=y, v=v, group=group: pool_many(y, v, group)  # noqa: E731
        found[f"{count:,} REML fits, k = 5"] = median_milliseconds(run, calls)
    return found


def measure_r() -> tuple[dict[str, float], str]:
    """Measure metafor on the same data, when R and metafor are there."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return {}, ""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for rows in SIZES:
            path = Path(folder, f"{rows}.csv")
            np.savetxt(path, np.column_stack(effects(rows)), delimiter=",", header="y,v", comments="")
            paths.append(str(path))
        script = Path(folder, "time.R")
        script.write_text(R_SCRIPT)
        # k x k matrices make k = 5000 a matter of minutes there
        done = subprocess.run([rscript, str(script), *paths[:2]], capture_output=True, text=True)
    if done.returncode != 0:
        print(f"R metafor is left out: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return {}, ""
    *times, version = done.stdout.strip().splitlines()
    found = {f"one REML fit, k = {rows}": float(t) for rows, t in zip(SIZES, times, strict=False)}
    return {**found, MANY_ROW: 10_000 * found["one REML fit, k = 5"]}, version.strip()


def peers() -> dict[str, Callable[[np.ndarray, np.ndarray], object]]:
    """Give a REML fit by each peer that this interpreter can import."""
    found: dict[str, Callable[[np.ndarray, np.ndarray], object]] = {}
    try:
        from pymare.estimators import VarianceBasedLikelihoodEstimator
    except ImportError:
        pass
    else:
        found["PyMARE"] = lambda y, v: VarianceBasedLikelihoodEstimator(method="REML").fit(
            y=y[:, None], v=v[:, None], X=np.ones((len(y), 1))
        )
    try:
        from meta_analyze import meta_analysis
    except ImportError:
        pass
    else:
        found["PyMetaAnalysis"] = lambda y, v: meta_analysis(
            effect=y, variance=v, tau2_method="REML", ci_method="hartung_knapp"
        )
    try:
        from pimeta import rma
    except ImportError:
        pass
    else:
        found["pimeta"] = lambda y, v: rma(y, v, method="REML", test="knha")
    try:
        from statsmodels.stats.meta_analysis import combine_effects
    except ImportError:
        pass
    else:
        found["statsmodels"] = lambda y, v: combine_effects(y, v, method_re="iterated")
    return found


def work_as_peer() -> None:
    """Time the peers of this interpreter and print them as JSON; a peer that fails says so."""
    from importlib.metadata import version

    times: dict[str, dict[str, float]] = {}
    versions = {}
    for name, fit in peers().items():
        versions[name] = version(name)
        times[name] = {}
        for rows in SIZES:
            y, v = effects(rows)
            try:
                start = time.perf_counter()
                fit(y, v)
                calls = max(3, min(100, int(4 / (time.perf_counter() - start))))
                times[name][f"one REML fit, k = {rows}"] = median_milliseconds(
                    lambda y=y, v=v, fit=fit: fit(y, v), calls
                )
            except Exception as failure:
                print(f"{name} at k = {rows}: {type(failure).__name__}: {failure}", file=sys.stderr)
        times[name][MANY_ROW] = loop_milliseconds(fit)
    print(json.dumps({"times": times, "versions": versions}))


def loop_milliseconds(fit: Callable[[np.ndarray, np.ndarray], object]) -> float:
    """Time a loop over LOOPED sets of five rows, and multiply it to 10,000."""
    sets = [effects(5, seed) for seed in range(LOOPED)]
    start = time.perf_counter()
    for y, v in sets:
        fit(y, v)
    return 1000 * (time.perf_counter() - start) * 10_000 / LOOPED


def measure_peers(interpreter: str | None) -> tuple[dict[str, dict[str, float]], dict[str, str]]:
    """Ask another interpreter for the times of its peers."""
    if interpreter is None:
        return {}, {}
    done = subprocess.run([interpreter, __file__], stdout=subprocess.PIPE, text=True, check=True)
    answer = json.loads(done.stdout)
    return answer["times"], answer["versions"]


def table(ours: dict[str, float], others: dict[str, dict[str, float]]) -> str:
    """Lay out milliseconds, the goal, and each peer's time as a multiple of ours."""
    head = ["", "ms", "goal", *others]
    lines = [head]
    for row, milliseconds in ours.items():
        cells = [row, f"{milliseconds:.3g}", f"{GOALS[row]:g}"]
        for times in others.values():
            cells.append(f"{times[row] / milliseconds:.1f} x" if row in times else "-")
        lines.append(cells)
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def measure(interpreter: str | None) -> dict[str, Any]:
    """Print the table and return what it holds, with the versions."""
    ours = measure_ours()
    r_times, r_version = measure_r()
    peer_times, peer_versions = measure_peers(interpreter)
    others: dict[str, dict[str, float]] = {**({"R metafor": r_times} if r_times else {}), **peer_times}
    print(table(ours, others))
    versions = {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "r": r_version or None,
        **peer_versions,
    }
    return {"milliseconds": ours, "goals": GOALS, "others": others, "versions": versions}


if __name__ == "__main__":
    work_as_peer()
