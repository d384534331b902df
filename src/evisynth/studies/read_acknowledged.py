"""Reading which findings a person has looked at, and why they may stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evisynth.reading import Node
from evisynth.studies.field_readers import FieldReader

ACKNOWLEDGED_KEYS: dict[str, Callable[..., Any]] = {
    "finding": FieldReader.scalar,
    "about": FieldReader.scalar,
    "because": FieldReader.scalar,
}
ACKNOWLEDGED_REQUIRED = ("finding", "because")


def read_acknowledged(reader: FieldReader, node: Node) -> tuple[dict[str, Any], ...]:
    """Read the ``acknowledged`` list; whether such findings are made is for the checks to say."""
    entries = []
    for item in reader.items(node):
        values = reader.block(item, ACKNOWLEDGED_KEYS, ACKNOWLEDGED_REQUIRED, item)
        if values is not None:
            entries.append({**values, "line": item.line, "column": item.column})
    return tuple(entries)
