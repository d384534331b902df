"""Run the simulation study and write its tables: ``python tests/simulation/run.py [--long]``.

The short form takes some minutes on two cores and gives the tables that tests rerun parts of. The long form,
with 4,000 trials a scenario, takes six times as long and writes the same tables to ``long`` beside them, for
who wants the worst scenario with less of its chance part.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from recovery_study.flags import COLUMNS as FLAG_COLUMNS, flag_table
from recovery_study.study import SEED, run_all
from recovery_study.tables import (
    COLUMNS,
    SCENARIO_COLUMNS,
    SPREAD_COLUMNS,
    markdown_table,
    recovery_table,
    scenario_table,
    spread_table,
    write_csv,
)

TESTS = Path(__file__).parents[1]
SHORT_TABLES = TESTS / "reference" / "simulation"
LONG_TABLES = SHORT_TABLES / "long"
SHORT, LONG = 500, 4000
#: Trials for each share of flagged ones: 3.5 percentage points of Monte-Carlo error at most.
FLAG_TRIALS = 200
_BAR = 40


def main() -> None:
    """Read the command line, run, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--long", action="store_true", help=f"{LONG:,} trials a scenario instead of {SHORT:,}"
    )
    parser.add_argument("--trials", type=int, metavar="N", help="so many trials a scenario")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="DIR",
        help="default: tests/reference/simulation, its folder long for --long",
    )
    options = parser.parse_args()
    trials = options.trials or (LONG if options.long else SHORT)
    output = options.output or (LONG_TABLES if options.long else SHORT_TABLES)
    started = time.perf_counter()
    found = run_all(trials, options.processes, _show_progress)
    output.mkdir(parents=True, exist_ok=True)
    recoveries = recovery_table(found)
    for name, text in (
        ("recoveries.csv", write_csv(recoveries, COLUMNS)),
        ("typical_scenarios.csv", write_csv(scenario_table(found), SCENARIO_COLUMNS)),
        ("spreads.csv", write_csv(spread_table(found), SPREAD_COLUMNS)),
        ("table.md", markdown_table(recoveries)),
        ("flags.csv", write_csv(flag_table(FLAG_TRIALS), FLAG_COLUMNS)),
    ):
        (output / name).write_text(text, encoding="utf-8")
    took = time.perf_counter() - started
    print(f"{trials:,} trials a scenario, seed {SEED}, {took:.0f} s: {output}")


def _show_progress(finished: int, total: int) -> None:
    if not sys.stderr.isatty():
        return
    filled = _BAR * finished // total
    end = "\n" if finished == total else ""
    bar = "█" * filled + "░" * (_BAR - filled)
    print(f"\r{bar} {finished} of {total} scenarios", end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
