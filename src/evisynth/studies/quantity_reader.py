"""Reading the text of one value, with what cannot be read reported at its place."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from evisynth.quantities import CANONICAL_UNITS, Kind, Quantity, QuantityError, parse_quantity
from evisynth.reading import Node, Scalar
from evisynth.studies.event_words import counts_events
from evisynth.studies.field_readers import FieldReader

#: Words that a count of deaths need not repeat: 40 patients.
_PEOPLE = re.compile(r"\s+(?:patients?|pts?|people|persons|subjects|cases)$", re.IGNORECASE)
_WITH_SHARE = re.compile(r"(.+?)\s*\(\s*[0-9.]+\s*%\s*\)")


def read_quantity(
    reader: FieldReader,
    node: Node,
    kind: Kind,
    interval: Literal["range", "iqr"] | None = None,
    events: str = "",
) -> Quantity | None:
    """Read a value of the given kind, reporting what cannot be read; ``events`` names what is counted."""
    text = reader.scalar(node)
    if text is None or not isinstance(node, Scalar):
        return None
    if node.style in (">", "|"):
        fix = f'put the value in quotes: "{node.style} ..."'
        reader.refuse(node, "block-scalar", f"an unquoted '{node.style}' opens a block of text here", fix)
        return None
    try:
        return _parse_events(text, events) if events else parse_quantity(text, kind, interval)
    except QuantityError as error:
        from evisynth.studies.value_mistakes import advice

        reader.refuse(node, error.code, error.message, advice(text, kind, error, interval))
        return None


def _parse_events(text: str, name: str) -> Quantity:
    """Read the value of ``deaths: 40``, which may have its share beside it, as ``count: 40 deaths``."""
    named = f"{_PEOPLE.sub('', text)} {name}"
    if _WITH_SHARE.fullmatch(text):
        share = parse_quantity(text, "share")
        return Quantity(
            named, "reported", "=", float(share.count or 0), CANONICAL_UNITS["count"],
            count=share.count, count_of=share.count_of,
        )  # fmt: skip
    quantity = parse_quantity(text, "count")
    if quantity.value is None or counts_events(text):
        return quantity
    return replace(quantity, as_reported=named)
