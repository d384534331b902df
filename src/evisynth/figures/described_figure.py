"""A matplotlib figure that carries its words: a title and a description for those who cannot see it."""

from __future__ import annotations

import io
from contextlib import AbstractContextManager
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from evisynth.figures.fonts import FAMILY, quiet_about_glyphs

#: What a user's own matplotlib settings must not change. Any, since matplotlib types its keys one by one.
FIGURE_SETTINGS: Any = {
    "font.family": [FAMILY],
    "font.enable_last_resort": True,
    "text.kerning_factor": None,
    "text.usetex": False,
    "text.hinting": "none",
    "path.sketch": None,
    "path.effects": [],
    "path.simplify": False,
    "svg.fonttype": "none",
    "svg.image_inline": True,
    "svg.hashsalt": "evisynth",
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "savefig.bbox": None,
    "savefig.facecolor": "white",
    "savefig.edgecolor": "white",
    "savefig.transparent": False,
}


def figure_settings() -> AbstractContextManager[None]:
    """Hold matplotlib's settings at ours for as long as a ``with`` block lasts."""
    return matplotlib.rc_context(FIGURE_SETTINGS)


class DescribedFigure(Figure):
    """A figure with ``title_text`` and ``description``, drawn in our settings wherever it is saved.

    A glyph that no installed font has is drawn as a box; that is no reason for a warning, let alone an error:
    ``notes`` says it once, for whoever shows the figure (the command line prints it to standard error).
    """

    def __init__(
        self, *, title_text: str, description: str, notes: tuple[str, ...] = (), **settings: Any
    ) -> None:
        with figure_settings():
            super().__init__(**settings)
        self.title_text = title_text
        self.description = description
        self.notes = notes

    def draw(self, renderer: Any) -> None:
        """Draw with our settings, quietly where a glyph is missing."""
        with figure_settings(), quiet_about_glyphs():
            super().draw(renderer)

    def _repr_svg_(self) -> str:
        """Show the figure in a notebook, sharp at every size."""
        buffer = io.StringIO()
        with figure_settings(), quiet_about_glyphs():
            self.savefig(buffer, format="svg", metadata={"Date": None})
        return buffer.getvalue()
