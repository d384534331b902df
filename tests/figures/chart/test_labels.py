"""Labels of points: beside the point when there is room, never over another, None before a bad place."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from evisynth.figures import Box, Labelled, leader_to, place_labels

FIELD = Box(0, 0, 300, 200)


def point(x: float, y: float, width: float = 40.0) -> Labelled:
    return Labelled(x, y, radius=3, width=width, height=7)


def test_a_lone_label_stands_right_of_its_point() -> None:
    [place] = place_labels([point(100, 100)], FIELD)
    assert place is not None
    assert not place.led
    assert place.box.left > 103
    assert (place.box.top + place.box.bottom) / 2 == pytest.approx(100)


def test_at_the_right_edge_it_stands_left() -> None:
    [place] = place_labels([point(295, 100)], FIELD)
    assert place is not None
    assert place.box.right < 292


def test_what_is_taken_is_left_free() -> None:
    taken = Box(104, 90, 200, 110)
    [place] = place_labels([point(100, 100)], FIELD, [taken])
    assert place is not None
    assert not place.box.overlaps(taken)


def test_a_label_had_better_not_cross_a_line() -> None:
    upright = (120.0, 0.0, 120.0, 200.0)
    [place] = place_labels([point(100, 100)], FIELD, lines=[upright])
    assert place is not None
    assert not place.box.crosses(upright)


def test_a_label_across_a_line_is_better_than_none() -> None:
    lines = [(x, 0.0, x, 200.0) for x in range(0, 300, 10)]
    [place] = place_labels([point(100, 100)], FIELD, lines=lines)
    assert place is not None


def test_a_label_without_room_is_left_out() -> None:
    assert place_labels([point(10, 10, width=400)], FIELD) == [None]


def test_an_empty_label_takes_no_room_but_its_point_does() -> None:
    first, second = place_labels([point(100, 100), point(125, 100, width=0)], FIELD)
    assert second is None
    assert first is not None
    assert not first.box.overlaps(Box(122, 97, 128, 103))


def test_a_label_far_from_its_point_is_led_to_it() -> None:
    crowd = [point(100, 100), *(point(100 + dx, 100 + dy, 0) for dx in (-8, 8) for dy in (-8, 8))]
    ring = [Box(85, 85, 115, 98), Box(85, 102, 115, 115), Box(103, 85, 140, 115), Box(60, 85, 97, 115)]
    place = place_labels(crowd, FIELD, ring)[0]
    assert place is None or place.led


coordinates = st.tuples(st.floats(0, 300), st.floats(0, 200), st.floats(5, 80))


@given(st.lists(coordinates, max_size=25))
def test_no_label_lies_over_a_point_or_another_label(raw) -> None:
    points = [point(x, y, width) for x, y, width in raw]
    boxes = [place.box for place in place_labels(points, FIELD) if place is not None]
    for i, box in enumerate(boxes):
        assert box.within(FIELD)
        assert not any(box.overlaps(other) for other in boxes[:i])
        assert not any(box.overlaps(Box(p.x - 3, p.y - 3, p.x + 3, p.y + 3)) for p in points)


@given(
    st.tuples(*[st.integers(-20, 20)] * 4),
    st.tuples(*[st.integers(-20, 20)] * 4).filter(lambda c: c[0] < c[2] and c[1] < c[3]),
)
def test_a_box_is_crossed_by_the_lines_that_have_a_point_in_it(line, corners) -> None:
    box = Box(*map(float, corners))
    x, y, u, v = line
    # A thousand places along the line; a place inside is a crossing.
    inside = any(
        box.left < x + (u - x) * i / 1000 < box.right and box.top < y + (v - y) * i / 1000 < box.bottom
        for i in range(1001)
    )
    if inside and (x, y) != (u, v):
        assert box.crosses(tuple(map(float, line)))


def test_a_line_beside_a_box_does_not_cross_it() -> None:
    box = Box(0, 0, 10, 10)
    assert not box.crosses((20.0, 0.0, 20.0, 10.0))
    assert not box.crosses((-5.0, 12.0, 15.0, 12.0))
    assert not box.crosses((12.0, -5.0, 25.0, 12.0))
    assert box.crosses((-5.0, 5.0, 15.0, 6.0))


@given(st.lists(st.tuples(st.floats(0, 120), st.floats(0, 60)), min_size=2, max_size=14))
def test_no_leader_runs_through_another_label(places: list[tuple[float, float]]) -> None:
    points = [point(x, y, width=30.0) for x, y in places]
    placed = place_labels(points, Box(0, 0, 120, 60))
    boxes = [(i, place) for i, place in enumerate(placed) if place is not None]
    for i, place in boxes:
        leader = leader_to(points[i], place.box)
        assert not place.led or not any(other.box.crosses(leader) for j, other in boxes if j != i)


def test_a_leader_ends_at_the_nearest_place_of_its_label() -> None:
    assert leader_to(point(10, 50), Box(30, 20, 60, 40)) == (10, 50, 30, 40)
    assert leader_to(point(40, 50), Box(30, 20, 60, 40)) == (40, 50, 40, 40)


def test_labels_without_room_are_placed_first_in_another_attempt() -> None:
    # The first label, right of its point, would leave none for the second, which has only that place.
    field = Box(0, 0, 110, 12)
    points = [point(50, 6, width=44), point(104, 6, width=40)]
    places = place_labels(points, field)
    assert all(place is not None for place in places)


@given(st.lists(st.tuples(st.floats(0, 120), st.floats(0, 60)), min_size=2, max_size=14))
def test_no_leader_runs_through_another_point(places: list[tuple[float, float]]) -> None:
    points = [point(x, y, width=30.0) for x, y in places]
    for own, place in zip(points, place_labels(points, Box(0, 0, 120, 60)), strict=True):
        if place is None or not place.led:
            continue
        leader = leader_to(own, place.box)
        for other in points:
            if max(abs(other.x - own.x), abs(other.y - own.y)) < 6:
                continue  # points that touch cannot be told apart by any line
            assert not Box(other.x - 3, other.y - 3, other.x + 3, other.y + 3).crosses(leader)
