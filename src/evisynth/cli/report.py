"""``evisynth report``: answers every question, updates the committed answers, writes one page."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the folder of the report, and whether the gallery is wanted."""
    parser.add_argument("-o", "--output", metavar="DIR", help="folder of the page (build/report)")
    parser.add_argument(
        "--gallery", action="store_true", help="write a page of every layout and kind of plot beside it"
    )


def run(options: argparse.Namespace) -> int:
    """Check, build, answer, draw and write; say which committed answers changed."""
    from evisynth.pipeline.evidence import Evidence

    evidence = Evidence(options.project)
    output = Path(options.output) if options.output else evidence.build_folder / "report"
    page, changed = evidence.write_report(output, gallery=options.gallery)
    for path in changed:
        print(f"{'changed' if path.exists() else 'removed'}: {path}", file=sys.stderr)
    print(page)
    return 0
