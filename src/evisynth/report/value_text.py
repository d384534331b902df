"""A reported number in the units of the database: months, percent, patients."""

from __future__ import annotations

from evisynth.arithmetic.time_words import time_words
from evisynth.outcomes.reported_outcome import ReportedOutcome

_QUALIFIERS = {"<": "< ", "<=": "≤ ", ">": "> ", ">=": "≥ ", "~": "about "}
_STATES = {"not_reached": "not reached", "not_reported": "not reported"}
_SPREADS = {"range": "range ", "iqr": "IQR "}
_NAMES = {"p_value": "p-value", "at_risk": "patients at risk"}
_WITHIN = frozenset({"proportion", "count"})


def statistic_text(figure: ReportedOutcome) -> str:
    """Name a statistic with its time: ``survival at 5 years``, ``proportion within 30 days``, ``p-value``."""
    name = _NAMES.get(figure.statistic) or figure.statistic.replace("_", " ")
    if figure.read_as and figure.statistic != "p_value":
        name = f"{name}, read as {figure.read_as.replace('_', ' ')}"
    if figure.time_months is None:
        return name
    word = "within" if figure.statistic in _WITHIN else "at"
    return f"{name} {word} {time_words(figure.time_months)}"


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
    level = f"{100 * figure.level:g}% " if figure.level is not None else ""
    lower = "?" if figure.ci_lower is None else _number(figure.ci_lower, figure.unit)
    upper = _STATES.get(figure.ci_upper_state or "", "?")
    if figure.ci_upper is not None:
        upper = _number(figure.ci_upper, figure.unit)
    return f" ({level}CI {lower} to {upper})"


def _number(value: float, unit: str) -> str:
    # Six digits hold all that is printed, and hide the last bits of 11.2 * 12 and of spoken fractions.
    return f"{value * 100:.6g}" if unit == "proportion" else f"{value:.6g}"


def _unit(figure: ReportedOutcome) -> str:
    if figure.unit == "proportion":
        return "%"
    if figure.unit in ("ratio", "probability", "number"):
        return ""
    of = f" of {figure.denominator}" if figure.denominator is not None and figure.unit == "patients" else ""
    return f"{of} {figure.unit}"
