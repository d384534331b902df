"""``evisynth init``: a project to begin with, in a folder of its own."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

#: What may be typed, as the help shows it.
EXAMPLES = ("evisynth init statins",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the folder."""
    parser.add_argument("folder", metavar="FOLDER", nargs="?", default="", help="folder to begin in (here)")


def run(options: argparse.Namespace) -> int:
    """Write what is not there yet, name what was kept, and say what to type next."""
    from evisynth.pipeline import start_project

    started = start_project(Path(options.project) / options.folder)
    if not started.was_empty:
        print(
            f"evisynth: {started.folder.resolve()} was not empty; nothing in it was changed", file=sys.stderr
        )
    for name in started.kept:
        print(f"kept as it was: {name}", file=sys.stderr)
    for name in started.written:
        print(started.folder / name)
    here = "" if started.folder.resolve() == Path.cwd() else f"cd '{started.folder}'; "
    answer = "evisynth pool example; " if started.has_example else ""
    print(f"next: {here}evisynth check; {answer}evisynth report", file=sys.stderr)
    return 0
