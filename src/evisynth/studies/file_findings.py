"""Collecting every mistake of one file before anybody hears of the first."""

from __future__ import annotations

from typing import Protocol

from evisynth.errors import Finding, FindingsError

#: Past this many mistakes a file is not a study file with typing errors but something else.
MOST_FINDINGS = 200
#: How much of a line is shown.
LONGEST_LINE = 300


class Located(Protocol):
    """Anything that knows its place in the file, counted from 1."""

    @property
    def line(self) -> int:
        """The line."""

    @property
    def column(self) -> int:
        """The column."""


class FileFindings:
    """The findings of one file, with the text of each line they name.

    A line that was mended by guesswork, so that the rest of the file could be read, is spoiled: the
    mistake on it is already reported, and what the guess gives rise to is not the writer's.
    """

    def __init__(self, file: str, lines: list[str]) -> None:
        self.file, self.lines = file, lines
        self.findings: list[Finding] = []
        self.places: set[tuple[int, int]] = set()
        self.spoiled: set[int] = set()

    def add(self, place: Located, code: str, message: str, fix: str = "") -> None:
        """Add an error at the place of a node."""
        self.add_at(place.line, place.column, code, message, fix)

    def add_at(self, line: int, column: int, code: str, message: str, fix: str = "") -> None:
        """Add an error at a line and column; a second one at the same place tells nobody more.

        Only missing keys, which have no place of their own, may share the place of their block.
        """
        if line in self.spoiled or ((line, column) in self.places and code != "missing-key"):
            return
        self.places.add((line, column))
        source_line = self.lines[line - 1][:LONGEST_LINE] if 0 < line <= len(self.lines) else ""
        self.findings.append(
            Finding(self.file, line, column, code, "error", message, fix, source_line=source_line)
        )
        if len(self.findings) >= MOST_FINDINGS:
            raise FindingsError(self.findings)

    def forget_after(self, count: int) -> None:
        """Drop all but the first findings, because the file is about to be read again."""
        del self.findings[count:]
        self.places = {(finding.line, finding.column) for finding in self.findings}

    def spoil(self, line: int) -> None:
        """Report nothing more on a line."""
        self.spoiled.add(line)

    def raise_if_any(self) -> None:
        """Raise FindingsError when anything was found."""
        if self.findings:
            raise FindingsError(self.findings)
