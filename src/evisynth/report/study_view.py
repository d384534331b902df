"""What a study reported, as a table: one line for each printed number, grouped by outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from evisynth.outcomes.reported_outcome import ReportedOutcome
from evisynth.report.anchors import figure_anchor
from evisynth.report.content import StudyContent
from evisynth.report.value_text import statistic_text, value_text


@dataclass(frozen=True, slots=True)
class FigureView:
    """One printed number.

    ``read_as`` is empty where it says what is printed. ``anchor`` is None when an earlier number of the same
    line of the study file has it.
    """

    group: str
    group_label: str
    compared_with: str
    statistic: str
    as_reported: str
    read_as: str
    size: str
    adjusted: str | None
    role: str
    source_location: str
    file_line: str
    anchor: str | None


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """The numbers that a study reported on one outcome."""

    label: str
    figures: tuple[FigureView, ...]


def view_outcomes(study: StudyContent, outcome_labels: Mapping[str, str]) -> tuple[OutcomeView, ...]:
    """Group a study's reported numbers by outcome, in the order in which they are met."""
    labels = {group.id: group.label for group in study.groups}
    taken: set[str | None] = set()
    by_outcome: dict[str, list[FigureView]] = {}
    for figure in study.figures:
        view = _view_figure(figure, labels, study.compared_by)
        # An id may stand only once, so the first number of a line carries it.
        first = view.anchor not in taken
        taken.add(view.anchor)
        by_outcome.setdefault(figure.outcome, []).append(view if first else replace(view, anchor=None))
    return tuple(
        OutcomeView(outcome_labels.get(outcome, _spelled(outcome)), tuple(figures))
        for outcome, figures in by_outcome.items()
    )


def _view_figure(
    figure: ReportedOutcome, labels: Mapping[str, str], compared_by: Mapping[str, str]
) -> FigureView:
    read_as = value_text(figure)
    return FigureView(
        group=figure.group,
        group_label=figure.group_label,
        compared_with=_compared(figure, labels, compared_by),
        statistic=statistic_text(figure),
        as_reported=figure.as_reported,
        read_as="" if _says_the_same(read_as, figure.as_reported) else read_as,
        size="" if figure.n is None else str(figure.n),
        adjusted=figure.adjusted,
        role=figure.role,
        source_location=figure.source_location,
        file_line=figure.file_location.rpartition(":")[2],
        anchor=figure_anchor(figure.file_location),
    )


def _says_the_same(read_as: str, as_reported: str) -> bool:
    try:
        return float(read_as) == float(as_reported)  # 1.90 is read as 1.9
    except ValueError:
        return read_as == as_reported


def _compared(figure: ReportedOutcome, labels: Mapping[str, str], compared_by: Mapping[str, str]) -> str:
    if figure.compared_with is None:
        return ""
    if figure.compared_with:
        return "against " + ", ".join(labels.get(group, group) for group in figure.compared_with)
    by = compared_by.get(figure.file_location)
    return "against a group that is not named" if by is None else f"compared by {by}"


def _spelled(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
