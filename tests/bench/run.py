"""Measure commands and syntheses in one session, print two tables, and write ``build/bench.json``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import commands
import synthesis

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Run both parts; ``--short`` leaves out the build of many studies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", metavar="PYTHON", help="an interpreter that has the peers of peers.txt")
    parser.add_argument("--short", action="store_true", help="leave out the build of many studies")
    options = parser.parse_args()
    measured = {
        "commands": commands.measure(short=options.short),
        "synthesis": synthesis.measure(options.peers),
    }
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "bench.json").write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
