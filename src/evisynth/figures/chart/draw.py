"""Drawing a chart: places become lines, areas, points and text, and nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from matplotlib.collections import PathCollection
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, IdentityTransform

from evisynth.figures.chart.chart import (
    Area,
    Chart,
    Hatch,
    LegendEntry,
    Line,
    LineStyle,
    Mark,
    Points,
    PointShape,
    Segments,
    Shades,
    Shape,
)
from evisynth.figures.chart.page import SAMPLE, PlacedPanel, diameter_of
from evisynth.figures.chart.placement import place_chart
from evisynth.figures.described_figure import DescribedFigure, figure_settings
from evisynth.figures.fonts import clean_text
from evisynth.figures.pen import Pen, Vertices, blank_figure
from evisynth.figures.tones import TONES, shade

ARROW = 5.0
#: Points at the edge of a field are cut this far outside it, so that they stay whole; what fills a field is
#: cut a hair outside it, and a line by half its width more.
GRACE, EDGE = 3.0, 0.4

#: Outlines of points, of diameter 1; squares and diamonds are drawn to about the area of the circle.
_OUTLINES: dict[PointShape, Path] = {
    "circle": Path.circle((0, 0), 0.5),
    "square": Path([(-0.45, -0.45), (0.45, -0.45), (0.45, 0.45), (-0.45, 0.45), (-0.45, -0.45)]),
    "diamond": Path([(-0.6, 0), (0, -0.6), (0.6, 0), (0, 0.6), (-0.6, 0)]),
    "triangle": Path([(-0.55, -0.45), (0.55, -0.45), (0, 0.6), (-0.55, -0.45)]),
    "half circle": Path.wedge(90, 270).transformed(Affine2D().scale(0.5)),
}
_HATCHES: dict[Hatch, str] = {"rising": "////", "falling": "\\\\\\\\", "dots": "...."}


def draw_chart(chart: Chart) -> DescribedFigure:
    """Draw a chart on a figure that is as large as it needs.

    Each artist is labelled with the kind of mark it draws (``line``, ``points``, ...).
    """
    with figure_settings():
        page = place_chart(chart)
        title = clean_text(chart.title) or "Chart"
        figure = blank_figure(page.width, page.height, title, chart.description, page.texts)
        pen = Pen(figure, page.height)
        pen.lines(_flat(page.grid_lines), "grid", 0.5, TONES["pale"])
        for placed in page.panels:
            _draw_panel(pen, placed)
        pen.clip = None
        pen.lines(_flat(page.leaders), "leader", 0.5, TONES["rule"])
        pen.lines(_flat(page.axis_lines) + _flat(page.tick_lines), "axis", 0.8, TONES["ink"])
        for entry, x, y in page.samples:
            _draw_sample(pen, entry, x, y)
        pen.texts(page.texts, order=10)
    return figure


def _flat(lines: Sequence[tuple[float, float, float, float]]) -> list[Vertices]:
    return [[(x, y), (x_end, y_end)] for x, y, x_end, y_end in lines]


def _draw_panel(pen: Pen, placed: PlacedPanel) -> None:
    box = placed.field
    for mark in placed.panel.marks:
        out = _grace(mark)
        pen.clip = (box.left - out, box.top - out, box.right + out, box.bottom + out)
        if isinstance(mark, Line):
            places = _places(placed, mark.xs, mark.ys, mark.steps)
            pen.lines([places] if places else [], "line", mark.width, TONES[mark.tone], mark.style)
        elif isinstance(mark, Segments):
            _draw_segments(pen, placed, mark)
        elif isinstance(mark, Area):
            there = _places(placed, mark.xs, mark.lower, mark.steps)
            back = _places(placed, mark.xs, mark.upper, mark.steps)[::-1]
            outlines = [there + back] if there else []
            if mark.hatch is None:
                pen.shapes(outlines, "area", TONES[mark.tone], None)
            else:
                pen.hatched(outlines, "area", TONES[mark.tone], _HATCHES[mark.hatch])
        elif isinstance(mark, Shape):
            edge = None if mark.edge is None else TONES[mark.edge]
            outline = _places(placed, mark.xs, mark.ys, steps=False)
            pen.shapes([outline] if outline else [], "shape", TONES[mark.fill], edge)
        elif isinstance(mark, Points):
            _draw_points(pen, placed, mark)
        elif isinstance(mark, Shades):
            _draw_shades(pen, placed, mark)


def _grace(mark: Mark) -> float:
    """Return how far outside its field a mark may reach."""
    if isinstance(mark, Line):
        return mark.width / 2 + EDGE
    if isinstance(mark, Points):
        # A point on the axis is seen whole: half of its area would tell half of its patients.
        largest = max((diameter_of(mark, i) for i in range(len(mark.xs))), default=0.0)
        return max(GRACE, largest / 2 + EDGE)
    return GRACE if isinstance(mark, Segments) else EDGE


def _places(placed: PlacedPanel, xs: Sequence[float], ys: Sequence[float], steps: bool) -> Vertices:
    places = [(placed.x_of(x), placed.y_of(y)) for x, y in zip(xs, ys, strict=True)]
    if not steps:
        return places
    corners = [corner for a, b in pairwise(places) for corner in (a, (b[0], a[1]))]
    return corners + places[-1:]


def _draw_segments(pen: Pen, placed: PlacedPanel, mark: Segments) -> None:
    starts = _places(placed, mark.xs, mark.ys, steps=False)
    ends = _places(placed, mark.x_ends, mark.y_ends, steps=False)
    pen.lines(
        [[a, b] for a, b in zip(starts, ends, strict=True)],
        "segments",
        mark.width,
        TONES[mark.tone],
        mark.style,
    )
    if mark.arrows:
        heads = [_arrowhead(a, b) for a, b in zip(starts, ends, strict=True) if a != b]
        pen.shapes(heads, "arrowheads", TONES[mark.tone], None)


def _arrowhead(start: tuple[float, float], tip: tuple[float, float]) -> Vertices:
    dx, dy = tip[0] - start[0], tip[1] - start[1]
    length = (dx * dx + dy * dy) ** 0.5
    ux, uy = dx / length, dy / length
    foot = (tip[0] - ARROW * ux, tip[1] - ARROW * uy)
    half = 0.5 * ARROW
    return [tip, (foot[0] - half * uy, foot[1] + half * ux), (foot[0] + half * uy, foot[1] - half * ux)]


def _draw_points(pen: Pen, placed: PlacedPanel, mark: Points) -> None:
    places = _places(placed, mark.xs, mark.ys, steps=False)
    if not places:
        return
    # The largest at the bottom, so that none hides a smaller one.
    order = sorted(range(len(places)), key=lambda i: -diameter_of(mark, i))
    pen.add(
        PathCollection(
            [_OUTLINES[mark.shape]],
            sizes=[diameter_of(mark, i) ** 2 for i in order],
            offsets=[places[i] for i in order],
            offset_transform=pen.to_page,
            transform=IdentityTransform(),  # without one, the figure takes its own
            facecolors=TONES[mark.fill],
            edgecolors=TONES[mark.edge],
            linewidths=0.7,
        ),
        "points",
    )


def _draw_shades(pen: Pen, placed: PlacedPanel, mark: Shades) -> None:
    outlines: list[Vertices] = []
    faces: list[str] = []
    for row, (bottom, top) in zip(mark.shares, pairwise(mark.y_edges), strict=True):
        for share, (left, right) in zip(row, pairwise(mark.x_edges), strict=True):
            if share > 0:
                corners = ((left, bottom), (right, bottom), (right, top), (left, top))
                outlines.append([(placed.x_of(x), placed.y_of(y)) for x, y in corners])
                faces.append(shade(share))
    pen.shapes(outlines, "shades", faces, None)


def _draw_sample(pen: Pen, entry: LegendEntry, x: float, y: float) -> None:
    middle = x + SAMPLE / 2
    face = entry.tone if entry.filled else "white"
    if entry.sample == "area":
        corners = [(x, y - 3), (x + SAMPLE, y - 3), (x + SAMPLE, y + 3), (x, y + 3)]
        # Shades near the paper's own need an outline to be seen.
        edge = TONES["rule"] if entry.tone in ("white", "mist") else None
        pen.shapes([corners], "sample", TONES[entry.tone], edge)
    elif entry.sample in ("circle", "square", "diamond", "triangle", "half circle"):
        if entry.sample == "half circle":
            _draw_sample(pen, replace(entry, sample="circle", filled=False), x, y)
        pen.add(
            PathCollection(
                [_OUTLINES[entry.sample]],
                sizes=[36],
                offsets=[(middle, y)],
                offset_transform=pen.to_page,
                transform=IdentityTransform(),  # without one, the figure takes its own
                facecolors=TONES[face],
                edgecolors=TONES[entry.tone],
                linewidths=0.7,
            ),
            "sample",
        )
    else:
        style: LineStyle = entry.sample if entry.sample in ("dashed", "dotted") else "solid"
        pen.lines([[(x, y), (x + SAMPLE, y)]], "sample", 1.2, TONES[entry.tone], style)
        if entry.sample == "arrow":
            pen.shapes([_arrowhead((x, y), (x + SAMPLE, y))], "sample", TONES[entry.tone], None)
