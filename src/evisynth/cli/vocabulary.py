"""``evisynth vocabulary``: the outcomes and tags that files may name, searched by any word."""

from __future__ import annotations

import argparse
import sys

from evisynth.cli.options import add_format_option
from evisynth.cli.tables import render_rows

COLUMNS = ("kind", "id", "label", "synonyms", "kind_of", "type", "codes", "definition")
#: What a person reads on a terminal.
BRIEF = ("kind", "label", "synonyms", "definition")

#: What may be typed, as the help shows it.
EXAMPLES = ("evisynth vocabulary liver surgery",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the words to look for."""
    parser.add_argument("words", nargs="*", metavar="WORD", help="what is meant, in any words; all without")
    add_format_option(parser)


def _kind(entry: object) -> str:
    """Say what an entry is: a tag of some kind, an outcome or a covariate."""
    return getattr(entry, "kind", None) or type(entry).__name__.casefold()


def run(options: argparse.Namespace) -> int:
    """Print the entries, those that are nearest in meaning first."""
    from evisynth.pipeline import Evidence
    from evisynth.vocabulary import Term, lines_to_add

    words = " ".join(" ".join(options.words).split())
    found = Evidence(options.project).vocabulary().search(words)
    rows = [
        {
            "kind": _kind(entry),
            "id": entry.id,
            "label": entry.label,
            "synonyms": ", ".join(entry.synonyms),
            "kind_of": entry.broader if isinstance(entry, Term) else None,
            "type": None if isinstance(entry, Term) else entry.type,
            "codes": ", ".join(entry.codes),
            "definition": entry.definition,
        }
        for entry in found
    ]
    if rows or options.format != "table":
        print(render_rows(rows, COLUMNS, options.format, BRIEF))
    if not rows:
        print(f"nothing speaks of '{words}'; add {lines_to_add('outcome', words)}, or a tag", file=sys.stderr)
    return 0
