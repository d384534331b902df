"""Options that several commands share."""

from __future__ import annotations

import argparse

from evisynth.cli.tables import FORMATS


def add_project_option(parser: argparse.ArgumentParser, default: str = argparse.SUPPRESS) -> None:
    """Let the project folder be named before or after the command."""
    parser.add_argument("-C", "--project", metavar="DIR", default=default, help="project folder (here)")


def add_format_option(parser: argparse.ArgumentParser, *more: str) -> None:
    """Let the output format be chosen."""
    parser.add_argument("--format", choices=(*FORMATS, *more), default="table", help="how to print (table)")


def add_question_argument(parser: argparse.ArgumentParser) -> None:
    """Take the id of a question."""
    parser.add_argument(
        "question", metavar="QUESTION", help="id of a question: its file name in evidence/questions"
    )
