"""Finding room for the labels of points: beside the point, else further out with a thin line to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field

#: Directions in which room is looked for: right, left, above, below, then the corners.
_DIRECTIONS = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1))
#: Distances from the edge of the point, in points; beyond the first a line leads to the label.
_DISTANCES = (2.5, 9.0, 17.0, 27.0, 40.0)


Line = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page, in points from the top left."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def within(self, other: Box) -> bool:
        """Whether all of this box lies in the other."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )

    def crosses(self, line: Line) -> bool:
        """Whether a straight line runs through the box (Liang & Barsky 1984, clipping by parameters)."""
        x, y, x_end, y_end = line
        first, last = 0.0, 1.0
        sides = (
            (x - x_end, x - self.left),
            (x_end - x, self.right - x),
            (y - y_end, y - self.top),
            (y_end - y, self.bottom - y),
        )
        for outwards, distance in sides:
            if outwards == 0:
                if distance < 0:
                    return False
            elif outwards < 0:
                first = max(first, distance / outwards)
            else:
                last = min(last, distance / outwards)
        return first < last


@dataclass(frozen=True, slots=True)
class Labelled:
    """A point that wants a label of a given width and height."""

    x: float
    y: float
    radius: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class LabelPlace:
    """Where a label stands, and whether a line leads to it."""

    box: Box
    led: bool


@dataclass(slots=True)
class _Room:
    """What is taken already: points and texts, the texts alone, lines of the chart, and leaders to labels."""

    field: Box
    occupied: list[Box]
    texts: list[Box]
    lines: Sequence[Line]
    leaders: list[Line] = dataclass_field(default_factory=list)

    def takes(self, point: Labelled, box: Box, *, led: bool) -> bool:
        """Whether a label may stand in a box: over nothing, and no leader through it or any other label."""
        if not box.within(self.field) or any(box.overlaps(other) for other in self.occupied):
            return False
        if any(box.crosses(leader) for leader in self.leaders):
            return False
        leader = leader_to(point, box)
        return not led or not any(text.crosses(leader) for text in self.texts)


def place_labels(
    points: Sequence[Labelled], field: Box, taken: Iterable[Box] = (), lines: Sequence[Line] = ()
) -> list[LabelPlace | None]:
    """Give every label a place that covers no point, no other label and nothing taken.

    Nearer places are preferred, right before left before above; near places that cross one of ``lines``
    come after those that do not. A label that finds no room gets None: it is better named under the
    chart than written over another.
    """
    room = _Room(field, [*taken, *(_box_of_point(point) for point in points)], list(taken), lines)
    places: list[LabelPlace | None] = []
    for point in points:
        place = None if point.width <= 0 else _first_free(point, room)
        places.append(place)
        if place is not None:
            room.occupied.append(place.box)
            room.texts.append(place.box)
        if place is not None and place.led:
            room.leaders.append(leader_to(point, place.box))
    return places


def leader_to(point: Labelled, box: Box) -> Line:
    """Return the thin line from a point to the nearest place of its label."""
    return (
        point.x,
        point.y,
        min(max(point.x, box.left), box.right),
        min(max(point.y, box.top), box.bottom),
    )


def _box_of_point(point: Labelled) -> Box:
    r = point.radius
    return Box(point.x - r, point.y - r, point.x + r, point.y + r)


def _first_free(point: Labelled, room: _Room) -> LabelPlace | None:
    crossing: LabelPlace | None = None
    for i, distance in enumerate(_DISTANCES):
        for direction in _DIRECTIONS:
            box = _candidate(point, direction, distance)
            if not room.takes(point, box, led=i > 0):
                continue
            place = LabelPlace(box, led=i > 0)
            if not any(box.crosses(line) for line in room.lines):
                return place
            crossing = crossing or place
        if i == 1 and crossing is not None:
            return crossing  # a label across a line is better than one far from its point
    return crossing


def _candidate(point: Labelled, direction: tuple[int, int], distance: float) -> Box:
    across, down = direction
    reach = point.radius + distance
    # Towards a corner the label may come as near as it does sideways.
    reach = reach if 0 in direction else 0.75 * reach
    x = point.x + across * (reach + point.width / 2)
    y = point.y + down * (reach + point.height / 2)
    return Box(x - point.width / 2, y - point.height / 2, x + point.width / 2, y + point.height / 2)
