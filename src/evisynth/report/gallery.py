"""The gallery: every layout and kind of plot on one page, each with what to type for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from evisynth.report.inline_svg import inline_svg
from evisynth.report.page_templates import render_page

GALLERY_NAME = "gallery.html"
_VIEW_BOX = re.compile(r'viewBox="0 0 ([0-9.]+) [0-9.]+"')
_USUAL_WIDTH = 400.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A plot as an SVG document, or the reason why it cannot be drawn here."""

    title: str
    typed: str
    svg: str | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Pictures that belong together; ``anchor`` is their address on the page."""

    anchor: str
    heading: str
    words: str
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class _View:
    """A picture on the page; ``width`` is that of its drawing in points: it sets the size of its letters."""

    anchor: str
    picture: Picture
    figure: Markup | None
    width: float


def write_gallery(sections: Sequence[Section], directory: Path) -> Path:
    """Write the gallery into ``directory``, which is made when missing, and return the page."""
    directory.mkdir(parents=True, exist_ok=True)
    page = directory / GALLERY_NAME
    page.write_text(render_gallery(sections), encoding="utf-8", newline="\n")
    return page


def render_gallery(sections: Sequence[Section]) -> str:
    """Give the gallery as one HTML document that needs nothing else."""
    shown = [(section, _views(section)) for section in sections]
    return render_page("gallery.html", sections=shown)


def _views(section: Section) -> list[_View]:
    views: list[_View] = []
    for number, picture in enumerate(section.pictures, start=1):
        anchor = f"{section.anchor}-{number}"
        # Markup only because inline_svg takes figures of our own and refuses scripts.
        figure = None if picture.svg is None else Markup(inline_svg(picture.svg, anchor))
        views.append(_View(anchor, picture, figure, _width(picture.svg or "")))
    return views


def _width(svg: str) -> float:
    found = _VIEW_BOX.search(svg)
    return float(found[1]) if found else _USUAL_WIDTH
