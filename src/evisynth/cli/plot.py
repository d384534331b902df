"""``evisynth plot``: any other plot than the forest plot, of a question or of all studies."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from evisynth.figures import KINDS

#: What may be typed, as the help shows it: each kind once.
EXAMPLES = tuple(f"evisynth plot {kind.name} {kind.example}".rstrip() for kind in KINDS.values())


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take a kind of plot, a question where it needs one, and where to put it."""
    parser.add_argument("kind", metavar="KIND", help="what to draw; see below")
    parser.add_argument("question", metavar="QUESTION", nargs="?", help="for kinds that belong to a question")
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="FILE.svg, FILE.pdf or FILE.png (build/...svg)"
    )
    parser.add_argument("--block", metavar="LABEL", help="block of rows, where each has its own estimate")
    parser.add_argument("--outcome", metavar="NAME", help="of a survival sketch (overall survival)")
    parser.add_argument("--moderator", metavar="NAME", help="of a bubble plot: year, patients or time (year)")
    width = max(len(name) for name in KINDS)
    of_all = [kind for kind in KINDS.values() if not kind.needs_question]
    of_question = [kind for kind in KINDS.values() if kind.needs_question]
    parser.epilog = "\n\n".join(
        f"{heading}:\n" + "\n".join(f"  {kind.name:<{width}}  {kind.shows}" for kind in kinds)
        for heading, kinds in (("kinds, of all studies", of_all), ("kinds, of a QUESTION", of_question))
    )


def run(options: argparse.Namespace) -> int:
    """Draw, save, and say where; what no font can draw is said to standard error."""
    from evisynth.pipeline import Evidence

    evidence = Evidence(options.project)
    name = "-".join(part for part in (options.kind, options.question) if part)
    path = Path(options.output) if options.output else evidence.build_folder / f"{name}.svg"
    choices = {choice: getattr(options, choice) for choice in ("block", "outcome", "moderator")}
    print(evidence.draw_plot(options.kind, path, options.question, _to_standard_error, **choices))
    return 0


def _to_standard_error(note: str) -> None:
    print(f"evisynth: {note}", file=sys.stderr)
