"""``evisynth new``: a study file to fill in, every block with one example in a comment."""

from __future__ import annotations

import argparse

#: What may be typed, as the help shows it.
EXAMPLES = ("evisynth new liver-surgery-339",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the id of the study."""
    parser.add_argument("id", metavar="ID", help="id of the study: lower case words joined by hyphens")


def run(options: argparse.Namespace) -> int:
    """Write the file unless it exists, and say where it is."""
    from evisynth.pipeline import Evidence

    print(Evidence(options.project).start_study(options.id))
    return 0
