"""What each side of the line of no effect favours: under the axis, or over the plot where there is room."""

from __future__ import annotations

from dataclasses import dataclass

from evisynth.figures.fonts import clean_text, text_width, wrap_text
from evisynth.figures.forest_plot.columns import MARGIN
from evisynth.figures.forest_plot.placed import Cursor

MOST_OF_FAVOURS = 190.0
CLEAR = 8.0  # from the line of no effect to the words beside it


@dataclass(frozen=True, slots=True)
class Sides:
    """The lines of text left and right of the line of no effect, which stands at ``null``."""

    null: float = 0.0
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()

    @property
    def line_count(self) -> int:
        """How many lines the higher side has."""
        return max(len(self.left), len(self.right))


def place_sides_below(cursor: Cursor) -> None:
    """Write what each side favours under the axis, as wide as the page allows, and go below it."""
    axis = cursor.layout.axis
    if axis is None or axis.favours is None or axis.null_place is None:
        return
    null = cursor.x_of(axis.null_place)
    start = MARGIN if cursor.style.print_place == "below" else cursor.spans.panel[0] - CLEAR
    end = (cursor.spans.absolute_panel or (cursor.spans.right_end,))[0]
    to_left, to_right = ("← ", " →") if cursor.style.favours_arrows else ("", "")
    size = cursor.sizes.text
    left = _balanced(
        axis.favours[0], min(null - start - CLEAR, MOST_OF_FAVOURS) - text_width(to_left, size), size
    )
    right = _balanced(
        axis.favours[1], min(end - null - 2 * CLEAR, MOST_OF_FAVOURS) - text_width(to_right, size), size
    )
    if left:
        left[0] = to_left + left[0]
    if right:
        right[-1] += to_right
    cursor.y += 2
    sides = Sides(null, tuple(left), tuple(right))
    place_sides(cursor, sides, cursor.y + size)
    cursor.y += cursor.sizes.line * max(sides.line_count, 1)


def sides_over_plot(cursor: Cursor) -> Sides:
    """Wrap what each side favours for the head of the plot; nothing where a word would not fit there."""
    axis = cursor.layout.axis
    if cursor.style.favours_place != "over" or axis is None:
        return Sides()
    if axis.favours is None or axis.null_place is None:
        return Sides()
    size, null = cursor.sizes.text, cursor.x_of(axis.null_place)
    left, right = cursor.spans.panel
    rooms = (null - left - CLEAR / 2, right - null - CLEAR / 2)
    for text, room in zip(axis.favours, rooms, strict=True):
        if max((text_width(word, size, True) for word in clean_text(text).split()), default=0.0) > room:
            return Sides()
    lines = (
        tuple(_balanced(text, room, size, bold=True)) for text, room in zip(axis.favours, rooms, strict=True)
    )
    return Sides(null, *lines)


def place_sides(cursor: Cursor, sides: Sides, first: float, *, bold: bool = False) -> None:
    """Write both sides away from the line of no effect, their first lines at the baseline ``first``."""
    clear = CLEAR / 2 if bold else CLEAR
    for i, text in enumerate(sides.left):
        cursor.text(sides.null - clear, first + i * cursor.sizes.line, text, bold=bold, align="right")
    for i, text in enumerate(sides.right):
        cursor.text(sides.null + clear, first + i * cursor.sizes.line, text, bold=bold)


def _balanced(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Wrap into as few lines as fit, all of about the same length."""
    text = clean_text(text)
    lines = wrap_text(text, width, size, bold=bold)
    for share in (0.55, 0.65, 0.75, 0.85):
        tried = wrap_text(text, share * width, size, bold=bold)
        if len(tried) == len(lines):
            return tried
    return lines
