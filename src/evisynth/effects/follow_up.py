"""How many patients were still being watched at a time, as far as the source tells.

G(t) is the share still under observation at t. With everyone observed (G = 1) a rate has its binomial
standard error, with G = 0.5 one that is up to 41 % larger. Few abstracts say, so the binomial one stands,
and what it would be with fewer patients is said beside it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from evisynth.arithmetic.time_words import time_words
from evisynth.effects.grounds import Grounds, assuming
from evisynth.outcomes.comparison import Comparison

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
    shares = " and ".join(
        f"{standard_error_if_observed(standard_error, share):.3f} with {share:.0%}"
        for share in SENSITIVITY_SHARES
    )
    told = f"the standard error of {standard_error:.3f} would be {shares} still under observation"
    return Grounds(assumptions=(told,), flags=(FULL_FOLLOW_UP,))
