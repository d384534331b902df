"""Commas inside braces that belong to a value: ``{median: 3,5 years}``, ``{n: 1,362}``, ``(95% CI 80, 121)``.

To YAML such a comma ends the value, and what follows it is a name without a value. The two are put together
again, so that the slip is told once, where the number stands, and the rest is read as it was meant.
"""

from __future__ import annotations

import re

from evisynth.reading.nodes import Mapping, Node, Scalar, scalar
from evisynth.reading.source_text import FileFindings

#: A comma may part thousands between one to three digits and three more; else it is a decimal one.
_BEFORE_THOUSANDS, _THOUSANDS = (
    re.compile(r"(?:.*[^0-9.,])?[1-9][0-9]{0,2}"),
    re.compile(r"[0-9]{3}(?![0-9])"),
)
#: The beginning of an interval whose other end the comma cuts off, and that other end.
_OPEN_INTERVAL = re.compile(
    r"(?P<value>.*?)\(\s*(?P<name>(?:[0-9.]+\s*%\s*)?(?:CI|confidence interval)\b|range\b|IQR\b|"
    r"interquartile range\b|)\s*[:,]?\s*(?P<lower>[-+−–]?[0-9][0-9.]*\s*(?:%|[a-z]+)?)",
    re.IGNORECASE,
)
_OTHER_END = re.compile(
    r"(?P<upper>[-+−–]?[0-9][0-9.]*\s*(?:%|[a-z]+)?|not reached|NR|NE|NA)\s*\)(?P<rest>[^()]*)", re.IGNORECASE
)


def mend_decimal_commas(block: Mapping, findings: FileFindings) -> None:
    """Report the numbers of a block in braces that a comma cuts in two, and put them together again."""
    _mend_intervals(block, findings)
    before: Scalar | None = None
    as_typed = ""
    cut: dict[Scalar, str] = {}
    for key, value in block.named():
        number = block.get(before) if before is not None else None
        if (
            isinstance(number, Scalar)
            and before is not None
            and not value
            and _continues(number, as_typed, key)
        ):
            cut[before] = as_typed = f"{as_typed},{key}"
            comma = "," if _parts_thousands(number, key) else "."
            block[before] = scalar(f"{number}{comma}{key}", number.line, number.column)
            del block[key]
            continue
        before, as_typed = (key, str(value)) if _is_plain(value) else (None, "")
    for key, typed in cut.items():
        message = f"a comma inside braces ends a value, and '{typed}' has one"
        mended = block.value(key)
        findings.add(mended, "decimal-comma", message, _advice(str(mended)))


def _is_plain(value: Node) -> bool:
    """Whether a value is a text without quotes, and not empty."""
    return isinstance(value, Scalar) and value != "" and value.style is None


def _mend_intervals(block: Mapping, findings: FileFindings) -> None:
    """Report the intervals whose ends a comma parts, and part them by 'to'."""
    before: Scalar | None = None
    for key, value in block.named():
        number = block.get(before) if before is not None else None
        end = _OTHER_END.fullmatch(key) if isinstance(value, Scalar) and not value else None
        start = _OPEN_INTERVAL.fullmatch(number) if isinstance(number, Scalar) and end is not None else None
        if before is not None and number is not None and start and end and number.line == key.line:
            choices = [start["name"]] if start["name"] else ["95% CI", "range", "IQR"]
            upper = "not reached" if end["upper"].isupper() else end["upper"]
            typed = [f"{start['value']}({each} {start['lower']} to {upper}){end['rest']}" for each in choices]
            block[before] = scalar(typed[0], number.line, number.column)
            del block[key]
            whichever = ", whichever it is" if len(typed) > 1 else ""
            message = "a comma inside braces ends a value, and the ends of an interval are parted by 'to'"
            findings.add(number, "flow-comma", message, f"type {' or '.join(typed)}{whichever}")
            before = None
            continue
        before = key if isinstance(value, Scalar) and value.style is None else None


def _continues(number: Scalar, as_typed: str, name: Scalar) -> bool:
    """Whether a name stands right behind a digit and a comma, and begins with a digit."""
    end = number.column + len(as_typed) + 1
    return as_typed[-1:].isdigit() and name[:1].isdigit() and (name.line, name.column) == (number.line, end)


def _parts_thousands(text: str, rest: str) -> bool:
    return bool(_BEFORE_THOUSANDS.fullmatch(text) and _THOUSANDS.match(rest))


def _advice(text: str) -> str:
    if "," in text:
        return f'type {text.replace(",", "")}, or put it in quotes: "{text}"'
    return f"type {text}: a point before decimals"
