"""The panels of an evidence map: comparisons by outcome in families, and outcomes that nobody compares."""

from __future__ import annotations

import math
from collections.abc import Sequence

from evisynth.figures.chart.axes import bare_axis
from evisynth.figures.chart.chart import Line, Mark, Panel, Points, Words
from evisynth.figures.chart.name_room import LINE_HEIGHT, guess_width, lines_within
from evisynth.figures.evidence.column_heads import headed_rows
from evisynth.figures.evidence.evidence_entries import NO_COMPARISON
from evisynth.figures.evidence.map_cells import EvidenceGrid, MapCell

#: Diameters in points: of the largest circle, and of the least that still holds its number.
LARGEST, LEAST = 24.0, 12.0
EMPTY = 3.5
_ROW_HEIGHT, _COLUMN_WIDTH, _WIDEST_WORD = 25.0, 60.0, 90.0
#: Circles stand left of the middle of their column, to leave room for the patients beside them.
_LEFT_OF_CIRCLE = 0.4
_ITEM_WIDTH, _BESIDE, _BETWEEN = 140.0, 3.0, 8.0
_ALONE_TITLE, _ALONE_NAME = "Not compared", "Groups on their own"
_UNCOMPARED_TITLE = "Reported, but compared by no study"


def map_panels(grid: EvidenceGrid) -> tuple[tuple[Panel, ...], ...]:
    """Lay out a grid: a line of heads, a panel for each family, and one of the outcomes nobody compares."""
    panels: list[Panel] = []
    width = _column_width(grid) if grid.outcomes else 0.0
    if grid.outcomes:
        panels.append(_heads(grid.outcomes, width))
        panels += [_family(grid, family, names, width) for family, names in grid.families]
    if grid.uncompared:
        panels.append(_uncompared(grid, width * len(grid.outcomes)))
    return tuple((panel,) for panel in panels)


def _column_width(grid: EvidenceGrid) -> float:
    """Return a width for the words of a heading, but for the longest, in six lines, and for every number."""
    words = max(guess_width(word) for name in grid.outcomes for word in name.split(" "))
    longest = max(guess_width(name) for name in grid.outcomes)
    number = max(guess_width(patients_words(cell)) for cell in grid.cells.values())
    beside = (LARGEST / 2 + _BESIDE + number) / (1 - _LEFT_OF_CIRCLE) + 2
    return max(_COLUMN_WIDTH, min(words, _WIDEST_WORD) + 8, min(longest / 4, 2 * _WIDEST_WORD), beside)


def _heads(outcomes: Sequence[str], width: float) -> Panel:
    """Write the outcomes over their columns, over a rule."""
    room = width - 6
    lines = max(lines_within(name, room) for name in outcomes)
    words = tuple(
        Words(x, 0.0, begun(name), align="center", level="bottom", dy=3.0, width=room)
        for x, name in enumerate(outcomes)
        if name.strip()
    )
    x = bare_axis(-_LEFT_OF_CIRCLE, len(outcomes) - _LEFT_OF_CIRCLE)
    rule = Line([x.scale.lower, x.scale.upper], [0.0, 0.0], tone="rule", width=0.8)
    return Panel(
        x, bare_axis(0.0, 1.0), (rule, *words), width=width * len(outcomes), height=lines * LINE_HEIGHT
    )


def _family(grid: EvidenceGrid, family: str, names: Sequence[str], width: float) -> Panel:
    alone = list(names) == [NO_COMPARISON]
    rows = headed_rows([_ALONE_NAME if alone else begun(name) for name in names], [], width, _ROW_HEIGHT)
    x_axis = bare_axis(-_LEFT_OF_CIRCLE, len(grid.outcomes) - _LEFT_OF_CIRCLE)
    ends = [x_axis.scale.lower, x_axis.scale.upper]
    # Between rows and not along them: a line through a number would strike it out.
    between = [Line(ends, [y - 0.5] * 2, tone="pale", width=0.6) for y in range(1, len(names))]
    cells = [
        mark
        for y, comparison in enumerate(names)
        for x, outcome in enumerate(grid.outcomes)
        for mark in _cell_marks(grid.cells.get((outcome, comparison)), x, y, grid.most_patients)
    ]
    return Panel(
        x_axis,
        rows.axis,
        (*between, *cells),
        title=_ALONE_TITLE if alone else family,
        width=width * len(grid.outcomes),
        height=rows.height,
    )


def _uncompared(grid: EvidenceGrid, width: float) -> Panel:
    """List the outcomes that no study compares groups on, each with its circle, in lines across the page."""
    columns = min(max(2, int(width // _ITEM_WIDTH)), len(grid.uncompared))
    item = max(_ITEM_WIDTH, width / max(2, int(width // _ITEM_WIDTH)))
    room = item - LARGEST - _BETWEEN
    marks: list[Mark] = []
    lines = 1
    for i, outcome in enumerate(grid.uncompared):
        cell = grid.cells[outcome, NO_COMPARISON]
        x, y = float(i % columns), float(i // columns)
        said = f"{begun(outcome)}{patients_words(cell, ', ')}"
        lines = max(lines, lines_within(said, room))
        marks += _circle(cell, x, y, grid.most_patients)
        if said.strip():
            marks.append(Words(x, y, said, dx=LARGEST / 2 + _BESIDE, width=room))
    count = math.ceil(len(grid.uncompared) / columns)
    first = (LARGEST / 2 + 2) / item
    return Panel(
        bare_axis(-first, columns - first),
        bare_axis(count - 0.5, -0.5),
        tuple(marks),
        title=_UNCOMPARED_TITLE,
        width=item * columns,
        height=count * max(_ROW_HEIGHT, LINE_HEIGHT * lines),
    )


def begun(name: str) -> str:
    """Begin a name with a capital."""
    return name[:1].upper() + name[1:]


def patients_words(cell: MapCell, before: str = "") -> str:
    """Write the patients of a cell, with a plus sign when a study of it does not state its number."""
    return "" if cell.patients is None else f"{before}{cell.patients:,}{'+' if cell.some_unknown else ''}"


def _cell_marks(cell: MapCell | None, x: float, y: float, most: int) -> list[Mark]:
    if cell is None:
        return [Points([x], [y], EMPTY, fill="white", edge="rule")]
    marks = _circle(cell, x, y, most)
    if cell.patients is not None:
        beside = _diameter(cell, most) / 2 + _BESIDE
        marks.append(Words(x, y, patients_words(cell), dx=beside, tone="muted"))
    return marks


def _circle(cell: MapCell, x: float, y: float, most: int) -> list[Mark]:
    """Return a circle with its number of studies; a hollow one where the patients are not known."""
    known = cell.patients is not None
    return [
        Points([x], [y], _diameter(cell, most), fill="mark" if known else "white", edge="mark"),
        Words(x, y, str(cell.studies), align="center", tone="white" if known else "ink", bold=True),
    ]


def _diameter(cell: MapCell, most: int) -> float:
    """Return the diameter of a circle: its area, not its diameter, stands for the number of patients."""
    return LEAST if cell.patients is None else max(LEAST, LARGEST * math.sqrt(cell.patients / most))
