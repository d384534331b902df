"""Times as people say them: 30 days, 5 years, 18 months, not 0.985626 months."""

from __future__ import annotations

#: Days in the month that every duration is converted with (DAYS_PER_MONTH of the value grammar).
_DAYS_IN_A_MONTH = 30.4375
_LONGEST_IN_DAYS = 120


def time_words(months: float) -> str:
    """Say a time in years where it is whole years, in days where it was printed in days, else in months."""
    if months >= 12 and months % 12 == 0:
        return "1 year" if months == 12 else f"{months / 12:g} years"
    days = months * _DAYS_IN_A_MONTH
    in_days = abs(days - round(days)) < 1e-6 and days <= _LONGEST_IN_DAYS and months != round(months)
    return f"{round(days)} days" if in_days else f"{months:.4g} month{'' if months == 1 else 's'}"
