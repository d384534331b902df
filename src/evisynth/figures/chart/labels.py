"""Finding room for the labels of points: beside the point, else further out with a thin line to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field as dataclass_field

from evisynth.figures.placed_text import Box, Line

#: Directions in which room is looked for: right, left, above, below, then the corners.
_DIRECTIONS = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1))
#: The same with the corners first: two points side by side then find room above both of them.
_CORNERS_FIRST = (*_DIRECTIONS[:2], *_DIRECTIONS[4:], *_DIRECTIONS[2:4])
#: A label that is led to may also stand a little sideways of what is straight above or below.
_SLANTED = ((0.5, -1), (-0.5, -1), (0.5, 1), (-0.5, 1))
#: Distances from the edge of the point, in points; beyond the first a line leads to the label.
_DISTANCES = (2.5, 9.0, 17.0, 27.0, 40.0, 55.0)
#: How often those without room are tried first, where the labels are not too many for it.
_ATTEMPTS, _MOST_TRIED_AGAIN = 4, 60


_Directions = Sequence[tuple[float, float]]


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
    """What is taken already: points and texts, each of both alone, lines of the chart, leaders to labels."""

    field: Box
    points: Sequence[Box]
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
        return not led or not self._stops(point, leader_to(point, box))

    def _stops(self, point: Labelled, leader: Line) -> bool:
        """Whether a leader runs through a text, or through another point, which it would seem to name."""
        own = _box_of_point(point)
        others = [box for box in self.points if not box.overlaps(own)]
        return any(box.crosses(leader) for box in (*self.texts, *others))


def place_labels(
    points: Sequence[Labelled], field: Box, taken: Iterable[Box] = (), lines: Sequence[Line] = ()
) -> list[LabelPlace | None]:
    """Give every label a place that covers no point, no other label and nothing taken.

    Labels are placed in their order; should some find no room, they are placed first in another attempt.
    Nearer places are preferred, right before left before above; near places that cross one of ``lines``
    come after those that do not. A label that finds no room gets None: it is better named under the
    chart than written over another.
    """
    taken = list(taken)
    boxes = [_box_of_point(point) for point in points]
    wanting = [i for i, point in enumerate(points) if point.width > 0]
    order = wanting
    best: dict[int, LabelPlace] = {}
    for attempt in range(_ATTEMPTS if len(wanting) <= _MOST_TRIED_AGAIN else 1):
        found = _place_in_order(
            points,
            order,
            _Room(field, boxes, [*taken, *boxes], list(taken), lines),
            _CORNERS_FIRST if attempt % 2 else _DIRECTIONS,
        )
        best = found if len(found) > len(best) else best
        if len(best) == len(wanting):
            break
        missing = [i for i in order if i not in found]
        order = missing + [i for i in order if i in found]
    return [best.get(i) for i in range(len(points))]


def _place_in_order(
    points: Sequence[Labelled], order: Sequence[int], room: _Room, directions: _Directions
) -> dict[int, LabelPlace]:
    places: dict[int, LabelPlace] = {}
    for i in order:
        place = _first_free(points[i], room, directions)
        if place is None:
            continue
        places[i] = place
        room.occupied.append(place.box)
        room.texts.append(place.box)
        if place.led:
            room.leaders.append(leader_to(points[i], place.box))
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


def _first_free(point: Labelled, room: _Room, directions: _Directions) -> LabelPlace | None:
    crossing: LabelPlace | None = None
    for i, distance in enumerate(_DISTANCES):
        for direction in (*directions, *_SLANTED) if i > 0 else directions:
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


def _candidate(point: Labelled, direction: tuple[float, float], distance: float) -> Box:
    across, down = direction
    reach = point.radius + distance
    # Towards a corner the label may come as near as it does sideways.
    reach = reach if 0 in direction else 0.75 * reach
    x = point.x + across * (reach + point.width / 2)
    y = point.y + down * (reach + point.height / 2)
    return Box(x - point.width / 2, y - point.height / 2, x + point.width / 2, y + point.height / 2)
