"""How long the commands take from a cold process, and a forest plot beside metafor's.

Times are medians of several runs in one session on a warm file cache. The ratio is the time as a multiple of
starting Python and importing the libraries that the command cannot do without, so that machines can be
compared.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from made_up_studies import write_studies
from stopwatch import median_seconds, medians_in_turn, seconds

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
SUPPORT = ROOT / "tests" / "support"
EVISYNTH = Path(sys.executable).with_name("evisynth")
RUNS = 7
#: The question with the largest plot.
LARGEST = "surgery-extent-overall-survival"
MANY = 10_000

#: Command, its words, what it cannot do without, and the time it is to reach on two cores.
COMMANDS: tuple[tuple[str, tuple[str, ...], str, float], ...] = (
    ("`evisynth --help`", ("--help",), "import argparse", 0.1),
    ("`evisynth check`, five studies", ("check",), "import yaml, pydantic", 0.25),
    ("`evisynth query`, five studies", ("query", "--outcome", "OS"), "import duckdb", 0.3),
)

Row = dict[str, str | float | None]


def five_studies() -> Path:
    """The project of five studies that the tests read, whatever else stands in the clone."""
    if str(SUPPORT) not in sys.path:
        sys.path.append(str(SUPPORT))
    from five_studies import FIVE_STUDIES

    return FIVE_STUDIES


def execute(*words: str | Path) -> None:
    """Run a command quietly; a failure ends the bench."""
    # Compiled modules are allowed, as a user has it.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(
        words,
        check=True,
        cwd=five_studies(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    )


def measure_commands() -> list[Row]:
    """Time each command and the imports it cannot do without."""
    rows: list[Row] = []
    for label, words, imports, goal in COMMANDS:
        command = median_seconds(lambda words=words: execute(EVISYNTH, *words), RUNS)
        bare = median_seconds(lambda imports=imports: execute(sys.executable, "-c", imports), RUNS)
        rows.append({"what": label, "seconds": command, "goal": goal, "ratio": command / bare})
    return rows


def measure_builds() -> list[Row]:
    """Time building and checking many study files, and building again, against reading them."""
    with tempfile.TemporaryDirectory() as folder:
        half, whole = Path(folder, "half"), Path(folder, "whole")
        write_studies(half, MANY // 2)
        size = write_studies(whole, MANY) / MANY
        read = median_seconds(lambda: [path.read_bytes() for path in (whole / "studies").iterdir()], 3)
        full = seconds(lambda: execute(EVISYNTH, "-C", whole, "build"))
        again = median_seconds(lambda: execute(EVISYNTH, "-C", whole, "build"), 3)
        checked = median_seconds(lambda: execute(EVISYNTH, "-C", half, "check"), 3)
    name = f"`evisynth build`, {MANY:,} studies of {size / 1000:.1f} kB"
    return [
        {"what": name, "seconds": full, "goal": 15.0, "ratio": full / read},
        {"what": "the same, nothing changed", "seconds": again, "goal": 0.5, "ratio": again / read},
        {
            "what": f"`evisynth check`, {MANY // 2:,} of them",
            "seconds": checked,
            "goal": 8.0,
            "ratio": 2 * checked / read,
        },
    ]


def measure_forests(rounds: int = RUNS) -> list[Row]:
    """Time cold processes that end with a forest plot, by turns: a question, its rows, metafor.

    The rows are the question's effects, ready to be pooled. The command finds them first: it looks whether
    the database is fresh, chooses the groups, recovers the effects and says on the plot what they rest on.
    """
    rscript = shutil.which("Rscript")
    if rscript is None:
        print("R is not installed here; its forest plot is left out", file=sys.stderr)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder, "rows.csv")
        write_rows(table)
        for form in ("svg", "png"):
            plot = Path(folder, f"plot.{form}")
            runs = {
                "command": lambda plot=plot: execute(EVISYNTH, "forest", LARGEST, "-o", plot),
                "rows": lambda plot=plot: execute(sys.executable, HERE / "forest.py", table, plot),
            }
            if rscript is not None:
                runs["metafor"] = lambda plot=plot: execute(
                    rscript, "--vanilla", HERE / "forest.R", table, plot
                )
            rows.append({"what": form.upper(), "metafor": None, **medians_in_turn(runs, rounds)})
    return rows


def write_rows(path: Path) -> None:
    """Write the rows of the largest plot, as effects that are ready to be pooled."""
    import evisynth

    effects = evisynth.open(five_studies()).effects(LARGEST)
    chosen = effects[effects["primary"] & (effects["kind"] == "point")]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["label", "y", "v"])
        for row in chosen.itertuples():
            writer.writerow([f"{row.study}, {row.comparison}", row.estimate, row.standard_error**2])


def measure(*, short: bool) -> dict[str, list[Row]]:
    """Measure commands, builds and forest plots."""
    return {
        "commands": measure_commands() + ([] if short else measure_builds()),
        "forests": measure_forests(1 if short else RUNS),
    }
