"""The figures of an arm, read once: what a source repeats in text, table and caption counts as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evisynth.effects.grounds import Grounds, from_figures
from evisynth.outcomes.comparison import Arm
from evisynth.outcomes.reported_outcome import ReportedOutcome
from evisynth.outcomes.same_time import is_same_time


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure with the places that repeat it. ``contradicted`` when another place gives another value."""

    figure: ReportedOutcome
    repeats: tuple[ReportedOutcome, ...] = ()
    contradicted: bool = False

    @property
    def grounds(self) -> Grounds:
        """The figure and its repeats as inputs, with a flag when the source disagrees with itself."""
        flags: tuple[str, ...] = ("reported_differently",) if self.contradicted else ()
        return from_figures(self.figure, *self.repeats) + Grounds(flags=flags) + _adjustment(self.figure)


def _adjustment(figure: ReportedOutcome) -> Grounds:
    if not figure.adjusted:
        return Grounds()
    return Grounds(flags=("adjusted",), assumptions=(f"adjusted for {figure.adjusted}",))


def readings(arm: Arm, *statistics: str) -> tuple[Reading, ...]:
    """Return what an arm reported under these statistics, one reading for each distinct figure."""
    return distinct(figure for figure in arm.figures if figure.statistic in statistics)


def distinct(figures: Iterable[ReportedOutcome]) -> tuple[Reading, ...]:
    """Merge figures that say the same; the fullest print stands for them. "Not reported" is left out."""
    families: list[list[ReportedOutcome]] = []
    for figure in figures:
        if figure.state == "not_reported":
            continue
        family = next((known for known in families if _says_the_same(known[0], figure)), None)
        if family is None:
            families.append([figure])
        else:
            family.append(figure)
    return tuple(
        Reading(
            figure=min(family, key=_fullness),
            repeats=tuple(sorted(family, key=_fullness)[1:]),
            contradicted=any(_contradict(family[0], other[0]) for other in families if other is not family),
        )
        for family in families
    )


def at_time(found: Iterable[Reading], time_months: float) -> tuple[Reading, ...]:
    """Return the readings at a time, in months."""
    return tuple(
        reading
        for reading in found
        if reading.figure.time_months is not None and is_same_time(reading.figure.time_months, time_months)
    )


def printed_as_point(figure: ReportedOutcome) -> bool:
    """Return whether the figure is a plain number rather than a bound or a vague word."""
    return figure.state == "reported" and figure.value is not None and figure.qualifier in (None, "=")


def different_clocks(one: Reading, other: Reading) -> bool:
    """Return whether two figures are said to count time from different moments (diagnosis, surgery)."""
    starts = one.figure.starts, other.figure.starts
    return None not in starts and starts[0] != starts[1]


def _fullness(figure: ReportedOutcome) -> tuple[bool, bool, float]:
    """Order figures so that an interval, then a known number of patients, then more digits come first."""
    no_interval = figure.ci_lower is None and figure.ci_upper is None
    return no_interval, figure.n is None, figure.half_unit if figure.half_unit is not None else 1.0


def _same_subject(one: ReportedOutcome, other: ReportedOutcome) -> bool:
    same_moment = one.time_months == other.time_months or (
        one.time_months is not None
        and other.time_months is not None
        and is_same_time(one.time_months, other.time_months)
    )
    return (
        same_moment
        and one.statistic == other.statistic
        and one.adjusted == other.adjusted
        and one.starts == other.starts
        and one.method == other.method
        and one.group == other.group
    )


def _says_the_same(one: ReportedOutcome, other: ReportedOutcome) -> bool:
    if not _same_subject(one, other) or one.state != other.state or one.qualifier != other.qualifier:
        return False
    if one.value is None or other.value is None:
        return one.value is other.value
    slack = (one.half_unit or 0.0) + (other.half_unit or 0.0)
    return abs(one.value - other.value) <= slack + 1e-12


def _contradict(one: ReportedOutcome, other: ReportedOutcome) -> bool:
    return _same_subject(one, other) and printed_as_point(one) and printed_as_point(other)
