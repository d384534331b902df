"""Findings as lines for people, workflow commands for GitHub, and SARIF 2.1.0 for code hosts and editors."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from textwrap import wrap
from typing import Any
from urllib.parse import quote

from evisynth.checks.check import explain
from evisynth.checks.registry import by_code
from evisynth.errors import Finding
from evisynth.wording import counted, in_one_line

_WIDTH = 110
_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
_BODY = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_BODY, ":": "%3A", ",": "%2C"}


def finding_text(finding: Finding) -> str:
    """Write a finding with its source line and a caret; an acknowledged one in its line alone."""
    if not finding.source_line or finding.acknowledged:
        return str(finding)
    # Tabs keep their width, so that the caret stands under the right character.
    margin = "".join("\t" if char == "\t" else " " for char in finding.source_line[: finding.column - 1])
    return f"{finding}\n    {finding.source_line}\n    {margin}^"


def findings_text(findings: Sequence[Finding], *, with_notes: bool) -> str:
    """Write findings for people, file by file.

    Without notes, those and what a file acknowledges are only counted, in one line after what else its file
    has; alone, they are no more than that line. Errors, which must be mended first, come last and apart,
    where they stay in view.
    """
    errors = [finding for finding in findings if finding.level == "error" and not finding.acknowledged]
    others = [finding for finding in findings if finding.level != "error" or finding.acknowledged]
    parts = [_file_by_file(part, with_notes=with_notes) for part in (others, errors)]
    return "\n\n".join(part for part in parts if part)


def _file_by_file(findings: Sequence[Finding], *, with_notes: bool) -> str:
    if with_notes:
        return "\n".join(finding_text(finding) for finding in findings)
    lines: list[str] = []
    for file, of_file in groupby(findings, key=attrgetter("file")):
        quiet: list[Finding] = []
        for _, at_one_place in groupby(of_file, key=attrgetter("line", "column")):
            loud: list[Finding] = []
            for finding in at_one_place:
                (quiet if finding.level == "note" or finding.acknowledged else loud).append(finding)
            # What stands at one place shows its line once, below the last.
            lines += [*map(str, loud[:-1]), *map(finding_text, loud[-1:])]
        lines += [in_one_line(f"{file}: {counted}") for counted in _counted_quietly(quiet)]
    return "\n".join(lines)


def _counted_quietly(findings: Sequence[Finding]) -> list[str]:
    """Count notes, and what is acknowledged, by their codes."""
    lines = []
    for name, of_kind in (
        ("note", [finding for finding in findings if not finding.acknowledged]),
        ("acknowledged finding", [finding for finding in findings if finding.acknowledged]),
    ):
        if of_kind:
            by_code = Counter(finding.code for finding in of_kind)
            codes = [code if count == 1 else f"{code} ({count})" for code, count in sorted(by_code.items())]
            lines.append(f"{counted(len(of_kind), name)}: {', '.join(codes)}")
    return lines


def github_command(finding: Finding) -> str:
    """Write a finding as the workflow command that annotates its line; an acknowledged one is a notice."""
    command = "notice" if finding.acknowledged else _COMMANDS[finding.level]
    text = finding.message + (f"; {finding.fix}" if finding.fix else "")
    place = (
        f"file={_escaped(finding.file, _PROPERTY)},line={max(1, finding.line)},col={max(1, finding.column)}"
    )
    return f"::{command} {place},title={_escaped(finding.code, _PROPERTY)}::{_escaped(text, _BODY)}"


def _escaped(text: str, signs: Mapping[str, str]) -> str:
    return "".join(signs.get(char, char) for char in text)


def summary(
    findings: Sequence[Finding], fine: Mapping[str, int], study_count: int, *, with_notes: bool = True
) -> str:
    """Say what was found, and what the checks looked at and found fine: with notes, each check by name."""
    open_ones = [finding for finding in findings if not finding.acknowledged]
    levels = [
        counted(count, level) + (_first_place(open_ones) if level == "error" else "")
        for level in ("error", "warning", "note")
        if (count := sum(finding.level == level for finding in open_ones))
    ]
    acknowledged = len(findings) - len(open_ones)
    if acknowledged:
        levels.append(f"{acknowledged} acknowledged")
    told = ", ".join(levels) if levels else "nothing to mend"
    lines = [f"{counted(study_count, 'study').replace('studys', 'studies')}: {told}"]
    looked = sum(fine.values())
    if looked and not with_notes:
        hint = "; --notes shows the notes, and what was fine" if acknowledged or _has_note(open_ones) else ""
        lines.append(f"checked and fine: {looked:,} things, by {counted(len(fine), 'check')}{hint}")
    elif looked:
        by_check = ", ".join(f"{code} {count}" for code, count in sorted(fine.items()))
        told = f"checked and fine: {looked} ({by_check})"
        lines += wrap(told, _WIDTH, subsequent_indent="  ", break_on_hyphens=False, break_long_words=False)
    return "\n".join(lines)


def _first_place(findings: Sequence[Finding]) -> str:
    """Say where the first error is."""
    errors = [finding for finding in findings if finding.level == "error"]
    first = "first " if len(errors) > 1 else ""
    return in_one_line(f" ({first}at {errors[0].file}:{errors[0].line}:{errors[0].column})")


def _has_note(findings: Sequence[Finding]) -> bool:
    return any(finding.level == "note" for finding in findings)


_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(findings: Sequence[Finding], version: str) -> str:
    """Write findings as a SARIF log; acknowledged ones are suppressed results."""
    codes = sorted({finding.code for finding in findings})
    driver = {
        "name": "evisynth",
        "version": version,
        "rules": [_rule(code) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, codes.index(finding.code)) for finding in findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _rule(code: str) -> dict[str, Any]:
    check = by_code().get(code)
    if check is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": check.test},
        "help": {"text": check.fix, "markdown": explain(check)},
        "defaultConfiguration": {"level": check.level},
    }


def _uri(file: str) -> str:
    """Write a path as a URI reference, which holds no spaces, percent signs or letters beyond ASCII."""
    return quote(file.replace("\\", "/"), safe="/")


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    region = {"startLine": max(1, finding.line), "startColumn": max(1, finding.column)}
    location = {"artifactLocation": {"uri": _uri(finding.file)}, "region": region}
    text = finding.message + (f"; {finding.fix}" if finding.fix else "")
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": finding.level,
        "message": {"text": text},
        "locations": [{"physicalLocation": location}],
    }
    if finding.acknowledged:
        justification = finding.fix.removeprefix("acknowledged: ")
        result["suppressions"] = [{"kind": "inSource", "justification": justification}]
    return result
