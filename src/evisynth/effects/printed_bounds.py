"""Shares printed as a bound or in words: "at least 97 %", "about two thirds"."""

from __future__ import annotations

from evisynth.arithmetic.rounding import Printed
from evisynth.arithmetic.spoken_fractions import spoken_fraction_interval
from evisynth.outcomes.reported_outcome import Qualifier


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
