"""The panels under a specification curve: for each row, which choice is made where on the curve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evisynth.answers import OUT, WAY_WORDS, WAYS, Multiverse, RowChoices, choice_words
from evisynth.figures.chart.axes import bare_axis, name_axis, step_height
from evisynth.figures.chart.chart import Axis, Line, Mark, Panel, Shades
from evisynth.wording import listed

#: Beyond so many lines the choices of a recovery are gathered; beyond that, only rows are shown as in or out.
MOST_LINES = 60
_LEAST_HEIGHT = 10.0
GATHERED = (
    "Too many choices for a line each: the readings of one recovery (fewer patients observed, rounding, "
    "suspected misprints) are gathered."
)
ONLY_IN = "Too many choices for a line each: shown is only which rows are in."
#: What is left of "lower end of its rounding".
ROUNDING = " rounding"
NOT_SHOWN = "Too many choices to be shown."

Made = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    """One choice, and the share of the combinations that make it in each cell of the curve."""

    words: str
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ChoiceBlock:
    """The choices of one row, or of one set of overlapping studies, that occur on the curve."""

    title: str
    lines: tuple[ChoiceLine, ...]


@dataclass(frozen=True, slots=True)
class ShownChoices:
    """The blocks under a curve, what never varies (``row: choice``), and why not every choice has a line."""

    blocks: tuple[ChoiceBlock, ...]
    settled: tuple[str, ...]
    note: str = ""


def shown_choices(multiverse: Multiverse, edges: NDArray[np.int64]) -> ShownChoices:
    """Return the choices that vary along the curve, gathered where they are too many.

    Parameters
    ----------
    multiverse
        With at least one estimate.
    edges
        Places on the curve at which a cell begins, and its end.
    """
    made = {**_made_for_rows(multiverse), **_made_for_overlaps(multiverse)}
    settled = tuple(f"{title}: {next(iter(own))}" for title, own in made.items() if len(own) == 1)
    varied = {title: own for title, own in made.items() if len(own) > 1}
    grains = (
        (varied, ""),
        ({title: _gathered(own) for title, own in varied.items()}, GATHERED),
        ({"Rows that are in": _inside(multiverse)}, ONLY_IN),
    )
    for blocks, note in grains:
        if sum(map(len, blocks.values())) <= MOST_LINES:
            return ShownChoices(
                tuple(_block(title, own, edges) for title, own in blocks.items()), settled, note
            )
    return ShownChoices((), settled, NOT_SHOWN)


def _made_for_rows(multiverse: Multiverse) -> dict[str, dict[str, Made]]:
    """Return by row and choice in which combinations it is made; only choices that occur."""
    made: dict[str, dict[str, Made]] = {}
    for i, row in enumerate(multiverse.rows):
        own = made.setdefault(row_title(row), {})
        for choice in (*range(len(row.readings)), OUT):
            here = multiverse.choices[:, i] == choice
            if here.any():
                words = choice_words(row, choice)
                own[words] = own.get(words, False) | here
    return made


def _made_for_overlaps(multiverse: Multiverse) -> dict[str, dict[str, Made]]:
    """Return by set of overlapping studies how they are counted in which combinations."""
    made: dict[str, dict[str, Made]] = {}
    for i, one in enumerate(multiverse.sets):
        ways = {WAY_WORDS[way]: multiverse.ways[:, i] == way for way in WAYS}
        made[f"Overlap of {listed(one.studies, most=None)}"] = {
            w: here for w, here in ways.items() if here.any()
        }
    return made


def _gathered(made: Mapping[str, Made]) -> dict[str, Made]:
    """Put together the readings of each recovery: their words are the same up to the first comma."""
    found: dict[str, Made] = {}
    for words, here in made.items():
        recovery = words.split(",")[0]
        found[recovery] = found.get(recovery, False) | here
    return found


def _inside(multiverse: Multiverse) -> dict[str, Made]:
    return {row_title(row): multiverse.choices[:, i] != OUT for i, row in enumerate(multiverse.rows)}


def _block(title: str, made: Mapping[str, Made], edges: NDArray[np.int64]) -> ChoiceBlock:
    lines = (ChoiceLine(_short(words), _shares(here, edges)) for words, here in made.items())
    return ChoiceBlock(title, tuple(lines))


def _short(words: str) -> str:
    """Shorten the words of a rounding, so that most names stand on one line; a note says what they mean."""
    return words.replace(" end of its rounding", ROUNDING)


def _shares(made: Made, edges: NDArray[np.int64]) -> tuple[float, ...]:
    sums = np.add.reduceat(made.astype(np.float64), edges[:-1])
    return tuple((sums / np.diff(edges)).tolist())


def row_title(row: RowChoices) -> str:
    """Name a row by its study and the labels of its groups."""
    comparison = row.comparison
    index = comparison.index.label or comparison.index.group
    if comparison.reference is None:
        return f"{comparison.study}: {index}"
    return f"{comparison.study}: {index} vs {comparison.reference.label or comparison.reference.group}"


def choice_panel(
    block: ChoiceBlock, edges: NDArray[np.int64], own: float | None, width: float, title: str = ""
) -> Panel:
    """Lay out the panel of one row; ``own`` is where the question's own choice stands.

    ``title`` is written under the panel.
    """
    names = name_axis("", [line.words for line in block.lines])
    y_edges, shares = [], []
    nothing = [0.0] * (len(edges) - 1)
    for i, line in enumerate(block.lines):
        y_edges += [i - 0.42, i + 0.42]
        shares += [line.shares, nothing]
    marks: list[Mark] = [Shades(edges.tolist(), y_edges, shares[:-1])]
    bottom = len(block.lines) - 0.5
    marks += [
        Line([0, float(edges[-1])], [i + 0.5] * 2, tone="pale", width=0.5) for i in range(len(block.lines))
    ]
    if own is not None:
        marks.append(Line([own, own], [-0.5, bottom], tone="accent", width=0.9))
    places = bare_axis(0.0, float(edges[-1]))
    return Panel(
        Axis(title, places.scale, ()),
        Axis("", names.scale, names.ticks, reversed=True),
        tuple(marks),
        title=block.title,
        width=width,
        height=step_height((line.words for line in block.lines), _LEAST_HEIGHT) * len(block.lines),
    )
