"""``evisynth export``: tables, answers and a script of R, for colleagues who go on elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path

#: What may be typed, as the help shows it.
EXAMPLES = ("evisynth export complete-cytoreduction -o build/for-a-colleague",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the folder to write, and the questions if not all of them are wanted."""
    parser.add_argument(
        "questions", metavar="QUESTION", nargs="*", help="ids of the questions to export (all of them)"
    )
    parser.add_argument("-o", "--output", metavar="FOLDER", help="folder to write (build/export)")


def run(options: argparse.Namespace) -> int:
    """Write the folder, whole or not at all, and say where it is."""
    from evisynth.pipeline import Evidence, export

    evidence = Evidence(options.project)
    folder = Path(options.output) if options.output else evidence.build_folder / "export"
    print(export(evidence, folder, options.questions))
    return 0
