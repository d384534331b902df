"""Recoveries of one comparison that differ by more than chance: hazards that are probably not proportional.

Under proportional hazards every recovery estimates the same log hazard ratio, from the same patients. How
far a recovery then strays from a Cox model of the individual patients was simulated (constant hazards, 30 %
and 60 % censored, the larger of the two taken here, since censoring is not known); a pair that lies further
apart than twice that is flagged.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product

from evisynth.arithmetic.time_words import time_words
from evisynth.effects.effect import Effect
from evisynth.effects.grades import lowered
from evisynth.effects.readings import REPORTED_DIFFERENTLY

FLAG = "non_PH_suspected"

#: Patients an arm -> SD of (recovery - Cox estimate) on the log scale.
_LANDMARK_SPREAD: Mapping[float, float] = {20: 0.37, 50: 0.22, 100: 0.15, 200: 0.11}
_MEDIAN_SPREAD: Mapping[float, float] = {50: 0.22, 100: 0.16, 200: 0.12}
#: A printed hazard ratio or a log-rank p-value with events strays by rounding only.
_OTHER_SPREAD = 0.033
_MULTIPLE = 2.0

_SPREADS: Mapping[str, Mapping[float, float]] = {
    "landmark_contrast": _LANDMARK_SPREAD,
    "median_contrast": _MEDIAN_SPREAD,
}
#: How the recoveries of a ratio that the source prints itself begin.
_PRINTED_RATIO = "hazard_ratio_with_"
#: Recoveries of another estimand (survivors only, adjusted ratios) may differ without any such reason.
_OTHER_ESTIMAND = frozenset({"other_estimand", "adjusted"})


def flag_non_proportionality(effects: Sequence[Effect]) -> list[Effect]:
    """Flag every recovery of a comparison, and lower its points by one grade, when two of them disagree."""
    because = _disagreement(effects)
    if because is None:
        return list(effects)
    return [_flagged(effect, because) for effect in effects]


def spread_from_cox(recovery: str, patients_per_arm: float) -> float:
    """Return the SD of a recovery about the Cox estimate, interpolated in the number of patients an arm.

    Linear between logarithms; beyond the simulated sizes it goes with one over the root of the patients.
    """
    table = _SPREADS.get(recovery)
    if table is None:
        return _OTHER_SPREAD
    sizes = sorted(table)
    if patients_per_arm <= sizes[0]:
        return table[sizes[0]] * math.sqrt(sizes[0] / patients_per_arm)
    if patients_per_arm >= sizes[-1]:
        return table[sizes[-1]] * math.sqrt(sizes[-1] / patients_per_arm)
    below = max(size for size in sizes if size <= patients_per_arm)
    above = min(size for size in sizes if size > patients_per_arm)
    share = math.log(patients_per_arm / below) / math.log(above / below)
    return math.exp((1 - share) * math.log(table[below]) + share * math.log(table[above]))


def _disagreement(effects: Sequence[Effect]) -> str | None:
    worst: tuple[float, str] | None = None
    for one, other in combinations(_alternatives(effects), 2):
        # Where the source gives several values for one figure, the nearest two have to disagree.
        nearest = min((_excess(mine, theirs) for mine, theirs in product(one, other)), key=_first)
        if nearest[0] > 1 and (worst is None or nearest[0] > worst[0]):
            worst = nearest
    return None if worst is None else worst[1]


def _first(excess: tuple[float, str]) -> float:
    return excess[0]


def _alternatives(effects: Sequence[Effect]) -> list[list[Effect]]:
    """Put recoveries together that differ only because the source prints one figure in several ways."""
    together: dict[tuple[object, ...], list[Effect]] = {}
    for place, effect in enumerate(effects):
        if effect.kind != "point" or _OTHER_ESTIMAND.intersection(effect.flags):
            continue
        printed = "printed ratio" if effect.recovery.startswith(_PRINTED_RATIO) else effect.recovery
        alone = () if REPORTED_DIFFERENTLY in effect.flags else (place,)
        together.setdefault((printed, effect.time_months, *alone), []).append(effect)
    return list(together.values())


def _excess(one: Effect, other: Effect) -> tuple[float, str]:
    """Return how far apart two recoveries are, as a multiple of what chance allows, with the words for it."""
    first, second = one.estimate or 0.0, other.estimate or 0.0
    allowed = max(_allowed(one), _allowed(other))
    why = (
        f"{_name(one)} gives {first:.3f} and {_name(other)} {second:.3f} on the log scale, further apart "
        f"than {allowed:.2f}: hazards are probably not proportional"
    )
    return abs(first - second) / allowed, why


def _allowed(effect: Effect) -> float:
    """Return how far a recovery may stray by chance; simulated spreads hold the rounding of print already."""
    spread = _MULTIPLE * spread_from_cox(effect.recovery, _patients_per_arm(effect))
    if effect.recovery in _SPREADS or effect.rounding_lower is None or effect.rounding_upper is None:
        return spread
    return spread + (effect.rounding_upper - effect.rounding_lower) / 2


def _patients_per_arm(effect: Effect) -> float:
    """Return the harmonic mean of the arms' sizes, which a contrast's precision goes by; 20 when unknown."""
    if not effect.index_size or not effect.reference_size:
        return min(_LANDMARK_SPREAD)
    return 2 / (1 / effect.index_size + 1 / effect.reference_size)


def _name(effect: Effect) -> str:
    when = f" at {time_words(effect.time_months)}" if effect.time_months is not None else ""
    return effect.recovery.replace("_", " ") + when


def _flagged(effect: Effect, because: str) -> Effect:
    if effect.kind != "point":
        return effect if effect.kind == "refused" else replace(effect, flags=(*effect.flags, FLAG))
    return replace(
        effect,
        flags=(*effect.flags, FLAG),
        downgrades=(*effect.downgrades, because),
        grade=lowered(effect.grade, 1),
    )
