"""Options that several commands share."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from evisynth.cli.tables import FORMATS
from evisynth.errors import UsageError
from evisynth.wording import listed

if TYPE_CHECKING:
    from evisynth.pipeline import EffectsTable
    from evisynth.synthesis import PooledResult

_OF_TABLES = ("measure", "method", "interval", "level")


def add_project_option(parser: argparse.ArgumentParser, default: str = argparse.SUPPRESS) -> None:
    """Let the project folder be named before or after the command."""
    parser.add_argument("-C", "--project", metavar="DIR", default=default, help="project folder (here)")


def end_in_examples(parser: argparse.ArgumentParser, examples: Sequence[str]) -> None:
    """Let the help of a command end in what may be typed, line by line."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    heading = "example:" if len(examples) == 1 else "examples:"
    shown = "\n".join([heading, *(f"  {example}" for example in examples)]) if examples else ""
    parser.epilog = "\n\n".join(part for part in (parser.epilog, shown) if part)


def add_format_option(parser: argparse.ArgumentParser, *more: str) -> None:
    """Let the output format be chosen."""
    parser.add_argument("--format", choices=(*FORMATS, *more), default="table", help="how to print (table)")


def add_question_argument(parser: argparse.ArgumentParser, *, or_table: bool = False) -> None:
    """Take the id of a question, where ``or_table`` says so perhaps none."""
    parser.add_argument(
        "question",
        metavar="QUESTION",
        nargs="?" if or_table else None,
        help="id of a question: its file name in evidence/questions",
    )


def add_table_options(parser: argparse.ArgumentParser) -> None:
    """Let effects come from a CSV file instead of from a question."""
    group = parser.add_argument_group("instead of a question")
    group.add_argument(
        "--csv",
        metavar="FILE",
        help="effects (yi vi; yi sei; estimate ci_lower ci_upper) or figures (ai n1i ci n2i; m1i sd1i ...)",
    )
    group.add_argument(
        "--measure",
        metavar="MEASURE",
        help="what its numbers are: HR, OR, MD, ...; 'log HR' for logs; GEN for plain numbers",
    )
    group.add_argument("--method", metavar="METHOD", help="REML, DL, PM, ..., or common (REML)")
    group.add_argument("--interval", metavar="INTERVAL", help="hksj, hksj-plain, t or wald (hksj)")
    group.add_argument("--level", metavar="LEVEL", type=float, help="of all intervals (0.95)")


def asks_table(options: argparse.Namespace) -> bool:
    """Whether a CSV file was named; UsageError for neither or both, or for choices that lack their file."""
    if (options.csv is None) == (options.question is None):
        raise UsageError("type one of the two: the id of a question, or --csv FILE --measure MEASURE")
    typed = [f"--{name}" for name in _OF_TABLES if getattr(options, name) is not None]
    if options.csv is None and typed:
        raise UsageError(f"{listed(typed)}: only with --csv FILE; a question says this in its own file")
    return options.csv is not None


def pooled_table(options: argparse.Namespace) -> tuple[EffectsTable, PooledResult]:
    """Read and pool the CSV file that was named."""
    from evisynth.pipeline import read_effects

    table = read_effects(options.csv, options.measure, 0.95 if options.level is None else options.level)
    chosen = {name: getattr(options, name) for name in ("method", "interval")}
    return table, table.pool(**{name: value for name, value in chosen.items() if value is not None})
