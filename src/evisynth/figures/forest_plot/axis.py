"""The axis of a forest plot, the marks on it, and the second panel of patients out of 1,000.

A hazard ratio says how often; a patient asks how many. Where a question states a baseline, an axis from 0 to
1,000 stands beside that of ratios, with an upright at the baseline: what lies right of it is more patients
without the event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evisynth.answers import absolute_effect
from evisynth.figures.forest_plot.layout import ForestAxis, Mark
from evisynth.figures.forest_plot.source import ForestSource
from evisynth.figures.forest_plot.styles import AxisTitle
from evisynth.figures.number_text import NaturalInterval, natural_interval
from evisynth.figures.ticks import Scale, Tick, choose_scale
from evisynth.outcomes import Baseline
from evisynth.wording import interval_name, time_words


def choose_axis(
    source: ForestSource, intervals: Sequence[NaturalInterval], titled: AxisTitle = "scale"
) -> ForestAxis | None:
    """Choose the axis: estimates, bounds and pooled intervals are seen whole, long intervals may be cut."""
    measure = source.measure
    centre: list[float] = []
    outer: list[float] = []
    for interval in intervals:
        centre += interval.values if interval.estimate is None else (interval.estimate,)
        outer += interval.values
    for pooled in source.pooled_results:
        outer += natural_interval(measure.scale, pooled.estimate, pooled.ci_lower, pooled.ci_upper).values
        outer += natural_interval(
            measure.scale, None, pooled.prediction_lower, pooled.prediction_upper
        ).values
        # A share has two ends, so that a long interval of the estimate can be shown whole; a ratio has none.
        limits = (pooled.ci_lower, pooled.ci_upper) if measure.axis == "percent" else (None, None)
        centre += natural_interval(measure.scale, pooled.estimate, *limits).values
    if not centre:
        return None
    scale, ticks = choose_scale(measure.axis, centre, outer, measure.null)
    null_place = None if measure.null is None else scale.place(measure.null)
    return ForestAxis(scale, ticks, _axis_title(source, titled), null_place, source.favours)


def _axis_title(source: ForestSource, titled: AxisTitle) -> str:
    heading = source.measure.heading
    if source.of_event:
        heading = f"{heading} of {source.of_event}"
    if titled == "interval":
        return f"{heading} ({interval_name(source.level)})"
    logarithmic = " (log scale)" if source.measure.axis == "ratio" else ""
    return f"{heading}{logarithmic}"


def mark_on_axis(scale: Scale, interval: NaturalInterval) -> Mark:
    """Place an interval on the axis; what lies beyond an end is cut there and gets an arrow.

    Where one limit is missing, that side is open and has an arrow too. An estimate without any limit is a
    point.
    """
    estimate = None if interval.estimate is None else min(max(scale.place(interval.estimate), 0.0), 1.0)
    lower, upper = (None if end is None else scale.place(end) for end in (interval.lower, interval.upper))
    if estimate is not None and lower is None and upper is None:
        return Mark("square", estimate, estimate, estimate)
    hair = 1e-9  # an end that rounding puts a hair beyond the axis is not cut
    return Mark(
        shape="square",
        estimate=estimate,
        lower=0.0 if lower is None else min(max(lower, 0.0), 1.0),
        upper=1.0 if upper is None else min(max(upper, 0.0), 1.0),
        lower_arrow=lower is None or lower < -hair,
        upper_arrow=upper is None or upper > 1 + hair,
    )


_SCALE = Scale(0.0, 1.0, logarithmic=False)
_TICKS = tuple(Tick(place / 2, label) for place, label in enumerate(("0", "500", "1000")))


def absolute_axis(baseline: Baseline) -> ForestAxis:
    """Return the axis of patients without the event; its line of no effect is the baseline."""
    title = f"Of 1,000, without the event at {time_words(baseline.time_months)}"
    return ForestAxis(_SCALE, _TICKS, title, baseline.survival, None)


def absolute_mark(
    baseline: Baseline | None, like: Mark | None, limits: tuple[float | None, float | None, float | None]
) -> Mark | None:
    """Return the mark of a ratio as patients, shaped as its mark on the axis of ratios.

    ``limits`` are the log hazard ratio with its lower and upper limit; None without any of them, or without
    a baseline.
    """
    estimate, lower, upper = limits
    if baseline is None or like is None or estimate is None or lower is None or upper is None:
        return None
    found = absolute_effect(baseline, estimate, lower, upper)
    interval = NaturalInterval(found.survival, found.survival_lower, found.survival_upper)
    mark = mark_on_axis(_SCALE, interval)
    return replace(mark, shape=like.shape, side=like.side, filled=like.filled)
