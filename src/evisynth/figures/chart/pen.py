"""The pen that draws a chart: it adds artists to the figure in their order, cut to the field of a panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.collections import Collection, LineCollection, PolyCollection
from matplotlib.patches import Rectangle
from matplotlib.transforms import Transform

from evisynth.figures.chart.chart import LineStyle, Tone
from evisynth.figures.chart.tones import TONES
from evisynth.figures.described_figure import DescribedFigure

Vertices = list[tuple[float, float]]


@dataclass(slots=True)
class Pen:
    """Adds artists to the figure in their order, cut to the field of the panel that is drawn."""

    figure: DescribedFigure
    to_page: Transform
    clip: tuple[float, float, float, float] | None = None
    order: float = 1.0

    def add(self, artist: Collection, label: str) -> None:
        """Add an artist under the kind of mark it draws, above all before it."""
        artist.set_label(label)
        self.order += 0.001
        artist.set_zorder(self.order)
        self.figure.add_artist(artist)
        if self.clip is not None:
            left, top, right, bottom = self.clip
            artist.set_clip_path(Rectangle((left, top), right - left, bottom - top, transform=self.to_page))

    def lines(
        self, segments: Sequence[Vertices], label: str, width: float, tone: Tone, style: LineStyle = "solid"
    ) -> None:
        """Draw lines, each through its corners."""
        if segments:
            self.add(
                LineCollection(
                    segments, colors=TONES[tone], linewidths=width, linestyles=style, transform=self.to_page
                ),
                label,
            )

    def shapes(
        self, outlines: Sequence[Vertices], label: str, faces: str | list[str], edge: str | None
    ) -> None:
        """Fill closed outlines."""
        if outlines:
            self.add(
                PolyCollection(
                    outlines,
                    facecolors=faces,
                    edgecolors="none" if edge is None else edge,
                    linewidths=0.0 if edge is None else 0.8,
                    transform=self.to_page,
                ),
                label,
            )

    def hatched(self, outlines: Sequence[Vertices], label: str, colour: str, hatch: str) -> None:
        """Rule or dot closed outlines, so that what lies under them shows through."""
        if outlines:
            self.add(
                PolyCollection(
                    outlines,
                    facecolors="none",
                    edgecolors=colour,
                    linewidths=0.0,
                    hatch=hatch,
                    hatch_linewidth=0.5,
                    transform=self.to_page,
                ),
                label,
            )
