"""The layouts by name: columns, words, sizes, rules, bands and colours, and the voice of a journal.

Each is recognisable to readers of Review Manager, JAMA or the BMJ, and says no less than the default:
grades, hollow marks, arrows and reasons stand in all of them. Colours are dark enough to print as black.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from evisynth.answers import checked_name
from evisynth.figures.forest_plot.arms import ArmsForm
from evisynth.figures.forest_plot.names import ColumnKey
from evisynth.figures.number_text import PLAIN_INTERVAL, IntervalWords
from evisynth.measures import AxisKind
from evisynth.wording import HARD_SPACE, p_value_text


@dataclass(frozen=True, slots=True)
class Voice:
    """The words around pooled numbers.

    ``spaced`` puts spaces around signs of equality; ``full_p`` writes p with its leading zero;
    ``test_statistic`` gives t or Z with the test of the overall effect.
    """

    pooled: str = "Pooled estimate"
    subtotal: str = "Pooled estimate"
    refused: str = "No pooled estimate"
    heterogeneity: str = "Heterogeneity"
    q: str = "Q"
    tau_squared: str = "τ²"
    tau_first: bool = False
    overall_effect: str = "Overall effect"
    difference: str = "Difference between subgroups"
    p: str = "p"
    full_p: bool = True
    spaced: bool = True
    test_statistic: bool = False
    favours: str = "Favours"

    def equal(self, name: str, value: str) -> str:
        """Write ``Q = 3.9`` so that it does not break in two lines."""
        space = HARD_SPACE if self.spaced else ""
        return f"{name}{space}={space}{value}"

    def p_text(self, p: float) -> str:
        """Write a p-value: ``p = 0.08``, ``P = .08`` or ``P=0.08``."""
        text = p_value_text(p).replace("p", self.p, 1)
        if not self.full_p:
            text = text.replace("0.", ".")
        return text if self.spaced else re.sub(rf"{HARD_SPACE}([=<>]){HARD_SPACE}", r"\1", text)

    def p_number(self, p: float) -> str:
        """Write a p-value under a heading that says p: ``0.08``, ``.08`` or ``< 0.001``."""
        text = self.p_text(p).removeprefix(self.p).strip(HARD_SPACE)
        return text.removeprefix("=").strip(HARD_SPACE)


PLAIN = Voice()
REVMAN = Voice(
    pooled="Total ({level} CI)",
    subtotal="Subtotal ({level} CI)",
    q="Chi²",
    tau_squared="Tau²",
    tau_first=True,
    overall_effect="Test for overall effect",
    difference="Test for subgroup differences",
    p="P",
    test_statistic=True,
)
JAMA = Voice(
    pooled="Overall",
    subtotal="Subtotal",
    q="χ²",
    tau_first=True,
    overall_effect="Test for overall effect",
    difference="Test for subgroup differences",
    p="P",
    full_p=False,
    favours="Favors",
)
BMJ = Voice(
    pooled="Total ({level} CI)",
    subtotal="Subtotal ({level} CI)",
    heterogeneity="Test for heterogeneity",
    q="χ²",
    tau_first=True,
    overall_effect="Test for overall effect",
    difference="Test for subgroup difference",
    p="P",
    spaced=False,
    test_statistic=True,
)


AxisTitle = Literal["scale", "interval", "none"]

INK = "#111111"
NAVY = "#1d3a5f"  # dark enough to read as black in print


@dataclass(frozen=True, slots=True)
class Sizes:
    """Points: of the text of rows, of notes and ticks, of the title; from line to line; of the marks."""

    text: float = 8.0
    small: float = 7.0
    title: float = 10.5
    line: float = 10.5
    small_line: float = 9.2
    row_gap: float = 5.0  # between two rows, on top of their lines
    panel: float = 205.0
    largest_square: float = 9.0
    diamond: float = 9.0


@dataclass(frozen=True, slots=True)
class Paint:
    """Colours, and how heavy the rules above and below the headings are (0: none)."""

    square: str = NAVY
    diamond: str = NAVY
    head_tint: str | None = None
    band_tint: str | None = None
    rule_above: float = 0.6
    rule_below: float = 0.6


@dataclass(frozen=True, slots=True)
class ForestStyle:
    """One layout.

    ``before`` and ``after`` are the columns on either side of the plot when the user names none; a column
    that would be empty is not shown. ``headings`` replaces headings. ``print_place`` says where heterogeneity
    and model stand: under the axis as wide as the page, or left of it. ``axis_title`` is the scale, the
    effect with its interval, or nothing; ``favours_place`` says where stands what each side favours.
    ``groups_in_study`` puts the groups compared behind the name of the study, ``heading_over_plot`` repeats
    the heading of the effect over it, ``names_model`` adds its model. ``arms`` sets events and patients of
    each group in one column or in two; ``row_rules`` draws a hair line under each row of the table.
    """

    name: str
    before: tuple[ColumnKey, ...] = ("study", "group", "arms", "n")
    after: tuple[ColumnKey, ...] = ("effect", "absolute", "weight", "grade", "i_squared")
    headings: Mapping[str, str] = field(default_factory=dict)
    interval: IntervalWords = PLAIN_INTERVAL
    voice: Voice = PLAIN
    sizes: Sizes = field(default_factory=Sizes)
    paint: Paint = field(default_factory=Paint)
    print_place: Literal["below", "left"] = "below"
    pooled_line: bool = True
    axis_title: AxisTitle = "scale"
    favours_place: Literal["below", "over"] = "below"
    favours_arrows: bool = True
    percent_of_weight: bool = True
    groups_in_study: bool = False
    heading_over_plot: bool = False
    names_model: bool = False
    arms: ArmsForm = "together"
    row_rules: bool = False
    indent: float = 0.0


DEFAULT = ForestStyle("default")

_REVMAN = ForestStyle(
    "revman",
    before=("study", "group", "arms", "n", "weight", "effect"),
    after=("absolute", "grade", "i_squared", "risk_of_bias"),
    headings={"study": "Study or subgroup", "n": "Total", "n_events": "Events / total"},
    arms="apart",
    interval=IntervalWords("[", ", ", "]"),
    voice=REVMAN,
    paint=Paint(square="#1f4fbf", diamond=INK, rule_above=0.0, rule_below=0.9),
    print_place="left",
    pooled_line=False,
    axis_title="none",
    favours_arrows=False,
    heading_over_plot=True,
    names_model=True,
)

_JAMA = ForestStyle(
    "jama",
    before=("study", "group", "arms", "n", "effect"),
    after=("absolute", "weight", "grade", "i_squared"),
    headings={
        "study": "Source",
        "n": "No. of patients",
        "n_events": "No. of events/ total",
        "weight": f"Weight,{HARD_SPACE}%",
    },
    interval=IntervalWords("(", "-", ")"),
    voice=JAMA,
    paint=Paint(square=INK, diamond=INK, rule_above=1.4, rule_below=0.5),
    print_place="left",
    pooled_line=False,
    axis_title="interval",
    favours_place="over",
    favours_arrows=False,
    row_rules=True,
    percent_of_weight=False,
    indent=8.0,
)

_BMJ = ForestStyle(
    "bmj",
    before=("study", "group", "arms", "n"),
    after=("weight", "effect", "absolute", "grade", "i_squared"),
    headings={"n": "No of patients", "n_events": "No of events/ total", "weight": f"Weight{HARD_SPACE}(%)"},
    voice=BMJ,
    paint=Paint(
        square="#4b3f8f",
        diamond="#4b3f8f",
        head_tint="#d9e3f0",
        band_tint="#f0f4f9",
        rule_above=0.0,
        rule_below=0.0,
    ),
    print_place="left",
    axis_title="none",
    heading_over_plot=True,
    percent_of_weight=False,
    indent=8.0,
)

_COMPACT = ForestStyle(
    "compact",
    before=("study",),
    after=("effect", "weight", "grade"),
    voice=replace(PLAIN, pooled="Pooled", subtotal="Pooled", refused="Not pooled"),
    sizes=Sizes(
        text=6.5,
        small=5.8,
        title=8.5,
        line=8.4,
        small_line=7.6,
        row_gap=2.0,
        panel=165.0,
        largest_square=6.5,
        diamond=6.5,
    ),
    groups_in_study=True,
)

STYLES: Mapping[str, ForestStyle] = {style.name: style for style in (DEFAULT, _REVMAN, _JAMA, _BMJ, _COMPACT)}


def style_named(name: str) -> ForestStyle:
    """Find a layout by its name; UnknownNameError lists the known ones."""
    return STYLES[checked_name("layout", name, STYLES)]


def style_for(style: ForestStyle, axis: AxisKind) -> ForestStyle:
    """Adapt a layout to what it shows: limits that may be negative are parted by a word in every row."""
    if axis != "difference" or style.interval.between != "-":
        return style
    return replace(style, interval=replace(style.interval, between=" to "))
