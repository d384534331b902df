"""The one recovery that stands for its comparison.

Several recoveries of one comparison are the same patients seen several ways: they are never averaged. The
best grade stands; among equals the order is fixed here, before any result is seen:

1. the measure printed with its interval, then with its p-value, then a log-rank p-value with events;
2. survival rates, at the time that is asked for, else the latest time inside follow-up;
3. medians.

Where all that ties, the more cautious figure stands, so that the order in which a source prints two figures
for the same decides nothing: the contrast nearer to no difference; of single arms the figure with the larger
standard error, then the smaller figure.

Unadjusted comes before adjusted, since most of what it stands beside is unadjusted. A contrast among
survivors of a landmark is another estimand and never stands for the comparison.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    return [
        replace(effect, primary=True) if place == chosen else effect for place, effect in enumerate(effects)
    ]


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
        *_caution(effect),
    )


def _caution(effect: Effect) -> tuple[float, float, float]:
    """Return how far a contrast is from no difference, then the standard error and the size of a figure.

    The standard error is compared to nine digits: beyond them only the binary arithmetic differs.
    """
    estimate, spread = effect.estimate or 0.0, effect.standard_error or 0.0
    natural = -estimate if effect.scale == "log(-log)" else estimate
    contrast = effect.reference_group is not None
    return round(abs(estimate), 9) if contrast else 0.0, -round(spread, 9), round(natural, 9)


#: What each place of the rank says for the effect that comes first.
_PRECEDENCE: tuple[str, ...] = (
    "its grade is better",
    "it is not adjusted, as most of what it stands beside",
    "it is the more direct kind of figure",
    "it is for the time that is asked for",
    "its time lies inside the median follow-up",
    "it is for the later time",
    "it rests on fewer assumptions",
    "it lies nearer to no difference, the more cautious of the two",
    "its standard error is larger, the more cautious of the two",
    "it is the smaller of the two figures",
)


def precedence_of(chosen: Effect, other: Effect, wanted_time: float | None = None) -> str:
    """Say why ``chosen`` and not ``other`` stands for their comparison, by the rule that decided it."""
    if other.kind != "point":
        return _NO_ESTIMATE[other.kind]
    if "other_estimand" in other.flags:
        return "it answers another question, and never stands for the comparison"
    for words, mine, theirs in zip(
        _PRECEDENCE, _rank(chosen, wanted_time), _rank(other, wanted_time), strict=True
    ):
        if mine != theirs:
            return f"the other was chosen before it: {words}"
    return "the other was chosen before it: it is printed first"


_NO_ESTIMATE: Mapping[str, str] = {
    "bound": "it is only a limit, without an estimate",
    "refused": "it gives no number",
}


def _directness(recovery: str) -> int:
    return next((place for place, part in enumerate(_DIRECTNESS) if part in recovery), len(_DIRECTNESS))
