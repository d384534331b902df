"""Numbers and times in the words of a finding."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MOST_LISTED = 8


def short(value: float) -> str:
    """Write a number to three significant digits, without an exponent where people use none."""
    if value and not 1e-4 <= abs(value) < 1e6:
        return f"{value:.2g}"
    text = f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return text if "e" not in text else f"{value:,.0f}"


def span(months: float, printed: str) -> str:
    """Write a time in years where the print it stands beside is in years, else in months."""
    in_years = re.search(r"y(ea)?rs?\b", printed.lower()) is not None
    return f"{short(months / 12)} years" if in_years else f"{short(months)} months"


def percent(share: float, digits: int = 1) -> str:
    """Write a share as a percentage."""
    return f"{100 * share:.{digits}f}".rstrip("0").rstrip(".") + "%" if digits else f"{100 * share:.0f}%"


def counts(numbers: Iterable[int]) -> str:
    """Write a run of whole numbers as its ends, and a few single ones as they are."""
    ordered = sorted(numbers)
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"{ordered[0]} to {ordered[-1]}"
    if len(ordered) == 2:
        return f"{ordered[0]} or {ordered[1]}"
    return listed(str(number) for number in ordered)


def listed(parts: Iterable[str]) -> str:
    """Join names; past the first few only their number is said."""
    every = list(parts)
    more = f" and {len(every) - _MOST_LISTED} more" if len(every) > _MOST_LISTED else ""
    return ", ".join(every[:_MOST_LISTED]) + more


def plural(number: int, noun: str) -> str:
    """Write a number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
