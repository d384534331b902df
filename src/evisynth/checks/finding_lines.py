"""Findings as lines: for people with the source line below, for GitHub as workflow commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap

from evisynth.checks.words import plural
from evisynth.errors import Finding

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


def summary(findings: Sequence[Finding], fine: Mapping[str, int], study_count: int) -> str:
    """Say what was found, and what each check looked at and found fine."""
    open_ones = [finding for finding in findings if not finding.acknowledged]
    levels = [
        plural(count, level)
        for level in ("error", "warning", "note")
        if (count := sum(finding.level == level for finding in open_ones))
    ]
    acknowledged = len(findings) - len(open_ones)
    if acknowledged:
        levels.append(f"{acknowledged} acknowledged")
    told = ", ".join(levels) if levels else "nothing to mend"
    looked = sum(fine.values())
    lines = [f"{plural(study_count, 'study').replace('studys', 'studies')}: {told}"]
    if looked:
        by_check = ", ".join(f"{code} {count}" for code, count in sorted(fine.items()))
        told = f"checked and fine: {looked} ({by_check})"
        lines += wrap(told, _WIDTH, subsequent_indent="  ", break_on_hyphens=False, break_long_words=False)
    return "\n".join(lines)
