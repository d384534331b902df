"""The pen that draws what was placed on a page: lines, shapes, points and texts, in layers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from matplotlib.collections import Collection, LineCollection, PolyCollection
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Transform

from evisynth.figures.described_figure import DescribedFigure
from evisynth.figures.fonts import clean_text, families_for, missing_glyphs_note
from evisynth.figures.placed_text import PlacedText, svg_id
from evisynth.figures.tones import TONES

POINTS_PER_INCH = 72
Vertices = list[tuple[float, float]]


@dataclass(slots=True)
class Pen:
    """Adds marks to a figure; places are points from the top left of the page.

    Each mark is labelled with its kind (``line``, ``squares``, ...). Kinds that are among the ``layers``
    stand over each other in the order of these, others in that in which they are added. ``clip`` is the
    rectangle (left, top, right, bottom) to which marks are cut.
    """

    figure: DescribedFigure
    height: float
    layers: Sequence[str] = ()
    clip: tuple[float, float, float, float] | None = None
    to_page: Transform = field(init=False)
    _added: int = 0

    def __post_init__(self) -> None:
        downwards = Affine2D().scale(1, -1).translate(0, self.height).scale(1 / POINTS_PER_INCH)
        self.to_page = downwards + self.figure.dpi_scale_trans

    def add(self, mark: Collection, label: str) -> None:
        """Add marks of one kind."""
        self._added += 1
        mark.set_label(label)
        mark.set_zorder(self.layers.index(label) if label in self.layers else 1 + self._added / 1000)
        self.figure.add_artist(mark)
        if self.clip is not None:
            left, top, right, bottom = self.clip
            mark.set_clip_path(Rectangle((left, top), right - left, bottom - top, transform=self.to_page))

    def lines(
        self, segments: Sequence[Vertices], label: str, width: float, colour: str, style: str = "solid"
    ) -> None:
        """Draw lines, each through its corners."""
        if segments:
            lines = LineCollection(
                segments, colors=colour, linewidths=width, linestyles=style, transform=self.to_page
            )
            self.add(lines, label)

    def shapes(
        self,
        outlines: Sequence[Vertices],
        label: str,
        faces: str | list[str],
        edge: str | None = None,
        width: float = 0.8,
    ) -> None:
        """Fill closed outlines; an edge of another colour adds to their area."""
        if outlines:
            shapes = PolyCollection(
                outlines,
                facecolors=faces,
                edgecolors="none" if edge is None else edge,
                linewidths=0.0 if edge is None or edge == faces else width,
                transform=self.to_page,
            )
            self.add(shapes, label)

    def hatched(self, outlines: Sequence[Vertices], label: str, colour: str, hatch: str) -> None:
        """Rule or dot closed outlines, so that what lies under them shows through."""
        if outlines:
            shapes = PolyCollection(
                outlines,
                facecolors="none",
                edgecolors=colour,
                linewidths=0.0,
                hatch=hatch,
                hatch_linewidth=0.5,
                transform=self.to_page,
            )
            self.add(shapes, label)

    def texts(self, texts: Iterable[PlacedText], order: float) -> None:
        """Write texts, all of them at one height over or under the marks."""
        for number, placed in enumerate(texts):
            text = Text(
                placed.x,
                placed.y,
                placed.text,
                color=TONES[placed.tone],
                fontfamily=families_for(placed.text),
                fontsize=placed.size,
                fontweight="bold" if placed.bold else "normal",
                fontstyle="italic" if placed.italic else "normal",
                horizontalalignment=placed.align,
                verticalalignment="baseline",
                rotation=90 if placed.upright else 0,
                rotation_mode="anchor",
                transform=self.to_page,
                parse_math=False,
                usetex=False,
                zorder=order,
                gid=svg_id(placed, number),
            )
            self.figure.add_artist(text)


def blank_figure(
    width: float, height: float, title: str, description: str, texts: Iterable[PlacedText]
) -> DescribedFigure:
    """Return a white page of a size in points, which knows what of its texts cannot be drawn."""
    size: Any = (width / POINTS_PER_INCH, height / POINTS_PER_INCH)
    return DescribedFigure(
        title_text=clean_text(title),
        description=clean_text(description),
        notes=missing_glyphs_note(placed.text for placed in texts),
        figsize=size,
        facecolor="white",
    )
