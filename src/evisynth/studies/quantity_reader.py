"""Reading the text of one value, with what cannot be read reported at its place."""

from __future__ import annotations

from typing import Literal

from evisynth.quantities import Kind, Quantity, QuantityError, parse_quantity
from evisynth.studies.field_readers import FieldReader
from evisynth.studies.yaml_nodes import Node, Scalar


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
        from evisynth.studies.value_mistakes import advice

        reader.refuse(node, error.code, error.message, advice(text, kind, error, interval))
        return None
