"""What is really drawn of a chart: artists with their kind as label, their places and colours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.collections import Collection, LineCollection, PathCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.text import Text

from evisynth.figures import (
    TONES,
    Area,
    Chart,
    LegendEntry,
    Line,
    Panel,
    Points,
    Segments,
    Shades,
    Shape,
    SideName,
    SideNames,
    Words,
    draw_chart,
    name_axis,
    place_chart,
    plain_axis,
    svg_bytes,
)


def chart_of(*marks, **fields) -> Chart:
    axes = plain_axis("x", [0, 10]), plain_axis("y", [0, 1])
    return Chart("A chart", ((Panel(*axes, marks, width=200, height=100),),), **fields)


def artists(figure: Figure, label: str) -> list[Collection]:
    return [a for a in figure.get_children() if isinstance(a, Collection) and a.get_label() == label]


def on_page(chart: Chart, xs, ys) -> np.ndarray:
    [field] = place_chart(chart).panels
    return np.array([(field.x_of(x), field.y_of(y)) for x, y in zip(xs, ys, strict=True)])


def test_a_line_runs_through_its_points() -> None:
    chart = chart_of(Line([0, 5, 10], [0, 1, 0.5], tone="accent", width=2, style="dashed"))
    [line] = artists(draw_chart(chart), "line")
    assert isinstance(line, LineCollection)
    np.testing.assert_allclose(line.get_segments()[0], on_page(chart, [0, 5, 10], [0, 1, 0.5]))
    assert line.get_linewidths()[0] == 2
    assert line.get_linestyle()[0][1] is not None


def test_a_line_in_steps_keeps_each_height_until_the_next_point() -> None:
    chart = chart_of(Line([0, 5, 10], [1, 0.5, 0.2], steps=True))
    [line] = artists(draw_chart(chart), "line")
    expected = on_page(chart, [0, 5, 5, 10, 10], [1, 1, 0.5, 0.5, 0.2])
    np.testing.assert_allclose(line.get_segments()[0], expected)


def test_an_area_is_closed_between_its_lines() -> None:
    chart = chart_of(Area([0, 10], [0.2, 0.3], [0.8, 0.9], tone="accent"))
    [area] = artists(draw_chart(chart), "area")
    corners = area.get_paths()[0].vertices[:4]
    np.testing.assert_allclose(corners, on_page(chart, [0, 10, 10, 0], [0.2, 0.3, 0.9, 0.8]))
    assert area.get_hatch() is None


@pytest.mark.parametrize("hatch", ["rising", "falling", "dots"])
def test_a_hatched_area_lets_what_is_under_it_show(hatch) -> None:
    chart = chart_of(Area([0, 10], [0, 0], [1, 1], tone="accent", hatch=hatch))
    [area] = artists(draw_chart(chart), "area")
    assert area.get_hatch()
    assert len(area.get_facecolor()) == 0 or area.get_facecolor()[0][3] == 0
    assert b"<pattern" in svg_bytes(draw_chart(chart), None)


def test_arrows_have_their_head_at_the_end() -> None:
    chart = chart_of(Segments([2], [0.5], [8], [0.5], arrows=True))
    [heads] = artists(draw_chart(chart), "arrowheads")
    tip = heads.get_paths()[0].vertices[0]
    np.testing.assert_allclose(tip, on_page(chart, [8], [0.5])[0])
    assert all(x <= tip[0] for x, _ in heads.get_paths()[0].vertices)
    assert artists(draw_chart(chart_of(Segments([2], [0.5], [2], [0.5], arrows=True))), "arrowheads") == []


def test_points_have_their_diameters_and_shapes() -> None:
    chart = chart_of(Points([1, 2], [0.5, 0.6], [4.0, 9.0], "square", fill="white", edge="accent"))
    [points] = artists(draw_chart(chart), "points")
    assert isinstance(points, PathCollection)
    # The larger one is drawn first, so that it hides nothing.
    np.testing.assert_allclose(points.get_sizes(), [81.0, 16.0])
    np.testing.assert_allclose(points.get_offsets(), on_page(chart, [2, 1], [0.6, 0.5]))
    np.testing.assert_allclose(points.get_facecolor()[0][:3], [1, 1, 1])


def test_a_half_circle_fills_the_left_half() -> None:
    [points] = artists(draw_chart(chart_of(Points([5], [0.5], 8, "half circle"))), "points")
    corners = points.get_paths()[0].vertices
    assert corners[:, 0].max() == pytest.approx(0.0, abs=1e-12)
    assert corners[:, 0].min() == pytest.approx(-0.5)


def test_shades_are_darker_where_more_fall() -> None:
    chart = chart_of(Shades([0, 1, 2, 3], [0, 1], [[0.0, 0.2, 1.0]]))
    [shades] = artists(draw_chart(chart), "shades")
    assert isinstance(shades, PolyCollection)
    pale, dark = shades.get_facecolor()[:, :3].sum(axis=1)
    # Nothing is drawn for none.
    assert len(shades.get_paths()) == 2
    assert dark < pale


def test_shapes_have_their_outline() -> None:
    chart = chart_of(Shape([1, 2, 1], [0.1, 0.2, 0.3], fill="white", edge="ink"), Shape([], []))
    [shape] = artists(draw_chart(chart), "shape")
    np.testing.assert_allclose(shape.get_paths()[0].vertices[:3], on_page(chart, [1, 2, 1], [0.1, 0.2, 0.3]))


def test_marks_are_drawn_in_their_order_and_cut_at_the_field() -> None:
    chart = chart_of(
        Area([0, 10], [0, 0], [1, 1]),
        Line([-50, 50], [0.5, 0.5], width=1.2),
        Points([0, 10], [0, 1]),
    )
    figure = draw_chart(chart)
    [area], [line], [points] = (artists(figure, kind) for kind in ("area", "line", "points"))
    assert area.get_zorder() < line.get_zorder() < points.get_zorder()
    [field] = place_chart(chart).panels
    # Room on both sides: none to speak of for what fills the field, half its width for a line, so that one
    # at the edge stays whole and none runs on beyond an axis, and enough for points at the edge.
    for artist, beyond in ((area, 0.8), (line, 2.0), (points, 6.0)):
        box = artist.get_clip_box()
        assert box is not None
        assert box.width * 72 / figure.dpi == pytest.approx(field.panel.width + beyond)


def test_large_points_on_an_axis_stay_whole() -> None:
    chart = chart_of(Points([0, 10], [0, 1], diameters=[5.0, 17.0]))
    figure = draw_chart(chart)
    [points] = artists(figure, "points")
    [field] = place_chart(chart).panels
    box = points.get_clip_box()
    assert box is not None and box.width * 72 / figure.dpi >= field.panel.width + 17.0


def test_texts_are_drawn_with_tone_and_direction() -> None:
    chart = chart_of(Words(5, 0.5, "pale words", tone="rule", bold=True))
    texts = {t.get_text(): t for t in draw_chart(chart).get_children() if isinstance(t, Text)}
    assert texts["pale words"].get_color() == TONES["rule"]
    assert texts["pale words"].get_fontweight() == "bold"
    assert texts["pale words"].get_rotation() == 0


SAMPLES = (
    "line",
    "dashed",
    "dotted",
    "area",
    "circle",
    "square",
    "diamond",
    "triangle",
    "half circle",
    "arrow",
)


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_sample_of_the_legend_is_drawn(sample) -> None:
    figure = draw_chart(chart_of(legend=(LegendEntry(sample, "words", tone="accent"),)))
    found = artists(figure, "sample")
    # A half circle stands in a ring, an arrow is a line with its head.
    assert len(found) == (2 if sample in ("half circle", "arrow") else 1)


def test_side_names_are_drawn_with_their_sample() -> None:
    names = SideNames((SideName(0.5, "Group", "n = 8", "square", "accent", filled=False),))
    figure = draw_chart(chart_of(names))
    [sample] = artists(figure, "sample")
    np.testing.assert_allclose(sample.get_facecolor()[0][:3], [1, 1, 1])


@pytest.mark.parametrize(
    "mark",
    [
        Line([], []),
        Segments([], [], [], []),
        Area([], [], []),
        Points([], []),
        Shades([], [], []),
        SideNames(()),
        Line([0, float("inf")], [0, float("-inf")]),
        Points([float("inf")], [0.5]),
    ],
)
def test_empty_and_infinite_marks_are_drawn(mark) -> None:
    assert svg_bytes(draw_chart(chart_of(mark)), None)


def test_the_figure_carries_its_words() -> None:
    figure = draw_chart(chart_of(description="What it shows."))
    assert figure.title_text == "A chart"
    assert figure.description == "What it shows."
    assert draw_chart(Chart("", ())).title_text == "Chart"


def test_tones_differ_in_lightness() -> None:
    def lightness(tone: str) -> float:
        red, green, blue = (int(TONES[tone][i : i + 2], 16) / 255 for i in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    # Told apart on a copy: dark marks, lighter accents, pale bands.
    assert lightness("mark") + 0.2 < lightness("accent") < lightness("deep band") < lightness("band")


def test_a_glyph_that_no_font_has_is_said_once() -> None:
    assert draw_chart(chart_of(Line([0, 10], [0, 1]))).notes == ()
    [note] = draw_chart(Chart("A 🧪 chart 🧪", chart_of().panels)).notes
    assert note.count("U+1F9EA") == 1


def test_a_bare_axis_has_labels_and_neither_line_nor_marks() -> None:
    x, y = plain_axis("", [0.0, 1.0]), name_axis("", ["first", "second"])
    drawn = []
    for axis in (y, replace(y, bare=True)):
        page = place_chart(Chart("Rows", ((Panel(x, axis, (), width=100.0, height=40.0),),)))
        field = page.panels[0].field
        upright = [
            line for line in page.axis_lines if line == (field.left, field.top, field.left, field.bottom)
        ]
        beside = [line for line in page.tick_lines if line[0] < line[2] == field.left]
        assert {"first", "second"} <= {text.text for text in page.texts}
        drawn.append((len(upright), len(beside)))
    assert drawn == [(1, 2), (0, 0)]
