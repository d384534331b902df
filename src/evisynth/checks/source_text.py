"""The text that a study file was written from, and the values that the file takes from it, number by number.

A text is found by its hash or its name. Texts of abstracts come through many hands: dashes and thin spaces of
every kind, middle dots as decimal marks, a space after a decimal point, thousands with commas or spaces,
words broken over lines. A p-value must have the sign of its source: 0.001 is not < 0.001.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from html import unescape
from pathlib import Path

from pydantic import BaseModel

from evisynth.quantities import Quantity
from evisynth.studies import Figure, PlaceError, Study, parse_place
from evisynth.wording import DAYS_IN_A_MONTH

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


_LEVEL = re.compile(r"\d+(?:\.\d+)?\s*%\s*(?:ci\b|confidence)")
_NONE_WORDS = ("no", "zero", "none")
_SMALL_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
#: Fields whose numbers are places, or are gathered figure by figure.
_NOT_ACCOUNTING = frozenset(
    {"at", "also_at", "sha256", "not_this_study", "line", "column", "values", "figures", "overlaps"}
)
#: Words that a source may use for a state or a share without a digit.
_WORDS = {
    "not reached": ("not reached", "not yet reached", "not been reached", "nr", "unreached", "not met"),
    "majority": ("majority", "most"),
}


@dataclass(frozen=True, slots=True)
class PrintedValue:
    """A value with its numbers, or the words one of which must be found, and its places."""

    name: str
    text: str
    numbers: tuple[Decimal, ...]
    words: tuple[str, ...]
    places: tuple[str, ...]
    line: int
    column: int

    @property
    def about(self) -> str:
        """What is spoken of, with the value as printed."""
        return f"{self.name}: {self.text}"


def printed_values(study: Study) -> Iterator[PrintedValue]:
    """Yield every value of a study file that its source prints."""
    for name, figure, second_place in _figures(study):
        yield from _value(name, figure, second_place)


def _figures(study: Study) -> Iterator[tuple[str, Figure | None, bool]]:
    """Yield each figure with its name, and whether its second place prints it too."""
    for name, group in study.groups.items():
        yield f"patients of {name}", group.n, True
    for block in study.outcomes:
        for name, row in block.values.items():
            for one in row.figures:
                yield f"{one.statistic} of {block.outcome} in {name}", one.figure, True
                yield f"at risk for {block.outcome} in {name}", one.figure.at_risk, True
    for comparison in study.comparisons:
        compared = ", ".join(comparison.of) or f"{comparison.within} by {comparison.by}"
        for one in comparison.figures:
            # The second place of a comparison may say only who was compared.
            own = one.figure.also_at != comparison.also_at
            yield f"{one.statistic} of {comparison.outcome} for {compared}", one.figure, own
    yield "patients looked at", study.cohort.screened, True
    if study.cohort.follow_up is not None:
        yield "median follow-up", study.cohort.follow_up.median, True
        yield "minimum follow-up", study.cohort.follow_up.minimum, True


#: States that a source need not print in so many words.
_WITHOUT_NUMBER = frozenset({"not_reported", "significant", "not_significant"})


def _value(name: str, figure: Figure | None, second_place: bool) -> Iterator[PrintedValue]:
    if figure is None or figure.worked_out is not None or figure.quantity.state in _WITHOUT_NUMBER:
        return
    text = figure.quantity.as_reported
    numbers = tuple(numbers_of(text))
    words = () if numbers else _words_for(figure.quantity)
    if numbers == (Decimal(0),):
        words = _NONE_WORDS
    elif len(numbers) == 1 and figure.quantity.unit == "patients":
        words = _number_in_words(int(numbers[0]))
    both = (figure.at, figure.also_at if second_place else None)
    places = tuple(place for place in both if place is not None)
    yield PrintedValue(name, text, numbers, words, places, figure.line, figure.column)


def _number_in_words(number: int) -> tuple[str, ...]:
    """Return a number below a hundred as it may be spelled out; hyphens are spaces."""
    if number < len(_SMALL_WORDS):
        return (_SMALL_WORDS[number],)
    if number >= 100:
        return ()
    tens, rest = divmod(number, 10)
    return (_TENS_WORDS[tens - 2] + (f" {_SMALL_WORDS[rest]}" if rest else ""),)


def numbers_of(text: str) -> Iterator[Decimal]:
    """Yield the numbers of a value, without the level of its interval."""
    for token in numbers_in(_LEVEL.sub(" ", plain_text(text))):
        yield token.value


def _words_for(quantity: Quantity) -> tuple[str, ...]:
    text = plain_text(quantity.as_reported).replace("-", " ")
    for key, words in _WORDS.items():
        if key in text:
            return words
    return (re.sub(r"^(about|approximately|nearly|almost|around|roughly) ", "", text).strip(),)


def numbers_accounted_for(study: Study) -> set[Decimal]:
    """Return every number that the study file holds, in values, times, labels, citation and notes."""
    found: set[Decimal] = set()
    for text in _texts(study):
        plain = plain_text(text)
        found.update(token.value for token in numbers_in(plain))
        found.update(joined_ends(plain))
    if study.cohort.accrual is not None:
        found.update(joined_ends("-".join(map(str, study.cohort.accrual))))
    for months in _times(study):
        for time in (months, months / 12, months * DAYS_IN_A_MONTH, months * DAYS_IN_A_MONTH / 7):
            if abs(time - round(time)) < 1e-6:
                found.add(Decimal(round(time)))
    return found


def _texts(study: Study) -> Iterator[str]:
    source, cohort = study.source, study.cohort
    for part in (source, cohort, *study.groups.values(), *study.comparisons, *study.claims, *study.outcomes):
        for name, value in part:
            if name not in _NOT_ACCOUNTING:
                yield from _strings(value)
    for block in study.outcomes:
        for row in block.values.values():
            yield from _strings((row.note, row.n, tuple(one.figure for one in row.figures)))
    for comparison in study.comparisons:
        yield from _strings(tuple(one.figure for one in comparison.figures))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, int):
        yield str(value)
    elif isinstance(value, Quantity):
        yield value.as_reported
    elif isinstance(value, Figure):
        # What the reader suspects behind a misprint is not printed, and accounts for nothing.
        yield from _strings((value.quantity, value.n, value.at_risk, value.worked_out, value.note))
    elif isinstance(value, tuple):
        for part in value:
            yield from _strings(part)
    elif isinstance(value, BaseModel):
        for _, part in value:
            yield from _strings(part)


def _times(study: Study) -> Iterator[float]:
    for block in study.outcomes:
        for row in block.values.values():
            yield from (one.time_months for one in row.figures if one.time_months is not None)
    for comparison in study.comparisons:
        if comparison.time_months is not None:
            yield comparison.time_months


_SIGNED = re.compile(r"([<>])=?$")
_SAID = {
    "<": re.compile(r"(?:less|lower|smaller) than$|below$|under$"),
    ">": re.compile(r"(?:more|greater|larger) than$|above$"),
}


def other_sign(text: SourceText, value: PrintedValue, spans: Sequence[tuple[int, int]]) -> str | None:
    """Return the sign that some lines print before a p-value where the file has another, else None."""
    if not value.name.startswith("p_value ") or len(value.numbers) != 1:
        return None
    typed = plain_text(value.text).strip()[:1]
    printed = {
        _sign_before(text.lines[number - 1][: token.start])
        for first, last in spans
        for number in range(first, last + 1)
        for token in text.numbers[number - 1]
        if token.value == value.numbers[0]
    }
    wanted = typed if typed in "<>" else "="
    return None if not printed or wanted in printed else min(printed)


def _sign_before(line: str) -> str:
    before = line.rstrip()
    if match := _SIGNED.search(before):
        return match.group(1)
    return next((sign for sign, words in _SAID.items() if words.search(before)), "=")
