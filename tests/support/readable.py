"""Which texts of a drawn figure cannot be read: those over each other, and those beyond the page."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cache

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from numpy.typing import NDArray

_Box = tuple[float, float, float, float]
_measured: dict[tuple[object, ...], _Box] = {}


@cache
def _renderer(dots: float, hinting: str) -> RendererAgg:  # what it measured, it keeps, however it is hinted
    return RendererAgg(1, 1, dots)


def text_boxes(texts: Sequence[Text]) -> NDArray[np.float64]:
    """Measure drawn texts: left, bottom, right and top of each in pixels.

    What is written alike, in whichever figure, is measured once, since matplotlib takes longer to measure a
    text than to draw it.
    """
    return np.array([_text_box(text) for text in texts]).reshape(-1, 4)


def _text_box(text: Text) -> _Box:
    dots = text.get_figure(root=True).dpi  # type: ignore[union-attr]
    font, hinting = text.get_fontproperties(), matplotlib.rcParams["text.hinting"]
    written = (
        *(text.get_text(), *font.get_family(), font.get_size(), font.get_weight(), font.get_style()),
        *(text.get_ha(), text.get_va(), text.get_rotation(), text.get_rotation_mode()),
        *(dots, hinting),
    )
    x, y = text.get_transform().transform(text.get_unitless_position())
    if written not in _measured:
        box = text.get_window_extent(_renderer(dots, hinting))
        _measured[written] = (box.x0 - x, box.y0 - y, box.x1 - x, box.y1 - y)
    left, bottom, right, top = _measured[written]
    return x + left, y + bottom, x + right, y + top


def unreadable_texts(figure: Figure, slack: float = 1.5) -> list[str]:
    """Say which drawn texts touch each other or leave the page by more than ``slack`` points.

    Measured at 288 dots an inch, near that of a saved PNG: at 72 every letter is rounded to a whole point,
    which makes long bold lines 5% wider than they are in any file.
    """
    dots = 4.0  # a point
    figure.set_dpi(72 * dots)
    with warnings.catch_warnings():
        # Asking for an extent outside of drawing warns of glyphs that no font here has.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        texts = [text for text in figure.findobj(Text) if text.get_text().strip()]
        left, bottom, right, top = text_boxes(texts).T / dots
    width, height = figure.get_size_inches() * 72
    outside = (left < -slack) | (bottom < -slack) | (right > width + slack) | (top > height + slack)
    across = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    down = np.minimum(top[:, None], top) - np.maximum(bottom[:, None], bottom)
    pairs = np.argwhere(np.triu((across > slack) & (down > slack), k=1))
    found = [f"{texts[i].get_text()!r} leaves the page" for i in np.flatnonzero(outside)]
    return found + [f"{texts[i].get_text()!r} lies over {texts[j].get_text()!r}" for i, j in pairs]
