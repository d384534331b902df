"""Drawing a forest plot: places become lines, squares, diamonds and text, and nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Transform

from evisynth.errors import InvalidDataError
from evisynth.figures.described_figure import DescribedFigure
from evisynth.figures.fonts import clean_text, families_for
from evisynth.figures.forest.layout import ForestLayout
from evisynth.figures.forest.placement import DIAMOND_HEIGHT, PlacedMark, Placement, place_forest
from evisynth.figures.forest.rows import lay_out_forest
from evisynth.figures.forest.source import ForestSource, source_of_answer, source_of_result
from evisynth.synthesis.answer import Answer
from evisynth.synthesis.result import PooledResult

POINTS_PER_INCH = 72
COLOURS = {"ink": "#111111", "muted": "#5a5a5a"}
RULE_COLOUR = "#8c8c8c"
MARK_COLOUR = "#1d3a5f"  # dark enough to read as black in print
MUTED_MARK_COLOUR = "#6b6b6b"
ARROW = 5.5  # length of an arrowhead, in points

#: What is drawn over what, from the bottom to the top; each layer is labelled with its name.
LAYERS = (
    "rules",
    "null line",
    "pooled line",
    "axis",
    "intervals",
    "arrows",
    "squares",
    "hollow squares",
    "short intervals",
    "prediction intervals",
    "prediction ends",
    "diamonds",
    "hollow diamonds",
)

Vertices = list[tuple[float, float]]


def forest(
    result: PooledResult | Answer,
    *,
    labels: Mapping[str, str] | Sequence[str] | None = None,
    title: str | None = None,
    favours: tuple[str, str] | None = None,
) -> Figure:
    """Draw the forest plot of a pooled result or of the answer to a question.

    Parameters
    ----------
    result
        What ``pool`` hands back, or an answer with its rows. Effects are on the analysis scale and are shown
        on the natural one.
    labels
        For a pooled result one name for each effect, in order; for an answer the name to show for a study id.
        What is not named keeps the name that came with the result.
    title
        Instead of the title that came with the result.
    favours
        What stands left and right of the line of no effect, such as ``("Favours resection", "Favours no
        resection")``.

    Returns
    -------
    matplotlib.figure.Figure
        As large as its content needs; ``save_figure`` writes it as SVG, PDF or PNG.

    Raises
    ------
    InvalidDataError
        The labels do not fit the effects, or there is no result to draw.
    """
    source = _source(result, labels)
    if title is not None:
        source = replace(source, title=title)
    if favours is not None:
        source = replace(source, favours=favours)
    return draw_forest(lay_out_forest(source))


def _source(result: PooledResult | Answer, labels: Mapping[str, str] | Sequence[str] | None) -> ForestSource:
    if isinstance(result, Answer):
        if labels is not None and not isinstance(labels, Mapping):
            raise InvalidDataError("labels of an answer are a mapping from study id to name; use {id: name}")
        return replace(source_of_answer(result), labels=dict(labels or {}))
    if not isinstance(result, PooledResult):
        raise InvalidDataError(
            f"a forest plot shows a PooledResult or an Answer, not a {type(result).__name__}; pool first"
        )
    if isinstance(labels, Mapping):
        return replace(source_of_result(result, None), labels=dict(labels))
    return source_of_result(result, labels)


def draw_forest(layout: ForestLayout) -> DescribedFigure:
    """Draw a layout."""
    page = place_forest(layout)
    figure = DescribedFigure(
        title_text=clean_text(layout.title) or "Forest plot",
        description=clean_text(layout.description),
        figsize=(page.width / POINTS_PER_INCH, page.height / POINTS_PER_INCH),
        facecolor="white",
    )
    # Points from the top left of the page, as in the placement.
    to_page = (
        Affine2D().scale(1, -1).translate(0, page.height).scale(1 / POINTS_PER_INCH) + figure.dpi_scale_trans
    )
    _draw_lines(figure, page, to_page)
    _draw_intervals(figure, page.marks, to_page)
    _draw_shapes(figure, page.marks, to_page)
    _draw_texts(figure, page, to_page)
    return figure


def _draw_lines(figure: Figure, page: Placement, to_page: Transform) -> None:
    rules = [[(left, y), (right, y)] for y, left, right in page.rules]
    _add_lines(figure, rules, to_page, "rules", 0.6, RULE_COLOUR)
    _add_lines(figure, _uprights(page.null_line), to_page, "null line", 0.8, COLOURS["ink"])
    _add_lines(figure, _uprights(page.pooled_line), to_page, "pooled line", 0.6, RULE_COLOUR, "dashed")
    axis = [] if page.axis_line is None else [page.axis_line]
    ends = [[(left, y), (right, y)] for y, left, right in axis]
    _add_lines(figure, ends + _uprights(page.tick_lines), to_page, "axis", 0.8, COLOURS["ink"])


def _uprights(lines: Sequence[tuple[float, float, float]]) -> list[Vertices]:
    return [[(x, top), (x, bottom)] for x, top, bottom in lines]


def _draw_intervals(figure: Figure, marks: Sequence[PlacedMark], to_page: Transform) -> None:
    for muted, colour in ((False, COLOURS["ink"]), (True, MUTED_MARK_COLOUR)):
        drawn = [m for m in marks if m.muted is muted and m.mark.shape in ("square", "bound")]
        segments = [[(_line_start(m), m.y), (_line_end(m), m.y)] for m in drawn]
        segments += [cap for m in drawn if m.mark.shape == "bound" for cap in _caps(m, 3.0)]
        _add_lines(figure, segments, to_page, "intervals", 1.0, colour)
        _add_shapes(figure, _arrowheads(drawn), to_page, "arrows", colour, colour)
    predictions = [m for m in marks if m.mark.shape == "prediction"]
    bars = [[(_line_start(m), m.y), (_line_end(m), m.y)] for m in predictions]
    _add_lines(figure, bars, to_page, "prediction intervals", 2.4, MARK_COLOUR)
    _add_lines(
        figure,
        [cap for m in predictions for cap in _caps(m, 3.0)],
        to_page,
        "prediction ends",
        1.0,
        MARK_COLOUR,
    )
    diamonds = [m for m in marks if m.mark.shape == "diamond"]
    _add_shapes(figure, _arrowheads([*predictions, *diamonds]), to_page, "arrows", MARK_COLOUR, MARK_COLOUR)


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


def _arrowheads(marks: Sequence[PlacedMark]) -> list[Vertices]:
    heads: list[Vertices] = []
    for m in marks:
        for x, shown, back in ((m.lower, m.mark.lower_arrow, ARROW), (m.upper, m.mark.upper_arrow, -ARROW)):
            if shown:
                heads.append([(x, m.y), (x + back, m.y - 2.9), (x + back, m.y + 2.9)])
    return heads


def _draw_shapes(figure: Figure, marks: Sequence[PlacedMark], to_page: Transform) -> None:
    squares = [m for m in marks if m.mark.shape == "square" and m.estimate is not None]
    diamonds = [m for m in marks if m.mark.shape == "diamond" and m.estimate is not None]
    for label, drawn, outline in (("squares", squares, _square), ("diamonds", diamonds, _diamond)):
        for filled in (True, False):
            shapes = [outline(m) for m in drawn if m.mark.filled is filled]
            edge = MARK_COLOUR if filled or label == "diamonds" else MUTED_MARK_COLOUR
            name = label if filled else f"hollow {label}"
            _add_shapes(figure, shapes, to_page, name, MARK_COLOUR if filled else "white", edge)

    short = [m for m in squares if m.mark.filled and m.upper - m.lower <= m.side + 2]
    inside = [
        [(max(m.lower, left), m.y), (min(m.upper, right), m.y)] for m in short for left, right in [_sides(m)]
    ]
    # An interval that its square would hide is drawn in white inside it.
    _add_lines(figure, inside, to_page, "short intervals", 1.0, "white")


def _sides(placed: PlacedMark) -> tuple[float, float]:
    x = placed.estimate or 0.0
    return x - placed.side / 2, x + placed.side / 2


def _square(placed: PlacedMark) -> Vertices:
    x, half = placed.estimate or 0.0, placed.side / 2
    corners = ((-half, -half), (half, -half), (half, half), (-half, half))
    return [(x + dx, placed.y + dy) for dx, dy in corners]


def _diamond(placed: PlacedMark) -> Vertices:
    x, y, half = placed.estimate or 0.0, placed.y, DIAMOND_HEIGHT / 2
    return [(placed.lower, y), (x, y - half), (placed.upper, y), (x, y + half)]


def _draw_texts(figure: Figure, page: Placement, to_page: Transform) -> None:
    for placed in page.texts:
        text = Text(
            placed.x,
            placed.y,
            placed.text,
            color=COLOURS[placed.tone],
            fontfamily=families_for(placed.text),
            fontsize=placed.size,
            fontweight="bold" if placed.bold else "normal",
            fontstyle="italic" if placed.italic else "normal",
            horizontalalignment=placed.align,
            verticalalignment="baseline",
            transform=to_page,
            parse_math=False,
            usetex=False,
        )
        figure.add_artist(text)


def _add_lines(
    figure: Figure,
    segments: Sequence[Vertices],
    to_page: Transform,
    label: str,
    width: float,
    colour: str,
    style: str = "solid",
) -> None:
    if segments:
        lines = LineCollection(
            segments, colors=colour, linewidths=width, linestyles=style, transform=to_page, label=label
        )
        figure.add_artist(lines).set_zorder(LAYERS.index(label))


def _add_shapes(
    figure: Figure, shapes: Sequence[Vertices], to_page: Transform, label: str, face: str, edge: str
) -> None:
    if shapes:
        patches = PolyCollection(
            shapes,
            facecolors=face,
            edgecolors=edge,
            linewidths=0.0 if face == edge else 0.9,  # an edge would add to the area, which is the weight
            transform=to_page,
            label=label,
        )
        figure.add_artist(patches).set_zorder(LAYERS.index(label))
