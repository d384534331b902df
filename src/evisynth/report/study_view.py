"""What a study reported, as a table: one line for each printed number, grouped by outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evisynth.outcomes.reported_outcome import ReportedOutcome
from evisynth.report.anchors import figure_anchor
from evisynth.report.content import StudyContent
from evisynth.report.value_text import statistic_text, value_text


@dataclass(frozen=True, slots=True)
class FigureView:
    """One printed number; ``anchor`` is None when an earlier number of the same line has it."""

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
    file_location: str
    anchor: str | None


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """The numbers that a study reported on one outcome."""

    label: str
    figures: tuple[FigureView, ...]


def view_outcomes(study: StudyContent, outcome_labels: Mapping[str, str]) -> tuple[OutcomeView, ...]:
    """Group a study's reported numbers by outcome, in the order in which they are met."""
    labels = {group.id: group.label for group in study.groups}
    taken: set[str] = set()
    by_outcome: dict[str, list[FigureView]] = {}
    for figure in study.figures:
        by_outcome.setdefault(figure.outcome, []).append(_view_figure(figure, labels, taken))
    return tuple(
        OutcomeView(outcome_labels.get(outcome, _spelled(outcome)), tuple(figures))
        for outcome, figures in by_outcome.items()
    )


def _view_figure(figure: ReportedOutcome, labels: Mapping[str, str], taken: set[str]) -> FigureView:
    anchor = figure_anchor(figure.file_location)
    first = anchor not in taken
    taken.add(anchor)
    return FigureView(
        group=figure.group,
        group_label=figure.group_label,
        compared_with=_others(figure.compared_with, labels),
        statistic=statistic_text(figure),
        as_reported=figure.as_reported,
        read_as=value_text(figure),
        size="" if figure.n is None else str(figure.n),
        adjusted=figure.adjusted,
        role=figure.role,
        source_location=figure.source_location,
        file_location=figure.file_location,
        anchor=anchor if first else None,
    )


def _others(compared_with: Sequence[str] | None, labels: Mapping[str, str]) -> str:
    if compared_with is None:
        return ""
    if not compared_with:
        return "against a group that is not named"
    return "against " + ", ".join(labels.get(group, group) for group in compared_with)


def _spelled(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
