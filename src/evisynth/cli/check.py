"""``evisynth check``: every mistake of every file at once, with its place and what to type instead."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict

from evisynth.cli.options import add_format_option
from evisynth.cli.tables import render_rows
from evisynth.errors import Finding

COLUMNS = ("file", "line", "column", "level", "code", "message", "fix", "acknowledged")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take study files; none means the whole project."""
    parser.add_argument("files", metavar="FILE", nargs="*", help="study files (all of the project)")
    add_format_option(parser)


def run(options: argparse.Namespace) -> int:
    """Print the findings; status 1 when one is an error that nobody acknowledged."""
    from evisynth.pipeline import Evidence

    findings = Evidence(options.project).check(options.files)
    if options.format == "table":
        for finding in findings:
            print(_with_source_line(finding))
    else:
        print(render_rows([asdict(finding) for finding in findings], COLUMNS, options.format))
    errors = sum(finding.level == "error" and not finding.acknowledged for finding in findings)
    print(_summary(len(findings), errors), file=sys.stderr)
    return 1 if errors else 0


def _with_source_line(finding: Finding) -> str:
    if not finding.source_line:
        return str(finding)
    # Tabs keep their width, so that the caret stands under the right character.
    margin = "".join("\t" if char == "\t" else " " for char in finding.source_line[: finding.column - 1])
    return f"{finding}\n    {finding.source_line}\n    {margin}^"


def _summary(findings: int, errors: int) -> str:
    if not findings:
        return "nothing to mend"
    return f"{errors} error{'' if errors == 1 else 's'}, {findings - errors} to look at"
