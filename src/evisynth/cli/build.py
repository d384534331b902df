"""``evisynth build``: the database, written beside the old one and swapped in whole."""

from __future__ import annotations

import argparse

#: What may be typed, as the help shows it.
EXAMPLES = ("evisynth build",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing: what changed is found by itself."""


def run(options: argparse.Namespace) -> int:
    """Build when something changed, and say where the database is."""
    from evisynth.pipeline import Evidence

    print(Evidence(options.project).build())
    return 0
