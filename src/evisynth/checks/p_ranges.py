"""Which p-values a printed one stands for, and whether a recomputed one is among them."""

from __future__ import annotations

from evisynth.quantities import Quantity

_SLACK = 1e-12
#: A test other than the recomputed one gives a p-value within this factor; statistical practice, not theory.
NEAR = 1.5


def p_interval(p: Quantity) -> tuple[float, float]:
    """Return the least and the greatest p-value that a printed one stands for; a cut-off digit counts too."""
    value = p.value or 0.0
    if p.qualifier in ("<", "<="):
        return 0.0, value
    if p.qualifier in (">", ">="):
        return value, 1.0
    half = p.half_unit or 0.0
    return max(0.0, value - half), min(1.0, value + (2 * half if half else 0.0))


def meets(p: Quantity, least: float, most: float, factor: float = 1.0) -> bool:
    """Say whether recomputed p-values from ``least`` to ``most`` reach the printed one."""
    low, high = p_interval(p)
    return least / factor <= high + _SLACK and most * factor >= low - _SLACK


def decides_otherwise(p: Quantity, least: float, most: float) -> bool:
    """Say whether the printed and the recomputed p-values lie on different sides of 0.05."""
    low, high = p_interval(p)
    return (high < 0.05 < least) or (most < 0.05 < low)


def p_text(p: Quantity) -> str:
    """Write a printed p-value: p = 0.04, p < 0.001."""
    text = p.as_reported
    return f"p {text}" if text[:1] in "<>=~≤≥" else f"p = {text}"
