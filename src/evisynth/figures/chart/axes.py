"""Axes for charts: of a measure as its forest plot has it, of plain numbers, of names in a row."""

from __future__ import annotations

import math
from collections.abc import Sequence

from evisynth.figures.chart.chart import Axis
from evisynth.figures.number_text import MINUS
from evisynth.figures.ticks import Scale, Tick, choose_scale
from evisynth.measures import EffectMeasure


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
