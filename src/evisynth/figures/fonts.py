"""The one font family of all figures, the width of texts in it, and what stands in for glyphs it lacks.

DejaVu Sans comes with matplotlib, so figures look the same on every machine, and it covers Latin, Greek,
Cyrillic and more. Where text stays text (SVG), wide families of near the same widths follow it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import matplotlib
from matplotlib.ft2font import FT2Font, Kerning, LoadFlags

FAMILY = "DejaVu Sans"
#: For SVG: DejaVu Sans is rare outside Linux; Verdana has the same ancestor and nearly the same widths.
SVG_FAMILIES = "'DejaVu Sans', 'Bitstream Vera Sans', Verdana, Arial, sans-serif"

_UNITS_PER_EM = 1000
#: Width of a glyph that the family lacks, in em: letters of other scripts are up to one em wide, and the box
#: that matplotlib draws for a glyph that no font has is wider.
_MISSING_LETTER, _MISSING_SYMBOL = 1.0, 1.4


@cache
def _font(bold: bool) -> FT2Font:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    font = FT2Font(str(Path(matplotlib.get_data_path(), "fonts", "ttf", name)))
    font.set_size(_UNITS_PER_EM, 72)
    return font


@cache
def _em_width(character: str, bold: bool) -> float:
    font = _font(bold)
    if font.get_char_index(ord(character)) == 0:
        return _MISSING_LETTER if character.isalpha() else _MISSING_SYMBOL
    glyph = font.load_char(ord(character), flags=LoadFlags.NO_HINTING)
    return glyph.linearHoriAdvance / 65536 / _UNITS_PER_EM


@cache
def _em_kerning(left: str, right: str, bold: bool) -> float:
    font = _font(bold)
    pair = font.get_char_index(ord(left)), font.get_char_index(ord(right))
    return 0.0 if 0 in pair else font.get_kerning(*pair, Kerning.UNFITTED) / 64 / _UNITS_PER_EM


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of a line of text in points: its advances with the kerning of its pairs."""
    advances = sum(_em_width(character, bold) for character in text)
    return size * (advances + sum(_em_kerning(a, b, bold) for a, b in itertools.pairwise(text)))


def wrap_text(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """Break a text into lines no wider than ``width`` points: at spaces, else inside a word.

    A no-break space does not break, unless what it holds together is wider than a line.
    """
    lines: list[str] = []
    line = ""
    for word in filter(None, text.split(" ")):
        for piece in _pieces(word, width, size, bold):
            longer = f"{line} {piece}" if line else piece
            if line and text_width(longer, size, bold) > width:
                lines.append(line)
                line = piece
            else:
                line = longer
    return [*lines, line] if line else lines


def _pieces(word: str, width: float, size: float, bold: bool) -> list[str]:
    """Cut a word that is wider than a line, after a hyphen or slash where it has one."""
    if text_width(word, size, bold) <= width:
        return [word]
    pieces, piece = [], ""
    for character in word:
        if piece and text_width(piece + character, size, bold) > width:
            cut = max(piece.rfind(mark) for mark in "-/_,") + 1
            cut = cut if cut > len(piece) // 2 else len(piece)
            pieces.append(piece[:cut])
            piece = piece[cut:]
        piece += character
    return [*pieces, piece]


def families_for(text: str) -> list[str]:
    """Return the families that draw a text: ours, and an installed one that has the glyphs ours lacks."""
    lacking = frozenset(c for c in text if _font(False).get_char_index(ord(c)) == 0)
    stand_in = _stand_in(lacking) if lacking else None
    return [FAMILY] if stand_in is None else [FAMILY, stand_in]


@cache
def _stand_in(characters: frozenset[str]) -> str | None:
    """Find an installed family that has the most of some characters; None when none has any."""
    from matplotlib.font_manager import fontManager

    best: tuple[int, str] | None = None
    for entry in fontManager.ttflist:
        if entry.style != "normal" or entry.name == FAMILY or entry.name.startswith(("Last Resort", "STIX")):
            continue
        try:
            font = FT2Font(entry.fname)
        except (OSError, RuntimeError):  # fonts of bitmaps, or removed since the list was made
            continue
        covered = sum(font.get_char_index(ord(character)) != 0 for character in characters)
        if covered and (best is None or covered > best[0]):
            best = (covered, entry.name)
        if covered == len(characters):
            break
    return None if best is None else best[1]


def missing_glyphs_note(texts: Iterable[str]) -> tuple[str, ...]:
    """Say in one line which characters no installed font has; nothing when all can be drawn."""
    lacking = {
        character
        for text in texts
        for character in text
        if _font(False).get_char_index(ord(character)) == 0 and not _joins(character)
    }
    if not lacking:
        return ()
    missing = sorted(lacking - _drawn_by_stand_ins(frozenset(lacking)))
    if not missing:
        return ()
    shown = ", ".join(f"{character} (U+{ord(character):04X})" for character in missing[:5])
    more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
    return (
        f"no installed font has {shown}{more}: shown as boxes in PNG and PDF; "
        "an SVG keeps the text and leaves it to the fonts of its reader",
    )


@cache
def _drawn_by_stand_ins(characters: frozenset[str]) -> frozenset[str]:
    """Return the characters that some installed font has."""
    drawn: set[str] = set()
    left = set(characters)
    while left and (family := _stand_in(frozenset(left))) is not None:
        drawn |= (found := _covered(family, frozenset(left)))
        if not found:
            break
        left -= found
    return frozenset(drawn)


def _covered(family: str, characters: frozenset[str]) -> frozenset[str]:
    from matplotlib.font_manager import findfont

    font = FT2Font(findfont(family))
    return frozenset(c for c in characters if font.get_char_index(ord(c)) != 0)


def clean_text(text: str) -> str:
    """Make any text fit for one line of a figure: control characters and line breaks become spaces."""
    # Labels out of a table may be numbers.
    kept = "".join(c if c.isprintable() or _joins(c) else " " for c in str(text))
    return " ".join(filter(None, kept.split(" ")))


def _joins(character: str) -> bool:
    """Whether a character is one of those that hold or shape their neighbours and are no text themselves."""
    return character in "\N{NO-BREAK SPACE}\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
