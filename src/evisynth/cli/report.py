"""``evisynth report``: answers every question, updates the committed answers, writes the pages."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from evisynth.errors import Finding, FindingsError

#: What may be typed, as the help shows it.
EXAMPLES = ("evisynth report",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the folder of the report, and whether the gallery, or one file, is wanted."""
    parser.add_argument("-o", "--output", metavar="DIR", help="folder of the pages (build/report)")
    parser.add_argument(
        "--gallery", action="store_true", help="write a page of every layout and kind of plot beside it"
    )
    parser.add_argument("--single-file", action="store_true", help="write one file, to be mailed")


def run(options: argparse.Namespace) -> int:
    """Check, build, answer, draw and write; say which committed answers changed."""
    from evisynth.pipeline import Evidence

    evidence = Evidence(options.project)
    output = Path(options.output) if options.output else evidence.build_folder / "report"
    try:
        page, changed = evidence.write_report(
            output, gallery=options.gallery, single_file=options.single_file
        )
    except FindingsError as error:
        print("\n".join(_errors_first(error.findings)), file=sys.stderr)
        return 1
    for path in changed:
        print(f"{'changed' if path.exists() else 'removed'}: {path}", file=sys.stderr)
    print(page)
    return 0


def _errors_first(findings: Sequence[Finding]) -> list[str]:
    """Write the errors, which must be mended before there is a report, and count the rest."""
    errors = [finding for finding in findings if finding.level == "error"]
    lines = [str(finding) for finding in errors]
    rest = len(findings) - len(errors)
    if rest:
        besides = "1 warning or note" if rest == 1 else f"{rest} warnings and notes"
        lines.append(f"evisynth: no report until this is mended; besides, evisynth check shows {besides}")
    return lines
