"""Axes of charts: of a measure as its forest plot has it, of plain numbers, of names in a row.

The lines that a name may need beside an axis are guessed from its letters, since layouts measure no fonts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from evisynth.figures.chart.chart import Axis
from evisynth.figures.ticks import Scale, Tick, choose_scale
from evisynth.measures import EffectMeasure
from evisynth.wording import MINUS


def measure_axis(
    display: EffectMeasure, centre: Sequence[float], outer: Sequence[float] = (), title: str | None = None
) -> Axis:
    """Return the axis of an effect measure, in natural units; ratios stand on a log scale.

    Parameters
    ----------
    display
        How the measure is shown.
    centre, outer
        Natural values that are seen whole, and those that may be cut.
    title
        Instead of the measure's name and unit.
    """
    scale, ticks = choose_scale(display.axis, list(centre), [*outer, *centre], display.null)
    logarithmic = " (log scale)" if display.axis == "ratio" else ""
    return Axis(f"{display.heading}{logarithmic}" if title is None else title, scale, ticks)


def plain_axis(
    title: str,
    values: Sequence[float],
    *,
    start: float | None = None,
    end: float | None = None,
    percent: bool = False,
) -> Axis:
    """Return an axis of plain numbers with round ticks that holds every value.

    ``start`` and ``end`` fix an end, which then need not be round. ``percent`` labels shares (0 to 1) as
    percent.
    """
    finite = [value for value in values if math.isfinite(value)] or [0.0]
    lower = min(finite) if start is None else start
    upper = max(finite) if end is None else end
    if upper - lower <= 1e-12 * max(1.0, abs(upper), abs(lower)):
        lower, upper = (lower - 0.5 if start is None else lower), (upper + 0.5 if end is None else upper)
    if upper <= lower:
        upper = lower + 1.0
    step = round_step(upper - lower)
    lower = math.floor(lower / step + 1e-9) * step if start is None else lower
    upper = math.ceil(upper / step - 1e-9) * step if end is None else upper
    scale = Scale(lower, upper, logarithmic=False)
    first, last = math.ceil(lower / step - 1e-9), math.floor(upper / step + 1e-9)
    factor = 100 if percent else 1
    ticks = tuple(
        Tick(scale.place(i * step), f"{factor * i * step:.10g}".replace("-", MINUS))
        for i in range(first, last + 1)
    )
    return Axis(title, scale, ticks)


def round_step(span: float, most: int = 6) -> float:
    """Return the smallest of 1, 2, 2.5, 5 times a power of ten that needs at most ``most`` steps."""
    power = 10.0 ** math.floor(math.log10(span / most))
    return next(lead * power for lead in (1, 2, 2.5, 5, 10, 20) if span / (lead * power) <= most)


def name_axis(title: str, names: Sequence[str]) -> Axis:
    """Return an axis of names: the first stands at 0, the next at 1, half a step free at both ends."""
    scale = Scale(-0.5, max(len(names), 1) - 0.5, logarithmic=False)
    return Axis(title, scale, tuple(Tick(scale.place(i), name) for i, name in enumerate(names)))


def bare_axis(lower: float, upper: float) -> Axis:
    """Return an axis that places numbers and shows nothing."""
    return Axis("", Scale(lower, upper, logarithmic=False), ())


LINE_HEIGHT = 9.6
#: Points of the page that a letter takes, rather too many than too few; scripts after Latin, Greek and
#: Cyrillic are wider.
_NARROW, _USUAL, _WIDE, _FOREIGN = 2.7, 4.35, 5.6, 8.0
_LAST_ALPHABETIC = "\u052f"
_NARROW_LETTERS = frozenset(" .,:;'|!()[]/-fijlrtI")
#: Names wrap at this width; a wrapped line is seldom full.
_LINE, _FILLED = 170.0, 140.0


def guess_width(name: str) -> float:
    """Return how wide a name is in the small size, in points, roughly."""
    return sum(map(_letter_width, name))


def _letter_width(letter: str) -> float:
    if letter in _NARROW_LETTERS:
        return _NARROW
    if letter > _LAST_ALPHABETIC:
        return _FOREIGN
    return _WIDE if letter.isupper() or letter in "mw%@" else _USUAL


def lines_for(name: str) -> int:
    """Return how many lines a name takes at most."""
    width = guess_width(name)
    return 1 if width <= _LINE else math.ceil(width / _FILLED)


def lines_within(name: str, width: float) -> int:
    """Return how many lines a name takes in a narrow column, where a line is seldom full."""
    return math.ceil(guess_width(name) / (0.72 * width))


def step_height(names: Iterable[str], least: float = LINE_HEIGHT) -> float:
    """Return the height of one step of an axis of names, so that the longest finds room."""
    return max([least, *(LINE_HEIGHT * lines_for(name) for name in names)])
