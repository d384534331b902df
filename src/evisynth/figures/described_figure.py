"""Figures that carry their words, and the files they are written to.

A figure has a title and a description for those who cannot see it. As SVG, its text stays text, its
coordinates are rounded to 0.01 point, and no tool, version or date is named: a difference between two files
is a difference in what they show. A PDF embeds its fonts; a PNG is for slides.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from evisynth.errors import UsageError
from evisynth.figures.fonts import FAMILY, SVG_FAMILIES, quiet_about_glyphs
from evisynth.figures.placed_text import put_marks_inside
from evisynth.whole_files import write_whole

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


PNG_DOTS_PER_INCH = 300


def save_figure(
    figure: Figure, path: str | os.PathLike[str], *, stamp: str | None = None, make_folder: bool = False
) -> Path:
    """Write a figure as SVG, PDF or PNG, by the ending of the file name.

    Parameters
    ----------
    figure
        What `forest` hands back; its title and description go into the file.
    path
        Where to; a file that is there is replaced in one step.
    stamp
        What identifies the answer that is shown, kept in the file as metadata.
    make_folder
        Make the folder of the file when it is not there.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    ProjectError
        The ending is none of the three, or the file cannot be written there.
    """
    target = Path(path)
    writers: dict[str, Callable[[Figure, str | None], bytes]] = {
        ".svg": svg_bytes,
        ".pdf": pdf_bytes,
        ".png": png_bytes,
    }
    writer = writers.get(target.suffix.lower())
    if writer is None:
        shown = f"'{target.suffix}'" if target.suffix else "no ending"
        raise UsageError(
            f"cannot write a figure to '{target}': {shown} names no kind of figure; use .svg, .pdf or .png"
        )
    return write_whole(target, writer(figure, stamp), make_folder=make_folder)


def _words(figure: Figure) -> tuple[str, str]:
    if isinstance(figure, DescribedFigure):
        return figure.title_text, figure.description
    return "Figure", ""


def svg_bytes(figure: Figure, stamp: str | None = None) -> bytes:
    """Return a figure as SVG: the same bytes for the same content in the same environment."""
    metadata = {"Date": None, "Creator": None, "Format": None, "Type": None, "Identifier": stamp}
    buffer = io.StringIO()
    with figure_settings():
        figure.savefig(buffer, format="svg", metadata=metadata)
    svg = put_marks_inside(_plain_svg(buffer.getvalue()))
    return _with_words(svg, *_words(figure)).encode("utf-8")


_GEOMETRY = re.compile(r'( (?:d|x|y|width|height|viewBox|transform|points)=")([^"]*)(")')
_DECIMAL = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_NO_TURN = re.compile(r' transform="rotate\(-?0[^"]*\)"')
_FAMILY = re.compile(r"font-family: [^;\"]*")


def _plain_svg(svg: str) -> str:
    """Round coordinates to 0.01, drop turns by nothing, and name the same font families on every machine."""
    svg = _NO_TURN.sub("", svg)
    svg = _FAMILY.sub(f"font-family: {SVG_FAMILIES}", svg)
    return _GEOMETRY.sub(lambda m: m[1] + _DECIMAL.sub(_rounded, m[2]) + m[3], svg)


def _rounded(match: re.Match[str]) -> str:
    text = f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _with_words(svg: str, title: str, description: str) -> str:
    """Put title and description first, where screen readers look, and mark the whole as one image."""
    # Two figures in one page must not share ids.
    key = sha256(f"{title}\n{description}".encode()).hexdigest()[:10]
    start = svg.index("<svg")
    end = svg.index(">", start)
    opening = f'{svg[start:end]} role="img" aria-labelledby="title-{key} desc-{key}"'
    words = f'<title id="title-{key}">{escape(title, quote=False)}</title>'
    more = f'<desc id="desc-{key}">{escape(description, quote=False)}</desc>'
    return f"{svg[:start]}{opening}>\n {words}\n {more}{svg[end + 1 :]}"


def pdf_bytes(figure: Figure, stamp: str | None = None) -> bytes:
    """Return a figure as PDF with embedded TrueType fonts, so that its text can be searched and copied."""
    title, description = _words(figure)
    metadata = {
        "Title": title,
        "Subject": description,
        "Keywords": stamp,
        "Creator": None,
        "Producer": None,
        "CreationDate": None,
    }
    buffer = io.BytesIO()
    with figure_settings():
        figure.savefig(buffer, format="pdf", metadata=metadata)
    return buffer.getvalue()


def png_bytes(figure: Figure, stamp: str | None = None) -> bytes:
    """Return a figure as PNG with 300 dots per inch."""
    title, description = _words(figure)
    words = {"Title": title, "Description": description, "Identifier": stamp, "Software": None}
    # White paper with a little ink: the usual level 6 takes a fifth longer and packs no better.
    packing = {"compress_level": 3}
    buffer = io.BytesIO()
    with figure_settings():
        figure.savefig(buffer, format="png", dpi=PNG_DOTS_PER_INCH, metadata=words, pil_kwargs=packing)
    return buffer.getvalue()
