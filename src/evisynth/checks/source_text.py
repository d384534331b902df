"""The text a study file was written from: found by hash or name, and read number by number.

Texts of abstracts come through many hands: dashes and thin spaces of every kind, middle dots as decimal
marks, a space after a decimal point, thousands with commas or spaces, words broken over lines.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from html import unescape
from pathlib import Path

from evisynth.studies.place import PlaceError, parse_place

_SIGNS = str.maketrans(
    dict.fromkeys("−–—‐‑‒―", "-")
    | dict.fromkeys("\u00a0\u202f\u2009\u2008\u2007\u2006\u2005\u2004\u2003\u2002", " ")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\ufeff")
    | {"≥": ">", "≤": "<", "＜": "<", "＞": ">", "％": "%", "’": "'", "∼": "~"}
)
_MIDDLE_DOT = re.compile(r"(?<=\d)\s?[·•∙⋅]\s?(?=\d)|(?<=[=<> ])[·∙⋅](?=\d)")
_LOOSE_POINT = re.compile(r"(?<=[=<>])\s*\.\s+(?=\d)")
_BROKEN_WORD = re.compile(r"-\s*\n\s*")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d,])|\d+(?:\.\d+)?|(?<![\w.])\.\d+")
_SPACED_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?![\d.,%])")
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])\d+,\d{1,2}(?![\d,])")
_SUFFIXES = (".txt", ".text", ".md")


@dataclass(frozen=True, slots=True)
class Token:
    """A number in a text: its value, and where it begins and ends in its line."""

    value: Decimal
    start: int
    end: int


def plain_text(text: str) -> str:
    """Fold the many ways to print one sign into one; the number of lines stays."""
    if "&" in text:
        text = unescape(text)
    text = text.replace("\r\n", "\n").translate(_SIGNS)
    text = _MIDDLE_DOT.sub(".", text)
    return _LOOSE_POINT.sub(" .", text).lower()


def numbers_in(line: str) -> list[Token]:
    """Read the numbers of a line of plain text; what can be read in two ways is read in both."""
    readings = ((_NUMBER, ",", ""), (_SPACED_THOUSANDS, " ", ""), (_DECIMAL_COMMA, ",", "."))
    return [
        Token(Decimal(match.group().replace(sign, meant)), match.start(), match.end())
        for pattern, sign, meant in readings
        for match in pattern.finditer(line)
    ]


@dataclass(frozen=True)
class SourceText:
    """One source text; ``same`` when its hash is the one the study file names (None: it names none)."""

    name: str
    raw: str
    same: bool | None

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines in plain signs and small letters."""
        return tuple(plain_text(self.raw).split("\n"))

    @cached_property
    def numbers(self) -> tuple[tuple[Token, ...], ...]:
        """The numbers of each line."""
        return tuple(tuple(numbers_in(line)) for line in self.lines)

    def words(self, spans: Sequence[tuple[int, int]]) -> str:
        """Return the text of some lines as one run of words, broken words joined both ways."""
        text = "\n".join("\n".join(self.lines[first - 1 : last]) for first, last in spans)
        joined = _BROKEN_WORD.sub("-", text)
        return " ".join(f"{joined} {_BROKEN_WORD.sub('', text)}".replace("-", " ").split())

    def values(self, spans: Sequence[tuple[int, int]]) -> set[Decimal]:
        """Return the numbers of some lines."""
        return {
            token.value
            for first, last in spans
            for line in self.numbers[max(0, first - 1) : last]
            for token in line
        }

    def lines_with(self, value: Decimal, left_out: Sequence[tuple[int, int]]) -> list[int]:
        """Return the lines that print a number, but for those left out."""
        return [
            number
            for number, tokens in enumerate(self.numbers, 1)
            if any(token.value == value for token in tokens) and not is_among(number, left_out)
        ]


def is_among(line: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Say whether a line lies in one of the spans."""
    return any(first <= line <= last for first, last in spans)


def spans_of(place: str | None) -> tuple[tuple[int, int], ...]:
    """Return the lines that a place names; none for a table or a section."""
    if place is None:
        return ()
    try:
        return parse_place(place).lines
    except PlaceError:
        return ()


class SourceFolder:
    """A folder of source texts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._by_hash: dict[str, Path] = {}
        self._by_name: dict[str, Path] = {}
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix.lower() in _SUFFIXES:
                self._by_hash.setdefault(hashlib.sha256(path.read_bytes()).hexdigest(), path)
                self._by_name.setdefault(path.stem.lower(), path)

    def find(self, study: str, sha256: str | None) -> SourceText | None:
        """Return the text with the hash that the study names, else the text named after the study."""
        path = self._by_hash.get(sha256) if sha256 else None
        if path is not None:
            return _read(path, True)
        path = self._by_name.get(study.lower())
        return None if path is None else _read(path, None if sha256 is None else False)


def _read(path: Path, same: bool | None) -> SourceText:
    return SourceText(path.name, path.read_text(encoding="utf-8-sig", errors="replace"), same)
