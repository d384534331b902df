"""Patients behind a figure, patients still under observation at a time, and events of a comparison.

G(t) is the share still under observation at t. With everyone observed (G = 1) a rate has its binomial
standard error, with G = 0.5 one that is up to 41% larger. Few abstracts say, so the binomial one stands, and
what it would be with fewer patients is said beside it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from evisynth.effects.effect import Grounds, Subject, assuming, downgraded, size_input
from evisynth.effects.readings import distinct, group_words, in_group, printed_as_point
from evisynth.outcomes import Arm, Comparison, ReportedOutcome
from evisynth.studies import counts_events
from evisynth.wording import listed, time_words


@dataclass(frozen=True, slots=True)
class Patients:
    """The admissible numbers of patients, smallest first, and where they come from."""

    candidates: tuple[int, ...]
    grounds: Grounds

    @property
    def smallest(self) -> int:
        """The number to work with: it gives the widest standard error."""
        return self.candidates[0]

    @property
    def exact(self) -> int | None:
        """The number when only one is admissible."""
        return self.candidates[0] if len(self.candidates) == 1 else None


def patients_behind(
    comparison: Comparison, arm: Arm, figure: ReportedOutcome | None = None
) -> Patients | None:
    """Return the patients behind a figure: its own number when printed, else the arm's; None when unknown."""
    for own in (figure.denominator, figure.n) if figure is not None else ():
        if own is not None and own > 0:
            same = own in arm.size.candidates
            return Patients((own,), Grounds(inputs=(size_input(arm),) if same else ()))
    if figure is not None and figure.n_not_reported:
        return None
    candidates = tuple(sorted({count for count in arm.size.candidates if count > 0}))
    if not candidates:
        return None
    grounds = Grounds(inputs=(size_input(arm),))
    if len(candidates) > 1:
        reach = f"{candidates[0]} to {candidates[-1]}"
        grounds += assuming(
            f"{group_words(comparison, arm)} has {reach} patients ({arm.size.how}); {candidates[0]} gives "
            "the widest interval"
        )
        grounds += downgraded(
            "patients_not_exact", f"the number of patients{in_group(comparison, arm)} is not printed: {reach}"
        )
    return Patients(candidates, grounds)


@dataclass(frozen=True, slots=True)
class EventCounts:
    """Events in both arms together, and in each where the source divides them."""

    total: int
    index: int | None
    reference: int | None
    grounds: Grounds


def read_events(subject: Subject) -> EventCounts | None:
    """Return the events of the two arms, None when the source does not count them (or not without doubt)."""
    comparison = subject.comparison
    if comparison.reference is None:
        return None
    one, other = arm_events(comparison.index), arm_events(comparison.reference)
    if one is not None and other is not None:
        grounds = one[1] + other[1]
        return EventCounts(one[0] + other[0], one[0], other[0], grounds)
    together = _single_count(comparison.figures)
    return None if together is None else EventCounts(together[0], None, None, together[1])


def arm_events(arm: Arm) -> tuple[int, Grounds] | None:
    """Return the events of one arm, None when the source does not count them."""
    return _single_count(arm.figures)


def _single_count(figures: tuple[ReportedOutcome, ...]) -> tuple[int, Grounds] | None:
    counted = distinct(
        figure
        for figure in figures
        if figure.statistic == "count"
        and counts_events(figure.unit, figure.as_reported)
        and figure.time_months is None
    )
    if len(counted) != 1 or not printed_as_point(counted[0].figure):
        return None
    value = counted[0].figure.value
    if value is None or value <= 0 or value != round(value):
        return None
    return round(value), counted[0].grounds


_TAKEN = "everyone is taken as observed, which gives the smallest standard error"

#: Shares under observation for which a standard error is shown beside the primary one.
SENSITIVITY_SHARES: tuple[float, ...] = (0.75, 0.5)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is known of G(t) at one time: ``complete`` when everyone was followed that long."""

    complete: bool
    beyond_median: bool
    grounds: Grounds


def follow_up_at(comparison: Comparison, time_months: float) -> FollowUp:
    """Return what the study's follow-up says about a time in months."""
    minimum, median = comparison.minimum_follow_up_months, comparison.follow_up_median_months
    if minimum is not None and time_months <= minimum:
        told = f"everyone was followed for at least {minimum:g} months, so every patient counts"
        return FollowUp(True, False, Grounds(assumptions=(told,), flags=("complete_follow_up",)))
    if median is None:
        told = (
            f"follow-up is not reported: everyone is taken as observed to {time_words(time_months)}, "
            "which gives the smallest standard error"
        )
        return FollowUp(False, False, assuming(told))
    if time_months <= median:
        told = f"median follow-up is {median:g} months, so at least half were observed by then; {_TAKEN}"
        return FollowUp(False, False, assuming(told))
    told = f"median follow-up is only {median:g} months, so fewer than half were observed by then; {_TAKEN}"
    return FollowUp(False, True, Grounds(assumptions=(told,), flags=("beyond_median_follow_up",)))


def median_beyond_follow_up(comparison: Comparison, median_months: float) -> Grounds:
    """Flag a median survival later than the median follow-up, where the curve rests on few patients."""
    follow_up = comparison.follow_up_median_months
    if follow_up is None or median_months <= follow_up:
        return Grounds()
    told = (
        f"the median of {median_months:g} months lies beyond the median follow-up of {follow_up:g} months: "
        "fewer than half were observed that long"
    )
    return Grounds(assumptions=(told,), flags=("beyond_median_follow_up",))


def standard_error_if_observed(standard_error: float, share: float) -> float:
    """Return SE/sqrt(G), the upper limit of the standard error when a ``share`` G was observed that long."""
    return standard_error / math.sqrt(share)


#: Marks a standard error that rests on full follow-up, so that fewer patients would widen it.
FULL_FOLLOW_UP = "assumes_full_follow_up"


def sensitivity(standard_error: float) -> Grounds:
    """Say what the standard error would be with fewer patients under observation."""
    shares = listed(
        f"{standard_error_if_observed(standard_error, share):.3f} with {share:.0%}"
        for share in SENSITIVITY_SHARES
    )
    told = f"the standard error of {standard_error:.3f} would be {shares} still under observation"
    return Grounds(assumptions=(told,), flags=(FULL_FOLLOW_UP,))
