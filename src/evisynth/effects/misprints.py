"""The other reading of a figure that is suspected to be misprinted.

A recovery takes every figure as printed. Where a study file says ``perhaps``, these comparisons allow the
same recoveries from the other reading, for a synthesis that is rerun over every admissible choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from evisynth.effects.effect import Grounds, figure_input
from evisynth.outcomes import Comparison, ReportedOutcome

#: Flags everything that rests on a figure which the reader suspects to be misprinted.
PERHAPS_MISPRINTED = "perhaps_misprinted"


def as_if_misprinted(comparison: Comparison) -> tuple[tuple[str, Comparison], ...]:
    """Return the other reading of each suspected figure, one at a time.

    Returns
    -------
    tuple of (str, Comparison)
        What is read otherwise (``median, age-under-51: 76 months instead of 31 months``), and the comparison
        with that figure replaced wherever the source repeats it. Empty when nothing is suspected.
    """
    suspected = {_identity(figure): figure for figure in _figures(comparison) if figure.perhaps is not None}
    return tuple(
        (_words(figure), _with_the_suspected(comparison, identity)) for identity, figure in suspected.items()
    )


def misprint_grounds(figure: ReportedOutcome) -> Grounds:
    """Say that a figure is taken as printed although the reader suspects a misprint; empty without one."""
    if figure.perhaps is None:
        return Grounds()
    told = (
        f"{figure_input(figure).name}, is taken as printed ({figure.as_reported}); the reader suspects a "
        f"misprint for {figure.perhaps_as_reported}: {figure.perhaps_because}"
    )
    return Grounds(assumptions=(told,), flags=(PERHAPS_MISPRINTED,))


def _figures(comparison: Comparison) -> Iterator[ReportedOutcome]:
    yield from comparison.index.figures
    if comparison.reference is not None:
        yield from comparison.reference.figures
    yield from comparison.figures


def _identity(figure: ReportedOutcome) -> tuple[object, ...]:
    """Return what the same figure has in common wherever it is repeated."""
    others = figure.compared_with
    return figure.group, others, figure.statistic, figure.time_months, figure.value, figure.perhaps


def _words(figure: ReportedOutcome) -> str:
    printed = figure.as_reported.partition("(")[0].strip()
    return f"{figure_input(figure).name}: {figure.perhaps_as_reported} instead of {printed}"


def _with_the_suspected(comparison: Comparison, identity: tuple[object, ...]) -> Comparison:
    def read_otherwise(figures: tuple[ReportedOutcome, ...]) -> tuple[ReportedOutcome, ...]:
        return tuple(_corrected(figure) if _identity(figure) == identity else figure for figure in figures)

    index, reference = comparison.index, comparison.reference
    return replace(
        comparison,
        index=replace(index, figures=read_otherwise(index.figures)),
        reference=None
        if reference is None
        else replace(reference, figures=read_otherwise(reference.figures)),
        figures=read_otherwise(comparison.figures),
    )


def _corrected(figure: ReportedOutcome) -> ReportedOutcome:
    """Return the figure with the suspected value; its interval and its place stay as printed."""
    return replace(
        figure,
        value=figure.perhaps,
        half_unit=figure.perhaps_half_unit,
        as_reported=f"{figure.perhaps_as_reported} instead of the printed {figure.as_reported}",
        perhaps=None,
        perhaps_half_unit=None,
        perhaps_as_reported=None,
        perhaps_because=None,
    )
