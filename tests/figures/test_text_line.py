"""A line of text whose width is known stands where matplotlib would put it, and no vector file changes."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from evisynth.figures import DescribedFigure, TextLine, families_for, svg_bytes, text_width

DOTS = 300
WORDS = ["0.54 (0.18 to 1.65)", "AV To fi, 12", "Frimodt-Møller 1973", "対照群"]


def drawn(text: str, align: str, *, known: bool, bold: bool = False) -> Figure:
    figure = DescribedFigure(title_text="t", description="d", figsize=(4, 0.5), facecolor="white")
    settings = {
        "fontfamily": families_for(text),
        "fontsize": 8,
        "fontweight": "bold" if bold else "normal",
        "horizontalalignment": align,
        "transform": Affine2D().scale(1 / 72) + figure.dpi_scale_trans,
    }
    if known:
        figure.add_artist(TextLine(144, 12, text, width=text_width(text, 8, bold), **settings))
    else:
        figure.add_artist(Text(144, 12, text, verticalalignment="baseline", parse_math=False, **settings))
    return figure


def ink(figure: Figure) -> tuple[int, int, int, int]:
    """First and last column and row that are not white."""
    figure.set_dpi(DOTS)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    dark = np.asarray(canvas.buffer_rgba())[..., :3].min(axis=2) < 128
    columns, rows = np.flatnonzero(dark.any(axis=0)), np.flatnonzero(dark.any(axis=1))
    return int(columns[0]), int(columns[-1]), int(rows[0]), int(rows[-1])


@pytest.mark.filterwarnings("ignore:Glyph .* missing from")
@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("align", ["left", "center", "right"])
@pytest.mark.parametrize("text", WORDS)
def test_a_line_stands_where_it_would_stand_if_it_were_measured(text: str, align: str, bold: bool) -> None:
    usual, quick = (
        ink(drawn(text, align, known=False, bold=bold)),
        ink(drawn(text, align, known=True, bold=bold)),
    )
    # Hinting moves whole glyphs by parts of a dot: 3 dots of 300 an inch are a quarter of a millimetre.
    assert np.abs(np.subtract(usual, quick)).max() <= 3


def test_a_vector_file_does_not_change() -> None:
    assert svg_bytes(drawn(WORDS[0], "right", known=True)) == svg_bytes(drawn(WORDS[0], "right", known=False))


def test_what_is_hidden_or_empty_is_not_drawn() -> None:
    figure = drawn(WORDS[0], "left", known=True)
    figure.findobj(TextLine)[0].set_visible(False)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    assert np.asarray(canvas.buffer_rgba()).min() == 255
