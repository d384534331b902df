"""An interval as a small picture in a line of a page: a square with its limits, and no effect as a line."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray

from evisynth.figures import NaturalInterval
from evisynth.measures import EffectMeasure

WIDTH, HEIGHT, EDGE = 240, 24, 8
#: Bars of a picture of choices, at most.
_BARS = 48
#: Ratios are drawn from a tenth to ten times; what lies beyond ends in an arrow.
_RATIO_ENDS = (0.1, 10.0)


@dataclass(frozen=True, slots=True)
class PictureAxis:
    """From where to where is drawn, on the natural scale; ``null`` is no effect, where there is one."""

    low: float
    high: float
    null: float | None
    logarithmic: bool

    def place(self, value: float) -> float:
        """Give the horizontal place of a value, held within the picture."""
        low, high = self.low, self.high
        if self.logarithmic:
            value, low, high = math.log(max(value, 1e-300)), math.log(low), math.log(high)
        share = (value - low) / (high - low) if math.isfinite(value) else float(value > 0)
        return round(EDGE + (WIDTH - 2 * EDGE) * min(1.0, max(0.0, share)), 1)


def picture_axis(measure: EffectMeasure, intervals: Iterable[NaturalInterval]) -> PictureAxis:
    """Choose one axis for intervals that are looked at together."""
    if measure.axis == "ratio":
        return PictureAxis(*_RATIO_ENDS, measure.null, True)
    if measure.axis == "percent" and measure.null is None:
        return PictureAxis(0.0, 1.0, None, False)
    shown = [value for one in intervals for value in one.values if math.isfinite(value)]
    most = max((abs(value) for value in shown), default=1.0) or 1.0
    return PictureAxis(
        -most if measure.null is not None else min(0.0, *shown, 0.0), most, measure.null, False
    )


def choices_picture(
    estimates: NDArray[np.float64], own: float, ends: tuple[str, str], words: str, *, falling: bool = False
) -> Markup:
    """Draw how often each estimate comes of the choices: bars, their median as a line, this choice a square.

    Parameters
    ----------
    estimates
        Of all choices, on the scale of the analysis; two or more.
    own
        The estimate that is shown.
    ends
        The least and the greatest as they are written.
    words
        What the picture shows, for whoever cannot see it.
    falling
        Whether what is written falls as the scale rises, as survival does with its log cumulative hazard.
    """
    if falling:
        estimates, own, ends = -estimates, -own, (ends[1], ends[0])
    low, high = min(float(estimates.min()), own), max(float(estimates.max()), own)
    spread = (high - low) or 1.0

    def place(value: float) -> float:
        return round(EDGE + (WIDTH - 2 * EDGE) * (value - low) / spread, 1)

    counts, edges = np.histogram(estimates, bins=min(_BARS, len(estimates)), range=(low, low + spread))
    tall, base = counts.max(), 26
    parts = [f'<line class="rule" x1="{EDGE}" x2="{WIDTH - EDGE}" y1="{base}" y2="{base}"/>']
    for count, left, right in zip(counts, edges, edges[1:], strict=False):
        if count:
            height = round(2 + 14 * float(count) / float(tall), 1)
            x, width = place(float(left)), max(1.5, place(float(right)) - place(float(left)) - 0.5)
            parts.append(
                f'<rect class="bar" x="{x}" y="{base - height:.1f}" width="{width:.1f}" height="{height}"/>'
            )
    median, at = place(float(np.median(estimates))), place(own)
    parts.append(f'<line class="middle" x1="{median}" x2="{median}" y1="6" y2="{base + 3}"/>')
    parts.append(f'<rect class="point" x="{at - 4:.1f}" y="{base - 4}" width="8" height="8"/>')
    for x, anchor, text in ((EDGE, "start", ends[0]), (WIDTH - EDGE, "end", ends[1])):
        parts.append(f'<text x="{x}" y="42" text-anchor="{anchor}">{escape(text)}</text>')
    head = f'<svg class="interval choices" viewBox="0 0 {WIDTH} 46" role="img" aria-label="{escape(words)}">'
    return Markup(head + "".join(parts) + "</svg>")  # numbers of our own, and words that were escaped


def interval_picture(
    interval: NaturalInterval, axis: PictureAxis, words: str, median: float | None = None
) -> Markup:
    """Draw an interval; ``words`` say it to whoever cannot see it, ``median`` is that of all its choices."""
    middle = HEIGHT / 2
    lower, upper, estimate = interval.lower, interval.upper, interval.estimate
    left = axis.place(axis.low if lower is None else lower)
    right = axis.place(axis.high if upper is None else upper)
    parts = [f'<line class="rule" x1="{EDGE}" x2="{WIDTH - EDGE}" y1="{middle}" y2="{middle}"/>']
    if axis.null is not None:
        null = axis.place(axis.null)
        parts.append(f'<line class="null" x1="{null}" x2="{null}" y1="1" y2="{HEIGHT - 1}"/>')
    parts.append(f'<line class="reach" x1="{left}" x2="{right}" y1="{middle}" y2="{middle}"/>')
    for place, sign, open_end in (
        (left, 1, lower is None or lower < axis.low),
        (right, -1, upper is None or upper > axis.high),
    ):
        if open_end:
            tip = f"{place + 5 * sign},{middle - 4} {place},{middle} {place + 5 * sign},{middle + 4}"
            parts.append(f'<polyline class="arrow" points="{tip}"/>')
    if median is not None:
        at = axis.place(median)
        parts.append(f'<circle class="median" cx="{at}" cy="{middle}" r="4"/>')
    if estimate is not None:
        at = axis.place(estimate)
        parts.append(f'<rect class="point" x="{at - 4}" y="{middle - 4}" width="8" height="8"/>')
    head = f'<svg class="interval" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(words)}">'
    return Markup(head + "".join(parts) + "</svg>")  # numbers of our own, and words that were escaped
