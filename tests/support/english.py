"""Slips of English that a program makes: the wrong article, a word twice, an id where words belong."""

from __future__ import annotations

import re

#: Words that begin with a vowel and sound otherwise.
_A = r"(?:uni|use|usual|one\b|once\b|eu)"
_AN = r"(?:hour|honest|heir)"
_ONES, _MANY = (
    "row study patient group figure factor ratio".split(),
    "rows studies patients groups figures".split(),
)
_MISTAKES = {
    "a before a vowel": re.compile(rf"\b[Aa] (?!{_A})(?:[aeiou][a-z-]+|8\d?%?|11%|18%)\b"),
    "an before a consonant": re.compile(rf"\b[Aa]n (?!{_AN})[b-df-hj-np-tv-z][a-z-]+\b"),
    "a word twice": re.compile(r"\b([a-z]{2,}) \1\b"),
    "one of several": re.compile(rf"(?<![\d.,])\b1 (?:{'|'.join(_MANY)})\b"),
    "several of one": re.compile(rf"(?<![\d.,-])\b(?:[2-9]|\d\d+) (?:{'|'.join(_ONES)})\b(?!-)"),
    "two spaces": re.compile(r"\w  \w"),
}
_ID = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b(?!:)")


def slips(text: str, *, ids_allowed: frozenset[str] | None = frozenset()) -> list[str]:
    """Return what is wrong in a text; ids with underscores are, unless allowed (None allows all)."""
    found = [f"{what}: {match[0]!r} in {text!r}" for what, pattern in _MISTAKES.items()
             for match in pattern.finditer(text)]  # fmt: skip
    if ids_allowed is not None:
        found += [f"an id: {name!r} in {text!r}" for name in _ID.findall(text) if name not in ids_allowed]
    return found
