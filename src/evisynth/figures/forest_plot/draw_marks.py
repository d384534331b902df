"""Lines, squares, diamonds and text of a placed forest plot: nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.collections import PathCollection
from matplotlib.path import Path

from evisynth.figures.described_figure import DescribedFigure
from evisynth.figures.forest_plot.placed import PlacedMark, Placement
from evisynth.figures.forest_plot.styles import INK, ForestStyle
from evisynth.figures.pen import Pen, Vertices
from evisynth.figures.tones import TONES

MUTED_MARK_COLOUR = "#6b6b6b"
GHOST_COLOUR = "#9a9a9a"
ARROW = 5.5  # length of an arrowhead, in points
SMALL_DIAMOND = 3.6  # half of its width and height
EDGE = 0.9  # of a hollow mark
LEAST_DIAMOND = 1.2  # half of its width: an estimate of many patients must not vanish

#: What is drawn over what, from the bottom to the top; each layer is labelled with its name.
LAYERS = (
    "bands",
    "discs",
    "rules",
    "null line",
    "pooled line",
    "axis",
    "ghosts",
    "ghost estimates",
    "intervals",
    "arrows",
    "squares",
    "hollow squares",
    "small diamonds",
    "short intervals",
    "prediction intervals",
    "prediction ends",
    "diamonds",
    "hollow diamonds",
)


class Painter:
    """Puts what was placed on a figure."""

    def __init__(self, figure: DescribedFigure, page: Placement, style: ForestStyle) -> None:
        self.page, self.style = page, style
        self.pen = Pen(figure, page.height, LAYERS)

    def paint(self) -> None:
        """Draw everything, from the bottom layer to the top."""
        self._lines()
        self._discs()
        self._ghosts()
        self._intervals()
        self._squares()
        self._pooled()
        self.pen.texts(self.page.texts, order=LAYERS.index("null line"))

    def _lines(self) -> None:
        for colour in dict.fromkeys(band.colour for band in self.page.bands):
            strips = [
                [(b.left, b.top), (b.right, b.top), (b.right, b.bottom), (b.left, b.bottom)]
                for b in self.page.bands
                if b.colour == colour
            ]
            self.pen.shapes(strips, "bands", colour, colour)
        for width in dict.fromkeys(rule.width for rule in self.page.rules):
            rules = [[(r.left, r.y), (r.right, r.y)] for r in self.page.rules if r.width == width]
            self.pen.lines(rules, "rules", width, TONES["rule"] if width < 0.9 else INK)
        self.pen.lines(_uprights(self.page.null_line), "null line", 0.8, INK)
        self.pen.lines(_uprights(self.page.pooled_line), "pooled line", 0.6, TONES["rule"], "dashed")
        axis = [line for line in (self.page.axis_line, self.page.absolute_axis_line) if line is not None]
        ends = [[(left, y), (right, y)] for y, left, right in axis]
        self.pen.lines(ends + _uprights(self.page.tick_lines), "axis", 0.8, INK)

    def _discs(self) -> None:
        discs = self.page.discs
        if discs:
            circles = PathCollection(
                [Path.circle((disc.x, disc.y), disc.radius) for disc in discs],
                facecolors=[disc.face for disc in discs],
                edgecolors=[disc.edge for disc in discs],
                linewidths=0.6,
                transform=self.pen.to_page,
            )
            self.pen.add(circles, "discs")

    def _ghosts(self) -> None:
        """Draw the other recoveries: thin and pale, so that nobody counts them as rows."""
        marks = self.page.ghosts
        segments = [[(_line_start(m), m.y), (_line_end(m), m.y)] for m in marks]
        self.pen.lines(segments, "ghosts", 0.7, GHOST_COLOUR)
        self.pen.shapes(_arrowheads(marks, 0.5), "ghosts", GHOST_COLOUR, GHOST_COLOUR)
        estimates = [_small_diamond(m, 1.6) for m in marks if m.estimate is not None]
        self.pen.shapes(estimates, "ghost estimates", "white", GHOST_COLOUR, 0.6)

    def _intervals(self) -> None:
        for muted, colour in ((False, INK), (True, MUTED_MARK_COLOUR)):
            drawn = [
                m
                for m in self.page.marks
                if m.muted is muted and m.mark.shape in ("square", "bound", "small diamond")
            ]
            segments = [[(_line_start(m), m.y), (_line_end(m), m.y)] for m in drawn]
            segments += [cap for m in drawn if m.mark.shape == "bound" for cap in _caps(m, 3.0)]
            self.pen.lines(segments, "intervals", 1.0, colour)
            self.pen.shapes(_arrowheads(drawn), "arrows", colour, colour)

    def _squares(self) -> None:
        colour = self.style.paint.square
        squares = [m for m in self.page.marks if m.mark.shape == "square" and m.estimate is not None]
        for filled in (True, False):
            shapes = [_square(m) for m in squares if m.mark.filled is filled]
            name, face = ("squares", colour) if filled else ("hollow squares", "white")
            self.pen.shapes(shapes, name, face, colour if filled else MUTED_MARK_COLOUR, EDGE)
        for filled in (True, False):
            small = [
                _small_diamond(m, SMALL_DIAMOND)
                for m in self.page.marks
                if m.mark.shape == "small diamond" and m.mark.filled is filled
            ]
            edge = self.style.paint.diamond
            self.pen.shapes(small, "small diamonds", edge if filled else "white", edge, EDGE)
        # An interval that its square would hide is drawn in white inside it.
        inside = []
        for m in squares:
            if m.mark.filled and m.upper - m.lower <= m.side + 2:
                left, right = _sides(m)
                # clear of its edges, or the square would look like two
                inside.append([(max(m.lower, left + 1), m.y), (min(m.upper, right - 1), m.y)])
        self.pen.lines(inside, "short intervals", 1.0, "white")

    def _pooled(self) -> None:
        colour = self.style.paint.diamond
        predictions = [m for m in self.page.marks if m.mark.shape == "prediction"]
        bars = [[(_line_start(m), m.y), (_line_end(m), m.y)] for m in predictions]
        self.pen.lines(bars, "prediction intervals", 1.0, colour, "dotted")
        caps = [cap for m in predictions for cap in _caps(m, 2.2)]
        self.pen.lines(caps, "prediction ends", 0.7, colour)
        diamonds = [m for m in self.page.marks if m.mark.shape == "diamond" and m.estimate is not None]
        self.pen.shapes(_arrowheads([*predictions, *diamonds]), "arrows", colour, colour)
        for filled in (True, False):
            shapes = [self._diamond(m) for m in diamonds if m.mark.filled is filled]
            name, face = ("diamonds", colour) if filled else ("hollow diamonds", "white")
            self.pen.shapes(shapes, name, face, colour, EDGE)

    def _diamond(self, placed: PlacedMark) -> Vertices:
        x, y, half = placed.estimate or 0.0, placed.y, self.style.sizes.diamond / 2
        left, right = min(placed.lower, x - LEAST_DIAMOND), max(placed.upper, x + LEAST_DIAMOND)
        return [(left, y), (x, y - half), (right, y), (x, y + half)]


def _uprights(lines: Sequence[tuple[float, float, float]]) -> list[Vertices]:
    return [[(x, top), (x, bottom)] for x, top, bottom in lines]


def _line_start(placed: PlacedMark) -> float:
    """Return where an interval begins: at an arrow behind its head, so that the tip stays sharp."""
    return placed.lower + (0.6 * ARROW if placed.mark.lower_arrow else 0.0)


def _line_end(placed: PlacedMark) -> float:
    return placed.upper - (0.6 * ARROW if placed.mark.upper_arrow else 0.0)


def _caps(placed: PlacedMark, reach: float) -> list[Vertices]:
    """Return short uprights at the ends that are limits, not arrows."""
    ends = [
        x
        for x, arrow in ((placed.lower, placed.mark.lower_arrow), (placed.upper, placed.mark.upper_arrow))
        if not arrow
    ]
    return [[(x, placed.y - reach), (x, placed.y + reach)] for x in ends]


def _arrowheads(marks: Sequence[PlacedMark], scale: float = 1.0) -> list[Vertices]:
    heads: list[Vertices] = []
    back, half = ARROW * scale, 2.9 * scale
    for m in marks:
        for x, shown, to in ((m.lower, m.mark.lower_arrow, back), (m.upper, m.mark.upper_arrow, -back)):
            if shown:
                heads.append([(x, m.y), (x + to, m.y - half), (x + to, m.y + half)])
    return heads


def _sides(placed: PlacedMark) -> tuple[float, float]:
    x = placed.estimate or 0.0
    return x - placed.side / 2, x + placed.side / 2


def _square(placed: PlacedMark) -> Vertices:
    x, half = placed.estimate or 0.0, placed.side / 2
    corners = ((-half, -half), (half, -half), (half, half), (-half, half))
    return [(x + dx, placed.y + dy) for dx, dy in corners]


def _small_diamond(placed: PlacedMark, half: float) -> Vertices:
    x, y = placed.estimate or 0.0, placed.y
    return [(x - half, y), (x, y - half), (x + half, y), (x, y + half)]
