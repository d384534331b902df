"""Reading the outcome blocks: one row of figures a group, each figure under the name of its statistic."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from evisynth.errors import suggestion_text
from evisynth.quantities import Kind, Quantity, QuantityError, parse_duration
from evisynth.reading import Mapping, Node, Scalar
from evisynth.studies.event_words import EVENT_STATISTICS, is_death_alone
from evisynth.studies.field_readers import FieldReader
from evisynth.studies.figure_reader import (
    RATE_KEYS,
    RESULT_KEYS,
    Expected,
    KeyReaders,
    Surroundings,
    read_figure,
)
from evisynth.studies.quantity_reader import read_quantity
from evisynth.studies.read_groups import printed_size
from evisynth.studies.study import Figure, StatisticFigure
from evisynth.vocabulary import Outcome

#: Statistics of a row; those with True need a time (survival at 5 years), the others may have none.
TIMED_STATISTICS = ("survival", "cumulative_incidence")
SHARE_STATISTICS = ("proportion", "count", "rate")
MEASURED_STATISTICS = ("median", "mean", "range", "iqr")
STATISTICS = (*MEASURED_STATISTICS, *SHARE_STATISTICS, *TIMED_STATISTICS)
_COUNTED_AMONG = "look at both numbers again; lesions or operations need a group of their own"
_AT_RISK_EXAMPLE = "type it beside the rate: survival at 5 years: {value: 79%, at_risk: 31}"

_MISSING_FIGURE = "type a statistic, {median: 122 months}; a number of patients with the outcome is count: 12"

_STATISTIC = re.compile(r"([a-z_ ]+?)(?:\s+(at|within|by)\s+(.+))?")
_ROW_KEYS: dict[str, Callable[..., Any]] = {
    "at": FieldReader.place,
    "also_at": FieldReader.place,
    "n": lambda reader, node: read_quantity(reader, node, "count"),
    "worked_out": FieldReader.text,
    "note": FieldReader.text,
}
BLOCK_KEYS: dict[str, Callable[..., Any]] = {
    "outcome": FieldReader.outcome,
    "label": FieldReader.text,
    "method": FieldReader.text,
    "starts": FieldReader.text,
    "adjusted_for": FieldReader.texts,
    "values": FieldReader.node,
    "at": FieldReader.place,
    "also_at": FieldReader.place,
    "note": FieldReader.text,
}


def _misplaced_at_risk(reader: FieldReader, node: Node) -> None:
    message = "a number of patients at risk belongs to a survival rate"
    reader.refuse(node, "statistic-does-not-fit", message, f"{_AT_RISK_EXAMPLE}; or use n:")


#: Keys of a figure that is no survival rate.
_OTHER_KEYS: KeyReaders = {**RESULT_KEYS, "at_risk": _misplaced_at_risk}


class StatisticName(NamedTuple):
    """What a key such as ``survival at 5 years`` means; ``deaths`` is a count, of events of that name."""

    statistic: str
    time_months: float | None
    events: str = ""


class UnknownStatisticError(ValueError):
    """A key that names no statistic; carries code, message and fix."""


@lru_cache(maxsize=4_096)
def parse_statistic(key: str) -> StatisticName:
    """Read the name of a statistic with its time.

    Raises
    ------
    UnknownStatisticError
        With code, message and what to type instead.
    """
    match = _STATISTIC.fullmatch(key)
    statistic = match.group(1).replace(" ", "_") if match else key
    events = statistic if statistic in EVENT_STATISTICS else ""
    statistic = "count" if events else statistic
    if match is None or statistic not in STATISTICS:
        if statistic in ("at_risk", "number_at_risk", "patients_at_risk"):
            message = "a number of patients at risk is no statistic of its own"
            raise UnknownStatisticError("unknown-key", message, _AT_RISK_EXAMPLE)
        raise UnknownStatisticError("unknown-key", f"unknown statistic '{key}'", _meant(key))
    time = match.group(3)
    if time is None:
        if statistic in TIMED_STATISTICS:
            raise UnknownStatisticError(
                "missing-time", f"'{key}' needs a time", f"type {key} at 5 years: and its value"
            )
        return StatisticName(statistic, None, events)
    if statistic in MEASURED_STATISTICS:
        raise UnknownStatisticError("unexpected-time", f"a {statistic} has no time", f"type {statistic}:")
    try:
        return StatisticName(statistic, parse_duration(time), events)
    except QuantityError as error:
        raise UnknownStatisticError(error.code, error.message, _meant(key, error.fix)) from None


def _meant(key: str, otherwise: str | None = None) -> str:
    """Say what to type instead of a key that names no statistic, or no time that can be read."""
    from evisynth.studies import statistic_mistakes as mistakes

    both = mistakes.two_times(key)
    if both is not None:
        return f"give each time its own line: {both[0]}: and {both[1]}:"
    proposed = mistakes.meant_statistic(key)
    if proposed is not None and proposed != key:
        return f"type {proposed}: (which outcome it is of, outcome: says)"
    if otherwise is not None:
        return otherwise
    if mistakes.lacks_time(key):
        return "type it with its time, as in survival at 5 years:"
    elsewhere = mistakes.belongs_elsewhere(key)
    return elsewhere or suggestion_text(
        key.casefold().replace(" ", "_"), (*STATISTICS, *EVENT_STATISTICS, *_ROW_KEYS)
    )


def read_outcomes(
    reader: FieldReader, node: Node, groups: dict[str, dict[str, Any]]
) -> tuple[dict[str, Any], ...]:
    """Read the ``outcomes`` list."""
    blocks = []
    for item in reader.items(node):
        values = reader.block(item, BLOCK_KEYS, ("outcome", "values"), item)
        if values is None:
            continue
        outcome: Outcome | None = values.get("outcome")
        rows = values.get("values")
        values["outcome"] = outcome.id if outcome else None
        if rows is not None:
            values["values"] = _read_rows(reader, rows, outcome, Surroundings().inside(values), groups)
        blocks.append({**values, "line": item.line, "column": item.column})
    return tuple(blocks)


def _read_rows(
    reader: FieldReader,
    node: Node,
    outcome: Outcome | None,
    around: Surroundings,
    groups: dict[str, dict[str, Any]],
) -> dict[str, dict[str, Any]]:
    if not isinstance(node, Mapping):
        reader.not_a_mapping(node, "type a group, a colon, and its figures: all: {median: 122 months}")
        return {}
    rows = {}
    for group, (name, row) in node.entries.items():
        known = reader.group(name) is not None
        size = printed_size(groups[group].get("n")) if known and group in groups else None
        values = _read_row(reader, row, outcome, around, size)
        if values is not None:
            rows[group] = {**values, "line": name.line, "column": name.column}
    return rows


def _read_row(
    reader: FieldReader, node: Node, outcome: Outcome | None, around: Surroundings, size: int | None
) -> dict[str, Any] | None:
    if not isinstance(node, Mapping):
        reader.not_a_mapping(node, "name the statistic: {median: 122 months}")
        return None
    values: dict[str, Any] = {}
    statistics: list[tuple[StatisticName, Scalar, Node]] = []
    for key, (name, value) in node.entries.items():
        if key in _ROW_KEYS:
            values[key] = _ROW_KEYS[key](reader, value)
        elif statistic := _statistic(reader, node, name, value):
            statistics.append((statistic, name, value))
    n: Quantity | None = values.get("n")
    if n is not None and n.count is not None and size is not None and n.count > size:
        message = f"{n.count} patients are more than the {size} of the group"
        reader.refuse(node.value_of("n"), "count-above-whole", message, _COUNTED_AMONG)
    around = replace(around.inside(values), n=n, worked_out=values.get("worked_out"))
    whole = size if n is None else n.count
    figures = []
    for statistic, name, value in statistics:
        figure = _read_statistic(reader, statistic, name, value, outcome, around)
        if figure is not None:
            _check_count(reader, figure, whole)
            figures.append(StatisticFigure(statistic.statistic, statistic.time_months, figure))
    if not set(node.entries).difference(_ROW_KEYS):
        reader.refuse(node, "missing-figure", "the row has no figure", _MISSING_FIGURE)
    values["figures"] = tuple(figures)
    return values


def _statistic(reader: FieldReader, row: Mapping, name: Scalar, value: Node) -> StatisticName | None:
    try:
        return parse_statistic(name.text)
    except UnknownStatisticError as error:
        code, message, fix = error.args
        if row.in_braces and isinstance(value, Scalar) and not value.text:
            reader.unknown_key(row, name, value, (*STATISTICS, *EVENT_STATISTICS, *_ROW_KEYS))
        else:
            reader.refuse(name, code, message, fix)
        return None


def _read_statistic(
    reader: FieldReader,
    name: StatisticName,
    key: Scalar,
    node: Node,
    outcome: Outcome | None,
    around: Surroundings,
) -> Figure | None:
    statistic = name.statistic
    kind = _kind(statistic, outcome)
    if kind is None:
        if outcome is not None:
            reader.refuse(
                key,
                "statistic-does-not-fit",
                f"'{name.events or statistic}' does not fit {outcome.label}, which is a "
                f"{outcome.type.replace('_', ' ')}",
                "look at the outcome, or type " + " or ".join(_fitting(outcome)),
            )
        return None
    if name.events == "deaths" and outcome is not None and _is_more_than_death(outcome):
        reader.refuse(
            key,
            "statistic-does-not-fit",
            f"deaths are not the events of {outcome.label}, which are: {outcome.event}",
            "type events: and the number of those, or deaths: under overall survival",
        )
        return None
    interval: Literal["range", "iqr"] | None = (
        "range" if statistic == "range" else "iqr" if statistic == "iqr" else None
    )
    keys = RATE_KEYS if statistic in TIMED_STATISTICS else _OTHER_KEYS
    figure = read_figure(reader, node, Expected(kind, interval, keys, name.events), around)
    unit = outcome.unit if outcome else None
    if figure is None or kind != "number" or unit is None:
        return figure
    if figure.quantity.unit not in ("", unit):
        reader.refuse(
            figure, "wrong-unit", f"'{figure.quantity.as_reported}' is not in {unit}", f"give it in {unit}"
        )
        return None
    return replace(figure, quantity=replace(figure.quantity, unit=unit))


def _is_more_than_death(outcome: Outcome) -> bool:
    return outcome.type == "time_to_event" and not is_death_alone(outcome.event)


def _kind(statistic: str, outcome: Outcome | None) -> Kind | None:
    """Return the kind of value a statistic of an outcome has; None when they do not go together."""
    if statistic in SHARE_STATISTICS or statistic in TIMED_STATISTICS:
        if outcome is not None and statistic not in _fitting(outcome):
            return None
        return "count" if statistic == "count" else "share"
    if outcome is None or outcome.type == "share":
        return None
    return "number" if outcome.type == "measurement" else "duration"


def _fitting(outcome: Outcome) -> tuple[str, ...]:
    if outcome.type == "measurement":
        return MEASURED_STATISTICS
    if outcome.type == "share":
        return (*SHARE_STATISTICS, "cumulative_incidence")
    if outcome.type == "duration":
        return (*MEASURED_STATISTICS, *SHARE_STATISTICS)
    return STATISTICS


def _check_count(reader: FieldReader, figure: Figure, whole: int | None) -> None:
    """Report counts that are larger than the number of patients they are counted among."""
    if figure.n is not None:
        whole = figure.n.count
    if whole is None:
        return
    numbers = [(figure, figure.quantity.count), (figure, figure.quantity.count_of)]
    if figure.at_risk is not None:
        numbers.append((figure.at_risk, figure.at_risk.quantity.count))
    for place, number in numbers:
        if number is not None and number > whole:
            reader.refuse(
                place,
                "count-above-whole",
                f"{number} is more than the {whole} patients it is counted among",
                "look at both numbers again; where the row is of other patients, type n: and how many",
            )
            return
