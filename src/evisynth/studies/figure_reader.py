"""Reading one printed number: its text, its place, its denominator, and whether it was worked out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from evisynth.quantities import Kind, Quantity, QuantityError, parse_quantity
from evisynth.studies.field_readers import FieldReader
from evisynth.studies.file_findings import Located
from evisynth.studies.study import Figure
from evisynth.studies.yaml_nodes import Mapping, Node, Scalar

_FIGURE_KEYS: dict[str, Callable[..., Any]] = {
    "value": FieldReader.node,
    "at": FieldReader.place,
    "also_at": FieldReader.place,
    "n": FieldReader.node,
    "worked_out": FieldReader.text,
    "note": FieldReader.text,
}


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


def read_quantity(
    reader: FieldReader, node: Node, kind: Kind, interval: Literal["range", "iqr"] | None = None
) -> Quantity | None:
    """Read a value of the given kind, reporting what cannot be read."""
    text = reader.scalar(node)
    if text is None or not isinstance(node, Scalar):
        return None
    if node.style in (">", "|"):
        fix = f'put the value in quotes: "{node.style} ..."'
        reader.refuse(node, "block-scalar", f"an unquoted '{node.style}' opens a block of text here", fix)
        return None
    try:
        return parse_quantity(text, kind, interval)
    except QuantityError as error:
        reader.refuse(node, error.code, error.message, error.fix)
        return None


def read_figure(
    reader: FieldReader,
    node: Node,
    kind: Kind,
    around: Surroundings,
    interval: Literal["range", "iqr"] | None = None,
) -> Figure | None:
    """Read a figure: a text, or a block with ``value`` and what else is known of it."""
    if isinstance(node, Mapping):
        return _read_figure_block(reader, node, kind, around, interval)
    quantity = read_quantity(reader, node, kind, interval)
    if quantity is None:
        return None
    check_place(reader, node, quantity, around)
    return Figure(
        quantity, around.at, around.also_at, around.n, around.worked_out, None, node.line, node.column
    )


def _read_figure_block(
    reader: FieldReader,
    node: Mapping,
    kind: Kind,
    around: Surroundings,
    interval: Literal["range", "iqr"] | None,
) -> Figure | None:
    values = reader.block(node, _FIGURE_KEYS, ("value",), node)
    if values is None or "value" not in values:
        return None
    value = values["value"]
    quantity = read_quantity(reader, value, kind, interval)
    n = read_quantity(reader, values["n"], "count") if "n" in values else around.n
    around = around.inside(values)
    if quantity is None:
        return None
    check_place(reader, value, quantity, around)
    return Figure(
        quantity, around.at, around.also_at, n, values.get("worked_out") or around.worked_out,
        values.get("note"), value.line, value.column,
    )  # fmt: skip


def check_place(reader: FieldReader, place: Located, quantity: Quantity, around: Surroundings) -> None:
    """Report a number without a place in the source; ``not reported`` needs none."""
    if around.at is None and around.also_at is None and quantity.state != "not_reported":
        reader.refuse(
            place,
            "missing-place",
            f"where the source prints '{quantity.as_reported}' is not said",
            "type at: line 34 here or in the block around it",
        )
