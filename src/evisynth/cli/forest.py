"""``evisynth forest``: the forest plot of a question."""

from __future__ import annotations

import argparse
from pathlib import Path

from evisynth.cli.options import add_question_argument


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take a question, and where to put the plot."""
    add_question_argument(parser)
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="FILE.svg, FILE.pdf or FILE.png (build/QUESTION.svg)"
    )


def run(options: argparse.Namespace) -> int:
    """Draw, save, and say where."""
    from evisynth.pipeline import Evidence

    evidence = Evidence(options.project)
    path = Path(options.output) if options.output else evidence.build_folder / f"{options.question}.svg"
    print(evidence.draw_forest(options.question, path))
    return 0
