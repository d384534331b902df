"""A printed precision set against the smallest standard error that its patients, events or counts allow.

What is more precise than that is never used as printed. The number of patients, counts, or another reading of
the study may still give a precision.
"""

from __future__ import annotations

from dataclasses import replace

from evisynth.arithmetic import (
    ALLOWANCE,
    Behind,
    FourCells,
    Printed,
    PrintedInterval,
    is_too_precise,
    least_error,
    least_error_log_median,
    least_error_of_share,
    precision_of_share,
)
from evisynth.effects.counts import Counted, read_counts
from evisynth.effects.effect import Grounds, Subject, assuming
from evisynth.effects.patient_numbers import Patients, read_events
from evisynth.outcomes import Arm, ReportedOutcome
from evisynth.wording import counted, too_precise_words

#: Flags an effect beside which the source prints a precision that cannot be.
TOO_PRECISE = "printed_precision_impossible"


def contrast_too_precise(
    subject: Subject, figure: ReportedOutcome, greatest: float, nearest: float
) -> str | None:
    """Say why a printed ratio or difference is more precise than it can be, None where it may be.

    Parameters
    ----------
    figure
        The contrast as printed.
    greatest
        Its standard error on the analysis scale, at the largest that rounding allows.
    nearest
        The contrast at the end of its rounding that is nearest to no effect.
    """
    behind = _behind(subject, figure)
    least = least_error(subject.measure, behind, nearest)
    if least is None or not is_too_precise(greatest, least):
        return None
    narrow = figure.ci_lower is not None or figure.ci_upper is not None
    return too_precise_words(figure.as_reported, behind.words, greatest, least, interval=narrow)


def _set_aside(figure: ReportedOutcome, size: int, greatest: float, least: float) -> Grounds:
    """Return the grounds of a figure whose own precision is impossible, and is left out."""
    narrow, who = figure.ci_lower is not None, counted(size, "patient")
    words = too_precise_words(figure.as_reported, who, greatest, least, interval=narrow)
    told = f"the printed precision is not used: {words}"
    return Grounds(flags=(TOO_PRECISE,)) + assuming(told)


def share_too_precise(
    figure: ReportedOutcome, interval: PrintedInterval, patients: Patients | None
) -> Grounds | None:
    """Return the grounds on which the interval of a rate is set aside, None where it may be one."""
    if patients is None:
        return None
    size = patients.candidates[-1]
    share, reach = precision_of_share(interval, size), least_error_of_share(interval.estimate.value, size)
    if share * (1 + ALLOWANCE) >= 1:
        return None
    return _set_aside(figure, size, share * reach, reach)


def error_of_share_too_precise(
    figure: ReportedOutcome, survival: Printed, patients: Patients | None
) -> Grounds | None:
    """Return the grounds on which the standard error of a rate is set aside, None where it may be one."""
    if patients is None:
        return None
    size, greatest = patients.candidates[-1], (figure.sd or 0.0) + (figure.sd_half_unit or 0.0)
    least = min(least_error_of_share(share, size) for share in survival.ends)
    if not is_too_precise(greatest, least):
        return None
    return _set_aside(figure, size, greatest, least)


def median_too_precise(figure: ReportedOutcome, greatest: float, patients: Patients | None) -> Grounds | None:
    """Return the grounds on which the precision of a median survival is set aside, None where it may be one.

    ``greatest`` is the standard error of its logarithm, at the largest that rounding allows.
    """
    least = least_error_log_median(patients.candidates[-1]) if patients is not None else None
    if patients is None or least is None or not is_too_precise(greatest, least):
        return None
    return _set_aside(figure, patients.candidates[-1], greatest, least)


def _behind(subject: Subject, figure: ReportedOutcome) -> Behind:
    """Return who stands behind a ratio, at the most that the source allows."""
    behind = Behind(adjusted=bool(figure.adjusted))
    arms = [max(arm.size.candidates, default=0) for arm in subject.arms]
    whole = subject.comparison.whole_size
    most = max(whole.candidates, default=0) if whole is not None else 0
    # A ratio without a number of its own comes with that of its first group.
    if figure.n is not None and figure.n not in (arm.size.exact for arm in subject.arms):
        behind = replace(behind, patients=figure.n)
    elif len(arms) == 2 and all(arms):
        behind = replace(behind, by_group=(arms[0], arms[1]))
    elif most:
        behind = replace(behind, patients=most)
    events = read_events(subject)
    if subject.measure.proportional_hazards and events is not None:
        behind = replace(behind, events=events.total)
        if events.index is not None and events.reference is not None:
            behind = replace(behind, events_by_group=(events.index, events.reference))
    return replace(behind, tables=tuple(_tables(subject)))


def _tables(subject: Subject) -> list[FourCells]:
    """Return every two-by-two table that the counts and shares of the two groups allow."""
    reference = subject.comparison.reference
    if reference is None or subject.measure.proportional_hazards:
        return []
    sides = [_counted(subject, arm) for arm in (subject.comparison.index, reference)]
    return [(a, n1 - a, c, n0 - c) for a, n1 in sides[0] for c, n0 in sides[1]]


def _counted(subject: Subject, arm: Arm) -> list[tuple[float, int]]:
    found = [one for one in read_counts(subject, arm) if isinstance(one, Counted)]
    return [table for one in found for table in one.tables]
