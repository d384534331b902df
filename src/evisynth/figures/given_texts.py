"""Texts that a user hands to a plot: gaps of tables, and pairs of names."""

from __future__ import annotations

from collections.abc import Iterable

from evisynth.errors import InvalidDataError


def is_missing(value: object) -> bool:
    """Whether a value out of a table stands for nothing: None, NaN and what pandas has for them."""
    return value is None or (not isinstance(value, str) and str(value) in ("nan", "NaT", "<NA>"))


def read_pair(what: str, pair: object) -> tuple[str, str]:
    """Check two texts, of the index and the reference group or of the left and the right side.

    Raises
    ------
    InvalidDataError
        Anything else than two texts.
    """
    texts = [] if isinstance(pair, str) or not isinstance(pair, Iterable) else list(pair)
    if len(texts) != 2 or any(is_missing(text) for text in texts):
        raise InvalidDataError(f"{what} are two texts, such as ('A', 'B'), not {pair!r}")
    return str(texts[0]), str(texts[1])
