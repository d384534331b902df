"""How sentences speak of an arm: not at all where there is only one, else as the index or reference group."""

from __future__ import annotations

from evisynth.outcomes.comparison import Arm, Comparison


def group_words(comparison: Comparison, arm: Arm) -> str:
    """Return "the group", "the index group" or "the reference group"."""
    if comparison.reference is None:
        return "the group"
    return "the reference group" if arm.group == comparison.reference.group else "the index group"


def of_group(comparison: Comparison, arm: Arm) -> str:
    """Return " of the index group" or " of the reference group", nothing for a single arm."""
    return "" if comparison.reference is None else f" of {group_words(comparison, arm)}"


def in_group(comparison: Comparison, arm: Arm) -> str:
    """Return " in the index group" or " in the reference group", nothing for a single arm."""
    return "" if comparison.reference is None else f" in {group_words(comparison, arm)}"
