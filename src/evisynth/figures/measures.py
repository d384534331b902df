"""An effect measure as it is shown: its record, with the time of a rate in its name."""

from __future__ import annotations

from dataclasses import replace

from evisynth.measures import EffectMeasure, Scale, measure_named
from evisynth.wording import time_adjective


def measure_display(
    effect_measure: str | None, scale: Scale | None = None, time_months: float | None = None
) -> EffectMeasure:
    """Find how a measure is shown.

    ``scale`` is the analysis scale when the caller knows it; ``time_months`` puts the time into the name
    of a survival rate. A measure nobody listed is shown under its own name, untransformed.
    """
    shown = measure_named(effect_measure)
    if time_months is not None and shown.time == "moment":
        shown = replace(shown, name=f"{time_adjective(time_months)} {shown.words}")
    return shown if scale is None else replace(shown, scale=scale)
