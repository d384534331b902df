"""The second panel: how many of 1,000 are without the event, at the time and baseline that a question states.

A hazard ratio says how often; a patient asks how many. Beside the axis of ratios stands one from 0 to 1,000,
with an upright at the baseline: what lies right of it is more patients alive.
"""

from __future__ import annotations

from dataclasses import replace

from evisynth.answers import absolute_effect
from evisynth.arithmetic import time_words
from evisynth.figures.forest_plot.axis import mark_on_axis
from evisynth.figures.forest_plot.layout import ForestAxis, Mark
from evisynth.figures.natural_limits import NaturalInterval
from evisynth.figures.ticks import Scale, Tick
from evisynth.outcomes import Baseline

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
