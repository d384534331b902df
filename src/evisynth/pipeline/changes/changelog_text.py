"""The changelog as text: plain lines for a commit message or a letter, Markdown with headings and tables."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from evisynth.pipeline.changes.changelog import Block, Changelog
from evisynth.pipeline.changes.line import Line

_TABLE_HEAD = ("| | what | before | after | where |", "|---|---|---|---|---|")


def plain_changelog(changelog: Changelog) -> str:
    """Write a line for each change, under the study or question that it is of."""
    lines = [changelog.headline]
    for section in changelog.sections:
        lines += ["", section.title]
        for block in section.blocks:
            lines += ["", *_plain_block(block)]
        if section.rest:
            lines += ["", section.rest]
    return "\n".join(lines)


def _plain_block(block: Block) -> Iterator[str]:
    yield f"{block.title} ({block.note})" if block.note else block.title
    for _, alike in groupby(enumerate(block.lines), _subject):
        lines = [line for _, line in alike]
        told = "; ".join(f"{line.fact} {_told(line)}".lstrip() for line in lines)
        place = f" [{lines[0].place}]" if lines[0].place else ""
        yield f"- {lines[0].state}: {lines[0].subject}: {told}{place}"


def _subject(numbered: tuple[int, Line]) -> tuple[object, ...]:
    """Say what facts of one subject share; what came or went stands on a line of its own."""
    number, line = numbered
    return (line.subject, line.place) if line.state == "changed" else (number,)


def _told(line: Line) -> str:
    return f"{line.old} -> {line.new}" if line.old and line.new else line.new or line.old


def markdown_changelog(changelog: Changelog) -> str:
    """Write a table for each study and question that changed, under headings."""
    lines = [f"## {changelog.headline.partition(': ')[0].rstrip('.')}"]
    if told := changelog.headline.partition(": ")[2]:
        lines += ["", told[0].upper() + told[1:]]
    for section in changelog.sections:
        lines += ["", f"### {section.title}"]
        for block in section.blocks:
            lines += ["", *_markdown_block(block)]
        if section.rest:
            lines += ["", section.rest]
    return "\n".join(lines)


def _markdown_block(block: Block) -> Iterator[str]:
    yield f"#### {block.title}"
    yield ""
    if block.note:
        yield from (_escaped(block.note), "")
    yield from _TABLE_HEAD
    for line in block.lines:
        cells = (line.state, line.what, line.old, line.new, line.place)
        yield "| " + " | ".join(map(_escaped, cells)) + " |"


def _escaped(text: str) -> str:
    """Keep what stands in a cell from being read as Markdown."""
    for sign in ("\\", "|", "*", "_", "<", "`"):
        text = text.replace(sign, f"\\{sign}")
    return text
