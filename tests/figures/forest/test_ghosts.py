from __future__ import annotations

import math
from collections.abc import Callable

from matplotlib.collections import Collection, LineCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from evisynth.answers import Answer
from evisynth.figures import ForestOptions, forest, forest_rows

Answers = dict[str, Callable[[], Answer]]


def layer(figure: Figure, label: str) -> list[Collection]:
    return [a for a in figure.get_children() if isinstance(a, Collection) and a.get_label() == label]


def test_ghosts_are_the_other_recoveries_and_only_when_asked_for(answers: Answers) -> None:
    answer = answers["ghosts"]()
    assert not any(line.ghosts for line in forest_rows(answer).rows)
    layout = forest_rows(answer, ForestOptions(ghosts=True))
    # a point and a bound; a refusal has nothing to draw
    assert [len(line.ghosts) for line in layout.rows] == [2, 1, 0]
    point, bound = layout.rows[0].ghosts
    assert layout.axis is not None
    assert point.estimate is not None
    assert math.isclose(point.estimate, layout.axis.scale.place(math.exp(-0.9)))
    assert bound.estimate is None and bound.lower_arrow
    assert any("other recoveries of the same patients" in note.text for note in layout.footnotes)


def test_ghosts_are_thin_pale_and_below_their_row(answers: Answers) -> None:
    figure = forest(answers["ghosts"](), ghosts=True)
    (ghosts,) = [a for a in layer(figure, "ghosts") if isinstance(a, LineCollection)]
    (intervals, *_) = layer(figure, "intervals")
    assert ghosts.get_linewidth()[0] < intervals.get_linewidth()[0]
    assert min(to_rgb(ghosts.get_colors()[0])) > 0.5
    (estimates,) = layer(figure, "ghost estimates")
    assert len(estimates.get_paths()) == 2
    rows = [path.vertices[0, 1] for a in layer(figure, "intervals") for path in a.get_paths()]
    for path in ghosts.get_paths():
        nearest = max(y for y in rows if y < path.vertices[0, 1])  # y runs down the page
        assert 4 < path.vertices[0, 1] - nearest < 12


def test_ghosts_take_no_part_in_anything_else(answers: Answers) -> None:
    plain, haunted = (forest_rows(answers["ghosts"](), ForestOptions(ghosts=g)) for g in (False, True))
    assert [dict(line.cells) for line in plain.lines] == [dict(line.cells) for line in haunted.lines]
    assert plain.small_print == haunted.small_print
    assert not layer(forest(answers["ghosts"]()), "ghosts")
