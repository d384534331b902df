"""One figure as a study reported it: the type that the statistics take, free of files and database."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from evisynth.outcome_events import SpeaksOf
from evisynth.quantities import State as State

ValueType = Literal["string", "integer", "number", "array"]
Qualifier = Literal["=", "<", "<=", ">", ">=", "~"]


@dataclass(frozen=True, slots=True)
class ReportedOutcome:
    """A reported figure with its meaning, its rounding and its place.

    The first block of fields is the stable query interface (README, "Commands"). Durations are months,
    shares are proportions from 0 to 1, counts are patients; what is absent is None. The second block
    serves the recoveries: ``*_half_unit`` is half of the last printed digit in the unit of the value, so
    that ``value`` lay in ``value ± half_unit`` before it was rounded. ``sd`` is the standard deviation or
    standard error that ``spread`` names (``log_se``: that of the logarithm). ``per_unit`` is the unit of a
    ratio that is one per unit, and none of two groups. ``n_not_reported`` says that the figure is not based
    on all patients of its group, and that how many they are is not printed.

    ``at_risk`` is the number of patients at risk that is printed beside a survival rate, as exact as
    ``at_risk_qualifier`` says. ``perhaps`` is what a reader suspects that a misprinted value should be, in
    the unit of the value; it was not printed, and nothing is recovered from it.

    ``worked_out`` says how the reader worked out a figure that is not printed.

    ``of_event`` is what the reader says of the event that the figure speaks of: that of the outcome, or its
    absence. ``unsettled`` says why a figure that others of its study contradict is not used, ``settled_by``
    what to write so that it is.
    """

    study: str
    group: str
    group_label: str
    n: int | None
    outcome: str
    statistic: str
    time_months: float | None
    value: float | None
    ci_lower: float | None
    ci_upper: float | None
    level: float | None
    qualifier: Qualifier | None
    state: State
    unit: str
    compared_with: tuple[str, ...] | None
    as_reported: str
    source_location: str
    file_location: str
    lower: float | None
    upper: float | None
    adjusted: str | None
    role: str

    half_unit: float | None = None
    ci_lower_half_unit: float | None = None
    ci_upper_half_unit: float | None = None
    ci_upper_state: State | None = None
    spread: str | None = None
    denominator: int | None = None
    method: str | None = None
    starts: str | None = None
    label: str | None = None
    read_as: str | None = None
    basis: str | None = None
    test: str | None = None
    favours: str | None = None
    sd: float | None = None
    sd_half_unit: float | None = None
    per_unit: str | None = None
    n_not_reported: bool = False
    at_risk: int | None = None
    at_risk_qualifier: Qualifier | None = None
    at_risk_as_reported: str | None = None
    at_risk_source_location: str | None = None
    at_risk_file_location: str | None = None
    perhaps: float | None = None
    perhaps_half_unit: float | None = None
    perhaps_as_reported: str | None = None
    perhaps_because: str | None = None
    of_event: SpeaksOf | None = None
    unsettled: str | None = None
    settled_by: str | None = None
    worked_out: str | None = None


#: The keys of one row of ``evisynth query --format json``, in order.
QUERY_COLUMNS: tuple[str, ...] = (
    "study", "group", "group_label", "n", "outcome", "statistic", "time_months", "value", "ci_lower",
    "ci_upper", "level", "qualifier", "state", "unit", "compared_with", "as_reported", "source_location",
    "file_location", "lower", "upper", "adjusted", "role", "worked_out",
)  # fmt: skip

_VALUE_TYPES: dict[str, ValueType] = {"int": "integer", "float": "number", "tuple": "array"}


def _value_type(annotation: str) -> ValueType:
    return next((kind for word, kind in _VALUE_TYPES.items() if annotation.startswith(word)), "string")


#: What each of these keys holds.
QUERY_TYPES: dict[str, ValueType] = {
    field.name: _value_type(str(field.type))
    for field in fields(ReportedOutcome)
    if field.name in QUERY_COLUMNS
}

#: Months by which the same time may differ in another unit, and the share of longer times.
_MONTHS, _SHARE = 0.05, 0.01

#: The same rule for the column ``time_months`` of a view, with the parameter ``$months``.
TIME_IS_SAME = f"abs(time_months - $months) <= greatest({_MONTHS}, {_SHARE} * greatest(time_months, $months))"


def is_same_time(months: float, other: float) -> bool:
    """Return whether two times in months are the same as people print them: 90 days are 3 months."""
    return abs(months - other) <= max(_MONTHS, _SHARE * max(months, other))
