"""The errors of the package, and findings: each tells a person where a mistake is and how to mend it.

::

    EvidenceError
    ├── FindingsError       files that must be mended: one finding for each mistake
    ├── UnknownNameError    a name that nobody defined, with the nearest known ones
    ├── UsageError          words typed on the command line that cannot be understood
    ├── ProjectError        a folder, file or database that cannot be used as asked
    ├── InvalidDataError    numbers that no formula can take (a ValueError too)
    └── ConvergenceError    an iteration that found no answer; a last guess is never handed back

The command line turns every one of these into plain lines and an exit status; a user sees no traceback.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from evisynth.near_names import near_misses, suggestion_text
from evisynth.wording import in_one_line

Level = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something a person should look at: where, what, and what to do about it.

    Findings sort by file, line and column. Lines and columns count from 1; 0 means the file as a whole.
    """

    file: str
    line: int
    column: int
    code: str
    level: Level
    message: str
    fix: str = ""
    acknowledged: bool = False
    source_line: str = field(default="", compare=False)

    def __str__(self) -> str:
        advice = f"; {self.fix}" if self.fix else ""
        place = f"{self.file}:{self.line}:{self.column}"
        return in_one_line(f"{place}: {self.level}: {self.message}{advice} [{self.code}]")


class EvidenceError(Exception):
    """Base of every error this package raises on purpose; what it says is one line."""

    def __str__(self) -> str:
        return in_one_line(super().__str__())


class FindingsError(EvidenceError):
    """Files that must be mended before they can be used: all mistakes of all files at once, a line each."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(sorted(findings))
        super().__init__(*self.findings)

    def __str__(self) -> str:
        return "\n".join(str(finding) for finding in self.findings)


class UnknownNameError(EvidenceError):
    """A name that nobody defined."""

    def __init__(self, kind: str, name: str, known: Sequence[str], known_as: str = "known") -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        self.suggestions = near_misses(name, known)
        self.instead = suggestion_text(name, known, known_as)
        super().__init__(f"unknown {kind} '{name}'; {self.instead}")


class UsageError(EvidenceError):
    """Words typed that cannot be understood; the message says what to type instead."""


class ProjectError(EvidenceError):
    """A folder, file or database that cannot be used as asked."""


class InvalidDataError(EvidenceError, ValueError):
    """Numbers that no formula can take; the message names the row and the value."""


class ConvergenceError(EvidenceError):
    """An iteration that found no answer."""
