"""The words of cumulative and leave-one-out plots: title, notes, heterogeneity so far of each line."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from evisynth.answers import ForestKind, Order
from evisynth.figures.forest_plot.names import ColumnKey
from evisynth.figures.forest_plot.styles import Voice
from evisynth.figures.forest_plot.words import order_words
from evisynth.measures import EffectMeasure
from evisynth.wording import fixed

if TYPE_CHECKING:
    from evisynth.synthesis import PooledMany

_TITLES = {"cumulative": "cumulative", "leave_one_out": "leaving one out"}
_NOTES = {
    "cumulative": "Each line is the pooled estimate of its row and of all rows above it.",
    "leave_one_out": "Each line is the pooled estimate of all rows but the one it names.",
}


def sequence_title(title: str, measure: EffectMeasure, kind: ForestKind) -> str:
    """Say what is pooled in sequence: what the plain plot is called, else the measure."""
    name = measure.name
    named = title if title.strip() else name if name.startswith("Peto") else name[:1].upper() + name[1:]
    return f"{named}: {_TITLES[kind]}"


def sequence_notes(kind: ForestKind, order: Order | None) -> str:
    """Say what each line is, and in which order rows were added."""
    told = order_words(order) if kind == "cumulative" else ""
    return f"{_NOTES[kind]} {told}".strip()


def step_cells(steps: PooledMany, measure: EffectMeasure, voice: Voice) -> list[dict[ColumnKey, str]]:
    """Write the columns that only sequences have, line by line; nothing where no answer was found."""
    return [
        _cells(steps, i, measure, voice) if math.isfinite(float(steps.estimate[i])) else {}
        for i in range(len(steps.estimate))
    ]


def _cells(steps: PooledMany, i: int, measure: EffectMeasure, voice: Voice) -> dict[ColumnKey, str]:
    count = int(steps.row_count[i])
    spread = "–" if count < 2 else f"{fixed(100 * float(steps.i_squared[i]), 0)}%"
    tau = "–" if count < 2 or steps.method == "common" else f"{math.sqrt(float(steps.tau_squared[i])):.2f}"
    cells: dict[ColumnKey, str] = {"i_squared": spread, "tau": tau}
    if measure.null is not None:
        cells["p_value"] = voice.p_number(float(steps.p_value[i]))
    return cells
