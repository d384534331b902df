"""Whether a p-value has the sign in its study file that it has in its source: 0.001 is not < 0.001."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evisynth.checks.printed_values import PrintedValue
from evisynth.checks.source_text import SourceText, plain_text

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
