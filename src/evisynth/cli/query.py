"""``evisynth query``: what the studies reported, figure by figure, with the place each stands at."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evisynth.cli.options import add_format_option
from evisynth.cli.tables import render_rows
from evisynth.whole_files import write_whole

FILTERS = {
    "study": "id of a study",
    "group": "id of a group",
    "outcome": "an outcome, by its id, label or a synonym (OS)",
    "statistic": "median, survival, proportion, count, p_value, ...",
    "at": 'a time, such as "5 years"',
}
#: What a person reads on a terminal; the other formats hold every column.
BRIEF = (
    "study",
    "group",
    "n",
    "outcome",
    "statistic",
    "time",
    "as_reported",
    "value",
    "unit",
    "source_location",
)

#: What may be typed, as the help shows it.
EXAMPLES = (
    "evisynth query --outcome OS --statistic median",
    'evisynth query --sql "select study, count(*) as figures from reported_outcomes group by study"',
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take filters, or one read-only statement of SQL."""
    for name, description in FILTERS.items():
        several = f"{description}; more than once: any of them"
        parser.add_argument(f"--{name}", metavar=name.upper(), action="append", help=several)
    parser.add_argument(
        "--sql", metavar="STATEMENT", help="one read-only statement against the documented views"
    )
    parser.add_argument(
        "--timeout", metavar="SECONDS", type=_seconds, help="stop a statement of SQL after so long (10)"
    )
    add_format_option(parser, "parquet")
    parser.add_argument("-o", "--output", metavar="FILE", help="file to write (needed for parquet)")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of seconds; type --timeout 60")
    return seconds


def run(options: argparse.Namespace) -> int:
    """Print or write the rows."""
    from evisynth.pipeline import Evidence

    evidence = Evidence(options.project)
    filters = {name: getattr(options, name) for name in FILTERS if getattr(options, name) is not None}
    if options.sql is not None and filters:
        print("evisynth: --sql cannot be combined with the other filters", file=sys.stderr)
        return 2
    if options.format == "parquet":
        return _write_parquet(evidence, filters, options)
    if options.sql is not None:
        found = evidence.ask_sql(options.sql, seconds=options.timeout)
        rows, columns = found.records, found.columns
        if found.cut:
            print(
                f"evisynth: only the first {len(rows):,} rows are shown; add a LIMIT, or ask for less",
                file=sys.stderr,
            )
    else:
        rows, columns = evidence.query_rows(**filters)
    brief: tuple[str, ...] = () if options.sql is not None else BRIEF
    if brief and options.format in ("table", "markdown"):
        rows = [_as_read(row) for row in rows]
        if any(row["compared_with"] for row in rows):
            place = BRIEF.index("group") + 1
            brief = (*BRIEF[:place], "compared_with", *BRIEF[place:])
    text = render_rows(rows, columns, options.format, brief)
    return _deliver(text, rows, options.output)


def _as_read(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as a person reads it: comparators in a line, and what is not printed marked."""
    return {
        **row,
        "time": _time(row["time_months"]),
        "compared_with": ", ".join(row["compared_with"] or ()),
        "as_reported": row["as_reported"] + (" (worked out)" if row["worked_out"] else ""),
    }


def _time(months: float | None) -> str | None:
    """Write a time as people say it; programs read the months of the other formats."""
    from evisynth.wording import time_words

    return None if months is None else time_words(months)


def _write_parquet(evidence: Any, filters: Mapping[str, Sequence[str]], options: argparse.Namespace) -> int:
    if options.output is None or options.sql is not None:
        print(
            "evisynth: --format parquet needs -o FILE, and goes with the filters, not with --sql",
            file=sys.stderr,
        )
        return 2
    print(evidence.export_parquet(Path(options.output), **filters))
    return 0


def _deliver(text: str, rows: Sequence[object], output: str | None) -> int:
    if output is None:
        print(text)
        if not rows:
            print("no figure matches", file=sys.stderr)
    else:
        write_whole(Path(output), text + "\n", make_folder=True)
        print(output)
    return 0
