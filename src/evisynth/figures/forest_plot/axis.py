"""The axis of a forest plot, the marks on it, and the second panel of patients out of 1,000.

A hazard ratio says how often; a patient asks how many. Where a question states a baseline, an axis from 0 to
1,000 stands beside that of ratios, with an upright at the baseline: what lies right of it is more patients
without the event.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from evisynth.answers import absolute_effect
from evisynth.figures.forest_plot.layout import ForestAxis, Mark
from evisynth.figures.forest_plot.source import ForestSource
from evisynth.figures.forest_plot.styles import AxisTitle
from evisynth.figures.number_text import NaturalInterval, natural_interval
from evisynth.figures.ticks import Scale, Tick, choose_scale
from evisynth.measures import AxisKind
from evisynth.outcomes import Baseline
from evisynth.wording import interval_name, time_words

#: A row weighs enough to set the axis from this part of an even share of the weight on.
ENOUGH_OF_EVEN_SHARE = 0.1
#: A row without weight sets it too, unless its interval is so many times as long as the longest that does;
#: where no row has a weight, as the middle one.
LONGER_THAN_OTHERS = 3.0


@dataclass(frozen=True, slots=True)
class WeighedInterval:
    """What a row shows, with its share in the estimate above it; None for a row without weight."""

    interval: NaturalInterval
    weight: float | None = None


def choose_axis(
    source: ForestSource, rows: Sequence[WeighedInterval], titled: AxisTitle = "scale"
) -> ForestAxis | None:
    """Choose the axis by the rows that weigh enough: their estimates are seen, long intervals may be cut.

    A row weighs enough with a tenth of an even share. One that weighs less, a row without weight whose
    interval is more than three times as long as theirs, or a bound is seen where it lies near: ratios up to
    six times beyond their estimates, other numbers within the same span again. Else an arrow at the end of
    the axis says where it lies, and the numbers beside it are whole. So no row of next to no weight can press
    all the others together.
    """
    measure = source.measure
    setting, light = _setting_rows(rows, logarithmic=measure.axis == "ratio")
    centre: list[float] = [i.estimate for i in setting if i.estimate is not None]
    outer: list[float] = [value for interval in setting for value in interval.values]
    for pooled in source.pooled_results:
        outer += natural_interval(measure.scale, pooled.estimate, pooled.ci_lower, pooled.ci_upper).values
        outer += natural_interval(
            measure.scale, None, pooled.prediction_lower, pooled.prediction_upper
        ).values
        # A share has two ends, so that a long interval of the estimate can be shown whole; a ratio has none.
        limits = (pooled.ci_lower, pooled.ci_upper) if measure.axis == "percent" else (None, None)
        centre += natural_interval(measure.scale, pooled.estimate, *limits).values
    if not centre:
        centre = [value for interval in light for value in interval.values]
    if not centre:
        return None
    near = [interval for interval in light if _is_near(interval, centre, measure.axis)]
    centre = [*centre, *(value for interval in near for value in _to_be_seen(interval))]
    outer += [value for interval in near for value in interval.values]
    scale, ticks = choose_scale(measure.axis, centre, outer, measure.null)
    null_place = None if measure.null is None else scale.place(measure.null)
    return ForestAxis(scale, ticks, _axis_title(source, titled), null_place, source.favours)


def _setting_rows(
    rows: Sequence[WeighedInterval], *, logarithmic: bool
) -> tuple[list[NaturalInterval], list[NaturalInterval]]:
    """Part rows into those that set the axis, and those that may lie beyond it."""
    weighed = [row for row in rows if row.weight is not None]
    least = ENOUGH_OF_EVEN_SHARE * sum(row.weight or 0.0 for row in weighed) / max(len(weighed), 1)
    setting = [row.interval for row in weighed if (row.weight or 0.0) >= least]
    lengths = [_length(row.interval, logarithmic) for row in rows if row.interval.estimate is not None]
    longest = sorted(lengths)[len(lengths) // 2] if lengths else 0.0
    if setting:
        longest = max(_length(interval, logarithmic) for interval in setting)
    light = [row.interval for row in weighed if (row.weight or 0.0) < least]
    for row in rows:
        if row.weight is not None:
            continue
        long = _length(row.interval, logarithmic) > LONGER_THAN_OTHERS * longest > 0
        (light if row.interval.estimate is None or long else setting).append(row.interval)
    return setting, light


def _length(interval: NaturalInterval, logarithmic: bool) -> float:
    """Return the length of an interval as the axis shows it, 0 without both limits."""
    if interval.lower is None or interval.upper is None:
        return 0.0
    if not logarithmic:
        return interval.upper - interval.lower
    return math.log(max(interval.upper, 1e-30)) - math.log(max(interval.lower, 1e-30))


#: A ratio is near up to so many times beyond the others.
_NEAR_RATIO = 6.0


def _to_be_seen(interval: NaturalInterval) -> tuple[float, ...]:
    """Return what an axis must hold of a row: its estimate, or the ends of a bound."""
    return interval.values if interval.estimate is None else (interval.estimate,)


def _is_near(interval: NaturalInterval, centre: Sequence[float], axis: AxisKind) -> bool:
    """Whether all that must be seen of a row lies near those that set the axis."""
    least, greatest = min(centre), max(centre)
    if axis == "ratio":
        low, high = least / _NEAR_RATIO, greatest * _NEAR_RATIO
    else:
        room = max(greatest - least, abs(greatest), abs(least))
        low, high = least - room, greatest + room
    return all(low <= value <= high for value in _to_be_seen(interval))


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
    point. One beyond the axis is not drawn: its arrow says where it lies, never a square at the edge.
    """
    estimate = None if interval.estimate is None else scale.place(interval.estimate)
    lower, upper = (None if end is None else scale.place(end) for end in (interval.lower, interval.upper))
    hair = 1e-9  # what rounding puts a hair beyond the axis is not cut
    if estimate is not None and lower is None and upper is None:
        lower = upper = estimate
    seen = estimate is not None and -hair <= estimate <= 1 + hair
    return Mark(
        shape="square",
        estimate=min(max(estimate, 0.0), 1.0) if estimate is not None and seen else None,
        lower=0.0 if lower is None else min(max(lower, 0.0), 1.0),
        upper=1.0 if upper is None else min(max(upper, 0.0), 1.0),
        lower_arrow=lower is None or min(lower, 0.0 if estimate is None else estimate) < -hair,
        upper_arrow=upper is None or max(upper, 1.0 if estimate is None else estimate) > 1 + hair,
    )


_SCALE = Scale(0.0, 1.0, logarithmic=False)
_TICKS = tuple(Tick(place / 2, label) for place, label in enumerate(("0", "500", "1000")))


def absolute_axis(baseline: Baseline) -> ForestAxis:
    """Return the axis of patients without the event; its line of no effect is the baseline."""
    title = f"Of 1,000, {baseline.event.state_without} at {time_words(baseline.time_months)}"
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
