"""``evisynth``: finds the command that was typed, runs it, and turns errors into plain lines."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from evisynth import __version__
from evisynth.cli.options import add_project_option, end_in_examples
from evisynth.errors import EvidenceError, FindingsError, UnknownNameError, UsageError
from evisynth.wording import in_one_line

#: Every command, in the order of a day's work; each is a module of this package.
COMMANDS = {
    "init": "begin a project: words to start from, and an example that answers at once",
    "new": "start a study file to fill in",
    "vocabulary": "search the outcomes and tags that files may name",
    "check": "look for mistakes in study files, questions and vocabulary",
    "build": "build the database from the study files",
    "query": "list what the studies reported",
    "effects": "list every recovery behind a question",
    "pool": "answer a question: a pooled estimate, or why there is none",
    "explain": "walk a row of the plot back to what is printed",
    "multiverse": "rerun a question over every admissible choice",
    "forest": "draw the forest plot of a question",
    "plot": "draw any other plot, of a question or of all studies",
    "report": "answer every question and write the report",
    "diff": "say what changed in the evidence and its answers",
    "export": "write tables, answers and an R script for colleagues who go on elsewhere",
}

#: What may be typed to begin with, as the help shows it; each command has EXAMPLES of its own.
EXAMPLES = ("evisynth query --outcome OS --statistic median",)

DONE, FAILED, USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 no answer or errors found, 2 usage."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    if not _is_text(sys.argv[1:] if arguments is None else arguments):
        print("evisynth: a word typed here is not valid text in this terminal's encoding", file=sys.stderr)
        return USAGE
    if options.command is None:
        parser.print_help()
        return DONE
    try:
        status = import_module(f"evisynth.cli.{options.command}").run(options)
        if sys.stdout is not None:  # it is None when the shell closed it
            sys.stdout.flush()
        return int(status)
    except FindingsError as error:
        for finding in error.findings:
            print(finding, file=sys.stderr)
        return FAILED
    except (UnknownNameError, UsageError) as error:
        print(f"evisynth: {error}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        # The reader (head, less) has seen enough; nothing is left to say to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (EvidenceError, OSError) as error:
        print(f"evisynth: {in_one_line(str(error))}", file=sys.stderr)
        return FAILED


def _is_text(words: Sequence[str]) -> bool:
    """Whether the words typed could be read; bytes that could not stand as lone surrogates."""
    try:
        "".join(words).encode()
    except UnicodeEncodeError:
        return False
    return True


class _OneLineParser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line, as every finding is said."""

    def error(self, message: str) -> NoReturn:
        """Say it, and where the usage is read."""
        self.exit(
            USAGE, f"{self.prog}: {in_one_line(message)}; '{self.prog} --help' says what may be typed\n"
        )


def build_parser() -> argparse.ArgumentParser:
    """Describe every command; their modules import nothing heavy until they run."""
    parser = _OneLineParser(
        prog="evisynth",
        description="What abstracts report, kept as evidence that can be audited, pooled and drawn.",
        epilog="exit status: 0 done, 1 errors found or no answer, 2 wrong usage",
    )
    end_in_examples(parser, EXAMPLES)
    parser.add_argument("--version", action="version", version=f"evisynth {__version__}")
    add_project_option(parser, default=".")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        add_project_option(command)
        module = import_module(f"evisynth.cli.{name}")
        module.add_arguments(command)
        end_in_examples(command, getattr(module, "EXAMPLES", ()))
    return parser
