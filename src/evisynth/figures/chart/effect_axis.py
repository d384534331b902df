"""The axis on which effects were analysed, labelled in natural numbers: distances mean what they meant there.

On such an axis a funnel has straight sides and an interval is symmetric about its estimate.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evisynth.arithmetic import from_natural_scale, to_natural_scale, transformation
from evisynth.figures.chart.axes import measure_axis, round_step
from evisynth.figures.chart.chart import Axis
from evisynth.figures.ticks import LEAST_DISTANCE, MOST_TICKS, Scale, Tick
from evisynth.measures import EffectMeasure
from evisynth.wording import MINUS

#: Natural numbers that a reader would choose for shares, the most telling first.
_SHARES = (0.5, 0.1, 0.9, 0.2, 0.8, 0.3, 0.7, 0.4, 0.6, 0.01, 0.99, 0.05, 0.95, 0.02, 0.98, 0.001, 0.999)
#: Powers of ten that a reader would choose for ratios, the nearest to 1 first.
_DECADES = sorted(range(-12, 13), key=abs)
#: Half of the least span of an axis, on the analysis scale, when all that is shown stands at one place.
_LEAST_REACH = 0.1


@dataclass(frozen=True, slots=True)
class AnalysisScale(Scale):
    """Natural values laid on the line from 0 to 1 by their place on an analysis scale."""

    scale: str = "identity"

    def place(self, value: float) -> float:
        """Return where a natural value stands; outside 0 to 1 when it is beyond the axis."""
        at, lower, upper = (from_natural_scale(x, self.scale) for x in (value, self.lower, self.upper))
        return (at - lower) / (upper - lower)


@dataclass(frozen=True, slots=True)
class EffectAxis:
    """An axis of effects with its ends on the analysis scale (``lower`` < ``upper``) and that scale."""

    axis: Axis
    lower: float
    upper: float
    scale: str

    def natural(self, value: float) -> float:
        """Take an effect from the analysis scale to the numbers of the axis."""
        return to_natural_scale(value, self.scale)

    def naturals(self, values: Iterable[float]) -> list[float]:
        """Take effects from the analysis scale to the numbers of the axis."""
        return [to_natural_scale(float(value), self.scale) for value in values]

    def held(self, value: float) -> float:
        """Keep an effect on the analysis scale within the axis."""
        return min(max(value, self.lower), self.upper)


def effect_axis(
    display: EffectMeasure, centre: Sequence[float], outer: Sequence[float] = (), title: str | None = None
) -> EffectAxis:
    """Return the axis of a measure on which distances are those of its analysis scale.

    Parameters
    ----------
    display
        How the measure is shown.
    centre, outer
        Effects on the analysis scale that are seen whole, and those that may be cut.
    title
        Instead of the measure's name, unit and scale.
    """
    if display.scale == "identity" or (display.scale == "log" and display.axis == "ratio"):
        inner, ends = ([to_natural_scale(float(x), display.scale) for x in xs] for xs in (centre, outer))
        axis = measure_axis(display, inner, ends, title)
        lower, upper = (from_natural_scale(x, display.scale) for x in (axis.scale.lower, axis.scale.upper))
        return EffectAxis(axis, lower, upper, display.scale)
    lower, upper = _limits(display.scale, centre, outer)
    ends = [to_natural_scale(x, display.scale) for x in (lower, upper)]
    scale = AnalysisScale(min(ends), max(ends), logarithmic=False, scale=display.scale)
    name = f"{display.heading} ({scale_words(display.scale)})" if title is None else title
    labelled = effect_ticks(display, lower, upper)
    ticks = tuple(Tick(scale.place(to_natural_scale(at, display.scale)), text) for at, text in labelled)
    return EffectAxis(Axis(name, scale, ticks), lower, upper, display.scale)


def scale_words(scale: str) -> str:
    """Name an analysis scale."""
    return "natural scale" if scale == "identity" else f"{scale.replace('fisher', 'Fisher')} scale"


def analysed_words(display: EffectMeasure) -> str:
    """Say of what, such as `` of the log hazard ratio``; nothing where the measure itself was analysed."""
    if display.scale == "identity":
        return ""
    name = display.name if display.name.startswith("Peto") else display.name[:1].lower() + display.name[1:]
    of = "" if display.scale == "log" else "of the "
    return f" of the {display.scale.replace('fisher', 'Fisher')} {of}{name}"


def _limits(scale: str, centre: Sequence[float], outer: Sequence[float]) -> tuple[float, float]:
    """Hold the centre whole, follow the rest by half its span on each side, and leave a little free."""
    lower, upper = min(centre), max(centre)
    nearby = sorted(min(abs(end - lower), abs(end - upper)) for end in outer) or [0.0]
    room = max(0.5 * (upper - lower), nearby[len(nearby) // 2])
    ends = [*outer, *centre]
    lower, upper = max(min(ends), lower - room), min(max(ends), upper + room)
    pad = max(0.04 * (upper - lower), _LEAST_REACH if upper - lower < 1e-9 else 0.0)
    least, most = transformation(scale).ends
    lower, upper = max(lower - pad, least), min(upper + pad, most)
    # Where everything lies beyond what the natural scale can tell apart, its end is shown.
    return min(lower, most - _LEAST_REACH), max(upper, least + _LEAST_REACH)


def effect_ticks(display: EffectMeasure, lower: float, upper: float) -> list[tuple[float, str]]:
    """Return effects on the analysis scale at which round natural numbers stand, with those numbers.

    Parameters
    ----------
    display
        How the measure is shown.
    lower, upper
        The ends of the axis on the analysis scale.
    """
    ends = sorted(to_natural_scale(x, display.scale) for x in (lower, upper))
    if ends[1] <= ends[0]:
        return []
    even: list[float] = []
    # An end beyond all numbers has no round neighbours.
    if math.isfinite(ends[1] - ends[0]):
        step = round_step(ends[1] - ends[0])
        first, last = math.ceil(ends[0] / step - 1e-9), math.floor(ends[1] / step + 1e-9)
        even = [round(i * step, 12) for i in range(first, last + 1)]
    chosen: dict[float, float] = {}
    for value in [*_telling(display), *even]:
        if not ends[0] <= value <= ends[1] or len(chosen) == MOST_TICKS:
            continue
        # Infinite at the very end of the natural scale, which then has no place.
        at = from_natural_scale(value, display.scale)
        apart = all(abs(at - other) >= LEAST_DISTANCE * (upper - lower) for other in chosen.values())
        if apart and math.isfinite(at):
            chosen[value] = at
    factor = 100 if display.axis == "percent" else 1
    return [(at, f"{factor * value:.10g}".replace("-", MINUS)) for value, at in sorted(chosen.items())]


def _telling(display: EffectMeasure) -> list[float]:
    if display.axis == "percent":
        return list(_SHARES)
    if display.scale == "log":
        return [float(f"{lead}e{decade}") for lead in (1, 5, 2, 3) for decade in _DECADES]
    return []
