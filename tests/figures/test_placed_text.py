"""A text is drawn where it was planned, and as wide."""

from __future__ import annotations

from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from evisynth.figures import Pen, PlacedText, blank_figure, figure_settings

DOTS = 288
WORDS = [
    "0.54 (0.18 to 1.65)",
    "AV To fi, 12",
    "efficient office",
    "Frimodt-Møller 1973",
    "対照群",
    "مركز 12",
]


def drawn(placed: PlacedText) -> Any:
    """Where the ink of a text and its line stand, in points from the top left."""
    figure = blank_figure(400, 200, "Title", "", [placed])
    Pen(figure, 200).texts([placed], order=3)
    figure.set_dpi(DOTS)
    (text,) = figure.findobj(Text)
    with figure_settings():
        return text.get_window_extent(FigureCanvasAgg(figure).get_renderer()).transformed(
            Pen(figure, 200).to_page.inverted()
        )


@pytest.mark.filterwarnings("ignore:Glyph .* missing from")
@pytest.mark.usefixtures("each_font_list")
@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize(
    ("align", "upright"), [("left", False), ("center", False), ("right", False), ("left", True)]
)
@pytest.mark.parametrize("text", WORDS)
def test_a_text_is_drawn_where_it_was_planned(text: str, align: Any, bold: bool, upright: bool) -> None:
    placed = PlacedText(200, 150, text, 8, bold=bold, align=align, upright=upright)
    box, ink = placed.box, drawn(placed)
    # Half a point: glyphs may begin a little left of where they stand.
    if upright:
        assert (ink.y0, ink.y1) == pytest.approx((box.bottom, box.top), abs=0.5)
    else:
        assert (ink.x0, ink.x1) == pytest.approx((box.left, box.right), abs=0.5)
