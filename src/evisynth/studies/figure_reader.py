"""Reading one printed number: its text, its place, its denominator, and what else is known of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from evisynth.quantities import Kind, Quantity
from evisynth.reading import Located, Mapping, Node
from evisynth.studies.field_readers import FieldReader
from evisynth.studies.quantity_reader import read_quantity
from evisynth.studies.read_misprint import read_misprint
from evisynth.studies.study import Figure

KeyReaders = dict[str, Callable[..., Any]]

#: Keys of a figure that describes the study: the size of a group, the length of follow-up.
PLAIN_KEYS: KeyReaders = {
    "value": FieldReader.node,
    "at": FieldReader.place,
    "also_at": FieldReader.place,
    "n": FieldReader.node,
    "worked_out": FieldReader.text,
    "note": FieldReader.text,
}
#: Keys of a reported result, which a reader may suspect to be misprinted.
RESULT_KEYS: KeyReaders = {**PLAIN_KEYS, "perhaps": FieldReader.node, "because": FieldReader.text}
#: Keys of a survival rate, beside which the number of patients at risk may be printed.
RATE_KEYS: KeyReaders = {**RESULT_KEYS, "at_risk": FieldReader.node}
#: Keys of that number.
AT_RISK_KEYS: KeyReaders = {key: read for key, read in PLAIN_KEYS.items() if key != "n"}


@dataclass(frozen=True, slots=True)
class Expected:
    """What a figure may be: the kind of its value, the two ends of an interval, the keys of its block.

    ``events`` is the name under which a count of events stands: deaths.
    """

    kind: Kind
    interval: Literal["range", "iqr"] | None = None
    keys: KeyReaders = field(default_factory=lambda: PLAIN_KEYS)
    events: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a figure takes over from the blocks it stands in, unless it says otherwise."""

    at: str | None = None
    also_at: str | None = None
    n: Quantity | None = None
    worked_out: str | None = None

    def inside(self, values: dict[str, Any]) -> Surroundings:
        """Return the surroundings inside a block with these entries; a new place drops the old second one."""
        at, also_at = values.get("at"), values.get("also_at")
        if at is None and also_at is None:
            return self
        if at is None:
            return replace(self, also_at=also_at)
        return replace(self, at=at, also_at=also_at)


def read_figure(reader: FieldReader, node: Node, expected: Expected, around: Surroundings) -> Figure | None:
    """Read a figure: a text, or a block with ``value`` and what else is known of it."""
    if isinstance(node, Mapping):
        return _read_figure_block(reader, node, expected, around)
    quantity = read_quantity(reader, node, expected.kind, expected.interval, expected.events)
    if quantity is None:
        return None
    check_place(reader, node, quantity, around)
    return Figure(
        quantity, around.at, around.also_at, around.n, around.worked_out, None, node.line, node.column
    )


def _read_figure_block(
    reader: FieldReader, node: Mapping, expected: Expected, around: Surroundings
) -> Figure | None:
    values = reader.block(node, expected.keys, ("value",), node)
    if values is None or "value" not in values:
        return None
    value = values["value"]
    quantity = read_quantity(reader, value, expected.kind, expected.interval, expected.events)
    n = read_quantity(reader, values["n"], "count") if "n" in values else around.n
    around = around.inside(values)
    at_risk = _read_at_risk(reader, values.get("at_risk"), around)
    if quantity is None:
        return None
    check_place(reader, value, quantity, around)
    figure = Figure(
        quantity, around.at, around.also_at, n, values.get("worked_out") or around.worked_out,
        values.get("note"), value.line, value.column, at_risk,
    )  # fmt: skip
    return read_misprint(reader, node, figure, expected.kind)


def _read_at_risk(reader: FieldReader, node: Node | None, around: Surroundings) -> Figure | None:
    """Read the number of patients at risk beside a rate; it stands where the rate does, or says where."""
    if node is None:
        return None
    # A second place that prints the rate need not print this number too.
    second = around.also_at if around.at is None else None
    return read_figure(
        reader, node, Expected("count", keys=AT_RISK_KEYS), replace(around, n=None, also_at=second)
    )


def check_place(reader: FieldReader, place: Located, quantity: Quantity, around: Surroundings) -> None:
    """Report a number without a place in the source; ``not reported`` needs none."""
    if around.at is None and around.also_at is None and quantity.state != "not_reported":
        reader.refuse(
            place,
            "missing-place",
            f"where the source prints '{quantity.as_reported}' is not said",
            "type at: line 34 here or in the block around it",
        )
