"""How long the commands take from a cold process, beside the imports they cannot do without.

Times are medians of several runs in one session on a warm file cache. The last column is the time as a
multiple of starting Python and importing the libraries the command cannot do without, so that machines
can be compared. Nothing here is a test: tests never assert times.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
SUPPORT = ROOT / "tests" / "support"
EVISYNTH = Path(sys.executable).with_name("evisynth")
RUNS = 7
#: The shortest study file that has everything: groups in a tree, medians, shares, comparisons.
COPIED = "mayo-sinet-peritoneal-2024"
MANY = 10_000

#: Command, what it cannot do without, and the time it is to reach on two cores.
COMMANDS: tuple[tuple[str, tuple[str, ...], str, float], ...] = (
    ("--help", ("--help",), "import argparse", 0.1),
    ("check, five studies", ("check",), "import yaml, pydantic", 0.2),
    ("query, five studies", ("query", "--outcome", "OS"), "import duckdb", 0.3),
    ("forest, SVG", ("forest", "surgery-extent-overall-survival", "-o", "build/bench.svg"),
     "import duckdb, numpy, matplotlib.figure", 0.6),
    ("forest, PNG", ("forest", "surgery-extent-overall-survival", "-o", "build/bench.png"),
     "import duckdb, numpy, matplotlib.figure", 0.7),
)  # fmt: skip


def median_seconds(run: Callable[[], object], runs: int = RUNS) -> float:
    """Time ``run`` after one warm-up."""
    run()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def five_studies() -> Path:
    """The project of five studies that the tests read, whatever else stands in the clone."""
    if str(SUPPORT) not in sys.path:
        sys.path.append(str(SUPPORT))
    from five_studies import FIVE_STUDIES

    return FIVE_STUDIES


def execute(*words: str | Path) -> None:
    """Run a command quietly; a failure ends the bench."""
    subprocess.run(
        words,
        check=True,
        cwd=five_studies(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )


def environment() -> dict[str, str]:
    """The environment with compiled modules allowed, as a user has it."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def bench_commands() -> list[tuple[str, float, float, float]]:
    """Time each command and the imports it cannot do without."""
    rows = []
    for label, words, imports, goal in COMMANDS:
        command = median_seconds(lambda words=words: execute(EVISYNTH, *words))
        bare = median_seconds(lambda imports=imports: execute(sys.executable, "-c", imports))
        rows.append((label, command, goal, command / bare))
    return rows


def bench_build() -> list[tuple[str, float, float, float]]:
    """Time building and checking many study files, and building again, against reading them."""
    with tempfile.TemporaryDirectory() as folder:
        half, whole = Path(folder, "half"), Path(folder, "whole")
        size = write_many(half, MANY // 2)
        write_many(whole, MANY)
        read = median_seconds(lambda: [path.read_bytes() for path in (whole / "studies").iterdir()], 3)
        start = time.perf_counter()
        execute(EVISYNTH, "-C", whole, "build")
        full = time.perf_counter() - start
        again = median_seconds(lambda: execute(EVISYNTH, "-C", whole, "build"), 3)
        checked = median_seconds(lambda: execute(EVISYNTH, "-C", half, "check"), 3)
    return [
        (f"build, {MANY} studies of {size / 1000:.1f} kB", full, 15.0, full / read),
        ("  nothing changed", again, 0.5, again / read),
        (f"check, {MANY // 2} of them", checked, 8.0, 2 * checked / read),
    ]


def write_many(project: Path, count: int) -> int:
    """Write a project of copies of one study, which names no other; return the size of each in bytes."""
    (project / "studies").mkdir(parents=True)
    (project / "evidence").mkdir()
    shutil.copy(five_studies() / "evidence" / "vocabulary.yaml", project / "evidence")
    text = (five_studies() / "studies" / f"{COPIED}.yaml").read_text(encoding="utf-8")
    text = re.sub(r"  overlaps:\n(?:    .*\n)+", "", text)
    for number in range(count):
        copy = text.replace(COPIED, f"study-{number}")
        (project / "studies" / f"study-{number}.yaml").write_text(copy, encoding="utf-8")
    return len(text.encode())


def measure(*, short: bool) -> list[dict[str, str | float]]:
    """Print the table and return its rows."""
    rows = bench_commands() + ([] if short else bench_build())
    print(f"{'what':<28}{'seconds':>9}{'goal':>8}{'ratio':>8}")
    for label, seconds, goal, ratio in rows:
        print(f"{label:<28}{seconds:>9.3f}{goal:>8.1f}{ratio:>8.2f}")
    return [dict(zip(("what", "seconds", "goal", "ratio"), row, strict=True)) for row in rows]
