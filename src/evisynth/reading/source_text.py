"""A file as text, and the findings on it.

Size, kind and encoding are settled before a parser sees the text. Every mistake of one file is collected
before anybody hears of the first.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from evisynth.errors import Finding, FindingsError
from evisynth.reading.nodes import Located

#: A study file has a few kilobytes; a larger one is refused without being read.
LARGEST_FILE = 2_000_000

#: Past this many mistakes a file is not a study file with typing errors but something else.
MOST_FINDINGS = 200
#: How much of a line is shown.
LONGEST_LINE = 300

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
# Characters that YAML forbids, and those that it takes for line breaks while editors do not.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_NAMES = {
    "\ufeff": ("stray-bom", "a byte order mark stands inside the file"),
    "\x85": ("line-separator", "an invisible line separator stands here"),
    "\u2028": ("line-separator", "an invisible line separator stands here"),
    "\u2029": ("line-separator", "an invisible paragraph separator stands here"),
}


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of a file without a leading byte order mark, and the hash of its bytes."""

    text: str
    lines: list[str]
    sha256: str


def refuse_file(file: str, code: str, message: str, fix: str) -> FindingsError:
    """Make the error that refuses a file as a whole; it names line 1, where an editor opens."""
    return FindingsError([Finding(file, 1, 1, code, "error", message, fix)])


def read_source_text(path: Path, file: str) -> SourceText:
    """Read a file as UTF-8 text; ``file`` is its name as shown to people.

    Raises
    ------
    FindingsError
        When it is missing, looping, too large, no plain file, not UTF-8, or holds forbidden characters.
    """
    content = _read_bytes(path, file)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FindingsError([_not_utf8(content, error.start, file)]) from None
    text = text.removeprefix("\ufeff")
    lines = _LINE_BREAK.split(text)
    if _FORBIDDEN.search(text):
        _refuse_forbidden_characters(lines, file)
    return SourceText(text, lines, hashlib.sha256(content).hexdigest())


def _read_bytes(path: Path, file: str) -> bytes:
    try:
        with open(path, "rb", opener=_open_without_waiting) as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise refuse_file(file, "not-a-file", "this is not a plain file", "put a text file here")
            content = stream.read(LARGEST_FILE + 1) if status.st_size <= LARGEST_FILE else None
    except OSError as error:
        raise _cannot_open(error, file) from None
    if content is None or len(content) > LARGEST_FILE:
        size = status.st_size if content is None else len(content)
        raise refuse_file(
            file,
            "too-large",
            f"the file has {size:,} bytes, more than the {LARGEST_FILE:,} that are read",
            "split it into studies, and keep figures only, no texts or images",
        )
    return content


def _open_without_waiting(path: str, flags: int) -> int:
    """Open without blocking, so that a pipe with no writer is refused instead of waited for."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _cannot_open(error: OSError, file: str) -> FindingsError:
    if error.errno == errno.ELOOP:
        return refuse_file(
            file, "symlink-loop", "a symbolic link leads back to itself", "replace it by the file itself"
        )
    if error.errno == errno.ENOENT:
        return refuse_file(file, "no-such-file", "there is no such file", "check its name and folder")
    if error.errno == errno.EISDIR:
        return refuse_file(file, "not-a-file", "this is a folder", "name a file in it, not the folder")
    reason = error.strerror or type(error).__name__
    return refuse_file(
        file, "unreadable-file", f"it cannot be read: {reason}", "check the rights of the file"
    )


def _not_utf8(content: bytes, offset: int, file: str) -> Finding:
    """Name the line and column of the first byte that is no UTF-8."""
    before = content[:offset].decode("utf-8").removeprefix("\ufeff")
    lines = _LINE_BREAK.split(before)
    rest = _LINE_BREAK.split(content[offset : offset + 400].decode("utf-8", "replace"))[0]
    return Finding(
        file,
        len(lines),
        len(lines[-1]) + 1,
        "not-utf8",
        "error",
        f"byte {offset + 1} of the file (0x{content[offset]:02x}) is not UTF-8",
        "save the file with the encoding UTF-8",
        source_line=lines[-1] + rest,
    )


def _refuse_forbidden_characters(lines: list[str], file: str) -> None:
    findings = FileFindings(file, lines)
    for number, line in enumerate(lines, 1):
        for match in _FORBIDDEN.finditer(line):
            code, message = _NAMES.get(
                match.group(),
                ("control-character", f"the control character U+{ord(match.group()):04X} stands here"),
            )
            findings.add_at(number, match.start() + 1, code, message, "delete it")
    findings.raise_if_any()


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
        """Drop all but the first findings, because the file is read again or what follows matters more."""
        del self.findings[count:]
        self.places = {(finding.line, finding.column) for finding in self.findings}
        # A line whose finding is forgotten is silent no longer: a refusal always has a finding.
        self.spoiled &= {finding.line for finding in self.findings}

    def spoil(self, line: int) -> None:
        """Report nothing more on a line."""
        self.spoiled.add(line)

    def raise_if_any(self) -> None:
        """Raise FindingsError when anything was found."""
        if self.findings:
            raise FindingsError(self.findings)
