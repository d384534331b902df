"""The fonts of the suite: those that matplotlib ships and one that is made here, never what is installed."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TEST_FAMILY = "Evisynth Test"
#: Letters that DejaVu Sans lacks and hostile labels use.
TEST_CHARACTERS = "北京大学肝脏外科中心神经内分泌肿瘤转移灶切除队列研究対照群生存期間患者数"
_ENDINGS = (".ttf", ".otf", ".ttc", ".pfb", ".afm")

#: Every file of a font that this process opened since `fix_font_list`, and the test that was the first to.
opened_fonts: dict[Path, str] = {}


def fix_font_list() -> None:
    """Let matplotlib list what it ships, here and in every process that a test starts.

    To be called before matplotlib is imported.
    """
    folder = Path(tempfile.mkdtemp(prefix="evisynth-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["MPLCONFIGDIR"] = str(folder)
    os.environ["MPL_IGNORE_SYSTEM_FONTS"] = "1"
    assert "matplotlib" not in sys.modules, "the list of fonts was made before the tests could fix it"
    import matplotlib.font_manager  # noqa: F401  makes the list, and opens all that are on it

    sys.addaudithook(_take_down)


def _take_down(event: str, details: tuple[Any, ...]) -> None:
    # FT2Font opens files as Python does.
    if event == "open" and str(details[0]).endswith(_ENDINGS):
        opened_fonts.setdefault(Path(details[0]).resolve(), os.environ.get("PYTEST_CURRENT_TEST", "no test"))


def foreign_fonts(own: Path) -> dict[str, str]:
    """List the opened fonts that are neither those of every machine nor the one made here, with the test."""
    import matplotlib

    shipped = Path(matplotlib.get_data_path(), "fonts").resolve()
    return {
        str(font): test
        for font, test in opened_fonts.items()
        if not (font.is_relative_to(shipped) and font.name.startswith(("DejaVu", "LastResort")))
        and font.name != own.name
    }


def make_font(path: Path) -> Path:
    """Write a font whose every letter is a square of one em, as in fonts of Chinese and Japanese."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    pen.moveTo((60, -60))
    for corner in ((60, 820), (940, 820), (940, -60)):
        pen.lineTo(corner)
    pen.closePath()
    square = pen.glyph()
    names = [".notdef", *(f"square{i}" for i in range(len(TEST_CHARACTERS)))]
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(names)
    font.setupCharacterMap({ord(c): name for c, name in zip(TEST_CHARACTERS, names[1:], strict=True)})
    font.setupGlyf(dict.fromkeys(names, square))
    font.setupHorizontalMetrics(dict.fromkeys(names, (1000, 60)))
    font.setupHorizontalHeader(ascent=880, descent=-120)
    font.setupNameTable({"familyName": TEST_FAMILY, "styleName": "Regular"})
    font.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    font.setupPost()
    font.save(path)
    return path


@contextmanager
def installed(font: Path) -> Iterator[None]:
    """Put a font on matplotlib's list, as if it were installed."""
    from matplotlib.font_manager import fontManager

    from evisynth.figures import installed_fonts

    before = list(fontManager.ttflist)
    fontManager.addfont(font)
    installed_fonts.forget()
    try:
        yield
    finally:
        fontManager.ttflist[:] = before
        installed_fonts.forget()
