"""Values as people and committed files have them: words for a cell, numbers to six significant digits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def plain_text(value: object) -> str:
    """Write a value as a person reads it: nothing for None, yes and no, lists with commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        return ", ".join(plain_text(part) for part in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {plain_text(part)}" for name, part in value.items())
    return " ".join(str(value).split())


def six_digits(value: Any) -> Any:
    """Give every number inside a value six significant digits, so that the last bits make no difference."""
    if isinstance(value, float):
        return float(f"{value:.6g}") + 0.0  # adding zero turns -0.0 into 0.0
    if isinstance(value, Mapping):
        return {name: six_digits(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [six_digits(part) for part in value]
    return value
