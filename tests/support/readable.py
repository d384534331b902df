"""Which texts of a drawn figure cannot be read: those over each other, and those beyond the page."""

from __future__ import annotations

import warnings

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text


def unreadable_texts(figure: Figure, slack: float = 1.5) -> list[str]:
    """Say which drawn texts touch each other or leave the page by more than ``slack`` points.

    Measured at 288 dots an inch, near that of a saved PNG: at 72 every letter is rounded to a whole point,
    which makes long bold lines 5% wider than they are in any file.
    """
    dots = 4.0  # a point
    figure.set_dpi(72 * dots)
    renderer = FigureCanvasAgg(figure).get_renderer()
    with warnings.catch_warnings():
        # Asking for an extent outside of drawing warns of glyphs that no font here has.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        texts = [text for text in figure.findobj(Text) if text.get_text().strip()]
        extents = [text.get_window_extent(renderer) for text in texts]
    left, bottom, right, top = np.array([[e.x0, e.y0, e.x1, e.y1] for e in extents]).T / dots
    width, height = figure.get_size_inches() * 72
    outside = (left < -slack) | (bottom < -slack) | (right > width + slack) | (top > height + slack)
    across = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    down = np.minimum(top[:, None], top) - np.maximum(bottom[:, None], bottom)
    pairs = np.argwhere(np.triu((across > slack) & (down > slack), k=1))
    found = [f"{texts[i].get_text()!r} leaves the page" for i in np.flatnonzero(outside)]
    return found + [f"{texts[i].get_text()!r} lies over {texts[j].get_text()!r}" for i, j in pairs]
