"""Recoveries of one hazard ratio that contradict each other: hazards are then probably not proportional.

Under proportional hazards rates at any time, medians, a log-rank p-value and a printed ratio all estimate one
log hazard ratio, from the same patients. Two of them are set against each other by their own variances:

==============================  =======================================================================
two points of one curve         V1 + V2 - 2 Cov, with independent increments in each arm: the covariance
                                of log(-log S) at two times is the variance at the earlier one times the
                                ratio of the two cumulative hazards
a rate or a median, and a       V - V_ratio (the ratio is efficient, so that it varies with the rate), and
ratio of the whole curve        no less than V/2: a variance by the number of patients is a lower limit
two ratios of the whole curve   what a log-rank test strays from a Cox model by, simulated
==============================  =======================================================================

A pair is flagged that lies further apart than twice the root of that, and than rounding lets it. In simulated
trials with rates at 1, 3 and 5 years beside the ratio, 4 to 15 % are flagged where hazards are proportional,
and 46 to 100 % where curves cross (tests/reference/simulation/flags.csv). Only effects of the same adjustment
are compared. The flag is a caution: what rests on proportional hazards loses a grade by it, a ratio that the
source prints does not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product
from typing import NamedTuple

from evisynth.effects.effect import Effect, lowered
from evisynth.effects.readings import ADJUSTED_FOR, REPORTED_DIFFERENTLY
from evisynth.wording import term_words, time_words

FLAG = "non_PH_suspected"
#: Flags a hazard ratio that the source prints for one time, and not for the whole curve.
ONE_TIME_FLAG = "ratio_of_one_time"
#: SD of the difference between a log-rank and a Cox estimate of the same patients, on the log scale.
_LOG_RANK_SPREAD = 0.033
#: The least variance of a difference, as a share of that of the rate or median in it. Without one, where many
#: patients are censored and the variance of a rate counts them all, most trials with proportional hazards are
#: flagged (tests/reference/simulation/flags.csv).
LEAST_SHARE = 0.5
_MULTIPLE = 2.0
#: How the recoveries of a ratio that the source prints itself begin.
_PRINTED_RATIO = "hazard_ratio_with_"
#: Recoveries of another estimand (survivors only, one year) may differ without any such reason.
_OTHER_ESTIMAND = frozenset({"other_estimand", ONE_TIME_FLAG})


def is_printed_ratio(effect: Effect) -> bool:
    """Whether an effect is a hazard ratio that the source prints itself."""
    return effect.recovery.startswith(_PRINTED_RATIO)


def flag_non_proportionality(effects: Sequence[Effect]) -> list[Effect]:
    """Flag every recovery of a comparison when two of them disagree; worked-out points lose a grade."""
    because = _disagreement(effects)
    if because is None:
        return list(effects)
    return [_flagged(effect, because) for effect in effects]


def _flagged(effect: Effect, because: str) -> Effect:
    if effect.kind == "refused":
        return effect
    flagged = replace(effect, flags=(*effect.flags, FLAG))
    if effect.kind != "point" or is_printed_ratio(effect):
        return flagged
    return replace(flagged, downgrades=(*effect.downgrades, because), grade=lowered(effect.grade, 1))


class _Excess(NamedTuple):
    """How far apart two recoveries are, as a multiple of what chance allows, with the words for it."""

    multiple: float
    words: str


def _disagreement(effects: Sequence[Effect]) -> str | None:
    worst: _Excess | None = None
    for one, other in combinations(_alternatives(effects), 2):
        if _adjustment(one[0]) != _adjustment(other[0]):
            continue
        # Where the source gives several values for one figure, the nearest two have to disagree.
        nearest = min(_excess(mine, theirs) for mine, theirs in product(one, other))
        if nearest.multiple > 1 and (worst is None or nearest.multiple > worst.multiple):
            worst = nearest
    return None if worst is None else worst.words


def _alternatives(effects: Sequence[Effect]) -> list[list[Effect]]:
    """Put recoveries together that differ only because the source prints one figure in several ways."""
    together: dict[tuple[object, ...], list[Effect]] = {}
    for place, effect in enumerate(effects):
        if effect.kind != "point" or _OTHER_ESTIMAND.intersection(effect.flags):
            continue
        printed = "printed ratio" if is_printed_ratio(effect) else effect.recovery
        alone = () if REPORTED_DIFFERENTLY in effect.flags else (place,)
        key = (printed, effect.time_months, _adjustment(effect), *alone)
        together.setdefault(key, []).append(effect)
    return list(together.values())


def _adjustment(effect: Effect) -> tuple[str, ...]:
    """Return what an effect is adjusted for, as its assumptions tell it."""
    return tuple(told for told in effect.assumptions if told.startswith(ADJUSTED_FOR))


def _excess(one: Effect, other: Effect) -> _Excess:
    first, second = one.estimate or 0.0, other.estimate or 0.0
    allowed = _MULTIPLE * math.sqrt(variance_of_difference(one, other)) + _rounding(one) + _rounding(other)
    words = (
        f"{_name(one)} gives {first:.3f} and {_name(other)} {second:.3f} on the log scale, further apart "
        f"than {allowed:.2f}: hazards are probably not proportional"
    )
    return _Excess(abs(first - second) / allowed, words)


def _rounding(effect: Effect) -> float:
    if effect.rounding_lower is None or effect.rounding_upper is None:
        return 0.0
    return (effect.rounding_upper - effect.rounding_lower) / 2


def _name(effect: Effect) -> str:
    when = f" at {time_words(effect.time_months)}" if effect.time_months is not None else ""
    return term_words(effect.recovery) + when


class _Point(NamedTuple):
    """A point of one arm's curve: its cumulative hazard, and the variance of the logarithm of that."""

    hazard: float
    variance: float

    def covariance(self, other: _Point) -> float:
        """Return the covariance with another point of the same curve, whose increments are independent."""
        earlier, later = (self, other) if self.hazard <= other.hazard else (other, self)
        return earlier.variance * earlier.hazard / later.hazard


def variance_of_difference(one: Effect, other: Effect) -> float:
    """Return the variance of the difference of two recoveries of one log hazard ratio (module docstring)."""
    points, others = _points(one), _points(other)
    variances = [(effect.standard_error or 0.0) ** 2 for effect in (one, other)]
    if points is not None and others is not None:
        shared = sum(point.covariance(later) for point, later in zip(points, others, strict=True))
        least = 0.0 if one.recovery == other.recovery else LEAST_SHARE * max(variances)
        return max(sum(variances) - 2 * shared, least)
    if points is None and others is None:
        return _LOG_RANK_SPREAD**2
    of_point, of_ratio = variances if points is not None else variances[::-1]
    return max(of_point - of_ratio, LEAST_SHARE * of_point)


def _points(effect: Effect) -> tuple[_Point, _Point] | None:
    """Return the points of both curves that a recovery sets against each other, None for a ratio."""
    if effect.working is None or effect.reference_variance is None or effect.standard_error is None:
        return None
    if effect.recovery == "landmark_contrast":
        hazards = [-math.log(effect.working.value(letter)) for letter in ("S1", "S0")]
    elif effect.recovery == "median_contrast":
        hazards = [math.log(2)] * 2
    else:
        return None
    reference = effect.reference_variance
    return _Point(hazards[0], effect.standard_error**2 - reference), _Point(hazards[1], reference)
