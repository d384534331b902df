"""The cells of a CSV file as people save them: marks, semicolons, tabs, decimal commas, empty rows."""

from __future__ import annotations

import codecs
import csv
import io
import math
import re
from dataclasses import dataclass
from pathlib import Path

from evisynth.errors import Finding, FindingsError
from evisynth.wording import counted

#: A table of effects has kilobytes; a larger file is something else.
LARGEST_TABLE = 20_000_000
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_COMMA_NUMBER = re.compile(r"[+-]?(?:\d+,\d*|,\d+)(?:[eE][+-]?\d+)?")
#: 1,362 may be more than a thousand or a little more than one.
_PERHAPS_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+")
_SEPARATOR_LINE = re.compile(r'"?sep=(?P<separator>[,;\t|])"?\s*', re.IGNORECASE)
_PARTED = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_WORDS_OF_MISSING = ("", "na", "n/a", "nan", "null", ".", "-", "–", "nr")


@dataclass(frozen=True, slots=True)
class Cells:
    """The rows of a file, each with the line on which it begins; ``names`` are headers as they are looked up.

    ``line`` is that of the header. ``decimal_commas`` says that a comma in a number is a decimal one.
    """

    file: str
    line: int
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    separator: str
    decimal_commas: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Headers in small letters, with ``_`` for whatever is neither letter nor digit."""
        return tuple(re.sub(r"\W+", "_", name).strip("_").casefold() for name in self.header)

    def number(self, line: int, row: tuple[str, ...], place: int) -> float:
        """Read a cell as a finite number; FindingsError says what to type instead."""
        text = row[place].replace("−", "-") if place < len(row) else ""
        if self.decimal_commas and _COMMA_NUMBER.fullmatch(text):
            text = text.replace(",", ".")
        if _NUMBER.fullmatch(text) and math.isfinite(value := float(text)):
            return value
        what, fix = _what_is_wrong(text, self.header[place])
        raise refusal(self, line, place + 1, what, fix)


def _what_is_wrong(text: str, name: str) -> tuple[str, str]:
    if text.casefold() in _WORDS_OF_MISSING:
        shown = f" ('{text}')" if text else ""
        return f"'{name}' has no number here{shown}", "type the number, or take the row out"
    if _PERHAPS_THOUSANDS.fullmatch(text):
        instead = f"type {text.replace(',', '')} for thousands, or {text.replace(',', '.', 1)} for decimals"
        return f"'{name}' is '{text}', which may be read in two ways", instead
    if _COMMA_NUMBER.fullmatch(text):
        point = text.replace(",", ".")
        return f"'{name}' is '{text}', with a decimal comma", f"type {point}: a point before decimals"
    if text.endswith("%") and _NUMBER.fullmatch(part := text[:-1].strip()):
        return (
            f"'{name}' is '{text}'",
            f"type {float(part) / 100:.6g}: the share of 1, without a percent sign",
        )
    return f"'{name}' is '{text}', which is not a number", "type digits with a point before decimals"


def refusal(cells: Cells, line: int, column: int, message: str, fix: str) -> FindingsError:
    """Make the error of one cell; columns are counted in cells."""
    return _refuse(cells.file, line, column, message, fix)


def _refuse(file: str, line: int, column: int, message: str, fix: str) -> FindingsError:
    return FindingsError([Finding(file, line, column, "effects-table", "error", message, fix)])


def read_cells(path: str | Path) -> Cells:
    """Read a file; FindingsError where it is no table with one header and rows that fit it."""
    file = str(path)
    text = _text(file)
    first, _, rest = text.partition("\n")
    told = _SEPARATOR_LINE.fullmatch(first)
    text, above = (rest, 1) if told else (text, 0)
    header_line = next((line for line in text.splitlines() if line.strip()), "")
    outside = re.sub(r'"[^"]*"', "", header_line)
    separator = told["separator"] if told else max(_PARTED, key=outside.count)
    rows = _rows(file, text, separator, above)
    if len(rows) < 2:
        raise _refuse(
            file,
            0,
            0,
            "there is no row below a header",
            "put names of columns first, and a row for each study",
        )
    line, header = rows[0]
    while header and not header[-1]:
        header = header[:-1]
    _check_header(file, line, header, rows[1][1])
    _check_widths(file, len(header), rows[1:], _PARTED[separator])
    return Cells(file, line, header, tuple(rows[1:]), separator, _has_decimal_commas(rows[1:], separator))


def _text(file: str) -> str:
    try:
        with Path(file).open("rb") as stream:
            content = stream.read(LARGEST_TABLE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refuse(file, 0, 0, f"cannot be read: {reason}", "name a CSV file that is there") from None
    if len(content) > LARGEST_TABLE:
        raise _refuse(file, 0, 0, f"the file has more than {LARGEST_TABLE:,} bytes", "keep the rows to pool")
    if content.startswith(b"PK\x03\x04"):
        raise _refuse(file, 0, 0, "this is a workbook or an archive", "save the sheet as CSV UTF-8")
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refuse(file, line, 0, "this is not UTF-8", "save the file as CSV UTF-8") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise _refuse(file, line, 0, "a character of number 0 stands here", "save the file as CSV UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _rows(file: str, text: str, separator: str, above: int) -> list[tuple[int, tuple[str, ...]]]:
    """Part a text into rows with their lines; a row of empty cells is none."""
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True, skipinitialspace=True)
    rows, line = [], above + 1
    try:
        for row in reader:
            cells = tuple(" ".join(cell.split()) for cell in row)
            if any(cells):
                rows.append((line, cells))
            line = above + reader.line_num + 1
    except csv.Error as error:
        fix = 'close every quote; a quote inside a quoted cell is typed twice: ""'
        raise _refuse(file, line, 0, f"this row cannot be parted into cells ({error})", fix) from None
    return rows


def _check_header(file: str, line: int, header: tuple[str, ...], below: tuple[str, ...]) -> None:
    if any(_NUMBER.fullmatch(name) for name in header):
        fix = "put a row with the names of columns first, such as study,yi,sei"
        raise _refuse(file, line, 0, "the first row has numbers where names of columns belong", fix)
    seen: dict[str, int] = {}
    for place, name in enumerate(header):
        folded = name.casefold()
        if folded and folded in seen:
            what = f"cells {seen[folded] + 1} and {place + 1} of the header are both '{name}'"
            raise _refuse(file, line, place + 1, what, "give each column a name of its own")
        seen[folded] = place


def _check_widths(file: str, width: int, rows: list[tuple[int, tuple[str, ...]]], parted: str) -> None:
    findings: list[Finding] = []
    for line, row in rows:
        if any(row[width:]):
            what = f"the row has {counted(len(row), 'cell')} and the header {width}, parted by {parted}"
            fix = "put a cell that holds the separator in quotes; write 0.85 with a point"
            findings += _refuse(file, line, width + 1, what, fix).findings
    if findings:
        raise FindingsError(findings)


def _has_decimal_commas(rows: list[tuple[int, tuple[str, ...]]], separator: str) -> bool:
    """Whether commas in numbers are decimal: other separators, one that can be nothing else, and no point."""
    if separator == ",":
        return False
    texts = [cell.replace("−", "-") for _, row in rows for cell in row]
    sure = any(_COMMA_NUMBER.fullmatch(each) and not _PERHAPS_THOUSANDS.fullmatch(each) for each in texts)
    return sure and not any("." in each and _NUMBER.fullmatch(each) for each in texts)
