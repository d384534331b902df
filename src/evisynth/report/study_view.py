"""The figures of a study as a table, grouped by outcome, each in the units of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import get_args

from evisynth.outcomes import ReportedOutcome
from evisynth.printed_statistics import STATISTICS
from evisynth.quantities import State
from evisynth.report.content import StudyContent
from evisynth.report.row_view import figure_anchor
from evisynth.wording import number_text, percent_text, term_words

_QUALIFIERS = {"<": "< ", "<=": "≤ ", ">": "> ", ">=": "≥ ", "~": "about "}
_STATES: Mapping[str, str] = {state: term_words(state) for state in get_args(State)}
_SPREADS = {"range": "range ", "iqr": "IQR "}


def statistic_text(figure: ReportedOutcome) -> str:
    """Name a statistic with its time: ``survival at 5 years``, ``proportion within 30 days``, ``p-value``."""
    statistic = STATISTICS[figure.statistic]
    if figure.read_as and statistic.is_effect:
        statistic = replace(statistic, label=f"{statistic.words}, read as {term_words(figure.read_as)}")
    if figure.per_unit and statistic.is_effect:
        statistic = replace(statistic, label=f"{statistic.words} per {figure.per_unit}")
    return statistic.words_at(figure.time_months)


def value_text(figure: ReportedOutcome) -> str:
    """Write the value as it was read: ``138 months``, ``≥ 97%``, ``87 months (95% CI 10 to 164)``."""
    if figure.state != "reported":
        return _STATES[figure.state]
    span = _span(figure)
    if figure.value is None:
        return f"{span}{_unit(figure)}" if span else ""
    if figure.qualifier == "~" and figure.unit == "proportion" and figure.as_reported:
        return figure.as_reported  # "two thirds" is no 66.6667%
    qualifier = _QUALIFIERS.get(figure.qualifier or "=", "")
    shown = f" ({_SPREADS.get(figure.spread or '', '')}{span})" if span else ""
    value = f"{qualifier}{_number(figure.value, figure.unit)}{_unit(figure)}"
    return f"{value}{_interval(figure)}{shown}{_suspicion(figure)}"


def _suspicion(figure: ReportedOutcome) -> str:
    """Say what the reader suspects behind a misprint, where anything."""
    return "" if figure.perhaps is None else f"; perhaps a misprint for {figure.perhaps_as_reported}"


def _span(figure: ReportedOutcome) -> str:
    if figure.lower is None or figure.upper is None:
        return ""
    return f"{_number(figure.lower, figure.unit)} to {_number(figure.upper, figure.unit)}"


def _interval(figure: ReportedOutcome) -> str:
    if figure.ci_lower is None and figure.ci_upper is None:
        return ""
    level = f"{percent_text(figure.level)} " if figure.level is not None else ""
    lower = "?" if figure.ci_lower is None else _number(figure.ci_lower, figure.unit)
    upper = _STATES.get(figure.ci_upper_state or "", "?")
    if figure.ci_upper is not None:
        upper = _number(figure.ci_upper, figure.unit)
    return f" ({level}CI {lower} to {upper})"


def _number(value: float, unit: str) -> str:
    return number_text(100 * value if unit == "proportion" else value)


def _unit(figure: ReportedOutcome) -> str:
    if figure.unit == "proportion":
        return "%"
    if figure.unit in ("ratio", "probability", "number"):
        return ""
    of = f" of {figure.denominator}" if figure.denominator is not None and figure.unit == "patients" else ""
    return f"{of} {figure.unit}"


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
        as_reported=figure.as_reported + (" (worked out)" if figure.worked_out is not None else ""),
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
    words = term_words(name)
    return words[:1].upper() + words[1:]
