"""``evisynth effects``: every recovery of every comparison behind a question."""

from __future__ import annotations

import argparse
import sys

from evisynth.cli.options import add_format_option, add_question_argument
from evisynth.cli.tables import render_rows

BRIEF = (
    "study",
    "comparison",
    "recovery",
    "kind",
    "estimate",
    "standard_error",
    "lower",
    "upper",
    "grade",
    "primary",
    "reason",
)

#: What may be typed, as the help shows it.
EXAMPLES = ("evisynth effects resection-overall-survival",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take a question and a format."""
    add_question_argument(parser)
    add_format_option(parser)


def run(options: argparse.Namespace) -> int:
    """Print the recoveries, on the analysis scale."""
    from evisynth.pipeline import Evidence

    records = Evidence(options.project).effect_records(options.question)
    if not records:
        print("no study reports this for the groups that the question asks about", file=sys.stderr)
    columns = list(records[0]) if records else list(BRIEF)
    print(render_rows(records, columns, options.format, BRIEF))
    return 0
