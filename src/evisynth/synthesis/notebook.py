"""What results show of themselves in a notebook or when printed: numbers as people read them, no arrays."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from html import escape
from typing import Any

import numpy as np

from evisynth.synthesis.natural_scale import to_natural_interval, to_natural_scale


def number_words(value: float) -> str:
    """Write a number to three digits."""
    return f"{value:.3g}" if math.isfinite(value) else "∞" if value > 0 else "-∞"


def limits_words(lower: float | None, upper: float | None, scale: str) -> str:
    """Write the limits of an interval on the natural scale: ``0.41 to 1.27``, or one of them."""
    low, high = to_natural_interval(lower, upper, scale)
    if low is not None and high is not None:
        return f"{number_words(low)} to {number_words(high)}"
    if high is not None:
        return f"at most {number_words(high)}"
    return "" if low is None else f"at least {number_words(low)}"


def interval_words(estimate: float | None, lower: float | None, upper: float | None, scale: str) -> str:
    """Write an estimate with its interval on the natural scale: ``0.72 (0.41 to 1.27)``."""
    limits = limits_words(lower, upper, scale)
    if estimate is None:
        return limits
    middle = number_words(to_natural_scale(estimate, scale))
    return f"{middle} ({limits})" if limits else middle


def html_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Put texts into an HTML table; all of them are escaped."""
    headings = "".join(f"<th>{escape(text)}</th>" for text in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in rows)
    return f"<table>{f'<thead><tr>{headings}</tr></thead>' if head else ''}<tbody>{body}</tbody></table>"


def short_repr(result: Any) -> str:
    """Print a frozen result in a line: numbers and words as they are, of what is longer how long it is."""
    shown = [f"{field.name}={_shortly(getattr(result, field.name))}" for field in fields(result)]
    return f"{type(result).__qualname__}({', '.join(shown)})"


def _shortly(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"<array of {' by '.join(map(str, value.shape))}>" if value.ndim else str(value)
    if isinstance(value, float):  # NumPy's too
        return f"{value:.6g}"
    if isinstance(value, Mapping | tuple | list) and value:
        return f"<{len(value)} of them>"
    if is_dataclass(value) or type(value).__repr__ is object.__repr__:
        return f"<{type(value).__name__}>"
    return repr(value)
