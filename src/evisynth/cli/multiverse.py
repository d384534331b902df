"""``evisynth multiverse``: how far the answer moves over every admissible choice."""

from __future__ import annotations

import argparse
import json

from evisynth.cli.options import add_question_argument
from evisynth.cli.tables import render_rows
from evisynth.measures import question_measure

#: More combinations than this are sampled.
MOST = 20_000

#: What may be typed, as the help shows it.
EXAMPLES = ("evisynth multiverse complete-cytoreduction",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take a question, how many combinations to run, and a format."""
    add_question_argument(parser)
    parser.add_argument(
        "--most",
        metavar="N",
        type=int,
        default=MOST,
        help=f"sample when there are more combinations ({MOST})",
    )
    parser.add_argument(
        "--format", choices=("table", "json", "csv"), default="table", help="how to print (table)"
    )


def run(options: argparse.Namespace) -> int:
    """Print the range and what each choice does (table), or the whole specification curve (json, csv)."""
    from evisynth.answers import (
        CHOICE_COLUMNS,
        CURVE_COLUMNS,
        all_rows,
        choice_rows,
        curve_rows,
        headline,
        multiverse_as_json,
    )
    from evisynth.pipeline import Evidence

    question, found = Evidence(options.project).multiverse(options.question, max(options.most, 1))
    if options.format == "json":
        values = [multiverse_as_json(multiverse, question) for multiverse in found]
        print(json.dumps(values, ensure_ascii=False))
    elif options.format == "csv":
        rows = [row for multiverse in found for row in curve_rows(multiverse)]
        print(render_rows(rows, (*CURVE_COLUMNS, *all_rows(found)), "csv"))
    else:
        print(f"{question.id}: {question_measure(question.effect_measure).words}")
        for multiverse in found:
            print("\n".join(["", *headline(multiverse, question)]))
            choices = list(choice_rows(multiverse))
            if choices:
                print("\n" + render_rows(choices, CHOICE_COLUMNS[1:], "table"))
    return 0
