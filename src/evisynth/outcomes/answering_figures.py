"""Which figures of a group answer a question about single groups, and which of them nobody asks for.

A share of patients is often printed without its window, or with one of the authors' own choice. Such a figure
fits no block of a question that names windows; it is kept apart here, so that it can be shown and refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evisynth.outcomes.question import Question, RowGroup
from evisynth.outcomes.reported_outcome import ReportedOutcome
from evisynth.outcomes.same_time import is_same_time

#: The statistics that answer a question about single groups, by its effect measure.
_ANSWERING_STATISTICS: Mapping[str, tuple[str, ...]] = {
    "median": ("median",),
    "survival": ("survival", "cumulative_incidence"),
    "proportion": ("proportion", "count"),
}
#: Of these, the measures whose window a source may leave out, or choose as nobody else does. A survival rate
#: always names its time, and answers the question that asks for it.
_WINDOWED_MEASURES = frozenset({"proportion"})


def answering(question: Question, figures: Sequence[ReportedOutcome]) -> tuple[ReportedOutcome, ...]:
    """Keep the figures of a group that answer the question about single groups, at whatever time."""
    statistics = _ANSWERING_STATISTICS[question.effect_measure]
    return tuple(
        figure for figure in figures if figure.statistic in statistics and figure.state != "not_reported"
    )


def is_for(figure: ReportedOutcome, time: float | None) -> bool:
    """Whether a figure is for the time that is asked for; without one, every figure is."""
    return time is None or (figure.time_months is not None and is_same_time(figure.time_months, time))


def of_no_window_asked(
    question: Question, row_group: RowGroup, offered: Mapping[str, tuple[ReportedOutcome, ...]]
) -> dict[str, tuple[ReportedOutcome, ...]]:
    """Keep the figures of each group that no block of the question about these groups asks for."""
    if question.effect_measure not in _WINDOWED_MEASURES:
        return dict.fromkeys(offered, ())
    asked = [
        question.time_months if block.time_months is None else block.time_months
        for block in question.row_groups
        if block.index == row_group.index and block.reference is None
    ]
    return {
        name: tuple(figure for figure in figures if not any(is_for(figure, time) for time in asked))
        for name, figures in offered.items()
    }
