"""How long syntheses take, beside R metafor and the Python peers, on the same numbers in one session.

Everybody fits by REML with the interval of Hartung and Knapp (factor at least 1) and hands over what
``peers.QUANTITIES`` names; ours adds a prediction interval. The peers live in an environment of their own,
since none is a dependency.
"""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from made_up_effects import FEW, LOOPED, MANY, SIZES, effects, sets_of_five
from peers import QUANTITIES
from stopwatch import median_milliseconds

HERE = Path(__file__).parent
#: What each row is to reach here, in milliseconds, on two cores.
GOALS = {
    "one, k = 5": 0.1,
    "one, k = 500": 0.2,
    "one, k = 5000": 0.5,
    f"{FEW:,}, k = 5": 20.0,
    f"{MANY:,}, k = 5": 3000.0,
}
METAFOR, SPARSE = "R metafor", "R metafor, `rma.mv` sparse"
R_DIFFERS = {
    METAFOR: "adds the likelihood, fit indices and a standard error of tau squared",
    SPARSE: "the same model by sparse matrices; a t interval without the factor, no I squared",
}


def measure_ours(*, short: bool) -> dict[str, Any]:
    """Measure every row of ``GOALS`` here."""
    from evisynth.synthesis import pool, pool_many

    times = {}
    for rows in SIZES:
        y, v = effects(rows)
        times[f"one, k = {rows}"] = median_milliseconds(
            lambda y=y, v=v: pool(y, v), most_calls=20 if short else 300
        )
    for count in (FEW,) if short else (FEW, MANY):
        y, v = (values.ravel() for values in sets_of_five(count))
        group = np.repeat(np.arange(count), 5)
        times[f"{count:,}, k = 5"] = median_milliseconds(
            lambda y=y, v=v, group=group: pool_many(y, v, group), most_calls=3 if short else 15
        )
    result = pool(*effects(5))
    answer = [float(getattr(result, name)) for name in QUANTITIES]
    return {"times": times, "answer": answer, "version": version("evisynth"), "differs": ""}


def measure_metafor(*, short: bool) -> dict[str, Any]:
    """Measure metafor, where it is installed; its k by k matrices make k = 5000 take minutes."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        print("R is not installed here and metafor is left out", file=sys.stderr)
        return {}
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, f"{rows}.csv") for rows in SIZES[: 1 if short else 2]]
        for file, rows in zip(files, SIZES, strict=False):
            _write_csv(file, ["y", "v"], np.column_stack(effects(rows)))
        looped = 20 if short else LOOPED
        y, v = sets_of_five(looped)
        many = Path(folder, "many.csv")
        _write_csv(
            many, ["y", "v", "set"], np.column_stack([y.ravel(), v.ravel(), np.repeat(range(looped), 5)])
        )
        done = subprocess.run(
            [rscript, "--vanilla", HERE / "metafor.R", *files, many], capture_output=True, text=True
        )
    if done.returncode != 0:
        print(f"metafor is left out: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return {}
    return _read_metafor(done.stdout)


def _read_metafor(printed: str) -> dict[str, Any]:
    answer: list[float] = []
    named = ""
    times: dict[str, dict[str, float]] = {METAFOR: {}, SPARSE: {}}
    for words in (line.split() for line in printed.splitlines()):
        match words:
            case ["rma", "one", rows, time]:
                times[METAFOR][f"one, k = {rows}"] = float(time)
            case ["rma.mv", "one", rows, time]:
                times[SPARSE][f"one, k = {rows}"] = float(time)
            case ["rma", "each", _, time]:
                times[METAFOR][f"{FEW:,}, k = 5"] = FEW * float(time)
            case ["answer", *numbers]:
                answer = [float(number) for number in numbers]
            case ["version", r_version, metafor_version]:
                named = f"{metafor_version} (R {r_version})"
    return {
        name: {
            "times": times[name],
            "answer": answer if name == METAFOR else [],
            "version": named,
            "differs": R_DIFFERS[name],
        }
        for name in (METAFOR, SPARSE)
    }


def _write_csv(path: Path, head: list[str], columns: np.ndarray) -> None:
    np.savetxt(path, columns, delimiter=",", header=",".join(head), comments="", fmt="%.17g")


def measure_peers(interpreter: str | None, *, short: bool) -> dict[str, Any]:
    """Ask another interpreter for the times of its peers."""
    if interpreter is None:
        print("no interpreter with peers was named; the Python peers are left out", file=sys.stderr)
        return {}
    words = [interpreter, HERE / "peers.py", *(["--short"] if short else [])]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measure(interpreter: str | None, *, short: bool) -> dict[str, Any]:
    """Measure everybody: of each program its times in milliseconds, its answer on five rows, its version."""
    return {
        "evisynth": measure_ours(short=short),
        **measure_metafor(short=short),
        **measure_peers(interpreter, short=short),
        "versions": {"Python": platform.python_version(), "NumPy": np.__version__},
    }
