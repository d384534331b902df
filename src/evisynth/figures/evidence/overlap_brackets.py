"""Brackets between the rows of a timeline: each in a lane where it meets no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evisynth.figures.chart.axes import bare_axis
from evisynth.figures.chart.chart import Axis, Line, Mark, Panel, Words
from evisynth.figures.evidence.timeline_cohorts import CohortOverlap
from evisynth.figures.ticks import Scale

#: Up to so many lanes have room for words beside their brackets.
_MOST_WORDED = 3
_WORDED, _BARE = 86.0, 11.0
_FOOT = 5.0


@dataclass(frozen=True, slots=True)
class Bracket:
    """An overlap between two rows, in a lane counted from the bars outwards."""

    overlap: CohortOverlap
    top: int
    bottom: int
    lane: int


def place_brackets(overlaps: Sequence[CohortOverlap], rows: Mapping[str, int]) -> list[Bracket]:
    """Give every overlap of two rows a lane, short ones next to the bars.

    Overlaps with a study that has no row are passed over.
    """
    spans = []
    for overlap in overlaps:
        if overlap.study in rows and overlap.other in rows and overlap.study != overlap.other:
            top, bottom = sorted((rows[overlap.study], rows[overlap.other]))
            spans.append((bottom - top, top, bottom, overlap))
    spans.sort(key=lambda span: span[:3])
    placed: list[Bracket] = []
    for _, top, bottom, overlap in spans:
        lane = 0
        while any(b.lane == lane and top <= b.bottom and b.top <= bottom for b in placed):
            lane += 1
        placed.append(Bracket(overlap, top, bottom, lane))
    return placed


def worded(brackets: Sequence[Bracket]) -> bool:
    """Whether there is room for words beside the brackets."""
    return max((bracket.lane for bracket in brackets), default=0) < _MOST_WORDED


def extent_words(overlap: CohortOverlap) -> str:
    """Say how far two cohorts are the same, and whether that is decided."""
    if overlap.suspected:
        return "suspected, undecided"
    return f"{overlap.extent} (recorded)"


def bracket_panel(brackets: Sequence[Bracket], rows: Scale, height: float) -> Panel:
    """Lay out the brackets beside a timeline whose rows stand on ``rows``, the first on top."""
    lanes = 1 + max(bracket.lane for bracket in brackets)
    step = _WORDED if worded(brackets) else _BARE
    width = max(step * lanes, 60.0)
    marks: list[Mark] = []
    for bracket in brackets:
        x = bracket.lane * step + _FOOT
        # Feet a little inside their rows keep brackets of neighbouring rows apart.
        top, bottom = bracket.top + 0.08, bracket.bottom - 0.08
        dashed = bracket.overlap.suspected
        marks.append(
            Line(
                [x - _FOOT, x, x, x - _FOOT], [top, top, bottom, bottom], tone="ink",
                style="dashed" if dashed else "solid",
            )
        )  # fmt: skip
        if worded(brackets):
            words = extent_words(bracket.overlap)
            marks.append(Words(x, (top + bottom) / 2, words, dx=4, width=_WORDED - _FOOT - 10))
    return Panel(
        bare_axis(0.0, width),
        Axis("", rows, (), reversed=True),
        tuple(marks),
        title="Overlap",
        width=width,
        height=height,
    )
