"""The one recovery that stands for its comparison.

Several recoveries of one comparison are the same patients seen several ways: they are never averaged. The
best grade stands; among equals the order is fixed here, before any result is seen:

1. the measure printed with its interval, then with its p-value, then a log-rank p-value with events;
2. survival rates, at the time that is asked for, else the latest time inside follow-up;
3. medians.

Unadjusted comes before adjusted, since most of what it stands beside is unadjusted. A contrast among
survivors of a landmark is another estimand and never stands for the comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evisynth.effects.effect import Effect
from evisynth.effects.grades import grade_rank
from evisynth.outcomes.same_time import is_same_time

#: Parts of recovery ids, the most direct first; a recovery takes the place of the first that it contains.
_DIRECTNESS: tuple[str, ...] = ("with_interval", "with_p_value", "log_rank", "counts", "landmark", "median")


def mark_primary(effects: Sequence[Effect], wanted_time: float | None = None) -> list[Effect]:
    """Mark exactly one point as primary, none when there is no point that may stand for the comparison."""
    candidates = [
        place
        for place, effect in enumerate(effects)
        if effect.kind == "point" and "other_estimand" not in effect.flags
    ]
    if not candidates:
        return list(effects)
    chosen = min(candidates, key=lambda place: (*_rank(effects[place], wanted_time), place))
    return [replace(effect, primary=place == chosen) for place, effect in enumerate(effects)]


def _rank(effect: Effect, wanted_time: float | None) -> tuple[float, ...]:
    time = effect.time_months
    asked_for = wanted_time is None or time is None or is_same_time(time, wanted_time)
    return (
        grade_rank(effect.grade),
        "adjusted" in effect.flags,
        _directness(effect.recovery),
        not asked_for,
        "beyond_median_follow_up" in effect.flags,
        -time if time is not None else 0.0,
        len(effect.assumptions),
    )


def _directness(recovery: str) -> int:
    return next((place for place, part in enumerate(_DIRECTNESS) if part in recovery), len(_DIRECTNESS))
