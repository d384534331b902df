"""Whether rows that may each be pooled may be pooled together: the same thing, measured the same way.

The guard looks at the outcome, the scale, the adjustment, the clock start, the time window and the role of
the patients. A question sets one of the last four aside by name, with its reason, which then stands as a
caution; outcome and scale are never mixed. Names of the outcome that differ in print ("definition") are
cautioned, not refused: print differs more often than the thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from evisynth.arithmetic.time_words import time_words
from evisynth.effects.effect import Effect
from evisynth.outcomes.comparison import Comparison
from evisynth.outcomes.question import Departure, Question
from evisynth.outcomes.reported_outcome import ReportedOutcome
from evisynth.outcomes.same_time import is_same_time
from evisynth.synthesis.shared_patients import arms_of

#: Measures that belong to one moment or window; a hazard ratio or a median speaks of the whole curve.
WINDOWED_MEASURES = frozenset({"survival", "proportion", "risk_ratio", "odds_ratio", "risk_difference"})


@dataclass(frozen=True, slots=True)
class PooledRow:
    """A row that may be pooled: what is compared, and the recovery that stands for it.

    ``reports`` names the overlapping studies that were put together into it, if it is made of several.
    """

    comparison: Comparison
    effect: Effect
    reports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which rows differ, and how: ``values`` in the order in which they are met."""

    what: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"rows differ in {self.what} ({'; '.join(self.values)})"


def figures_used(row: PooledRow) -> tuple[ReportedOutcome, ...]:
    """Find the reported figures that entered the recovery; all of the comparison's when it names none."""
    places = {(part.file_location, part.as_reported) for part in row.effect.inputs}
    figures = [
        *row.comparison.figures,
        *(figure for arm in arms_of(row.comparison) for figure in arm.figures),
    ]
    used = tuple(figure for figure in figures if (figure.file_location, figure.as_reported) in places)
    return used or tuple(figures)


def differences(question: Question, rows: Sequence[PooledRow]) -> tuple[Difference, ...]:
    """List everything in which ``rows`` differ that would make their average hard to read."""
    found = [
        _difference("outcome", rows, lambda row: {row.comparison.outcome}),
        _difference("scale", rows, lambda row: {row.effect.scale}),
        _difference("adjustment", rows, _adjustment),
        _difference("clock start", rows, _clock_starts),
        _difference("role", rows, lambda row: {arm.role for arm in arms_of(row.comparison)}),
    ]
    if question.effect_measure in WINDOWED_MEASURES:
        found.append(_time_windows(rows))
    return tuple(difference for difference in found if difference is not None)


def definitions(rows: Sequence[PooledRow]) -> Difference | None:
    """Say how the studies name the outcome, when two of them name it and the names differ."""
    return _difference("definition", rows, _labels)


def unexplained(question: Question, found: Sequence[Difference]) -> tuple[Difference, ...]:
    """Keep the differences that the question does not set aside by name."""
    never = {"outcome", "scale"}
    named = {_folded(departure.what) for departure in question.mixed}
    return tuple(
        difference for difference in found if difference.what in never or difference.what not in named
    )


def departure_for(question: Question, what: str) -> Departure | None:
    """Find the question's reason for mixing rows that differ in ``what``."""
    for departure in question.mixed:
        if _folded(departure.what) == what:
            return departure
    return None


def _folded(name: str) -> str:
    return " ".join(name.replace("_", " ").replace("-", " ").casefold().split())


def _difference(
    what: str, rows: Sequence[PooledRow], values_of: Callable[[PooledRow], set[str]]
) -> Difference | None:
    # Keyed by the folded text: "Operation" and "operation" are one clock start.
    met: dict[str, str] = {}
    for row in rows:
        for value in sorted(values_of(row)):
            met.setdefault(_folded(value), value)
    return Difference(what, tuple(met.values())) if len(met) > 1 else None


def _adjustment(row: PooledRow) -> set[str]:
    # Which covariates entered differs from study to study even between comparable models.
    adjusted = any(figure.adjusted for figure in figures_used(row))
    return {"adjusted" if adjusted else "not adjusted"}


def _clock_starts(row: PooledRow) -> set[str]:
    return {figure.starts for figure in figures_used(row) if figure.starts}


def _labels(row: PooledRow) -> set[str]:
    return {figure.label for figure in figures_used(row) if figure.label}


def _time_windows(rows: Sequence[PooledRow]) -> Difference | None:
    texts: list[str] = []
    met: list[float | None] = []
    for months in _times(rows):
        if not any(_is_same_window(months, other) for other in met):
            met.append(months)
            texts.append("not stated" if months is None else time_words(months))
    return Difference("time window", tuple(texts)) if len(met) > 1 else None


def _times(rows: Sequence[PooledRow]) -> Iterator[float | None]:
    for row in rows:
        own = row.effect.time_months
        yield own if own is not None else row.comparison.time_months


def _is_same_window(months: float | None, other: float | None) -> bool:
    if months is None or other is None:
        return months is other
    return is_same_time(months, other)
