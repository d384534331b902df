"""The one font of all figures: the width of texts in it, and the fonts that have the glyphs it lacks.

DejaVu Sans comes with matplotlib, so figures look the same on every machine, and it covers Latin, Greek,
Cyrillic and more. Where text stays text (SVG), wide families of near the same widths follow it. Texts are
measured by the code that draws them, over the same fonts: ours, an installed one that has the glyphs ours
lacks, and matplotlib's Last Resort, whose boxes stand for glyphs that no font has.
"""

from __future__ import annotations

import logging
import warnings
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache, lru_cache
from itertools import pairwise
from unicodedata import bidirectional, category

from matplotlib import font_manager
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import FT2Font, LoadFlags

FAMILY = "DejaVu Sans"
#: For SVG: DejaVu Sans is rare outside Linux; Verdana has the same ancestor and nearly the same widths.
SVG_FAMILIES = "'DejaVu Sans', 'Bitstream Vera Sans', Verdana, Arial, sans-serif"

_UNITS_PER_EM = 2048  # of DejaVu Sans: at this size its widths are whole numbers
#: Families that hold mathematical symbols under codes of other characters, or a box for each.
_NO_STAND_INS = ("Last Resort", "STIX", "cm", FAMILY)
_REGULAR = (400, "normal", "regular", "book")
#: Categories of characters that combine with the one before them, or shape it.
_HANGING = ("Mn", "Mc", "Me", "Cf")
_REMEMBERED = 50_000  # texts, and words


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of a line of text in points, as matplotlib draws it."""
    return size * _text_in_ems(text, bold)


@lru_cache(_REMEMBERED)
def _text_in_ems(text: str, bold: bool) -> float:
    """Add up words and the spaces between them, since nothing is kerned across a space."""
    families = families_for(text)
    words = [text] if _hangs_together(text) else text.split(" ")
    spaces = (len(words) - 1) * _word_in_ems(" ", (FAMILY,), bold)
    return spaces + sum(_word_in_ems(word, families, bold) for word in words)


def _hangs_together(text: str) -> bool:
    """Whether words change places, as in right-to-left scripts, or an accent or joiner stands on a space."""
    if text.isascii():
        return False
    return any(bidirectional(c) in ("R", "AL") for c in text) or any(
        before == " " and category(c) in _HANGING for before, c in pairwise(text)
    )


@lru_cache(_REMEMBERED)
def _word_in_ems(word: str, families: tuple[str, ...], bold: bool) -> float:
    """Return how wide a word is where the font is one unit high: with its kerning, ligatures and joins."""
    if not word:
        return 0.0
    weight = "bold" if bold else "normal"
    with quiet_about_glyphs():
        paths = [fontManager.findfont(FontProperties(family=[family], weight=weight)) for family in families]
        font = get_font(paths)
        font.set_size(_UNITS_PER_EM, 72)
        font.set_text(word, 0.0, flags=LoadFlags.NO_HINTING)
    return font.get_width_height()[0] / 64 / _UNITS_PER_EM  # in 64ths of a point


@contextmanager
def quiet_about_glyphs() -> Iterator[None]:
    """Hold back what matplotlib says of glyphs and weights that no font has; the note tells of them."""
    logger = logging.getLogger("matplotlib.font_manager")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph .* missing from")
            yield
    finally:
        logger.setLevel(level)


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
    pieces = []
    while text_width(word, size, bold) > width and len(word) > 1:
        # The longest beginning that fits, of one character at least.
        longest = bisect_right(range(2, len(word)), width, key=lambda n: text_width(word[:n], size, bold)) + 1
        cut = max(word.rfind(mark, 0, longest) for mark in "-/_,") + 1
        cut = cut if cut > longest // 2 else longest
        pieces.append(word[:cut])
        word = word[cut:]
    return [*pieces, word]


def families_for(text: str) -> tuple[str, ...]:
    """Return the families that draw a text: ours, and installed ones that have the glyphs ours lacks."""
    lacking = frozenset() if text.isascii() else frozenset(text) - _own_characters()
    return (FAMILY, *installed_fonts.stand_ins(lacking)) if lacking else (FAMILY,)


@cache
def _own_characters() -> frozenset[str]:
    path = fontManager.findfont(FontProperties(family=[FAMILY]))
    return frozenset(map(chr, get_font(path).get_charmap()))


class InstalledFonts:
    """The families beside ours on this machine, asked for the characters that ours lacks.

    matplotlib keeps the list in a file. Where a character is on none of it, fonts may have been installed
    since: then, once, it is looked up afresh.
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Ask anew, as where matplotlib's list was changed."""
        _text_in_ems.cache_clear()
        self._families_with: dict[str, set[str]] = {}
        self._is_fresh = False

    def stand_ins(self, characters: frozenset[str]) -> tuple[str, ...]:
        """Return the families that between them have all of some characters that any has: few, most first."""
        self._look_up(characters)
        found = []
        while held := Counter(family for c in characters for family in self._families_with[c]):
            found.append(min(held, key=lambda family: (-held[family], family)))
            characters -= self.drawn_by(found[-1:], characters)
        return tuple(found)

    def drawn_by(self, families: Iterable[str], characters: frozenset[str]) -> frozenset[str]:
        """Return which of some characters that were looked up any of the families has."""
        return frozenset(c for c in characters if not self._families_with[c].isdisjoint(families))

    def _look_up(self, characters: frozenset[str]) -> None:
        new = characters - self._families_with.keys()
        self._families_with.update({character: set() for character in new})
        self._search(new)
        if not self._is_fresh and not all(map(self._families_with.__getitem__, characters)):
            self._is_fresh = True
            if _list_new_fonts():
                _text_in_ems.cache_clear()
                self._search(frozenset(self._families_with))

    def _search(self, characters: frozenset[str]) -> None:
        # A font at a time, since each that is open holds its file.
        for family, path in _regular_fonts().items() if characters else ():
            with suppress(OSError, RuntimeError):  # fonts of bitmaps, or removed since the list was made
                font = FT2Font(path)
                for character in characters:
                    if font.get_char_index(ord(character)):
                        self._families_with[character].add(family)


def _regular_fonts() -> dict[str, str]:
    """Return the file of each family that draws its plain texts."""
    upright = [entry for entry in fontManager.ttflist if entry.style == "normal"]
    plain_last = sorted(
        upright,
        key=lambda entry: (entry.weight in _REGULAR, entry.stretch == "normal", entry.fname),
    )
    return {entry.name: entry.fname for entry in plain_last if not entry.name.startswith(_NO_STAND_INS)}


def _list_new_fonts() -> bool:
    """Add to matplotlib's list what was installed since it was written; whether there was any."""
    known = {entry.fname for entry in fontManager.ttflist}
    new = sorted(set(font_manager.findSystemFonts()) - known)
    for path in new:
        with suppress(Exception):  # as matplotlib does: a font that cannot be read is none
            fontManager.addfont(path)
    return bool(new)


installed_fonts = InstalledFonts()


def missing_glyphs_note(texts: Iterable[str]) -> tuple[str, ...]:
    """Say in one line which characters no installed font has; nothing when all can be drawn."""
    lacking = frozenset(c for text in texts for c in text if not _joins(c)) - _own_characters()
    drawn = installed_fonts.drawn_by(installed_fonts.stand_ins(lacking), lacking)
    missing = sorted(lacking - drawn)
    if not missing:
        return ()
    shown = ", ".join(f"{character} (U+{ord(character):04X})" for character in missing[:5])
    more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
    return (
        f"no installed font has {shown}{more}: shown as boxes in PNG and PDF; "
        "an SVG keeps the text and leaves it to the fonts of its reader",
    )


def clean_text(text: str) -> str:
    """Make any text fit for one line of a figure: control characters and line breaks become spaces."""
    # Labels out of a table may be numbers.
    kept = "".join(c if c.isprintable() or _joins(c) else " " for c in str(text))
    return " ".join(filter(None, kept.split(" ")))


def _joins(character: str) -> bool:
    """Whether a character is one of those that hold or shape their neighbours and are no text themselves."""
    return character in "\N{NO-BREAK SPACE}\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
