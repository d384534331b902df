"""A forest plot before anything is measured or drawn: columns, lines, marks, axis, notes, description.

Marks stand in shares of the axis (0 left end, 1 right end), texts are whole and unwrapped. A layout knows
neither fonts nor matplotlib, so a test, a table or a screen reader can read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from evisynth.figures.forest_plot.names import ColumnKey
from evisynth.figures.forest_plot.styles import DEFAULT, ForestStyle
from evisynth.figures.ticks import Scale, Tick
from evisynth.wording import counted

MarkShape = Literal["square", "bound", "diamond", "prediction", "small diamond"]
LineKind = Literal["heading", "panel", "row", "summary", "prediction", "refusal", "note"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What is drawn on the axis for one line.

    ``lower`` and ``upper`` are the ends within the axis; an arrow says that the interval goes on beyond, or
    that a bound is open on that side. ``estimate`` is None for bounds and prediction intervals. ``side`` is
    the side of a square as a share of the largest one, so that its area is in proportion to the weight.
    """

    shape: MarkShape
    estimate: float | None
    lower: float
    upper: float
    lower_arrow: bool = False
    upper_arrow: bool = False
    side: float = 1.0
    filled: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """A column of text; ``place`` says on which side of the axis it stands.

    Neighbours with the same ``spanner`` have that heading over all of them.
    """

    key: ColumnKey
    heading: str
    align: Literal["left", "right", "center"]
    place: Literal["before", "after"]
    spanner: str = ""


@dataclass(frozen=True, slots=True)
class ForestLine:
    """One line of the plot.

    ``panel_text`` stands where the mark would (a refusal in words) or beside it (``exploratory``).
    ``note_marks`` are the letters of its footnotes. A muted line takes no part in the pooled estimate.
    ``ghosts`` are the other recoveries of the same patients, ``absolute_mark`` the effect in patients. The
    heading of a ``panel`` has a rule above it: its rows are set apart from those that carry weight.
    ``exploratory`` is a summary that is no firm answer, and is not printed bold like one. ``bias`` says the
    overall risk of bias in words, where its discs are shown.
    """

    kind: LineKind
    cells: Mapping[ColumnKey, str]
    mark: Mark | None = None
    panel_text: str = ""
    note_marks: str = ""
    muted: bool = False
    ghosts: tuple[Mark, ...] = ()
    absolute_mark: Mark | None = None
    exploratory: bool = False
    bias: str = ""


@dataclass(frozen=True, slots=True)
class ForestAxis:
    """The axis: how values are placed, what stands under it, and what each side favours."""

    scale: Scale
    ticks: tuple[Tick, ...]
    title: str
    null_place: float | None
    favours: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Footnote:
    """A note under the plot; ``mark`` is the letter that stands beside the rows it speaks of, or empty."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class ForestLayout:
    """A whole forest plot in words and shares of the axis; ``axis`` is None when nothing can be drawn.

    ``small_print`` says what stands behind the overall estimate; ``pooled_place`` is where it stands.
    ``plot_heading`` stands over the plot, ``style`` says how all of it is set. ``absolute_axis`` is that of
    the second panel, of patients, for a question with a baseline.
    """

    title: str
    columns: tuple[Column, ...]
    lines: tuple[ForestLine, ...]
    axis: ForestAxis | None
    small_print: tuple[str, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    description: str = ""
    pooled_place: float | None = field(default=None)
    plot_heading: str = ""
    style: ForestStyle = DEFAULT
    absolute_axis: ForestAxis | None = None

    @property
    def rows(self) -> tuple[ForestLine, ...]:
        """The lines that stand for a comparison or an arm."""
        return tuple(line for line in self.lines if line.kind == "row")


def describe_forest(layout: ForestLayout) -> str:
    """Say the whole plot in sentences: what is shown, each row, what was pooled, the notes."""
    count = len(layout.rows)
    headings = [column.heading for column in layout.columns if column.key == "effect"]
    axis = "" if layout.axis is None else layout.axis.title
    effect = headings[0] if headings else axis
    parts = [f"Forest plot with {counted(count, 'row')}.", f"{effect}." if effect else ""]
    parts += [_say_line(line, layout) for line in layout.lines]
    parts += layout.small_print
    parts += [f"Note {note.mark}: {note.text}" if note.mark else note.text for note in layout.footnotes]
    return " ".join(part for part in parts if part)


def _say_line(line: ForestLine, layout: ForestLayout) -> str:
    if line.kind in ("heading", "panel"):
        return f"{line.cells['study'].rstrip('.')}:"
    if line.kind == "note":
        return line.cells["study"]
    said = [line.cells.get("study", "")]
    if line.cells.get("group", "") not in said[0]:
        said.append(line.cells["group"])
    if any(c.key.startswith("index_") for c in layout.columns) and line.cells.get("index_arm"):
        said.append(f"{line.cells['index_arm']} vs {line.cells['reference_arm']}")
    elif line.cells.get("n", "").strip("–"):
        said.append(f"n {line.cells['n']}")
    effect = line.cells.get("effect", "")
    # Beside a mark stands a word on it; without one the reason why there is none.
    said.append(f"{effect}, {line.panel_text}" if effect and line.panel_text else effect or line.panel_text)
    if line.cells.get("weight", "").strip("–") and any(c.key == "weight" for c in layout.columns):
        said.append(f"weight {line.cells['weight']}")
    if line.cells.get("grade") and any(c.key == "grade" for c in layout.columns):
        said.append(f"grade {line.cells['grade']}")
    if line.bias:
        said.append(line.bias)
    if line.note_marks:
        said.append(f"note {line.note_marks}")
    return ", ".join(part for part in said if part).rstrip(".") + "."
