"""When two times are the same as people print them: 90 days are 3 months, 60 months are 5 years."""

from __future__ import annotations

#: Months by which the same time may differ in another unit, and the share of longer times.
_MONTHS, _SHARE = 0.05, 0.01

#: The same rule for the column ``time_months`` of a view, with the parameter ``$months``.
TIME_IS_SAME = f"abs(time_months - $months) <= greatest({_MONTHS}, {_SHARE} * greatest(time_months, $months))"


def is_same_time(months: float, other: float) -> bool:
    """Return whether two times in months are the same as people print them."""
    return abs(months - other) <= max(_MONTHS, _SHARE * max(months, other))
