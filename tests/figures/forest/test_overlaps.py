"""Nothing overlaps and nothing is clipped: measured in the figure, for every layout and hostile labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from font_list import installed
from matplotlib.collections import Collection, LineCollection
from matplotlib.figure import Figure
from matplotlib.text import Text
from numpy.typing import NDArray
from readable import text_boxes

from evisynth.answers import Answer
from evisynth.figures import LAYOUTS, SYMBOLS, figure_settings, forest
from evisynth.outcomes import Baseline
from evisynth.synthesis import PooledResult

Answers = dict[str, Callable[[], Answer]]
Boxes = NDArray[np.float64]

# asking for an extent warns outside of drawing
pytestmark = pytest.mark.filterwarnings("ignore:Glyph .* missing from")

#: Boxes are as high as the font, which is more than its ink; stand-in fonts are a little higher still.
SLACK = 1.5
#: Places are sums of a few numbers of thousands of pixels.
ROUNDING = 1e-6
#: Columns that no layout shows of itself.
ALL_COLUMNS = "study,group,n,events,printed,time,plot,effect,weight,p_value,grade,recovery"


def words_and_boxes(figure: Figure) -> tuple[list[str], Boxes]:
    """Measure every text: left, bottom, right, top in pixels."""
    drawn = [a for a in figure.get_children() if isinstance(a, Text) and a.get_text().strip()]
    with figure_settings():  # as a saved figure is drawn
        return [a.get_text() for a in drawn], text_boxes(drawn)


def mark_boxes(figure: Figure) -> tuple[list[str], Boxes]:
    """Measure every mark and line, but for the bands under the rows."""
    names, boxes = [], []
    for layer in figure.get_children():
        if not isinstance(layer, Collection) or layer.get_label() == "bands":
            continue
        for path in layer.get_paths():
            corners = layer.get_transform().transform(path.vertices)
            names.append(("line of " if isinstance(layer, LineCollection) else "") + str(layer.get_label()))
            boxes.append([*corners.min(axis=0), *corners.max(axis=0)])
    return names, np.array(boxes).reshape(-1, 4)


def overlapping(boxes: Boxes, others: Boxes, slack: float) -> list[tuple[int, int]]:
    """Return which pairs share more than ``slack`` in width and height, looking among those of one height."""
    order = np.argsort(others[:, 1])
    bottoms, highest = others[order, 1], (others[:, 3] - others[:, 1]).max(initial=0.0)
    first = np.searchsorted(bottoms, boxes[:, 1] - highest)
    last = np.searchsorted(bottoms, boxes[:, 3], side="right")
    pairs: list[tuple[int, int]] = []
    for i, (box, start, stop) in enumerate(zip(boxes, first, last, strict=True)):
        near = order[start:stop]
        wide = np.minimum(box[2], others[near, 2]) - np.maximum(box[0], others[near, 0])
        high = np.minimum(box[3], others[near, 3]) - np.maximum(box[1], others[near, 1])
        pairs += [(i, int(j)) for j in near[(wide > slack) & (high > slack)]]
    return pairs


def is_symbol_of_disc(word: str, box: Boxes, mark: str, disc: Boxes) -> bool:
    """Whether a text is the symbol in the middle of a disc, clear of its edge on either side."""
    centred = abs(box[0] + box[2] - disc[0] - disc[2]) < 2 * SLACK
    inside = bool(box[0] > disc[0] and box[2] < disc[2])
    return mark == "discs" and word in SYMBOLS.values() and centred and inside


def faults(figure: Figure) -> list[tuple[str, ...]]:
    """List every overlap of two texts, of a text and a mark or line, and every text beyond the page."""
    words, boxes = words_and_boxes(figure)
    found: list[tuple[str, ...]] = [
        ("texts", words[i], words[j]) for i, j in overlapping(boxes, boxes, SLACK) if i < j
    ]
    marks, marked = mark_boxes(figure)
    # A line has no width of its own: it must not reach into a box by more than a pixel.
    inner = boxes + np.array([1.0, 1.0, -1.0, -1.0])
    found += [
        ("mark", words[i], marks[j])
        for i, j in overlapping(inner, marked, ROUNDING)
        if not is_symbol_of_disc(words[i], boxes[i], marks[j], marked[j])
    ]
    width, height = figure.get_size_inches() * figure.dpi
    low, high = -ROUNDING, np.array([width, height]) + ROUNDING
    outside = ((boxes[:, :2] < low) | (boxes[:, 2:] > high)).any(axis=1)
    found += [("clipped", words[i]) for i in np.flatnonzero(outside)]
    off = ((marked[:, :2] < low) | (marked[:, 2:] > high)).any(axis=1)
    return found + [("mark beyond the page", marks[i]) for i in np.flatnonzero(off)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_overlaps_and_nothing_is_clipped(any_answer: Answer, layout: str) -> None:
    assert faults(forest(any_answer, layout=layout)) == []


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["hostile", "judged_hostile"])
def test_a_font_that_stands_in_changes_nothing(
    answers: Answers, name: str, layout: str, test_font: Path
) -> None:
    with installed(test_font):
        assert faults(forest(answers[name](), layout=layout)) == []


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["exploratory", "medians", "proportions", "three_hostile_rows", "ghosts"])
def test_every_column_has_room(answers: Answers, name: str, layout: str) -> None:
    assert faults(forest(answers[name](), layout=layout, columns=ALL_COLUMNS, ghosts=True)) == []


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["judged", "judged_by_two", "judged_hostile"])
@pytest.mark.parametrize(
    "columns", ["study,risk_of_bias,plot,effect", f"{ALL_COLUMNS},risk_of_bias", "study,plot,risk_of_bias,n"]
)
def test_discs_have_room(answers: Answers, name: str, columns: str, layout: str) -> None:
    assert faults(forest(answers[name](), layout=layout, columns=columns, ghosts=True)) == []


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["resection", "exploratory", "clipped", "hostile"])
def test_the_second_panel_has_room(answers: Answers, name: str, layout: str) -> None:
    answer = answers[name]()
    asked = replace(answer.question, baseline=Baseline(0.95, 137.0, "a registry of very many words"))
    drawn = forest(
        replace(answer, question=asked),
        layout=layout,
        favours=(
            "Favours what is written at great length on the left side",
            "Favours the right side as much",
        ),
    )
    assert faults(drawn) == []


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "arms",
    [
        ("BCG", "No vaccine"),
        ("Vaccinated at birth or later, by whatever route", "x" * 40),
        ("", "対照群"),
        ("A", "A"),
    ],
)
def test_the_counts_of_both_arms_have_room(
    bcg_result: PooledResult, arms: tuple[str, str], layout: str
) -> None:
    counts = [[4, 10**6] + [7] * 11, [10**9] * 13, [0] * 13, [1] * 13]
    drawn = forest(
        bcg_result, layout=layout, counts=counts, arms=arms, columns="study,arms,n,plot,effect,weight"
    )
    assert faults(drawn) == []


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", ["cumulative", "leave_one_out"])
@pytest.mark.parametrize("name", ["clipped", "hostile", "subgroups"])
def test_sequences_have_room(answers: Answers, name: str, kind: str, layout: str) -> None:
    assert faults(forest(answers[name](), layout=layout, kind=kind)) == []


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "columns", ["study", "n,effect", "study,plot", "effect,plot,study,weight,group", "group,grade"]
)
def test_any_choice_of_columns_has_room(answers: Answers, columns: str, layout: str) -> None:
    models = "common_effect,random_effects,bayesian"
    assert faults(forest(answers["exploratory"](), layout=layout, columns=columns, models=models)) == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_bare_result_with_subgroups_has_room(bcg_result: PooledResult, layout: str) -> None:
    groups = ["before 1950" if i % 3 else "later " * 20 for i in range(13)]
    assert faults(forest(bcg_result, layout=layout, groups=groups, favours=("Favours " * 9, "B"))) == []


def test_each_fault_is_found(answers: Answers) -> None:
    def moved(x: float, y: float) -> set[str]:
        figure = forest(answers["resection"]())
        text = next(a for a in figure.get_children() if isinstance(a, Text) and a.get_text() == "80 vs 37")
        text.set_position((x, y))
        return {fault[0] for fault in faults(figure)}

    figure = forest(answers["resection"]())
    squares = [a for a in figure.get_children() if isinstance(a, Collection) and "squares" in a.get_label()]
    corner = squares[0].get_paths()[0].vertices[0]
    name = next(
        a for a in figure.get_children() if isinstance(a, Text) and a.get_text() == "midgut-debulking"
    )
    x, y = name.get_position()
    assert moved(x + 60, y) == {"texts"}
    assert "mark" in moved(corner[0] + 5, corner[1] + 5)
    assert "clipped" in moved(x, -5)


def test_a_text_over_a_disc_is_a_fault(answers: Answers) -> None:
    def after(word: str, move: tuple[float, float]) -> set[tuple[str, ...]]:
        figure = forest(answers["judged"](), layout="revman")
        text = next(a for a in figure.get_children() if isinstance(a, Text) and a.get_text() == word)
        disc = next(a for a in figure.get_children() if a.get_label() == "discs").get_paths()[0]
        middle = (disc.vertices.min(axis=0) + disc.vertices.max(axis=0)) / 2
        text.set_position((middle[0] + move[0], middle[1] + move[1]))
        return {(fault[0], fault[-1]) for fault in faults(figure)}

    assert ("mark", "discs") in after("22.9%", (8, 3))
    assert ("mark", "discs") in after("?", (5, 3)), "a symbol across the edge of a disc"
