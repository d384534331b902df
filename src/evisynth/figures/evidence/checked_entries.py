"""What a plot of evidence is drawn from is checked before it is drawn, so that a wrong thing is named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from evisynth.errors import InvalidDataError

Entry = TypeVar("Entry")


def checked_entries(entries: Iterable[Entry], kind: type[Entry], chart: str) -> list[Entry]:
    """Return the entries as a list.

    Raises
    ------
    InvalidDataError
        They are no list, or one of them is of another type.
    """
    listed = list(entries) if isinstance(entries, Iterable) else [entries]
    for entry in listed:
        if not isinstance(entry, kind):
            raise InvalidDataError(
                f"{chart} is drawn from a list of {kind.__name__}, not from a {type(entry).__name__}"
            )
    return listed
