"""The text a study file was written from: found by hash or name, and read number by number.

Texts of abstracts come through many hands: dashes and thin spaces of every kind, middle dots as decimal
marks, a space after a decimal point, thousands with commas or spaces, words broken over lines.
"""

from __future__ import annotations

import codecs
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
    | dict.fromkeys("\u00a0\u202f\u205f\u3000", " ")
    | dict.fromkeys(range(0x2000, 0x200B), " ")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\ufeff")
    | {"≥": ">", "≤": "<", "＜": "<", "＞": ">", "％": "%", "’": "'", "∼": "~"}
)
_MIDDLE_DOT = re.compile(r"(?<=\d)\s?[·•∙⋅]\s?(?=\d)|(?<=[=<> ])[·∙⋅](?=\d)")
_LOOSE_POINT = re.compile(r"(?<=[=<>])\s*\.\s+(?=\d)")
_BROKEN_WORD = re.compile(r"-\s*\n\s*")
_NUMBER = re.compile(r"(?!0)\d{1,3}(?:,\d{3})+(?![\d,])|\d+(?:\.\d+)?|(?:(?<![\w.])|(?<=\bp))\.\d+")
_SPACED_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?![\d.,%])")
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])(?:\d+,\d{1,2}|0,\d+)(?![\d,])")
_SPACED_DECIMAL = re.compile(r"(?<![\d.,])(?:\d{1,3} \.|0\. )\d+")
_RANGE = re.compile(r"(?<![\d.,])(\d+)\s*%?\s*(?:-|to|\u2026)\s*(\d+)(?![\d.,]\d)")
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
    readings = (
        (_NUMBER, ",", ""),
        (_SPACED_THOUSANDS, " ", ""),
        (_DECIMAL_COMMA, ",", "."),
        (_SPACED_DECIMAL, " ", ""),
    )
    return [
        Token(Decimal(match.group().replace(sign, meant)), match.start(), match.end())
        for pattern, sign, meant in readings
        for match in pattern.finditer(line)
    ]


def joined_ends(text: str) -> dict[Decimal, tuple[Decimal, Decimal]]:
    """Return what the ends of the ranges in plain text make where the dash between them was lost: 10164."""
    ends = ((match.group(1), match.group(2)) for match in _RANGE.finditer(text))
    return {Decimal(low + high): (Decimal(low), Decimal(high)) for low, high in ends}


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
    return SourceText(path.name, _decoded(path.read_bytes()), same)


def _decoded(content: bytes) -> str:
    """Decode a text in the encodings that editors save: UTF-8, UTF-16 with its mark, that of old Windows."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = content.decode("utf-16", errors="replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")
