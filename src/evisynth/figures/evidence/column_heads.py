"""A field of rows and columns with the names of its columns on top, where a reader looks first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evisynth.figures.chart.chart import Axis, Mark, Words
from evisynth.figures.chart.name_room import LINE_HEIGHT, lines_within, step_height
from evisynth.figures.ticks import Scale, Tick

_BELOW = 6.0  # between a name and the first row
_BESIDE = 6.0  # between two names


@dataclass(frozen=True, slots=True)
class HeadedRows:
    """The axis of the rows, the first below the heads; the heads; and how high the field has to be."""

    axis: Axis
    heads: tuple[Mark, ...]
    height: float


def headed_rows(rows: Sequence[str], heads: Sequence[str], width: float, least: float) -> HeadedRows:
    """Lay out rows under the heads of their columns.

    Parameters
    ----------
    rows, heads
        Names; heads stand at 0, 1, ... of the x axis. Without any, only the rows are laid out.
    width
        Of a column, in points.
    least
        Height of a row at least.
    """
    step = step_height(rows, least)
    room = width - _BESIDE
    needed = max((lines_within(head, room) for head in heads), default=0)
    above = needed * LINE_HEIGHT + _BELOW if needed else 0.0
    scale = Scale(-0.5 - above / step, len(rows) - 0.5, logarithmic=False)
    ticks = tuple(Tick(scale.place(i), name) for i, name in enumerate(rows))
    words = tuple(
        Words(x, -0.5, head, align="center", level="bottom", dy=_BELOW / 2, width=room)
        for x, head in enumerate(heads)
        if head.strip()
    )
    return HeadedRows(Axis("", scale, ticks, reversed=True, bare=True), words, step * len(rows) + above)
