"""Counts and percentages read as x of n patients, for proportions and risk contrasts.

A share printed as a bound or in words ("at least 97%", "about two thirds") gives limits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from evisynth.arithmetic import Printed, fitting_denominators, recover_counts, spoken_fraction_interval
from evisynth.effects.effect import Grounds, Subject, assuming, downgraded
from evisynth.effects.patient_numbers import Patients, patients_behind
from evisynth.effects.readings import (
    Reading,
    in_group,
    no_window_fits,
    of_group,
    printed_as_point,
    readings_for,
    rivals,
    speaks_of,
    unsettled,
)
from evisynth.outcome_events import SpeaksOf
from evisynth.outcomes import Arm, Comparison, Grade, Qualifier, ReportedOutcome, is_same_time
from evisynth.printed_statistics import STATISTICS


def share_limits(
    share: Printed, qualifier: Qualifier | None, *, turned: bool = False
) -> tuple[float, float] | None:
    """Return what a bound or a vague word leaves open, None for a plain number.

    ``turned`` tells that ``share`` is one minus the printed figure, so that "at least" means "at most".
    """
    if qualifier == "~":
        return spoken_fraction_interval(share.value, share.half_unit)
    if qualifier in (None, "="):
        return None
    at_least = (qualifier in (">", ">=")) is not turned
    return (share.value, 1.0) if at_least else (0.0, share.value)


def time_limits(value: float, qualifier: Qualifier | None) -> tuple[float, float] | None:
    """Return the least and greatest duration that a bound leaves open, None for a plain or a vague number."""
    if qualifier in (">", ">="):
        return value, float("inf")
    if qualifier in ("<", "<="):
        return 0.0, value
    return None


#: How many fitting denominators a refusal names.
_DENOMINATORS_SHOWN = 6


#: Patients with the outcome, of all.
Table = tuple[float, int]


@dataclass(frozen=True, slots=True)
class Counted:
    """x of n patients. ``tables`` are all admissible (x, n), ``table`` the one nearest to the print.

    Where no count gives the printed percentage, x is the share of n ``as_printed``, and no whole number.
    """

    arm: Arm
    time_months: float | None
    table: Table
    tables: tuple[Table, ...]
    grade: Grade
    grounds: Grounds
    as_printed: bool = False

    @property
    def exact_count(self) -> int | None:
        """The count when the print allows only one table."""
        return round(self.table[0]) if len(self.tables) == 1 and not self.as_printed else None

    @property
    def all_or_none(self) -> bool:
        """Whether the print may mean nobody or everybody."""
        count, size = self.table
        return not self.as_printed and count in (0, size)


@dataclass(frozen=True, slots=True)
class NotCounted:
    """Why a printed share gives no count; ``limits`` when it still bounds the share."""

    reason: str
    grounds: Grounds
    time_months: float | None = None
    limits: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class _Window:
    """What one arm printed for one time window, of those with the event or of those without it."""

    time_months: float | None
    counts: tuple[Reading, ...]
    shares: tuple[Reading, ...]
    speaks_of: SpeaksOf = "occurrence"


_Read = Counted | NotCounted


def read_counts(subject: Subject, arm: Arm) -> list[Counted | NotCounted]:
    """Return what the arm reported as a share of patients, one result for each time window that matches.

    When the question asks for a window, a figure of another window, or of none, is not an answer to it. When
    it asks for none, each window printed is an answer of its own, and says which it is.
    """
    comparison = subject.comparison
    found = readings_for(arm, "share_of_patients")
    windows = _windows(found, subject.wanted_time)
    if windows:
        return [
            _of_the_event(subject, window, _read_window(comparison, arm, rival))
            for window in windows
            for rival in _rivals(window)
        ]
    if not found:
        return [
            NotCounted(f"no share or number of patients{of_group(comparison, arm)} is reported", Grounds())
        ]
    grounds = sum((reading.grounds for reading in found), Grounds())
    return [NotCounted(no_window_fits(subject, arm, found), grounds, subject.wanted_time)]


def _windows(found: tuple[Reading, ...], wanted: float | None) -> list[_Window]:
    kinds = dict.fromkeys((reading.figure.time_months, speaks_of(reading.figure)) for reading in found)
    windows = []
    for time, of_event in kinds:
        if wanted is not None and (time is None or not is_same_time(time, wanted)):
            continue
        inside = [
            reading
            for reading in found
            if reading.figure.time_months == time and speaks_of(reading.figure) == of_event
        ]
        counts = tuple(reading for reading in inside if STATISTICS[reading.figure.statistic].kind == "count")
        shares = tuple(reading for reading in inside if STATISTICS[reading.figure.statistic].kind == "share")
        windows.append(_Window(time, counts, shares, of_event))
    return windows


def _of_the_event(subject: Subject, window: _Window, found: _Read) -> _Read:
    """Return what was counted as those with the event: all patients less those counted without it."""
    if window.speaks_of == "occurrence":
        return found
    event = subject.event
    if isinstance(found, NotCounted):
        limits = None if found.limits is None else (1 - found.limits[1], 1 - found.limits[0])
        return replace(found, limits=limits)
    count, size = found.table
    told = (
        f"{count} of {size}{in_group(subject.comparison, found.arm)} are those with {event.absence_words}: "
        f"the other {size - count} are taken as those with {event.words}"
    )
    return replace(
        found,
        table=(size - count, size),
        tables=tuple((of - counted, of) for counted, of in found.tables),
        grounds=found.grounds + assuming(told),
    )


def _rivals(window: _Window) -> list[_Window]:
    """Return a window for each of several figures that the source prints for the same."""
    counts = tuple(reading for reading in window.counts if printed_as_point(reading.figure))
    if counts:
        others = tuple(reading for reading in window.counts if reading not in rivals(counts))
        return [replace(window, counts=(count, *others)) for count in rivals(counts)]
    if window.shares:
        others = tuple(reading for reading in window.shares if reading not in rivals(window.shares))
        return [replace(window, shares=(share, *others)) for share in rivals(window.shares)]
    return [window]


def _read_window(comparison: Comparison, arm: Arm, window: _Window) -> Counted | NotCounted:
    grounds = sum((reading.grounds for reading in (*window.counts, *window.shares)), Grounds())
    contradicted = next(filter(None, map(unsettled, (*window.counts, *window.shares))), None)
    if contradicted is not None:
        return NotCounted(contradicted, grounds, window.time_months)
    points = [reading for reading in window.counts if printed_as_point(reading.figure)]
    for reading in points:
        patients = patients_behind(comparison, arm, reading.figure) or _shared_denominator(window)
        if patients is not None:
            return _from_count(arm, window, reading, patients, grounds)
    if window.shares:
        return _from_share(comparison, arm, window, window.shares[0], grounds)
    return _from_count_bound(comparison, arm, window, window.counts[0], grounds)


def _shared_denominator(window: _Window) -> Patients | None:
    """Return the denominator that the percentage beside a count was printed with."""
    for reading in window.shares:
        size = reading.figure.denominator or reading.figure.n
        if size:
            return Patients((size,), Grounds())
    return None


def _from_count(
    arm: Arm, window: _Window, reading: Reading, patients: Patients, grounds: Grounds
) -> Counted | NotCounted:
    value = reading.figure.value if reading.figure.value is not None else math.nan
    grounds += patients.grounds
    if value != round(value) or not 0 <= value <= patients.smallest:
        reason = f"{reading.figure.as_reported} is not a number of patients out of {patients.smallest}"
        return NotCounted(reason, grounds, window.time_months)
    count = round(value)
    tables = tuple((count, size) for size in patients.candidates)
    disagreeing = _disagreeing(count, patients, window)
    if disagreeing is not None:
        why = (
            f"the source prints {reading.figure.as_reported}, which is {count / tables[0][1]:.1%} of "
            f"{tables[0][1]} patients, beside {disagreeing.as_reported}"
        )
        grounds += downgraded("count_and_percent_disagree", why)
    return Counted(arm, window.time_months, tables[0], tables, "A", grounds)


def _disagreeing(count: int, patients: Patients, window: _Window) -> ReportedOutcome | None:
    """Return a percentage printed beside the count that fits it neither rounded nor truncated."""
    for reading in window.shares:
        figure = reading.figure
        if not printed_as_point(figure) or figure.value is None or not 0 <= figure.value <= 1:
            continue
        fits = [recover_counts(figure.value, figure.half_unit or 0.0, size) for size in patients.candidates]
        if not any(count in (*fit.rounded, *fit.truncated) for fit in fits):
            return figure
    return None


def _from_share(
    comparison: Comparison, arm: Arm, window: _Window, reading: Reading, grounds: Grounds
) -> Counted | NotCounted:
    figure = reading.figure
    if figure.value is None or not 0 <= figure.value <= 1:
        return NotCounted(f"{figure.as_reported} is not a share of patients", grounds, window.time_months)
    patients = patients_behind(comparison, arm, figure)
    limits = share_limits(Printed(figure.value, figure.half_unit, 0.0, 1.0), figure.qualifier)
    if limits is not None:
        reason = f"printed as a bound or in words: {figure.as_reported}"
        return NotCounted(reason, grounds + _counts_inside(limits, patients), window.time_months, limits)
    if patients is None:
        whose = f"{figure.as_reported}{of_group(comparison, arm)}"
        reason = f"{whose} is printed without the number of patients it is a share of"
        return NotCounted(reason, grounds, window.time_months)
    cuts_off = comparison.cuts_percentages_off
    return _recovered(arm, window, reading, patients, grounds + patients.grounds, cuts_off=cuts_off)


def _recovered(
    arm: Arm, window: _Window, reading: Reading, patients: Patients, grounds: Grounds, *, cuts_off: bool
) -> Counted:
    figure = reading.figure
    share, half_unit = figure.value or 0.0, figure.half_unit or 0.0
    found = [recover_counts(share, half_unit, size) for size in patients.candidates]
    rounded = tuple((count, fit.denominator) for fit in found for count in fit.rounded)
    cut_off = tuple(
        (count, fit.denominator) for fit in found for count in fit.admissible(others_cut_off=cuts_off)
    )
    tables = rounded or cut_off
    if not tables:
        return _kept_as_printed(arm, window, reading, patients, grounds)
    table = min(tables, key=lambda pair: (abs(pair[0] / pair[1] - share), pair[1], pair[0]))
    if not rounded:
        told = (
            f"{figure.as_reported} is {table[0]} of {table[1]} with its further digits cut off, not rounded"
        )
        return Counted(
            arm,
            window.time_months,
            table,
            tables,
            "B",
            grounds + Grounds((), (told,), ("truncated_or_misrounded",)),
        )
    if len(tables) == 1:
        told = f"{figure.as_reported} of {table[1]} patients can only be {table[0]}"
        return Counted(arm, window.time_months, table, tables, "A", grounds + assuming(told))
    counts = sorted({count for count, _ in tables})
    told = (
        f"{figure.as_reported} of {table[1]} patients can be {counts[0]} to {counts[-1]}: {table[0]} is "
        "nearest, and the rounding interval covers all"
    )
    return Counted(
        arm, window.time_months, table, tables, "B", grounds + Grounds((), (told,), ("several_counts",))
    )


def _kept_as_printed(
    arm: Arm, window: _Window, reading: Reading, patients: Patients, grounds: Grounds
) -> Counted:
    """Return a percentage that no count gives as the share that is printed, a grade lower."""
    figure, size = reading.figure, patients.smallest
    share, reach = figure.value or 0.0, figure.half_unit or 0.0
    inside = [end for end in (share - reach, share + reach) if 0 < end < 1]
    tables = tuple((end * size, size) for end in (share, *inside))
    told = assuming(f"{figure.as_reported} is kept as it is printed, as a share of {size} patients")
    told += downgraded("no_count_fits", _no_count_fits(reading, patients))
    return Counted(arm, window.time_months, tables[0], tables, "B", grounds + told, as_printed=True)


def _no_count_fits(reading: Reading, patients: Patients) -> str:
    figure, most = reading.figure, patients.candidates[-1]
    sizes = fitting_denominators(figure.value or 0.0, figure.half_unit or 0.0, most)
    shown = ", ".join(str(size) for size in sizes[-_DENOMINATORS_SHOWN:])
    hint = f"it would fit {shown}" if sizes else "it fits no smaller number"
    return (
        f"no number of patients out of {most} gives {figure.as_reported}: it is probably of a subset ({hint})"
    )


def _counts_inside(limits: tuple[float, float], patients: Patients | None) -> Grounds:
    if patients is None or patients.exact is None:
        return Grounds()
    size = patients.exact
    first, last = math.ceil(limits[0] * size - 1e-9), math.floor(limits[1] * size + 1e-9)
    return patients.grounds + assuming(f"of {size} patients that is {first} to {last}")


def _from_count_bound(
    comparison: Comparison, arm: Arm, window: _Window, reading: Reading, grounds: Grounds
) -> NotCounted:
    figure = reading.figure
    patients = patients_behind(comparison, arm, figure)
    if patients is None or figure.value is None or not 0 <= figure.value <= patients.smallest:
        whose = f"{figure.as_reported}{of_group(comparison, arm)}"
        reason = f"{whose} is printed without the number of patients it is part of"
        return NotCounted(reason, grounds, window.time_months)
    limits = share_limits(Printed(figure.value / patients.smallest, None, 0.0, 1.0), figure.qualifier)
    reason = f"printed as a bound or in words: {figure.as_reported}"
    return NotCounted(reason, grounds + patients.grounds, window.time_months, limits)
