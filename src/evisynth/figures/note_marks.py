"""The letters of footnotes behind a text: raised, and in an SVG inside the text that carries them.

An SVG leaves its letters to the fonts of its reader, in which the text may be longer or shorter than planned:
a mark that is part of the text stays at its end.
"""

from __future__ import annotations

import re

from matplotlib.text import Text

GAP, RISE = 2.0, 2.6  # points from the end of the text, and over its baseline
_NAME = "note-mark"
_MARK = re.compile(
    r"</text>\s*</g>\s*"
    rf'<g id="{_NAME}-\d+">\s*'
    r'<text style="([^"]*)"[^>]*>([^<]*)</text>'
)
#: What a mark takes from the text around it, or what only the text has.
_NOT_ITS_OWN = re.compile(r"(font-family|text-anchor): [^;]*;? ?")


def name_note_mark(text: Text, number: int) -> None:
    """Say of a text that it is the mark of the one drawn before it; the number is its own in the figure."""
    text.set_gid(f"{_NAME}-{number}")


def put_marks_inside(svg: str) -> str:
    """Move each mark of an SVG into the text that carries it."""
    return _MARK.sub(_inside, svg)


def _inside(mark: re.Match[str]) -> str:
    style = _NOT_ITS_OWN.sub("", mark[1]).rstrip("; ")
    return f'<tspan dx="{GAP:g}" dy="-{RISE:g}" style="{style}">{mark[2]}</tspan></text>'
