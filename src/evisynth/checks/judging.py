"""Turning what checks hand back into findings, and counting what they found fine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from evisynth.checks.check import Check, Found
from evisynth.errors import Finding

#: The advice that a page gives, and a finding need not repeat.
_NOTHING = "nothing to mend"

#: The text of a line of the file that was checked; empty when it has no such line.
LineText = Callable[[int], str]


class Judged(NamedTuple):
    """A finding with what it speaks of, by which it can be acknowledged."""

    finding: Finding
    about: str


class SourceLines:
    """The lines of one file, read when the first is asked for."""

    def __init__(self, path: str | Path | None) -> None:
        self._path = path
        self._lines: list[str] | None = None

    def __call__(self, number: int) -> str:
        """Return the text of a line."""
        if self._lines is None:
            self._lines = self._read()
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ""

    def _read(self) -> list[str]:
        try:
            if self._path is None:
                return []
            with open(self._path, "rb") as file:
                return file.read().decode("utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError):
            return []


def judge_outcomes(
    check: Check,
    outcomes: Iterable[Found | None],
    file: str,
    fine: Counter[str],
    line_text: LineText | None = None,
) -> list[Judged]:
    """Turn what a check yields into findings; what was fine is counted."""
    code, level = check.code, check.level
    advice = "" if check.fix == _NOTHING else check.fix
    judged: list[Judged] = []
    fine_here = 0
    for found in outcomes:
        if found is None:
            fine_here += 1
            continue
        text = line_text(found.line) if line_text is not None else ""
        finding = Finding(
            found.file or file, found.line, found.column, code, level, found.message, found.fix or advice,
            False, text,
        )  # fmt: skip
        judged.append(Judged(finding, found.about))
    if fine_here:
        fine[code] += fine_here
    return judged
