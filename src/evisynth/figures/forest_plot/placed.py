"""What stands on a page, in points from the top left: texts, marks, rules, bands and uprights."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from evisynth.figures.forest_plot.layout import Mark

Tone = Literal["ink", "muted", "paper"]
Upright = tuple[float, float, float]  # x, top, bottom


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A line of text at its baseline; ``trailing`` marks of notes end the text before them."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False
    italic: bool = False
    tone: Tone = "ink"
    align: Literal["left", "right", "center"] = "left"
    trailing: bool = False


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A mark with the middle of its line; its shares of the axis turned into points."""

    mark: Mark
    y: float
    lower: float
    upper: float
    estimate: float | None
    side: float
    muted: bool


@dataclass(frozen=True, slots=True)
class PlacedDisc:
    """A disc around a symbol, at its middle."""

    x: float
    y: float
    radius: float
    face: str
    edge: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line across the page."""

    y: float
    left: float
    right: float
    width: float = 0.6


@dataclass(frozen=True, slots=True)
class Band:
    """A tinted strip across the page, under everything else."""

    left: float
    right: float
    top: float
    bottom: float
    colour: str


@dataclass(slots=True)
class Placement:
    """Everything on the page."""

    width: float
    height: float = 0.0
    texts: list[PlacedText] = field(default_factory=list)
    marks: list[PlacedMark] = field(default_factory=list)
    ghosts: list[PlacedMark] = field(default_factory=list)
    discs: list[PlacedDisc] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)
    null_line: list[Upright] = field(default_factory=list)
    pooled_line: list[Upright] = field(default_factory=list)
    axis_line: tuple[float, float, float] | None = None
    absolute_axis_line: tuple[float, float, float] | None = None
    tick_lines: list[Upright] = field(default_factory=list)
