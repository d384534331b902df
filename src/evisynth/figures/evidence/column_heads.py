"""A field of rows and columns with the names of its columns on top, where a reader looks first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evisynth.figures.chart.chart import Axis, Mark, Words
from evisynth.figures.evidence.name_room import LINE_HEIGHT, guess_width, step_height
from evisynth.figures.ticks import Scale, Tick

_BELOW = 6.0  # between a name and the first row
_BESIDE = 6.0  # between two names


@dataclass(frozen=True, slots=True)
class HeadedRows:
    """The axis of the rows, the first below the heads; the heads; and how high the field has to be."""

    axis: Axis
    heads: tuple[Mark, ...]
    height: float


def headed_rows(
    rows: Sequence[str], heads: Sequence[str], width: float, least: float, *, lines: bool = False
) -> HeadedRows:
    """Lay out rows under the heads of their columns.

    Parameters
    ----------
    rows, heads
        Names; heads stand at 0, 1, ... of the x axis. Without any, only the rows are laid out.
    width
        Of a column, in points.
    least
        Height of a row at least.
    lines
        Whether a pale line runs along each row.
    """
    step = step_height(rows, least)
    room = width - _BESIDE
    needed = max((_lines(head, room) for head in heads), default=0)
    above = needed * LINE_HEIGHT + _BELOW if needed else 0.0
    scale = Scale(-0.5 - above / step, len(rows) - 0.5, logarithmic=False)
    ticks = tuple(Tick(scale.place(i), name) for i, name in enumerate(rows))
    words = tuple(
        Words(x, -0.5, head, align="center", level="bottom", dy=_BELOW / 2, width=room)
        for x, head in enumerate(heads)
        if head.strip()
    )
    return HeadedRows(Axis("", scale, ticks, reversed=True, lines=lines), words, step * len(rows) + above)


def _lines(head: str, room: float) -> int:
    """Guess how many lines a head takes: a line that ends with a broken word is seldom full."""
    return math.ceil(guess_width(head) / (0.72 * room))
