"""Commas inside braces that belong to a value: ``{median: 3,5 years}``, ``{n: 1,362}``, ``(95% CI 80, 121)``.

To YAML such a comma ends the value, and what follows it is a name without a value. The two are put together
again, so that the slip is told once, where the number stands, and the rest is read as it was meant.
"""

from __future__ import annotations

import re
from typing import Any, Protocol

from evisynth.studies.file_findings import FileFindings

#: A comma may part thousands between one to three digits and three more; else it is a decimal one.
_BEFORE_THOUSANDS, _THOUSANDS = (
    re.compile(r"(?:.*[^0-9.,])?[1-9][0-9]{0,2}"),
    re.compile(r"[0-9]{3}(?![0-9])"),
)
#: The beginning of an interval whose other end the comma cuts off, and that other end.
_OPEN_INTERVAL = re.compile(
    r"(?P<value>.*?)\(\s*(?P<name>(?:[0-9.]+\s*%\s*)?(?:CI|confidence interval)\b|range\b|IQR\b|"
    r"interquartile range\b|)\s*[:,]?\s*(?P<lower>[0-9][0-9.]*\s*(?:%|[a-z]+)?)",
    re.IGNORECASE,
)
_OTHER_END = re.compile(
    r"(?P<upper>[0-9][0-9.]*\s*(?:%|[a-z]+)?|not reached|NR|NE|NA)\s*\)(?P<rest>[^()]*)", re.IGNORECASE
)


class _Text(Protocol):
    """A text of the file; the nodes themselves are made of what is mended here."""

    text: str
    line: int
    column: int


def mend_decimal_commas(entries: dict[str, Any], findings: FileFindings) -> None:
    """Report the numbers of a block in braces that a comma cuts in two, and put them together.

    Parameters
    ----------
    entries
        For each name its node and the node of its value; what belongs to the number before is taken out.
    findings
        Where the slip is told.
    """
    _mend_intervals(entries, findings)
    number: _Text | None = None
    as_typed = ""
    cut: list[tuple[_Text, str]] = []
    for key, (name, value) in list(entries.items()):
        is_rest = getattr(value, "text", None) == ""
        if number is not None and is_rest and _continues(number, as_typed, name):
            if not cut or cut[-1][0] is not number:
                cut.append((number, as_typed))
            as_typed = f"{as_typed},{key}"
            cut[-1] = number, as_typed
            number.text += ("," if _parts_thousands(number.text, key) else ".") + key
            del entries[key]
            continue
        # Only a text has a style, and a plain one has none.
        plain = not is_rest and getattr(value, "style", "") is None
        number, as_typed = (value, value.text) if plain else (None, "")
    for mended, typed in cut:
        message = f"a comma inside braces ends a value, and '{typed}' has one"
        findings.add(mended, "decimal-comma", message, _advice(mended.text))


def _mend_intervals(entries: dict[str, Any], findings: FileFindings) -> None:
    """Report the intervals whose ends a comma parts, and part them by 'to'."""
    before: _Text | None = None
    for key, (name, value) in list(entries.items()):
        end = _OTHER_END.fullmatch(key) if getattr(value, "text", None) == "" else None
        start = _OPEN_INTERVAL.fullmatch(before.text) if before is not None and end is not None else None
        if before is not None and start is not None and end is not None and before.line == name.line:
            choices = [start["name"]] if start["name"] else ["95% CI", "range", "IQR"]
            upper = "not reached" if end["upper"].isupper() else end["upper"]
            typed = [f"{start['value']}({each} {start['lower']} to {upper}){end['rest']}" for each in choices]
            before.text = typed[0]
            del entries[key]
            whichever = ", whichever it is" if len(typed) > 1 else ""
            message = "a comma inside braces ends a value, and the ends of an interval are parted by 'to'"
            findings.add(before, "flow-comma", message, f"type {' or '.join(typed)}{whichever}")
            before = None
            continue
        before = value if getattr(value, "style", "") is None else None


def _continues(number: _Text, as_typed: str, name: _Text) -> bool:
    """Whether a name stands right behind a digit and a comma, and begins with a digit."""
    end = number.column + len(as_typed) + 1
    return (
        as_typed[-1:].isdigit() and name.text[:1].isdigit() and (name.line, name.column) == (number.line, end)
    )


def _parts_thousands(text: str, rest: str) -> bool:
    return bool(_BEFORE_THOUSANDS.fullmatch(text) and _THOUSANDS.match(rest))


def _advice(text: str) -> str:
    if "," in text:
        return f'type {text.replace(",", "")}, or put it in quotes: "{text}"'
    return f"type {text}: a point before decimals"
