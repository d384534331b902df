"""The surroundings of a field: the right axis finds room, names over it stand apart, near their places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st
from matplotlib.figure import Figure

from evisynth.figures import (
    LEADER,
    Chart,
    Panel,
    TopNames,
    bare_axis,
    draw_chart,
    place_chart,
    plain_axis,
    spread,
)

RIGHT = plain_axis("Right title", [0.0, 10.0])
PANEL = Panel(plain_axis("x", [0.0, 1.0]), plain_axis("Left", [0.0, 5.0]), (), right_axis=RIGHT)


def test_labels_stand_right_of_the_field_at_the_height_of_their_tick() -> None:
    page = place_chart(Chart("A chart", ((PANEL,),)))
    field = page.panels[0].field
    labels = [text for text in page.texts if text.x > field.right and text.align == "left"]
    assert [text.text for text in labels] == [tick.label for tick in RIGHT.ticks]
    heights = [text.y for text in labels]
    assert heights == sorted(heights, reverse=True)
    assert all(text.box.right <= page.width for text in labels)


@pytest.mark.parametrize("left", ["", "Left", "A left title that is wider than its whole panel " * 2])
@pytest.mark.parametrize("right", ["", "R", "A right title of some length"])
def test_the_titles_of_both_axes_find_room(
    left: str, right: str, unreadable: Callable[[Figure], list[str]]
) -> None:
    y = replace(PANEL.y_axis, title=left)
    panel = replace(PANEL, y_axis=y, right_axis=replace(RIGHT, title=right))
    figure = draw_chart(Chart("A chart", ((panel, panel),)))
    assert unreadable(figure) == []
    written = " ".join(getattr(child, "get_text", lambda: "")() for child in figure.get_children())
    assert right in written


wishes = st.lists(st.floats(0, 100), max_size=12).map(sorted)


def chart_of(xs, names) -> Chart:
    y = plain_axis("Height", [0.0, 1.0])
    panel = Panel(bare_axis(0.0, 10.0), y, (TopNames(xs, names),), width=200.0, height=80.0)
    return Chart("Names", ((panel,),), description="Names over a panel, as a test has them.")


def test_names_apart_enough_stand_over_their_places() -> None:
    assert spread([10, 30, 60], 10, 0, 100) == [10, 30, 60]


def test_a_crowd_is_spread_evenly_around_its_middle() -> None:
    assert spread([50, 50, 50], 10, 0, 100) == [40, 50, 60]
    assert spread([49, 51], 10, 0, 100) == [45, 55]


def test_names_at_the_edge_stay_inside() -> None:
    assert spread([0, 0, 0], 10, 0, 100) == [0, 10, 20]
    assert spread([100, 100, 100], 10, 0, 100) == [80, 90, 100]


@given(wishes)
def test_names_never_stand_closer_than_a_step(places) -> None:
    found = spread(places, 8, 0, 100)
    # 12 names take 88 of 100; sums of floats lose less than 1e-9
    assert all(b - a >= 8 - 1e-9 for a, b in pairwise(found))
    assert all(-1e-9 <= place <= 100 + 1e-9 for place in found)


@given(wishes, st.integers(0, 11), st.floats(-3, 3))
def test_no_other_places_are_nearer(places, which, moved) -> None:
    found = spread(places, 8, -1000, 1000)
    other = list(found)
    if which < len(other):
        other[which] += moved
    allowed = all(b - a >= 8 for a, b in pairwise(other))
    if allowed:
        far = [sum((p - w) ** 2 for p, w in zip(at, places, strict=True)) for at in (found, other)]
        assert far[0] <= far[1] + 1e-6


def test_every_name_stands_upright_over_the_field_and_is_led_to() -> None:
    page = place_chart(chart_of([2.0, 2.1, 9.0], ["first", "second", "third"]))
    names = [text for text in page.texts if text.upright]
    assert [text.text for text in names] == ["first", "second", "third"]
    field = page.panels[0].field
    assert all(text.box.bottom == pytest.approx(field.top - LEADER) for text in names)
    # Each line begins at its place at the edge of the field and goes on to the foot of its name.
    starts = [line for line in page.leaders if line[1] == field.top]
    assert [x for x, *_ in starts] == pytest.approx([field.left + share * 200 for share in (0.2, 0.21, 0.9)])


def test_names_that_stand_straight_need_no_lines() -> None:
    page = place_chart(chart_of([2.0, 5.0, 9.0], ["first", "second", "third"]))
    assert page.leaders == []
    names = [text for text in page.texts if text.upright]
    assert all(0 < page.panels[0].field.top - text.box.bottom < LEADER for text in names)


def test_empty_names_and_places_beyond_the_axis_are_left_out(unreadable) -> None:
    chart = chart_of([2.0, 30.0, 5.0], ["", "beyond", "inside"])
    assert [text.text for text in place_chart(chart).texts if text.upright] == ["inside"]
    assert unreadable(draw_chart(chart)) == []
