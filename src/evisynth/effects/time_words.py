"""Times as a reader says them: 30 days, not 0.985626 months."""

from __future__ import annotations

#: Days in the month that every duration is converted with.
_DAYS_IN_A_MONTH = 30.4375
_LONGEST_IN_DAYS = 120


def time_words(months: float) -> str:
    """Return a time in days where it was printed in days, else in months."""
    days = months * _DAYS_IN_A_MONTH
    in_days = abs(days - round(days)) < 1e-6 and days <= _LONGEST_IN_DAYS and months != round(months)
    return f"{round(days)} days" if in_days else f"{months:g} months"
