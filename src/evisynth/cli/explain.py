"""``evisynth explain``: the walk from a row of a forest plot back to the print."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from evisynth.cli.options import add_question_argument

STYLES = ("text", "markdown", "json")

#: What may be typed, as the help shows it.
EXAMPLES = ("evisynth explain resection-overall-survival midgut-debulking",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take a question, perhaps one of its studies, and a format."""
    add_question_argument(parser)
    parser.add_argument("study", metavar="STUDY", nargs="?", help="only the rows of this study (all)")
    parser.add_argument("--format", choices=STYLES, default="text", help="how to print (text)")


def run(options: argparse.Namespace) -> int:
    """Print what was asked, what is printed where, and how one became the other."""
    from evisynth.pipeline import Evidence
    from evisynth.report import render_explanation

    explanation = Evidence(options.project).explain(options.question, options.study)
    if options.format == "json":
        print(json.dumps(asdict(explanation), indent=2, ensure_ascii=False))
    else:
        print(render_explanation(explanation, options.format))
    return 0
