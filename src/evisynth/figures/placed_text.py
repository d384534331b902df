"""Lines of text on a page: their places, the boxes they take, and the marks of notes that may end them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from evisynth.figures.fonts import text_width
from evisynth.figures.tones import Tone

SMALL = 7.0
#: Height of a line of text above and below its baseline, as shares of its size.
ASCENT, DESCENT = 0.78, 0.22
#: Where the mark of a note begins, from the end of its text, and how far it is raised; in points.
MARK_GAP, MARK_RISE = 2.0, 2.6


Line = tuple[float, float, float, float]  # from (x, y) to (x, y)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page, in points from the top left."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def within(self, other: Box) -> bool:
        """Whether all of this box lies in the other."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )

    def crosses(self, line: Line) -> bool:
        """Whether a straight line runs through the box (Liang & Barsky 1984, clipping by parameters)."""
        x, y, x_end, y_end = line
        first, last = 0.0, 1.0
        sides = (
            (x - x_end, x - self.left),
            (x_end - x, self.right - x),
            (y - y_end, y - self.top),
            (y_end - y, self.bottom - y),
        )
        for outwards, distance in sides:
            if outwards == 0:
                if distance < 0:
                    return False
            elif outwards < 0:
                first = max(first, distance / outwards)
            else:
                last = min(last, distance / outwards)
        return first < last


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A line of text at its baseline, in points from the top left of the page.

    An upright one reads upwards along its baseline. A ``trailing`` one holds the marks of notes that end the
    text before it.
    """

    x: float
    y: float
    text: str
    size: float = SMALL
    bold: bool = False
    italic: bool = False
    tone: Tone = "ink"
    align: Literal["left", "center", "right"] = "left"
    upright: bool = False
    trailing: bool = False

    @property
    def box(self) -> Box:
        """The room it takes."""
        width = text_width(self.text, self.size, self.bold)
        if self.upright:
            return Box(self.x - ASCENT * self.size, self.y - width, self.x + DESCENT * self.size, self.y)
        left = self.x - {"left": 0.0, "center": width / 2, "right": width}[self.align]
        return Box(left, self.y - ASCENT * self.size, left + width, self.y + DESCENT * self.size)


_TRAILING = "note-mark"
_MARK_AFTER_TEXT = re.compile(
    r"</text>\s*</g>\s*"
    rf'<g id="{_TRAILING}-\d+">\s*'
    r'<text style="([^"]*)"[^>]*>([^<]*)</text>'
)
#: What a mark takes from the text around it.
_TAKEN_OVER = re.compile(r"(font-family|text-anchor): [^;]*;? ?")


def svg_id(text: PlacedText, number: int) -> str | None:
    """Return the name by which a trailing text is found in an SVG; the number is its own in the figure."""
    return f"{_TRAILING}-{number}" if text.trailing else None


def put_marks_inside(svg: str) -> str:
    """Move the marks of an SVG into the texts that carry them.

    An SVG leaves its letters to the fonts of its reader, in which a text may be longer or shorter than
    planned: a mark that is part of the text stays at its end.
    """
    return _MARK_AFTER_TEXT.sub(_inside, svg)


def _inside(mark: re.Match[str]) -> str:
    style = _TAKEN_OVER.sub("", mark[1]).rstrip("; ")
    return f'<tspan dx="{MARK_GAP:g}" dy="-{MARK_RISE:g}" style="{style}">{mark[2]}</tspan></text>'
