"""Which arm a figure between two arms speaks of: swapping the arms flips the sign and nothing else."""

from __future__ import annotations

from evisynth.outcomes.comparison import Comparison
from evisynth.outcomes.reported_outcome import ReportedOutcome


def ratio_sign(comparison: Comparison, figure: ReportedOutcome) -> int | None:
    """Return 1 for a printed ratio of index against reference, -1 for the inverse, None when unclear."""
    if comparison.reference is None:
        return None
    index, reference = comparison.index.group, comparison.reference.group
    others = figure.compared_with
    if figure.group == index and others == (reference,):
        return 1
    if figure.group == reference and others == (index,):
        return -1
    return None


def favoured_sign(comparison: Comparison, figure: ReportedOutcome) -> int | None:
    """Return -1 when a test favours the index arm (fewer deaths), 1 the reference, None when not told."""
    if comparison.reference is None or figure.favours is None:
        return None
    if figure.favours == comparison.index.group:
        return -1
    return 1 if figure.favours == comparison.reference.group else None


def only_these_two(comparison: Comparison, figure: ReportedOutcome) -> bool:
    """Return whether a p-value compares exactly the two arms and no third group."""
    if comparison.reference is None or figure.compared_with is None:
        return False
    named = {figure.group, *figure.compared_with}
    return named == {comparison.index.group, comparison.reference.group}
