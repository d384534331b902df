"""Recoveries as plain values with stable keys: what ``evisynth effects QUESTION --format json`` prints."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from evisynth.effects.effect import Effect


def effects_as_json(effects: Iterable[Sequence[Effect]]) -> list[dict[str, Any]]:
    """Give every recovery of every comparison, an object each, on the analysis scale.

    Parameters
    ----------
    effects
        For each comparison all its recoveries, bounds and refusals included.
    """
    return [_effect_values(effect) for recoveries in effects for effect in recoveries]


def _effect_values(effect: Effect) -> dict[str, Any]:
    return {
        "study": effect.study,
        "comparison": effect.comparison,
        "index_group": effect.index_group,
        "reference_group": effect.reference_group,
        "row_group": effect.row_group,
        "effect_measure": effect.effect_measure,
        "scale": effect.scale,
        "recovery": effect.recovery,
        "kind": effect.kind,
        "time_months": effect.time_months,
        "estimate": _finite(effect.estimate),
        "standard_error": _finite(effect.standard_error),
        "ci_lower": _finite(effect.ci_lower),
        "ci_upper": _finite(effect.ci_upper),
        "lower": _finite(effect.lower),
        "upper": _finite(effect.upper),
        "rounding_lower": _finite(effect.rounding_lower),
        "rounding_upper": _finite(effect.rounding_upper),
        "participants": effect.participants,
        "grade": effect.grade,
        "primary": effect.primary,
        "flags": list(effect.flags),
        "assumptions": list(effect.assumptions),
        "downgrades": list(effect.downgrades),
        "inputs": [
            {
                "name": part.name,
                "as_reported": part.as_reported,
                "source_location": part.source_location,
                "file_location": part.file_location,
            }
            for part in effect.inputs
        ],
        "reason": effect.reason,
    }


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
