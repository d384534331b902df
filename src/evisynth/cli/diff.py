"""``evisynth diff``: what changed in the evidence and its answers since a revision, or against a folder."""

from __future__ import annotations

import argparse
import json
import sys

#: CSV has no place for what is nested.
FORMATS = ("table", "json", "markdown")

#: What may be typed, as the help shows it.
EXAMPLES = ("evisynth diff HEAD --question resection-overall-survival",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take a revision or a folder, questions and a format."""
    parser.add_argument(
        "against",
        metavar="REVISION|FOLDER",
        nargs="?",
        default="HEAD",
        help="commit, tag or branch of git, or another project folder (HEAD: what is not yet committed)",
    )
    parser.add_argument(
        "--question",
        metavar="QUESTION",
        action="append",
        default=[],
        help="compare the answer to this question only (all); may be given again",
    )
    parser.add_argument(
        "--format", choices=FORMATS, default="table", help="how to print (table: a changelog)"
    )


def run(options: argparse.Namespace) -> int:
    """Print what changed; a difference is an answer, and so is none."""
    from evisynth.pipeline import Evidence, UnreadableSidesError, change_as_json, compare_with
    from evisynth.wording import listed

    try:
        change = compare_with(Evidence(options.project), options.against, options.question)
    except UnreadableSidesError as error:
        print(f"evisynth: nothing is compared, for mistakes in {listed(error.sides)}", file=sys.stderr)
        raise
    if options.format == "json":
        print(json.dumps(change_as_json(change), indent=2, ensure_ascii=False))
        return 0
    from evisynth.pipeline import write_changelog

    print(write_changelog(change, markdown=options.format == "markdown"))
    return 0
