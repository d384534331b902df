"""What a reader is told of studies that share patients: what the question does with them, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evisynth.effects.effect import Scale
from evisynth.outcomes.question import OverlapChoice
from evisynth.synthesis.comparability import PooledRow
from evisynth.synthesis.natural_scale import to_natural_interval, to_natural_scale
from evisynth.synthesis.result import PooledResult
from evisynth.synthesis.shared_patients import overlap_sets

_DONE: Mapping[str, str] = {
    "one_report": "one report stands for the patients of {}",
    "covariance": "the question asks for the covariance of the reports of {}, which count as one row",
    "robust": "the reports of {} stand side by side with a robust standard error and count as one row",
}


def departure_words(choice: OverlapChoice, rows: Sequence[PooledRow]) -> tuple[str, ...]:
    """Say what is done with each overlap set among ``rows``, with the question's reason."""
    because = " ".join(choice.because.split()).rstrip(".")
    said = []
    for places in overlap_sets([row.comparison for row in rows]):
        names = _joined(dict.fromkeys(rows[place].comparison.study for place in places))
        said.append(f"Overlapping studies: {_DONE[choice.choice].format(names)}: {because}.")
    counted = {row.comparison.study for row in rows}
    missing = [study for study in choice.keep if study not in counted]
    if missing and said:
        said.append(f"The question would keep {_joined(missing)}, with no row here that can be pooled.")
    return tuple(said)


def fallback_words(rows: Sequence[PooledRow], why: str) -> str:
    """Say why rows that should be put together by their covariance are not."""
    names = _joined(dict.fromkeys(row.comparison.study for row in rows))
    return f"One report stands for {names} after all, not their covariance: {why}."


def sharing_words(pooled: PooledResult, other: PooledResult, scale: Scale) -> str:
    """Say what the answer would be if reports that may share patients shared none."""
    return (
        "How many patients the reports share is not known. As many as possible are assumed; with none the "
        f"estimate would be {_numbers(other, scale)} instead of {_numbers(pooled, scale)}."
    )


def _numbers(pooled: PooledResult, scale: Scale) -> str:
    lower, upper = to_natural_interval(pooled.ci_lower, pooled.ci_upper, scale)
    return f"{to_natural_scale(pooled.estimate, scale):.4g} ({lower:.4g} to {upper:.4g})"


def _joined(names: Sequence[str] | Mapping[str, None]) -> str:
    listed = list(names)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"
