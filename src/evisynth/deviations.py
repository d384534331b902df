"""A standard deviation or a standard error as it is typed: which of the two, of what, and its number.

``SD 1.1`` and ``± 1.1 SD`` say the same; ``SE of the log 0.21`` is that of the logarithm of a ratio.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

_NUMBER = r"-?(?:[0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+)(?:e[-+]?[0-9]{1,2})?"
_DEVIATION = re.compile(
    r"(?P<sd>\bsd\b|\bs\.d\.|standard deviation)|\bsem?\b|\bs\.e\.(?:m\.)?|standard error"
)
_OF_THE_LOG = re.compile(r"\b(?:log|ln)(?:arithm|hr|or|rr)?\b")
_OF_THE_RATIO = re.compile(r"\b(?:ratio|hr|or|rr)\b")
#: Words around the number of a deviation that are no unit of it.
_AROUND = re.compile(
    r"\b(?:of|on|in|for|the|its|mean|scale|(?:log|ln)(?:arithm|hr|or|rr)?|hazard|odds|risk|ratio|hr|or|rr)\b|[:,=±-]"
)


class Deviation(NamedTuple):
    """What is said of a deviation: whether it is an SD or an SE, of what, and its number with its unit."""

    name: Literal["sd", "se"] | None
    of: str
    number: str


def names_deviation(words: str) -> bool:
    """Whether a standard deviation or a standard error is named."""
    return _DEVIATION.search(words) is not None


def read_deviation(words: str) -> Deviation:
    """Read ``sd 1.1``, ``± 1.1 sd``, ``se of the log 0.21``."""
    found = _DEVIATION.search(words)
    of = "log" if _OF_THE_LOG.search(words) else "ratio" if _OF_THE_RATIO.search(words) else ""
    number = re.search(rf"(?<![a-z0-9]){_NUMBER}\s*%?", words)
    if number is None:
        return Deviation(None, of, words)
    around = _AROUND.sub(" ", _DEVIATION.sub(" ", words[: number.start()] + " " + words[number.end() :]))
    name: Literal["sd", "se"] | None = None if found is None else "sd" if found["sd"] else "se"
    return Deviation(name, of, " ".join((number.group().strip(), *around.split())))
