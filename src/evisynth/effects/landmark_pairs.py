"""The times at which both arms of a comparison report survival."""

from __future__ import annotations

from dataclasses import dataclass

from evisynth.effects.landmark import SURVIVAL_STATISTICS
from evisynth.effects.landmark_rate import LandmarkRate, NoRate, read_landmark
from evisynth.effects.readings import Reading, at_time, different_clocks, readings
from evisynth.effects.subject import Subject


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
    """Return the pairs of rates at every common time, earliest first."""
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
        one = read_landmark(comparison, comparison.index, mine[0])
        two = read_landmark(comparison, comparison.reference, other[0])
        if different_clocks(mine[0], other[0]):
            clocks = f"{mine[0].figure.starts} and from {other[0].figure.starts}"
            two = NoRate(f"the rates at {time:g} months are counted from {clocks}", other[0].grounds)
        pairs.append(LandmarkPair(time, one, two))
    return pairs


def _times(found: tuple[Reading, ...]) -> list[float]:
    """Return the distinct times of the readings; at the same time the first print stands."""
    times: list[float] = []
    for reading in found:
        time = reading.figure.time_months
        if time is not None and not any(at_time([reading], known) for known in times):
            times.append(time)
    return sorted(times)
