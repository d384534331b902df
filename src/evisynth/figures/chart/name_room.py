"""How many lines a name may need beside an axis, guessed from its letters: layouts measure no fonts."""

from __future__ import annotations

import math
from collections.abc import Iterable

LINE_HEIGHT = 9.6
#: Points of the page that a letter takes, rather too many than too few; scripts after Latin, Greek and
#: Cyrillic are wider.
_NARROW, _USUAL, _WIDE, _FOREIGN = 2.7, 4.35, 5.6, 8.0
_LAST_ALPHABETIC = "\u052f"
_NARROW_LETTERS = frozenset(" .,:;'|!()[]/-fijlrtI")
#: Names wrap at this width; a wrapped line is seldom full.
_LINE, _FILLED = 170.0, 140.0


def guess_width(name: str) -> float:
    """Return how wide a name is in the small size, in points, roughly."""
    return sum(map(_letter_width, name))


def _letter_width(letter: str) -> float:
    if letter in _NARROW_LETTERS:
        return _NARROW
    if letter > _LAST_ALPHABETIC:
        return _FOREIGN
    return _WIDE if letter.isupper() or letter in "mw%@" else _USUAL


def lines_for(name: str) -> int:
    """Return how many lines a name takes at most."""
    width = guess_width(name)
    return 1 if width <= _LINE else math.ceil(width / _FILLED)


def lines_within(name: str, width: float) -> int:
    """Return how many lines a name takes in a narrow column, where a line is seldom full."""
    return math.ceil(guess_width(name) / (0.72 * width))


def step_height(names: Iterable[str], least: float = LINE_HEIGHT) -> float:
    """Return the height of one step of an axis of names, so that the longest finds room."""
    return max([least, *(LINE_HEIGHT * lines_for(name) for name in names)])
