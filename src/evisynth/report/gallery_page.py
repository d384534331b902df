"""The gallery: every layout and kind of plot on one page, each with what to type for it.

Two sets of figures that the gallery draws beside the evidence: a classic one, and one with many rows.

The first are the 13 trials of BCG vaccine against tuberculosis (Colditz et al 1994, JAMA 271:698-702; counts
and latitudes as in Berkey et al 1995, Statistics in Medicine 14:395-411, table I). The second is drawn by a
fixed seed: nobody's study.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from markupsafe import Markup

from evisynth.effects import effect_size
from evisynth.report.page import render_page
from evisynth.report.svg_inside import inline_svg
from evisynth.synthesis import PooledResult, pool
from evisynth.whole_files import write_whole

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
    return write_whole(directory / GALLERY_NAME, render_gallery(sections), make_folder=True)


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


#: Trial, year, cases and all among the vaccinated, cases and all among the others, degrees of latitude.
BCG_TRIALS = (
    ("Aronson 1948", 1948, 4, 123, 11, 139, 44),
    ("Ferguson & Simes 1949", 1949, 6, 306, 29, 303, 55),
    ("Rosenthal 1960", 1960, 3, 231, 11, 220, 42),
    ("Hart & Sutherland 1977", 1977, 62, 13598, 248, 12867, 52),
    ("Frimodt-Møller 1973", 1973, 33, 5069, 47, 5808, 13),
    ("Stein & Aronson 1953", 1953, 180, 1541, 372, 1451, 44),
    ("Vandiviere 1973", 1973, 8, 2545, 10, 629, 19),
    ("TPT Madras 1980", 1980, 505, 88391, 499, 88391, 13),
    ("Coetzee & Berjak 1968", 1968, 29, 7499, 45, 7277, 27),
    ("Rosenthal 1961", 1961, 17, 1716, 65, 1665, 42),
    ("Comstock 1974", 1974, 186, 50634, 141, 27338, 18),
    ("Comstock & Webster 1969", 1969, 5, 2498, 3, 2341, 33),
    ("Comstock 1976", 1976, 27, 16913, 29, 17854, 33),
)

MANY, SEED = 60, 1


@dataclass(frozen=True, slots=True, eq=False)
class BcgTrials:
    """The trials as columns, and their risk ratios pooled.

    ``counts`` are cases and all among the vaccinated, then cases and all among the others.
    """

    names: tuple[str, ...]
    years: tuple[int, ...]
    counts: tuple[tuple[int, ...], ...]
    latitudes: list[int]
    result: PooledResult


def bcg_trials() -> BcgTrials:
    """Return the BCG trials with their pooled risk ratio."""
    names, years, events1, n1, events2, n2, latitudes = zip(*BCG_TRIALS, strict=True)
    y, v = effect_size("RR", events1=events1, n1=n1, events2=events2, n2=n2)
    return BcgTrials(
        tuple(names),
        tuple(years),
        (events1, n1, events2, n2),
        list(latitudes),
        pool(y, v, labels=list(names), effect_measure="risk_ratio"),
    )


def many_rows() -> tuple[PooledResult, list[str]]:
    """Return the pooled hazard ratio of 60 made-up studies, and to which of three groups each belongs."""
    chance = np.random.default_rng(SEED)
    groups = [("One centre", "Several centres", "Registry")[i % 3] for i in range(MANY)]
    error = np.exp(chance.normal(-1.3, 0.5, MANY))
    shift = np.array([{"One centre": -0.35, "Several centres": -0.2, "Registry": -0.05}[g] for g in groups])
    y = shift + chance.normal(0, 0.2, MANY) + chance.normal(0, 1, MANY) * error
    labels = [f"Made-up study {number}" for number in range(1, MANY + 1)]
    return pool(y, error**2, labels=labels, effect_measure="hazard_ratio"), groups
