"""``evisynth check``: every mistake of every file at once, with its place and what to type instead."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from evisynth.cli.options import add_format_option
from evisynth.cli.tables import render_rows
from evisynth.errors import Finding

COLUMNS = ("file", "line", "column", "level", "code", "message", "fix", "acknowledged")

#: What may be typed, as the help shows it.
EXAMPLES = ("evisynth check studies/midgut-debulking.yaml",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take study files; none means the whole project."""
    parser.add_argument("files", metavar="FILE", nargs="*", help="study files (all of the project)")
    add_format_option(parser, "sarif", "github")
    parser.add_argument(
        "--notes", action="store_true", help="show notes in full, and what each check found fine"
    )
    parser.add_argument("--strict", action="store_true", help="exit with 1 on warnings too")
    parser.add_argument(
        "--answers", action="store_true", help="also that evidence/results holds today's answers (slower)"
    )
    parser.add_argument("--sources", metavar="DIR", help="compare every number with the source texts in DIR")
    parser.add_argument("--explain", metavar="CODE", help="print the page of a check")
    parser.add_argument("--list", action="store_true", help="list every check")


def run(options: argparse.Namespace) -> int:
    """Print the findings; status 1 on errors (strictly, on warnings too) that nobody acknowledged."""
    if options.explain or options.list:
        print(_about_checks(options))
        return 0
    # Looking for plugins among the installed packages takes as long as checking a study.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from evisynth.checks import CheckOptions, summary
    from evisynth.pipeline import Evidence

    progress = _show_progress if sys.stderr.isatty() else None
    sources = Path(options.sources) if options.sources else None
    evidence = Evidence(options.project)
    report = evidence.check_report(options.files, CheckOptions(sources, progress))
    findings = report.findings
    if options.answers and not any(one.level == "error" for one in findings):
        from evisynth.pipeline import stale_answers

        findings = (*findings, *stale_answers(evidence))
    text = _rendered(findings, options)
    if text:
        print(text)
    told = summary(findings, report.fine, report.study_count, with_notes=options.notes)
    print(told, file=sys.stderr)
    failing = ("error", "warning") if options.strict else ("error",)
    return int(any(one.level in failing and not one.acknowledged for one in findings))


def _rendered(findings: Sequence[Finding], options: argparse.Namespace) -> str:
    from evisynth.checks import findings_text, github_command

    style = options.format
    if style == "table":  # the formats for machines hold every finding, always
        return findings_text(findings, with_notes=options.notes)
    if style == "github":
        return "\n".join(github_command(finding) for finding in findings)
    if style == "sarif":
        from evisynth import __version__
        from evisynth.checks import sarif

        return sarif(findings, __version__)
    return render_rows([asdict(finding) for finding in findings], COLUMNS, style)


def _about_checks(options: argparse.Namespace) -> str:
    from evisynth.checks import every_check, explain, find_check, list_checks

    if options.explain:
        return explain(find_check(options.explain))
    return render_rows(list_checks(every_check()), ("code", "level", "looks at", "title"), options.format)


def _show_progress(done: int, total: int) -> None:
    """Draw a bar over itself, at most a hundred times, and take it away at the end."""
    if total < 100 or (done % (total // 100) and done != total):
        return
    filled = 40 * done // total
    bar = f"\rchecking [{'=' * filled}{' ' * (40 - filled)}] {done}/{total}"
    # Past the stream of messages, which shows a return of the carriage as text.
    terminal = sys.__stderr__
    if terminal is not None:
        terminal.write(bar if done < total else "\r" + " " * len(bar) + "\r")
        terminal.flush()
