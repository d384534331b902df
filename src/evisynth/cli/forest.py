"""``evisynth forest``: the forest plot of a question."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evisynth.answers import FOREST_KINDS, MODELS, ORDERS, checked_name
from evisynth.cli.options import add_question_argument, add_table_options, asks_table, pooled_table
from evisynth.figures import COLUMNS, LAYOUTS

#: What may be typed, as the help shows it.
EXAMPLES = (
    "evisynth forest complete-cytoreduction --layout bmj -o build/plot.pdf",
    "evisynth forest --csv effects.csv --measure HR",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take a question, where to put the plot, and how it is to look."""
    add_question_argument(parser, or_table=True)
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="FILE.svg, FILE.pdf or FILE.png (build/QUESTION.svg; FILE.svg beside a CSV file)",
    )
    parser.add_argument("--layout", metavar="LAYOUT", default="default", help="how it is set (default)")
    parser.add_argument("--columns", metavar="COLUMN,...", help="columns in their order, 'plot' among them")
    parser.add_argument("--kind", metavar="KIND", default="forest", help="what the rows are (forest)")
    parser.add_argument("--models", metavar="MODEL,...", help="diamonds to draw, the question's own besides")
    parser.add_argument("--order", metavar="ORDER", help="how rows stand, or are added (given)")
    parser.add_argument(
        "--ghosts", action="store_true", help="show the other recoveries of the same patients, pale"
    )
    add_table_options(parser)
    lists = {
        "layouts": LAYOUTS,
        "columns": COLUMNS,
        "kinds": FOREST_KINDS,
        "models": MODELS,
        "orders": ORDERS,
    }
    parser.epilog = "\n\n".join(f"{title}:\n{_listed(names)}" for title, names in lists.items())


def _listed(names: Mapping[str, str]) -> str:
    width = max(len(name) for name in names)
    return "\n".join(f"  {name:<{width}}  {words}" for name, words in names.items())


def run(options: argparse.Namespace) -> int:
    """Draw, save, and say where; what no font can draw is said to standard error."""
    of_table = asks_table(options)
    choices = {name: getattr(options, name) for name in ("layout", "columns", "kind", "models", "ghosts")}
    # Spelled as it is known here: by year means the years of study files, however it was typed.
    order = None if options.order is None else checked_name("order", options.order, ORDERS)
    if of_table:
        return _draw_table(options, {**choices, "order": order})
    from evisynth.pipeline import Evidence

    evidence = Evidence(options.project)
    path = Path(options.output) if options.output else evidence.build_folder / f"{options.question}.svg"
    print(evidence.draw_forest(options.question, path, _to_standard_error, order=order, **choices))
    return 0


def _draw_table(options: argparse.Namespace, choices: Mapping[str, Any]) -> int:
    """Draw the effects of a CSV file."""
    from evisynth.figures import forest, save_figure

    table, result = pooled_table(options)
    figure = forest(result, counts=table.counts, **choices)
    path = Path(options.output) if options.output else Path(options.csv).with_suffix(".svg")
    print(save_figure(figure, path, make_folder=True))
    for note in (*getattr(figure, "notes", ()), *table.cautions):
        _to_standard_error(note)
    return 0


def _to_standard_error(note: str) -> None:
    print(f"evisynth: {note}", file=sys.stderr)
