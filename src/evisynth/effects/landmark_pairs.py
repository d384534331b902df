"""The times at which both arms of a comparison report survival."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

from evisynth.arithmetic.time_words import time_words
from evisynth.effects.landmark import SURVIVAL_STATISTICS
from evisynth.effects.landmark_rate import LandmarkRate, NoRate
from evisynth.effects.landmark_reading import read_landmark
from evisynth.effects.readings import Reading, at_time, different_clocks, readings, rivals
from evisynth.effects.subject import Subject
from evisynth.outcomes.comparison import Arm, Comparison


@dataclass(frozen=True, slots=True)
class LandmarkPair:
    """What both arms report at one time."""

    time_months: float
    index: LandmarkRate | NoRate
    reference: LandmarkRate | NoRate

    @property
    def rates(self) -> tuple[LandmarkRate, LandmarkRate] | None:
        """Both rates, None when one of them gives no point."""
        if isinstance(self.index, LandmarkRate) and isinstance(self.reference, LandmarkRate):
            return self.index, self.reference
        return None

    @property
    def failures(self) -> tuple[NoRate, ...]:
        """The arms whose rate gives no point."""
        return tuple(found for found in (self.index, self.reference) if isinstance(found, NoRate))


def landmark_pairs(subject: Subject) -> list[LandmarkPair]:
    """Return the pairs of rates at every common time, earliest first.

    Where the source prints several rates for one arm and time, each of them makes a pair of its own.
    """
    comparison = subject.comparison
    if comparison.reference is None:
        return []
    index = readings(comparison.index, *SURVIVAL_STATISTICS)
    reference = readings(comparison.reference, *SURVIVAL_STATISTICS)
    pairs = []
    for time in _times(index):
        mine, other = at_time(index, time), at_time(reference, time)
        if not mine or not other:
            continue
        pairs += [
            _pair(comparison, comparison.reference, time, (one, two))
            for one, two in product(rivals(mine), rivals(other))
        ]
    return pairs


def _pair(
    comparison: Comparison, reference: Arm, time: float, found: tuple[Reading, Reading]
) -> LandmarkPair:
    mine, other = found
    one, two = read_landmark(comparison, comparison.index, mine), read_landmark(comparison, reference, other)
    if different_clocks(mine, other):
        clocks = f"{mine.figure.starts} and from {other.figure.starts}"
        two = NoRate(f"the rates at {time_words(time)} are counted from {clocks}", other.grounds)
    return LandmarkPair(time, one, two)


def cautious_pairs(subject: Subject) -> list[LandmarkPair]:
    """Return one pair for each common time: of several, the one whose rates lie closest together."""
    chosen: dict[float, LandmarkPair] = {}
    for pair in landmark_pairs(subject):
        if pair.time_months not in chosen or _apart(pair) < _apart(chosen[pair.time_months]):
            chosen[pair.time_months] = pair
    return list(chosen.values())


def _apart(pair: LandmarkPair) -> tuple[float, float]:
    """Return how far apart the rates are, and the lower one, so that the order of print decides nothing."""
    if pair.rates is None:
        return math.inf, math.inf
    index, reference = (rate.survival.value for rate in pair.rates)
    return abs(index - reference), min(index, reference)


def _times(found: tuple[Reading, ...]) -> list[float]:
    """Return the distinct times of the readings; at the same time the first print stands."""
    times: list[float] = []
    for reading in found:
        time = reading.figure.time_months
        if time is not None and not any(at_time([reading], known) for known in times):
            times.append(time)
    return sorted(times)
