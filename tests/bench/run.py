"""Measure commands and syntheses in one session; write ``build/bench.json`` and the tables of README."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import commands
import synthesis
import tables

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Run both parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", metavar="PYTHON", help="an interpreter that has the peers of peers.txt")
    parser.add_argument(
        "--short", action="store_true", help="try it: a few runs of each, and no file is written"
    )
    options = parser.parse_args()
    timed = commands.measure(short=options.short)
    syntheses = synthesis.measure(options.peers, short=options.short)
    written = {
        "conditions": tables.conditions(syntheses),
        "syntheses": tables.synthesis_table(syntheses),
        "differences": tables.difference_table(syntheses),
        "commands": tables.command_table(timed["commands"]),
        "forest plots": tables.forest_table(timed["forests"]),
    }
    print("\n\n".join(written.values()))
    if options.short:
        return
    (ROOT / "build").mkdir(exist_ok=True)
    found = json.dumps({**timed, "synthesis": syntheses}, indent=2)
    (ROOT / "build" / "bench.json").write_text(found + "\n", encoding="utf-8")
    tables.write_readme(written)


if __name__ == "__main__":
    main()
