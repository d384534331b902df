"""The scale and the ticks of an axis: its limits, and tick labels that a reader would have chosen.

Log axes are labelled with natural ratios (0.1 0.2 0.5 1 2 5 10), percent axes with percents, time axes with
months. Limits hold every estimate; a long interval may be cut, and is then drawn with an arrow.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evisynth.measures import AxisKind
from evisynth.wording import MINUS

MOST_TICKS = 8
#: Least distance of two tick labels, as a share of the axis: room for a label such as 0.05.
LEAST_DISTANCE = 0.085
#: Least share of the axis on each side of the line of no effect, so that both sides can be read.
LEAST_SIDE = 0.28


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on the axis; ``place`` runs from 0 (left end) to 1 (right end)."""

    place: float
    label: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Natural values laid on the line from 0 to 1, by their logarithm when ``logarithmic``."""

    lower: float
    upper: float
    logarithmic: bool

    def place(self, value: float) -> float:
        """Return where a natural value stands; outside 0 to 1 when it is beyond the axis."""
        if not self.logarithmic:
            return (value - self.lower) / (self.upper - self.lower)
        if value <= 0:
            return -math.inf
        if math.isinf(value):
            return math.inf
        return math.log(value / self.lower) / math.log(self.upper / self.lower)


def choose_scale(
    kind: AxisKind, centre: Sequence[float], outer: Sequence[float], null: float | None
) -> tuple[Scale, tuple[Tick, ...]]:
    """Choose the limits and ticks of an axis.

    Parameters
    ----------
    kind
        What is measured: decides the axis and its labels.
    centre
        Natural values that must be seen whole: estimates, bounds, the pooled interval. Not empty.
    outer
        Natural values that may be cut: the ends of intervals.
    null
        The value of no effect, kept away from the edges; None when there is none.
    """
    if kind == "ratio":
        return _log_axis(centre, outer, null)
    return _plain_axis(kind, centre, outer, null)


def _log_axis(
    centre: Sequence[float], outer: Sequence[float], null: float | None
) -> tuple[Scale, tuple[Tick, ...]]:
    logs = [_log(value) for value in centre]
    lower, upper = _reach(logs, [_log(value) for value in outer], share=0.5, least=math.log(6))
    lower, upper = _around_null(lower, upper, None if null is None else math.log(null))
    if upper - lower < math.log(1.3):
        middle = (lower + upper) / 2
        lower, upper = middle - math.log(1.3) / 2, middle + math.log(1.3) / 2
    for values in _ratio_series(math.exp(lower), math.exp(upper)):
        scale = Scale(values[0], values[-1], logarithmic=True)
        ticks = tuple(Tick(scale.place(value), _ratio_label(value)) for value in values)
        if 2 < len(ticks) <= MOST_TICKS and _far_enough(ticks):
            return scale, ticks
    # Dozens of decades: the two ends and the line of no effect say all that can be read.
    scale = Scale(math.exp(lower), math.exp(upper), logarithmic=True)
    return scale, (Tick(scale.place(1.0), "1"),) if lower < 0 < upper else ()


def _ratio_label(value: float) -> str:
    """Write a ratio in full, or as a power of ten where it would have too many noughts: ``10⁻²⁰``."""
    if 1e-4 <= value < 1e5:
        return f"{value:.12g}"
    lead, power = f"{value:.0e}".split("e")
    raised = f"10{str(int(power)).translate(_RAISED)}"
    return raised if lead == "1" else f"{lead}×{raised}"


def _log(value: float) -> float:
    """Return a logarithm that stays finite, so that a ratio of 0 or infinity cannot break the axis."""
    return math.log(min(max(value, 1e-30), 1e30))


def _reach(
    centre: Sequence[float], outer: Sequence[float], share: float, least: float
) -> tuple[float, float]:
    """Hold the centre whole, and follow the interval ends no further than a share of its span, or ``least``.

    One interval that is ten times as long as the others must not squeeze them all into a few points.
    """
    lower, upper = min(centre), max(centre)
    room = max(share * (upper - lower), least)
    ends = [*outer, *centre]
    return max(min(ends), lower - room), min(max(ends), upper + room)


def _typical_length(centre: Sequence[float], outer: Sequence[float]) -> float:
    """Return the median distance of the interval ends from their nearest estimate; 0 without intervals."""
    lengths = sorted(min(abs(end - middle) for middle in centre) for end in outer)
    longer = [length for length in lengths if length > 0]
    return longer[len(longer) // 2] if longer else 0.0


def _around_null(lower: float, upper: float, null: float | None) -> tuple[float, float]:
    if null is None:
        return lower, upper
    left, right = max(null - lower, 0.0), max(upper - null, 0.0)
    ratio = LEAST_SIDE / (1 - LEAST_SIDE)
    return null - max(left, ratio * right), null + max(right, ratio * left)


def _ratio_series(lower: float, upper: float) -> Iterator[list[float]]:
    """Offer tick values that enclose the limits, the densest first."""
    if upper / lower < 2:
        for step in (0.05, 0.1, 0.2):
            first, last = math.floor(lower / step + 1e-9), math.ceil(upper / step - 1e-9)
            yield [round(i * step, 10) for i in range(max(first, 1), last + 1)]
    for leads in ((1, 1.5, 2, 3, 4, 5, 7), (1, 2, 5), (1, 3), (1,)):
        yield _enclosing(lower, upper, leads, every=1)
    for every in (2, 3, 5, 10, 20):
        yield _enclosing(lower, upper, (1,), every)


def _enclosing(lower: float, upper: float, leads: Sequence[float], every: int) -> list[float]:
    decades = range(-every * 40, every * 40 + 1, every) if every > 1 else range(-40, 41)
    values = [float(f"{lead}e{decade}") for decade in decades if abs(decade) <= 40 for lead in leads]
    below = [value for value in values if value <= lower * (1 + 1e-9)]
    above = [value for value in values if value >= upper * (1 - 1e-9)]
    return [value for value in values if below[-1] <= value <= above[0]]


def _far_enough(ticks: Sequence[Tick]) -> bool:
    return all(b.place - a.place >= LEAST_DISTANCE for a, b in itertools.pairwise(ticks))


def _plain_axis(
    kind: AxisKind, centre: Sequence[float], outer: Sequence[float], null: float | None
) -> tuple[Scale, tuple[Tick, ...]]:
    held = [min(max(value, -1e12), 1e12) for value in centre]
    ends = [min(max(value, -1e12), 1e12) for value in outer]
    if kind in ("percent", "months", "amount"):
        lower, upper = 0.0, _reach([0.0, *held], ends, share=1.5, least=0.0)[1]
        if kind == "percent" and (upper > 0.5 or max(held) > 0.4):
            lower, upper = _lower_end_of_shares([*held, *ends]), 1.0
    else:
        typical = 2 * _typical_length(held, ends)
        lower, upper = _around_null(*_reach(held, ends, share=1.0, least=typical), null)
    if upper - lower <= 1e-9 * max(1.0, abs(upper)):
        lower, upper = (0.0, max(0.05, upper)) if kind != "difference" else (lower - 1, upper + 1)
    step = _step(upper - lower)
    first, last = math.floor(lower / step + 1e-9), math.ceil(upper / step - 1e-9)
    scale = Scale(first * step, last * step, logarithmic=False)
    factor = 100 if kind == "percent" else 1
    ticks = [
        Tick((i - first) / (last - first), f"{factor * i * step:.10g}".replace("-", MINUS))
        for i in range(first, last + 1)
    ]
    return scale, tuple(ticks)


def _lower_end_of_shares(shares: Sequence[float]) -> float:
    """Return 0, or where all shares are near 100% a tenth below them: 96% and 98% must be told apart."""
    least = min(shares)
    return 0.0 if least < 0.75 else math.floor(10 * (least - (1 - least) / 2)) / 10


def _step(span: float) -> float:
    """Return the smallest of 1, 2, 2.5, 5 times a power of ten that needs at most six steps."""
    power = 10.0 ** math.floor(math.log10(span / 6))
    return next(lead * power for lead in (1, 2, 2.5, 5, 10, 20) if span / (lead * power) <= 6)
